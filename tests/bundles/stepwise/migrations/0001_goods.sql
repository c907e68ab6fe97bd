CREATE TABLE goods (id integer PRIMARY KEY, name text);
CREATE TYPE mood AS ENUM ('sad');
