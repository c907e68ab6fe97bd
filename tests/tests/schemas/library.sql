-- Domains whose operators are those of what they are over, and types of an extension that no session finds by itself.
CREATE SCHEMA library;
CREATE SCHEMA ext;
CREATE EXTENSION citext WITH SCHEMA ext;

CREATE TYPE library.state AS ENUM ('new', 'worn', 'lost');
CREATE TYPE library.spot AS (hall integer, shelf text);
CREATE TYPE library.span AS RANGE (subtype = integer);
CREATE DOMAIN library.shelved AS library.state CHECK (VALUE <> 'lost');
CREATE DOMAIN library.lent AS library.shelved CHECK (VALUE::text <> 'new');
CREATE DOMAIN library.title AS ext.citext CHECK (VALUE <> '');
CREATE DOMAIN library.place AS library.spot CHECK ((VALUE).hall > 0);
CREATE DOMAIN library.years AS library.span CHECK (NOT isempty(VALUE));
CREATE DOMAIN library.code AS varchar(4) CHECK (VALUE <> '');
CREATE DOMAIN library.numbers AS integer[] CHECK (cardinality(VALUE) < 4);

CREATE TABLE library.books (
    id integer PRIMARY KEY,
    state library.shelved NOT NULL,
    before library.lent,
    asked library.state,
    title library.title NOT NULL UNIQUE,
    author ext.citext NOT NULL,
    alias ext.citext,
    note text,
    place library.place,
    years library.years,
    code library.code NOT NULL DEFAULT 'none',
    numbers library.numbers NOT NULL DEFAULT '{}',
    codes library.code[] NOT NULL DEFAULT '{}',
    states library.shelved[],
    UNIQUE (state, code)
);

-- A key of a domain over an enum, which no foreign key can mean, and one of an extension's type.
CREATE TABLE library.rules (state library.shelved PRIMARY KEY, days integer NOT NULL);
CREATE TABLE library.authors (name ext.citext PRIMARY KEY, born integer, state library.shelved);
CREATE TABLE library.loans (
    id integer PRIMARY KEY,
    state library.shelved,
    author ext.citext REFERENCES library.authors,
    reader library.title
);
CREATE TABLE library.prizes (author ext.citext REFERENCES library.authors, book library.title REFERENCES library.books (title), year integer);
