-- What each group allows its members; keyed on group and permission. Groups are found by their English name, permissions by theirs.

-- System administrators may do everything there is.
INSERT INTO auth.group_permissions (group_id, permission_id)
SELECT
    g.id,
    p.id
FROM auth.groups AS g
CROSS JOIN auth.permissions AS p
WHERE g.name ->> 'en' = 'System Administrators'
ON CONFLICT (group_id, permission_id) DO NOTHING;

INSERT INTO auth.group_permissions (group_id, permission_id)
SELECT
    g.id,
    p.id
FROM (
    VALUES
        -- People, groups, content, settings and logs from day to day; nothing that removes.
        ('Administrators', 'users.users.view'),
        ('Administrators', 'users.users.create'),
        ('Administrators', 'users.users.update'),
        ('Administrators', 'users.groups.view'),
        ('Administrators', 'users.groups.update'),
        ('Administrators', 'users.roles.view'),
        ('Administrators', 'users.permissions.view'),
        ('Administrators', 'users.resources.view'),
        ('Administrators', 'content.view'),
        ('Administrators', 'settings.view'),
        ('Administrators', 'settings.update'),
        ('Administrators', 'log.error.view'),
        ('Administrators', 'log.activity.view'),

        ('Editors', 'content.view'),
        ('Editors', 'content.create'),
        ('Editors', 'content.update'),
        ('Editors', 'content.publish'),

        ('Users', 'content.view')
) AS granted ("group", permission)
JOIN auth.groups AS g ON g.name ->> 'en' = granted."group"
JOIN auth.permissions AS p ON p.name = granted.permission
ON CONFLICT (group_id, permission_id) DO NOTHING;
