-- Values of which two are the same though their texts are not, and times that never come.
CREATE SCHEMA measures;
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;

CREATE TYPE measures.mood AS ENUM ('low', 'high');
CREATE TYPE measures.spot AS (x numeric, note public.citext);
CREATE TYPE measures.band AS RANGE (subtype = numeric);

CREATE TABLE measures.readings (
    id integer PRIMARY KEY,
    label public.citext NOT NULL,
    amount numeric(8, 2) NOT NULL,
    spot measures.spot NOT NULL,
    mood measures.mood NOT NULL,
    other measures.mood,
    at timestamptz NOT NULL,
    numbers integer[] NOT NULL DEFAULT '{}',
    moods measures.mood[],
    amounts numeric(4, 1)[]
);

CREATE TABLE measures.limits (id integer PRIMARY KEY, label public.citext NOT NULL, amount numeric NOT NULL, spot measures.spot);
