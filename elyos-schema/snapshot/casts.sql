-- source, target, context, method, whether its function is not immutable
SELECT concat_ws(E'\t', castsource::oid, casttarget::oid, castcontext, castmethod, CASE WHEN p.provolatile <> 'i' THEN 'm' END)
FROM pg_cast AS c LEFT JOIN pg_proc AS p ON p.oid = c.castfunc
WHERE c.oid < 16384
