CREATE SCHEMA shop;

CREATE TABLE shop.customers (
    id          serial PRIMARY KEY,
    email       varchar(255) NOT NULL UNIQUE,
    name        text NOT NULL,
    note        text,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shop.order_lines (
    order_id  integer NOT NULL,
    line      integer NOT NULL,
    product   text NOT NULL,
    quantity  integer NOT NULL DEFAULT 1,
    price     integer GENERATED ALWAYS AS (quantity * 10) STORED,
    PRIMARY KEY (order_id, line)
);

-- No primary key.
CREATE TABLE shop.events (
    happened_at  timestamptz NOT NULL DEFAULT now(),
    what         text NOT NULL
);

-- Names that are different in SQL and the same in Rust.
CREATE TABLE shop.twins (
    id         integer PRIMARY KEY,
    fullname   text,
    "fullName" text,
    full_name  text
);

CREATE TABLE shop.drawings (
    id       integer PRIMARY KEY,
    outline  polygon NOT NULL,
    grid     integer[][]
);

CREATE VIEW shop.recent AS SELECT id, email FROM shop.customers;

CREATE TABLE shop.nothing ();
