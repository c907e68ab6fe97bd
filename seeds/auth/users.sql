-- The first system administrator; keyed on the id.
--
-- The e-mail address is a placeholder. It is written once, when the row is new: later it belongs to the administrator, or to
-- ADMIN_USER_EMAIL, and running this seed again leaves it alone. There is no password (see accounts.sql).

INSERT INTO auth.users AS u (id, full_name, email, email_verified, username, image, user_settings, oauth_image) VALUES
    (1, 'ElyOS admin', 'admin@example.com', true, NULL, NULL, '{}', NULL)
ON CONFLICT (id) DO UPDATE
    SET full_name = EXCLUDED.full_name,
        email_verified = EXCLUDED.email_verified,
        updated_at = now()
    WHERE (u.full_name, u.email_verified) IS DISTINCT FROM (EXCLUDED.full_name, EXCLUDED.email_verified);

-- The id given above did not pass through the sequence, so it is advanced to the highest one. By nextval and not by setval:
-- nextval only ever goes forward, whoever else inserts at the same time. On a table without rows it does nothing.
SELECT count(nextval('auth.users_id_seq'))
FROM generate_series(
    1,
    (SELECT max(u.id) FROM auth.users AS u)
        - (SELECT s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END FROM auth.users_id_seq AS s)
);
