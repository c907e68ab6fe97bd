-- The e-mail sign-in of the first system administrator; one for that person and provider. An existing one is left as it is.
--
-- It has no password. The administrator asks for a new one by e-mail, or signs in with another provider.

INSERT INTO auth.accounts (user_id, provider_account_id, provider_id)
SELECT
    u.id,
    u.id::text,
    p.name
FROM auth.users AS u
CROSS JOIN auth.providers AS p
WHERE u.id = 1
    AND p.name = 'credential'
    AND NOT EXISTS (
        SELECT 1
        FROM auth.accounts AS a
        WHERE a.user_id = u.id
            AND a.provider_id = p.name
    );
