-- oid, schema, name, category, preferred, kind, element, array, base (domains), subtype (ranges), range's multirange, multirange's range, whether reading
-- (r) and writing (w) its text is not immutable
SELECT concat_ws(E'\t', lpad(t.oid::text, 6, '0'), CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname END, t.typname, t.typcategory,
                 CASE WHEN t.typispreferred THEN 'p' ELSE '' END, t.typtype,
                 CASE WHEN t.typsubscript = 'array_subscript_handler'::regproc OR t.typname IN ('oidvector', 'int2vector', 'point', 'box', 'lseg', 'line', 'name') THEN t.typelem ELSE 0 END,
                 t.typarray, t.typbasetype, coalesce(r.rngsubtype, 0), coalesce(r.rngmultitypid, 0), coalesce(m.rngtypid, 0),
                 CASE WHEN (SELECT provolatile FROM pg_proc WHERE oid = t.typinput) <> 'i' THEN 'r' ELSE '' END ||
                 CASE WHEN (SELECT provolatile FROM pg_proc WHERE oid = t.typoutput) <> 'i' THEN 'w' ELSE '' END)
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
LEFT JOIN pg_range AS m ON m.rngmultitypid = t.oid
LEFT JOIN pg_type AS e ON e.oid = t.typelem
WHERE n.nspname IN ('pg_catalog', 'information_schema') AND t.typtype <> 'c' AND coalesce(e.typtype, 'b') <> 'c'
