-- Makes the first user a system administrator; keyed on user and role. The role is found by its English name.

INSERT INTO auth.user_roles (user_id, role_id)
SELECT
    u.id,
    r.id
FROM auth.users AS u
CROSS JOIN auth.roles AS r
WHERE u.id = 1
    AND r.name ->> 'en' = 'System Administrator'
ON CONFLICT (user_id, role_id) DO NOTHING;
