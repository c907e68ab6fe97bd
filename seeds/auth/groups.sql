-- The four groups of a new system; keyed on the id, because names are translated and may be edited.

INSERT INTO auth.groups AS g (id, name, description) VALUES
    (1,
     '{"hu": "Rendszergazdák", "en": "System Administrators"}',
     '{"hu": "Akik a rendszert üzemeltetik", "en": "Those who run the system"}'),
    (2,
     '{"hu": "Adminisztrátorok", "en": "Administrators"}',
     '{"hu": "Akik a felhasználókat, a csoportokat és a beállításokat gondozzák", "en": "Those who look after people, groups and settings"}'),
    (3,
     '{"hu": "Szerkesztők", "en": "Editors"}',
     '{"hu": "Akik a tartalmakon dolgoznak", "en": "Those who work on content"}'),
    (4,
     '{"hu": "Felhasználók", "en": "Users"}',
     '{"hu": "Mindenki más", "en": "Everybody else"}')
ON CONFLICT (id) DO UPDATE
    SET name = EXCLUDED.name,
        description = EXCLUDED.description,
        updated_at = now()
    WHERE (g.name, g.description) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.description);

-- Ids given above did not pass through the sequence, so it is advanced to the highest one. By nextval and not by setval:
-- nextval only ever goes forward, whoever else inserts at the same time. On a table without rows it does nothing.
SELECT count(nextval('auth.groups_id_seq'))
FROM generate_series(
    1,
    (SELECT max(g.id) FROM auth.groups AS g)
        - (SELECT s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END FROM auth.groups_id_seq AS s)
);
