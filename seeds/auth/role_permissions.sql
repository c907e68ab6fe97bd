-- What each role allows; keyed on role and permission. Roles are found by their English name, permissions by theirs.

-- The system administrator may do everything there is.
INSERT INTO auth.role_permissions (role_id, permission_id)
SELECT
    r.id,
    p.id
FROM auth.roles AS r
CROSS JOIN auth.permissions AS p
WHERE r.name ->> 'en' = 'System Administrator'
ON CONFLICT (role_id, permission_id) DO NOTHING;

INSERT INTO auth.role_permissions (role_id, permission_id)
SELECT
    r.id,
    p.id
FROM (
    VALUES
        -- Everything but removing people, groups, roles and resources, and handing out permissions.
        ('Administrator', 'users.users.view'),
        ('Administrator', 'users.users.create'),
        ('Administrator', 'users.users.update'),
        ('Administrator', 'users.groups.view'),
        ('Administrator', 'users.groups.create'),
        ('Administrator', 'users.groups.update'),
        ('Administrator', 'users.roles.view'),
        ('Administrator', 'users.roles.create'),
        ('Administrator', 'users.roles.update'),
        ('Administrator', 'users.permissions.view'),
        ('Administrator', 'users.resources.view'),
        ('Administrator', 'users.resources.create'),
        ('Administrator', 'users.resources.update'),
        ('Administrator', 'content.view'),
        ('Administrator', 'content.create'),
        ('Administrator', 'content.update'),
        ('Administrator', 'content.delete'),
        ('Administrator', 'content.publish'),
        ('Administrator', 'settings.view'),
        ('Administrator', 'settings.update'),
        ('Administrator', 'log.error.view'),
        ('Administrator', 'log.activity.view'),
        ('Administrator', 'plugin.manual.install'),

        ('Editor', 'content.view'),
        ('Editor', 'content.create'),
        ('Editor', 'content.update'),
        ('Editor', 'content.publish'),

        ('User', 'content.view')
) AS granted (role, permission)
JOIN auth.roles AS r ON r.name ->> 'en' = granted.role
JOIN auth.permissions AS p ON p.name = granted.permission
ON CONFLICT (role_id, permission_id) DO NOTHING;
