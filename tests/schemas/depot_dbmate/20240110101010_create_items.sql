-- migrate:up
CREATE TABLE items (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code text NOT NULL UNIQUE,
  weight numeric CHECK (weight > 0)
);

CREATE TABLE stock (
  item_id uuid NOT NULL REFERENCES items,
  place text NOT NULL DEFAULT 'main',
  pieces integer NOT NULL CHECK (pieces >= 0),
  PRIMARY KEY (item_id, place)
);

-- migrate:down
DROP TABLE stock;
DROP TABLE items;
