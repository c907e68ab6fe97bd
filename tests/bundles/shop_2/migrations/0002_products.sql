CREATE TABLE shop.products (
    id serial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    price numeric(10, 2) NOT NULL CHECK (price >= 0)
);
CREATE INDEX products_price ON shop.products (price);
