-- Tables that lead to each other by numbers: trees of nodes, labels that may be given twice, and notes on places of two numbers.
CREATE SCHEMA forest;

CREATE TYPE forest.colour AS ENUM ('red', 'green');

CREATE TABLE forest.nodes (
    id integer PRIMARY KEY,
    parent_id integer REFERENCES forest.nodes,
    name text NOT NULL,
    colour forest.colour NOT NULL DEFAULT 'green',
    gone_at timestamptz
);

CREATE TABLE forest.labels (id bigint PRIMARY KEY, text varchar(40) NOT NULL, weights numeric(4, 1)[] NOT NULL DEFAULT '{}');

-- Without a key: a pair may be there twice.
CREATE TABLE forest.node_labels (
    node_id integer REFERENCES forest.nodes,
    label_id bigint REFERENCES forest.labels,
    gone_at timestamptz
);

CREATE TABLE forest.places (
    x smallint NOT NULL,
    y integer NOT NULL,
    node_id integer REFERENCES forest.nodes,
    PRIMARY KEY (x, y)
);

CREATE TABLE forest.notes (id uuid PRIMARY KEY, x smallint, y integer, said jsonb, FOREIGN KEY (x, y) REFERENCES forest.places);

-- Nothing but nulls is a row as well.
CREATE TABLE forest.marks (node integer, about varchar(50));
