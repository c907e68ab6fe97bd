CREATE OR REPLACE FUNCTION shop.total_of(wanted text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT o.amount * p.price FROM shop.orders AS o JOIN shop.products AS p ON p.id = o.product_id WHERE o.number = wanted
$$;
