-- A small shop: what repositories do with keys of every kind, arrays, enums, hidden rows and views.
CREATE SCHEMA shop;

CREATE TYPE shop.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN shop.email AS text CHECK (VALUE LIKE '%@%');

CREATE TABLE shop.customers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email shop.email NOT NULL UNIQUE,
    name varchar(40) NOT NULL,
    nick text,
    mood shop.mood NOT NULL DEFAULT 'happy',
    moods shop.mood[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{none}',
    scores numeric(6, 2)[],
    password text NOT NULL DEFAULT 'unset',
    price money,
    points integer NOT NULL DEFAULT 0,
    shout text GENERATED ALWAYS AS (upper(nick)) STORED,
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

CREATE TABLE shop.orders (
    region char(2) NOT NULL,
    number integer NOT NULL,
    customer_id integer NOT NULL REFERENCES shop.customers,
    note text,
    hidden boolean NOT NULL DEFAULT false,
    -- Names that statements over many rows might have taken.
    place text,
    key_1 integer,
    changed timestamp,
    PRIMARY KEY (region, number)
);

CREATE UNIQUE INDEX orders_note ON shop.orders (note);

CREATE TABLE shop.visits (at timestamptz DEFAULT now(), page text);

CREATE VIEW shop.spenders AS
    SELECT c.id, c.email, count(o.number) AS orders, max(o.note) AS note
    FROM shop.customers c LEFT JOIN shop.orders o ON o.customer_id = c.id
    GROUP BY c.id;

CREATE TABLE shop.parcels (
    id integer NOT NULL,
    sent date NOT NULL,
    code text,
    weight integer CHECK (weight > 0),
    PRIMARY KEY (id, sent)
) PARTITION BY RANGE (sent);
CREATE TABLE shop.parcels_2026 PARTITION OF shop.parcels FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE UNIQUE INDEX parcels_code ON shop.parcels (code, sent);
