CREATE OR REPLACE FUNCTION shop.price_of(wanted text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT price FROM shop.products WHERE code = wanted AND stock > 0
$$;
