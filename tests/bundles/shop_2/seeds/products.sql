INSERT INTO shop.products (code, price, stock) VALUES ('tea', 3.90, 100), ('cup', 12.00, 7), ('pot', 45.00, 2)
ON CONFLICT (code) DO UPDATE SET price = EXCLUDED.price, stock = EXCLUDED.stock;
