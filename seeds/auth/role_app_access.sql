-- Apps that each role lets its people open; keyed on role and app. Roles are found by their English name, apps by their app_id.
-- Apps that are public (settings, help, notifications) need no row: whoever is signed in may open them.

-- The system administrator may open every app there is.
INSERT INTO auth.role_app_access (role_id, app_id)
SELECT
    r.id,
    a.id
FROM auth.roles AS r
CROSS JOIN platform.apps AS a
WHERE r.name ->> 'en' = 'System Administrator'
ON CONFLICT (role_id, app_id) DO NOTHING;

INSERT INTO auth.role_app_access (role_id, app_id)
SELECT
    r.id,
    a.id
FROM (
    VALUES
        ('Administrator', 'users'),
        ('Administrator', 'log'),
        ('Administrator', 'plugin-manager'),
        ('Administrator', 'chat'),
        ('Administrator', 'map'),
        ('Administrator', 'ai-assistant'),

        ('Editor', 'chat'),
        ('Editor', 'map'),
        ('Editor', 'ai-assistant'),

        ('User', 'chat'),
        ('User', 'map')
) AS granted (role, app)
JOIN auth.roles AS r ON r.name ->> 'en' = granted.role
JOIN platform.apps AS a ON a.app_id = granted.app
ON CONFLICT (role_id, app_id) DO NOTHING;
