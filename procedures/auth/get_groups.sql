-- Groups by id.

CREATE OR REPLACE FUNCTION auth.get_groups(group_ids integer[])
RETURNS TABLE (
    id           integer,
    name         jsonb,
    description  jsonb
)
LANGUAGE sql
STABLE
AS $function$
    SELECT
        g.id,
        g.name,
        g.description
    FROM auth.groups AS g
    WHERE g.id = ANY (group_ids)
    ORDER BY g.id
$function$;

COMMENT ON FUNCTION auth.get_groups(integer[]) IS
    'The groups with the given ids, in order of id. An id that no group has is passed over.';
