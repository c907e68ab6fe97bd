-- name, left (0: prefix), right, result, function's name, whether that is strict, and not immutable
SELECT concat_ws(E'\t', o.oprname, o.oprleft, o.oprright, o.oprresult, p.proname, CASE WHEN p.proisstrict THEN 's' ELSE '' END || CASE WHEN p.provolatile <> 'i' AND l.lanname <> 'sql' THEN 'm' ELSE '' END)
FROM pg_operator AS o JOIN pg_proc AS p ON p.oid = o.oprcode JOIN pg_namespace AS n ON n.oid = o.oprnamespace JOIN pg_language AS l ON l.oid = p.prolang
WHERE n.nspname = 'pg_catalog'
