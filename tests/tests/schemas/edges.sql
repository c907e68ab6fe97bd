-- Where tables leave the usual: keys that only the server says, rows that meet only those that are seen.
CREATE SCHEMA edge;

CREATE TABLE edge.people (
    email text PRIMARY KEY,
    name text,
    avatar text DEFAULT 'none',
    deleted_at timestamptz
);

CREATE TABLE edge.numbered (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text
);

CREATE TABLE edge.named (
    first text NOT NULL,
    last text NOT NULL,
    full_name text GENERATED ALWAYS AS (lower(first || ' ' || last)) STORED UNIQUE
);

CREATE TABLE edge.counted (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
