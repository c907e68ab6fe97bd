-- Names that are legal in SQL and awkward in Rust, and shapes that the ElyOS schema does not have.

CREATE SCHEMA "Odd Names";

CREATE TABLE "Odd Names"."Every Name" (
    "key"           integer NOT NULL,
    "self"          text NOT NULL,
    "type"          text NOT NULL,
    "order"         integer NOT NULL,
    "default"       text,
    "super"         text,
    "crate"         text,
    "async"         text,
    "gen"           text,
    "try"           text,
    "yield"         text,
    "Mixed Case"    text,
    "camelCase"     text,
    "e-mail"        text,
    "2fa"           boolean NOT NULL DEFAULT false,
    "a__b"          text,
    "_"             text,
    "név"           text,
    "m²"            double precision,
    "say ""hi"""    text,
    "cost $"        numeric(12, 2),
    "100%"          text,
    -- What generated code calls things itself.
    "ex"            text NOT NULL,
    "row"           text,
    "first"         text,
    "to"            text,
    "values"        text,
    "optional"      text,
    "place"         integer,
    "total"         integer,
    "page"          integer,
    "counted"       integer,
    "row_number"    integer,
    "String"        text,
    "Option"        text,
    "ok"            text,
    PRIMARY KEY ("self", "key"),
    UNIQUE ("ex"),
    UNIQUE ("type", "order"),
    UNIQUE ("place"),
    UNIQUE ("self", "key"),
    UNIQUE ("Mixed Case", "e-mail")
);

COMMENT ON TABLE "Odd Names"."Every Name" IS 'A <b>table</b>, see [this] and http://example.com/a_b.

    let it = not be a test;

```
nor = this;
```';
COMMENT ON COLUMN "Odd Names"."Every Name"."type" IS 'One of `a` and Vec<u8>, [type] or https://example.com/type, and a * or _ or # too.
    indented = code;';

CREATE TABLE "type" (id integer PRIMARY KEY, name text);
CREATE TABLE "self" (id integer PRIMARY KEY, name text);
CREATE TABLE std (id integer PRIMARY KEY, name text DEFAULT 'a`b' || E'\n', core text);
CREATE TABLE i32 (id integer PRIMARY KEY, str text UNIQUE, bytes bytea UNIQUE);
CREATE TABLE elyos_runtime (id integer PRIMARY KEY, name text UNIQUE);

-- The database makes the key, and one column from another.
CREATE TABLE made (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    amount   integer NOT NULL,
    doubled  integer GENERATED ALWAYS AS (amount * 2) STORED
);

-- Nothing has to be said of it.
CREATE TABLE nothing_required (id serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());

-- No key; rows may be equal.
CREATE TABLE keyless (what text NOT NULL, n integer);

-- Checked when the transaction ends.
CREATE TABLE chained (
    id    integer PRIMARY KEY,
    next  integer REFERENCES chained (id) DEFERRABLE INITIALLY DEFERRED
);

-- A key and a constraint of more columns than anybody wants, and a dot in the names.
CREATE SCHEMA "dot.ted";
CREATE TABLE "dot.ted"."a.b" (
    k1 integer, k2 integer, k3 integer, k4 integer, k5 integer, k6 integer, k7 integer, k8 integer, k9 integer,
    k10 integer, k11 integer, k12 integer, k13 integer, k14 integer, note text NOT NULL DEFAULT '',
    PRIMARY KEY (k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14),
    UNIQUE (k14, k13, k12, k11, k10, k9, k8, k7, k6, k5, k4, k3, k2)
);

-- A key that is no number.
CREATE TABLE listed (
    tags    text[] PRIMARY KEY,
    bytes   bytea UNIQUE,
    day     date UNIQUE,
    ratio   double precision[],
    "char"  "char"
);

-- A unique column that is called like the key of others.
CREATE TABLE id_is_not_the_key (
    uid     text PRIMARY KEY,
    id      integer UNIQUE,
    ids     integer UNIQUE
);

CREATE TABLE pairs (c integer, d integer, PRIMARY KEY (c, d));

-- Constraints that are called alike by their columns.
CREATE TABLE twin_keys (
    id       integer PRIMARY KEY,
    a        integer,
    b        integer,
    a_and_b  integer UNIQUE,
    c        integer REFERENCES made (id),
    d        integer,
    c_and_d  integer REFERENCES chained (id),
    CONSTRAINT doubled UNIQUE (a, b),
    CONSTRAINT pair FOREIGN KEY (c, d) REFERENCES "pairs" (c, d)
);
