-- The apps of a user's start menu.

CREATE OR REPLACE FUNCTION platform.get_user_apps(for_user_id integer)
RETURNS TABLE (
    id              integer,
    app_id          text,
    name            jsonb,
    description     jsonb,
    icon            text,
    icon_style      text,
    category        text,
    multi_instance  boolean,
    default_size    jsonb,
    min_size        jsonb,
    max_size        jsonb,
    is_public       boolean,
    sort_order      integer
)
LANGUAGE sql
STABLE
AS $function$
    SELECT
        a.id,
        a.app_id::text,
        a.name,
        a.description,
        a.icon::text,
        a.icon_style::text,
        a.category::text,
        a.multi_instance,
        a.default_size,
        a.min_size,
        a.max_size,
        a.is_public,
        a.sort_order
    FROM auth.users AS u
    CROSS JOIN platform.apps AS a
    WHERE u.id = for_user_id
        AND u.is_active
        AND u.deleted_at IS NULL
        AND a.is_active
        AND (a.app_type IS DISTINCT FROM 'plugin' OR a.plugin_status = 'active')
        AND (
            a.is_public
            OR EXISTS (
                SELECT 1
                FROM auth.user_roles AS ur
                JOIN auth.role_app_access AS ra ON ra.role_id = ur.role_id
                WHERE ur.user_id = u.id
                    AND ra.app_id = a.id
            )
            OR EXISTS (
                SELECT 1
                FROM auth.user_groups AS ug
                JOIN auth.group_app_access AS ga ON ga.group_id = ug.group_id
                WHERE ug.user_id = u.id
                    AND ga.app_id = a.id
            )
        )
    ORDER BY a.sort_order, a.app_id
$function$;

COMMENT ON FUNCTION platform.get_user_apps(integer) IS
    'The active apps that are public or granted by a role or group of the user, in menu order. A user removed or not active has none.';
