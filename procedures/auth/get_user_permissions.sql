-- What a user may do, and why.

CREATE OR REPLACE FUNCTION auth.get_user_permissions(for_user_id integer)
RETURNS TABLE (
    id           integer,
    name         text,
    description  text,
    role_ids     integer[],
    group_ids    integer[]
)
LANGUAGE sql
STABLE
AS $function$
    WITH granted AS (
        SELECT
            rp.permission_id,
            rp.role_id,
            NULL::integer AS group_id
        FROM auth.user_roles AS ur
        JOIN auth.role_permissions AS rp ON rp.role_id = ur.role_id
        WHERE ur.user_id = for_user_id

        UNION ALL

        SELECT
            gp.permission_id,
            NULL::integer AS role_id,
            gp.group_id
        FROM auth.user_groups AS ug
        JOIN auth.group_permissions AS gp ON gp.group_id = ug.group_id
        WHERE ug.user_id = for_user_id
    )
    SELECT
        p.id,
        p.name::text,
        p.description,
        coalesce(array_agg(granted.role_id ORDER BY granted.role_id) FILTER (WHERE granted.role_id IS NOT NULL), '{}'),
        coalesce(array_agg(granted.group_id ORDER BY granted.group_id) FILTER (WHERE granted.group_id IS NOT NULL), '{}')
    FROM granted
    JOIN auth.permissions AS p ON p.id = granted.permission_id
    WHERE EXISTS (
        SELECT 1
        FROM auth.users AS u
        WHERE u.id = for_user_id
            AND u.is_active
            AND u.deleted_at IS NULL
    )
    GROUP BY p.id, p.name, p.description
    ORDER BY p.name
$function$;

COMMENT ON FUNCTION auth.get_user_permissions(integer) IS
    'What a user may do, by name, each permission once with the roles and groups that give it. A user removed or not active has none.';
