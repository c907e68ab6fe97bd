-- The four roles of a new system; keyed on the id, because names are translated and may be edited.

INSERT INTO auth.roles AS r (id, name, description) VALUES
    (1,
     '{"hu": "Rendszergazda", "en": "System Administrator"}',
     '{"hu": "Mindent megtehet, a rendszer egészéért felel", "en": "May do everything; answers for the system as a whole"}'),
    (2,
     '{"hu": "Adminisztrátor", "en": "Administrator"}',
     '{"hu": "Felhasználókat, tartalmakat és beállításokat kezel", "en": "Manages people, content and settings"}'),
    (3,
     '{"hu": "Szerkesztő", "en": "Editor"}',
     '{"hu": "Tartalmakat ír, szerkeszt és tesz közzé", "en": "Writes, edits and publishes content"}'),
    (4,
     '{"hu": "Felhasználó", "en": "User"}',
     '{"hu": "Az asztalt és a számára megnyitott alkalmazásokat használja", "en": "Uses the desktop and the apps opened to them"}')
ON CONFLICT (id) DO UPDATE
    SET name = EXCLUDED.name,
        description = EXCLUDED.description,
        updated_at = now()
    WHERE (r.name, r.description) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.description);

-- Ids given above did not pass through the sequence, so it is advanced to the highest one. By nextval and not by setval:
-- nextval only ever goes forward, whoever else inserts at the same time. On a table without rows it does nothing.
SELECT count(nextval('auth.roles_id_seq'))
FROM generate_series(
    1,
    (SELECT max(r.id) FROM auth.roles AS r)
        - (SELECT s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END FROM auth.roles_id_seq AS s)
);
