CREATE TYPE public.state AS ENUM ('draft', 'in print');
CREATE TYPE public.size AS (width integer, height numeric);

CREATE TABLE public.books (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    "type" public.state NOT NULL DEFAULT 'draft',
    subtitle text,
    sizes public.size[],
    sold daterange,
    read_in interval,
    grid integer[][],
    price numeric(9, 2),
    password text NOT NULL DEFAULT '',
    printed_at timestamptz
);
