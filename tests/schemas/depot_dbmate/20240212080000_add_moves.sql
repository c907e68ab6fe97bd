-- migrate:up
CREATE TYPE move_kind AS ENUM ('in', 'out');
ALTER TYPE move_kind ADD VALUE IF NOT EXISTS 'scrap' AFTER 'in';
ALTER TYPE move_kind ADD VALUE 'audit' BEFORE 'in';
CREATE TABLE moves (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id uuid NOT NULL,
  place text NOT NULL,
  kind move_kind NOT NULL,
  pieces int NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (item_id, place) REFERENCES stock (item_id, place) MATCH FULL ON UPDATE CASCADE
);
CREATE VIEW levels AS SELECT item_id, sum(CASE kind WHEN 'in' THEN pieces ELSE -pieces END) AS level FROM moves GROUP BY 1;

-- migrate:down
DROP VIEW levels;
DROP TABLE moves;
DROP TYPE move_kind;
