-- Apps that each group lets its members open; keyed on group and app. Groups are found by their English name, apps by their app_id.
-- Apps that are public (settings, help, notifications) need no row: whoever is signed in may open them.

-- System administrators may open every app there is.
INSERT INTO auth.group_app_access (group_id, app_id)
SELECT
    g.id,
    a.id
FROM auth.groups AS g
CROSS JOIN platform.apps AS a
WHERE g.name ->> 'en' = 'System Administrators'
ON CONFLICT (group_id, app_id) DO NOTHING;

INSERT INTO auth.group_app_access (group_id, app_id)
SELECT
    g.id,
    a.id
FROM (
    VALUES
        ('Administrators', 'users'),
        ('Administrators', 'log'),
        ('Administrators', 'plugin-manager'),
        ('Administrators', 'chat'),
        ('Administrators', 'map'),
        ('Administrators', 'ai-assistant'),

        ('Editors', 'chat'),
        ('Editors', 'map'),
        ('Editors', 'ai-assistant'),

        ('Users', 'chat'),
        ('Users', 'map')
) AS granted ("group", app)
JOIN auth.groups AS g ON g.name ->> 'en' = granted."group"
JOIN platform.apps AS a ON a.app_id = granted.app
ON CONFLICT (group_id, app_id) DO NOTHING;
