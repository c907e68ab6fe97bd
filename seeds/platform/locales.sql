-- The languages the interface is offered in.
-- Keyed on code. Whether a language is switched on (is_active) is left as it is found.

INSERT INTO platform.locales (code, name, native_name)
VALUES
    ('hu', 'Hungarian', 'magyar'),
    ('en', 'English', 'English')
ON CONFLICT (code) DO UPDATE
    SET name = EXCLUDED.name,
        native_name = EXCLUDED.native_name
    WHERE (locales.name, locales.native_name)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.native_name);
