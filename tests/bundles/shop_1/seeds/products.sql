INSERT INTO shop.products (code, price) VALUES ('tea', 3.50), ('cup', 12.00)
ON CONFLICT (code) DO UPDATE SET price = EXCLUDED.price;
