CREATE TABLE ok (id integer PRIMARY KEY);

CREATE TABLE broken (
    id integer PRIMARY KEY,
    name text NOT NUL
);

CREATE TABLE (id integer);
