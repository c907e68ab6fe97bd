-- ő
INSERT INTO shop.goods VALUES
    ('two
lines', 1)
ON CONFLICT DO NOTHING;
