INSERT INTO shop.staff (handle, email, country) VALUES ('owner', 'owner@example.com', 'hu')
ON CONFLICT (handle) DO NOTHING;
INSERT INTO shop.staff (handle, email, country)
SELECT 'clerk_' || code, 'clerk@' || code || '.example.com', code FROM shop.countries
ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email;
