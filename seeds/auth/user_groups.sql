-- Puts the first user among the system administrators; keyed on user and group. The group is found by its English name.

INSERT INTO auth.user_groups (user_id, group_id)
SELECT
    u.id,
    g.id
FROM auth.users AS u
CROSS JOIN auth.groups AS g
WHERE u.id = 1
    AND g.name ->> 'en' = 'System Administrators'
ON CONFLICT (user_id, group_id) DO NOTHING;
