CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL UNIQUE,
    staff_id integer NOT NULL REFERENCES shop.staff,
    product_id integer NOT NULL REFERENCES shop.products,
    amount integer NOT NULL
);
ALTER TABLE shop.products ADD COLUMN stock integer NOT NULL DEFAULT 0;
