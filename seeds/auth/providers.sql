-- Ways to sign in; keyed on the name. The config of a provider belongs to whoever runs the system and is never touched here.

INSERT INTO auth.providers AS p (name, enabled) VALUES
    ('credential', true),
    ('google',     true),
    ('facebook',   false),
    ('github',     false)
ON CONFLICT (name) DO UPDATE
    SET enabled = EXCLUDED.enabled,
        updated_at = now()
    WHERE p.enabled IS DISTINCT FROM EXCLUDED.enabled;
