INSERT INTO shop.countries (code, name) VALUES ('hu', 'Hungary'), ('de', 'Germany')
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name;
