-- Defaults that are of another type than their column, as PostgreSQL assigns them; and lengths within arrays.
CREATE SCHEMA odd;
CREATE TYPE odd.pair AS (a integer, b text);
CREATE DOMAIN odd.code AS varchar(8) CHECK (VALUE <> '');

CREATE TABLE odd.defaults (
    id integer PRIMARY KEY,
    at timestamp DEFAULT now(),
    day date DEFAULT now(),
    hour time DEFAULT now(),
    who varchar(200) DEFAULT current_user,
    big bigint DEFAULT random(),
    exact numeric DEFAULT 0::real,
    key text DEFAULT gen_random_uuid(),
    written text DEFAULT now(),
    price money DEFAULT 0,
    json json DEFAULT '{}'::jsonb,
    code odd.code DEFAULT 'x',
    padded char(4) DEFAULT 'ab'
);

CREATE TABLE odd.lengths (
    id integer PRIMARY KEY,
    texts varchar(3)[],
    padded char(2)[],
    bits bit(3)[],
    stamps timestamp(0)[]
);

CREATE TABLE odd.pairs (
    key odd.pair PRIMARY KEY,
    note text
);
