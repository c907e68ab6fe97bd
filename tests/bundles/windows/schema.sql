-- Line ends and mark as an editor on Windows leaves them.
CREATE SCHEMA shop;

CREATE TABLE shop.goods (
    name text PRIMARY KEY,
    price integer NOT NULL
);
