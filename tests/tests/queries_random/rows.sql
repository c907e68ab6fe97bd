INSERT INTO auth.users (full_name, email, username, image, user_settings, created_at, is_active)
SELECT 'user ' || n, 'u' || n || '@example.com', CASE WHEN n % 2 = 0 THEN 'name' || n END, CASE WHEN n % 3 = 0 THEN '/u/' || n END,
    CASE WHEN n % 4 <> 0 THEN jsonb_build_object('theme', 'dark', 'size', n, 'desktop', jsonb_build_object('background', '#' || n)) END,
    timestamptz '2020-02-29 23:59:59.999999+00' + n * interval '1 day', n % 5 <> 0
FROM generate_series(1, 40) AS n;
INSERT INTO auth.user_groups (user_id, group_id) SELECT u.id, g.id FROM auth.users u, auth.groups g WHERE u.id % g.id = 1 ON CONFLICT DO NOTHING;
INSERT INTO platform.notifications (user_id, app_name, title, message, details, is_read, read_at)
SELECT u.id, CASE WHEN u.id % 2 = 0 THEN 'app' || u.id END, '{"en": "hello"}', '{"en": "it is", "hu": "ez az"}',
    CASE WHEN u.id % 3 = 0 THEN '{"en": "more"}'::jsonb END, u.id % 2 = 0, CASE WHEN u.id % 2 = 0 THEN now() END
FROM auth.users u, generate_series(1, 2);
