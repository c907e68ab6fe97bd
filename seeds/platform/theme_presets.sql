-- The themes a user can choose from, in each language; the settings of a theme are the same in all of them.
-- Keyed on (locale, name). One theme is the default of each language.
-- Every primary color keeps a contrast of at least 4.5 : 1 with its text color (onPrimaryColor).

INSERT INTO platform.theme_presets (locale, name, description, settings, is_default, sort_order)
SELECT t.locale, t.name, t.description, s.settings, s.is_default, s.sort_order
FROM (
    VALUES
        (
            10, true, 'Nappali', 'Daylight',
            'Világos, letisztult téma kék kiemelésekkel.', 'A bright, clean theme with blue accents.',
            '{"mode": "light", "primaryColor": "#2563eb", "onPrimaryColor": "#ffffff", "background": {"type": "gradient", "colors": ["#dbeafe", "#f8fafc"], "angle": 160}, "taskbarPosition": "bottom", "fontSize": "medium", "cornerRadius": 8, "transparency": true, "animations": true}'::jsonb
        ),
        (
            20, false, 'Éjszakai', 'Midnight',
            'Sötét téma, amely este is kíméli a szemet.', 'A dark theme that is easy on the eyes at night.',
            '{"mode": "dark", "primaryColor": "#818cf8", "onPrimaryColor": "#0f172a", "background": {"type": "gradient", "colors": ["#0f172a", "#1e1b4b"], "angle": 200}, "taskbarPosition": "bottom", "fontSize": "medium", "cornerRadius": 8, "transparency": true, "animations": true}'::jsonb
        ),
        (
            30, false, 'Erdő', 'Forest',
            'Nyugodt zöld árnyalatok, felül elhelyezett tálcával.', 'Calm greens, with the taskbar at the top.',
            '{"mode": "light", "primaryColor": "#15803d", "onPrimaryColor": "#ffffff", "background": {"type": "gradient", "colors": ["#dcfce7", "#86a789"], "angle": 180}, "taskbarPosition": "top", "fontSize": "medium", "cornerRadius": 12, "transparency": true, "animations": true}'::jsonb
        ),
        (
            40, false, 'Óceán', 'Ocean',
            'Mély kékek és türkiz, a rendszerhez igazodó színmóddal.', 'Deep blues and teal, in a mode that follows the system.',
            '{"mode": "auto", "primaryColor": "#0f766e", "onPrimaryColor": "#ffffff", "background": {"type": "gradient", "colors": ["#164e63", "#0e7490", "#67e8f9"], "angle": 190}, "taskbarPosition": "bottom", "fontSize": "medium", "cornerRadius": 12, "transparency": true, "animations": true}'::jsonb
        ),
        (
            50, false, 'Naplemente', 'Sunset',
            'Meleg narancs és lila színek, sötét ablakokkal.', 'Warm orange and purple, with dark windows.',
            '{"mode": "dark", "primaryColor": "#fb923c", "onPrimaryColor": "#1c1917", "background": {"type": "gradient", "colors": ["#4c1d95", "#be185d", "#fb923c"], "angle": 170}, "taskbarPosition": "left", "fontSize": "medium", "cornerRadius": 16, "transparency": true, "animations": true}'::jsonb
        ),
        (
            60, false, 'Pala', 'Slate',
            'Visszafogott szürkék, szögletes ablakok, animációk nélkül.', 'Subdued grays, square windows and no animations.',
            '{"mode": "light", "primaryColor": "#475569", "onPrimaryColor": "#ffffff", "background": {"type": "color", "colors": ["#e2e8f0"]}, "taskbarPosition": "bottom", "fontSize": "small", "cornerRadius": 0, "transparency": false, "animations": false}'::jsonb
        ),
        (
            70, false, 'Nagy kontraszt', 'High contrast',
            'Nagy betűk és erős kontraszt a könnyű olvashatóságért.', 'Large text and strong contrast for easy reading.',
            '{"mode": "dark", "primaryColor": "#ffff00", "onPrimaryColor": "#000000", "background": {"type": "color", "colors": ["#000000"]}, "taskbarPosition": "bottom", "fontSize": "large", "cornerRadius": 0, "transparency": false, "animations": false}'::jsonb
        )
) AS s (sort_order, is_default, name_hu, name_en, description_hu, description_en, settings)
CROSS JOIN LATERAL (
    VALUES
        ('hu', s.name_hu, s.description_hu),
        ('en', s.name_en, s.description_en)
) AS t (locale, name, description)
ON CONFLICT (locale, name) DO UPDATE
    SET description = EXCLUDED.description,
        settings = EXCLUDED.settings,
        is_default = EXCLUDED.is_default,
        sort_order = EXCLUDED.sort_order,
        updated_at = now()
    WHERE (theme_presets.description, theme_presets.settings, theme_presets.is_default, theme_presets.sort_order)
        IS DISTINCT FROM (EXCLUDED.description, EXCLUDED.settings, EXCLUDED.is_default, EXCLUDED.sort_order);
