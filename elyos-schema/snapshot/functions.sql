-- name, kind (p, f, w, aggregates n, o, h), flags (strict, returns a set, not immutable, even if it is inlined), variadic's element, defaults, result, inputs, outputs with
-- names, inputs' names, direct arguments of an ordered-set aggregate
SELECT concat_ws(E'\t', p.proname, coalesce(a.aggkind::text, p.prokind::text),
                 CASE WHEN p.proisstrict THEN 's' ELSE '' END || CASE WHEN p.proretset THEN 'r' ELSE '' END ||
                 CASE WHEN p.provolatile <> 'i' AND l.lanname <> 'sql' THEN 'm' ELSE '' END, p.provariadic, p.pronargdefaults,
                 p.prorettype, p.proargtypes::text,
                 coalesce((SELECT string_agg(coalesce(nullif(p.proargnames[i], ''), 'column' || i) || ':' || p.proallargtypes[i], ',' ORDER BY i)
                           FROM generate_subscripts(p.proallargtypes, 1) AS i WHERE p.proargmodes[i] IN ('o', 'b', 't')), ''),
                 coalesce((SELECT string_agg(p.proargnames[i], ',' ORDER BY i)
                           FROM generate_subscripts(p.proargnames, 1) AS i WHERE coalesce(p.proargmodes[i], 'i') IN ('i', 'b', 'v')), ''),
                 coalesce(a.aggnumdirectargs, 0))
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_language AS l ON l.oid = p.prolang
LEFT JOIN pg_aggregate AS a ON a.aggfnoid = p.oid
WHERE n.nspname = 'pg_catalog'
