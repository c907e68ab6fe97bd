-- What the extensions that come with PostgreSQL bring, by name: functions that a query may call, operators of at least one type that is
-- PostgreSQL's own, relations, types. Nothing of it stays in the database.
SET client_min_messages = error;
BEGIN;
DO $$
DECLARE extension text;
BEGIN
    FOR extension IN SELECT name FROM pg_available_extensions WHERE name <> 'plpgsql' LOOP
        EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', extension);
    END LOOP;
END $$;
WITH brought AS (
    SELECT e.extname, d.classid, d.objid
    FROM pg_extension AS e
    JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    WHERE e.extname <> 'plpgsql'
), names AS (
    SELECT extname, 1 AS place, p.proname AS name
    FROM brought JOIN pg_proc AS p ON classid = 'pg_proc'::regclass AND objid = p.oid
    WHERE NOT ('internal'::regtype = ANY (p.proargtypes) OR 'cstring'::regtype = ANY (p.proargtypes))
    AND p.prorettype <> ALL (ARRAY['internal', 'trigger', 'event_trigger', 'cstring', 'fdw_handler', 'index_am_handler', 'tsm_handler']::regtype[])
    UNION
    SELECT extname, 2, o.oprname
    FROM brought JOIN pg_operator AS o ON classid = 'pg_operator'::regclass AND objid = o.oid
    WHERE o.oprright < 16384 OR (o.oprleft > 0 AND o.oprleft < 16384)
    UNION
    SELECT extname, 3, c.relname
    FROM brought JOIN pg_class AS c ON classid = 'pg_class'::regclass AND objid = c.oid
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
    UNION
    SELECT extname, 4, t.typname
    FROM brought JOIN pg_type AS t ON classid = 'pg_type'::regclass AND objid = t.oid
    WHERE t.typelem = 0
)
SELECT concat_ws(E'\t', extname,
                 coalesce(string_agg(name, ' ' ORDER BY name COLLATE "C") FILTER (WHERE place = 1), ''),
                 coalesce(string_agg(name, ' ' ORDER BY name COLLATE "C") FILTER (WHERE place = 2), ''),
                 coalesce(string_agg(name, ' ' ORDER BY name COLLATE "C") FILTER (WHERE place = 3), ''),
                 coalesce(string_agg(name, ' ' ORDER BY name COLLATE "C") FILTER (WHERE place = 4), ''))
FROM (SELECT DISTINCT extname FROM brought) AS extensions LEFT JOIN names USING (extname)
GROUP BY extname;
ROLLBACK;
