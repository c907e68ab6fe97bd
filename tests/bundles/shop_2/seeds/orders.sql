INSERT INTO shop.orders (number, staff_id, product_id, amount)
SELECT 'first of ' || s.handle, s.id, p.id, 1 FROM shop.staff AS s CROSS JOIN shop.products AS p WHERE p.code = 'tea'
ON CONFLICT (number) DO NOTHING;
