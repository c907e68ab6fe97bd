-- Groups by id, with how many members and permissions each has.

CREATE OR REPLACE FUNCTION auth.get_groups_2(group_ids integer[])
RETURNS TABLE (
    id                integer,
    name              jsonb,
    description       jsonb,
    member_count      bigint,
    permission_count  bigint
)
LANGUAGE sql
STABLE
AS $function$
    SELECT
        g.id,
        g.name,
        g.description,
        (
            SELECT count(*)
            FROM auth.user_groups AS ug
            JOIN auth.users AS u ON u.id = ug.user_id
            WHERE ug.group_id = g.id
                AND u.deleted_at IS NULL
        ),
        (
            SELECT count(*)
            FROM auth.group_permissions AS gp
            WHERE gp.group_id = g.id
        )
    FROM auth.groups AS g
    WHERE g.id = ANY (group_ids)
    ORDER BY g.id
$function$;

COMMENT ON FUNCTION auth.get_groups_2(integer[]) IS
    'The groups with the given ids, in order of id, with their numbers of members (without removed people) and of permissions.';
