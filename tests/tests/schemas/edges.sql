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

CREATE TYPE edge.mood AS ENUM ('calm', 'wild');

CREATE TABLE edge.secrets (
    id integer PRIMARY KEY,
    mood edge.mood NOT NULL,
    pin integer NOT NULL,
    day date
);

CREATE TABLE edge.sessions (
    token text PRIMARY KEY,
    note text
);

CREATE TABLE edge.events (
    id bigint PRIMARY KEY,
    at timestamptz,
    rank integer NOT NULL,
    ratio double precision NOT NULL,
    mood edge.mood
);

CREATE INDEX events_by_time ON edge.events (at, id);
CREATE INDEX events_by_rank ON edge.events (rank, at, id);
CREATE INDEX events_by_ratio ON edge.events (ratio, id);

CREATE SCHEMA ext;
CREATE EXTENSION citext WITH SCHEMA ext;
CREATE DOMAIN edge.address AS ext.citext CHECK (VALUE <> '');

CREATE TABLE edge.accounts (
    email ext.citext PRIMARY KEY,
    nick edge.address NOT NULL UNIQUE,
    other ext.citext,
    plain text
);

CREATE TABLE edge.members (
    id serial PRIMARY KEY,
    email text NOT NULL,
    name text,
    deleted_at timestamptz
);

CREATE UNIQUE INDEX members_email ON edge.members (email) WHERE (deleted_at IS NULL);
-- Of some of those that are seen only.
CREATE UNIQUE INDEX members_name ON edge.members (name) WHERE deleted_at IS NULL AND name <> '';

CREATE TABLE edge.flagged (
    id serial PRIMARY KEY,
    code text NOT NULL,
    place integer NOT NULL,
    note text,
    gone boolean NOT NULL DEFAULT false
);

CREATE UNIQUE INDEX flagged_code ON edge.flagged (code) WHERE NOT gone;
CREATE UNIQUE INDEX flagged_place ON edge.flagged (place) WHERE "gone" = FALSE;

CREATE COLLATION edge.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE edge.words (
    id serial PRIMARY KEY,
    word text COLLATE edge.any_case NOT NULL,
    place integer UNIQUE DEFERRABLE
);

-- Domains: over arrays and in them, with lengths; which take no null, or have a default; of a collation that knows no patterns.
CREATE DOMAIN edge.short AS varchar(3);
CREATE DOMAIN edge.short_texts AS varchar(3)[];
CREATE DOMAIN edge.several_shorts AS edge.short[];
CREATE DOMAIN edge.required AS integer NOT NULL;
CREATE DOMAIN edge.five AS integer DEFAULT 5;
CREATE DOMAIN edge.numbers AS integer[];
CREATE DOMAIN edge.few_numbers AS edge.numbers CHECK (cardinality(VALUE) < 4);
CREATE DOMAIN edge.name_of_any_case AS text COLLATE edge.any_case;

CREATE TABLE edge.domained (
    id edge.required PRIMARY KEY,
    shorts edge.short[],
    texts edge.short_texts,
    several edge.several_shorts,
    amount edge.required,
    filled edge.five NOT NULL,
    numbers edge.few_numbers UNIQUE,
    title edge.name_of_any_case
);
