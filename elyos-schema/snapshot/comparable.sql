-- types whose values can be compared, without those made of others: oid, `b` (have an order) or `h` (only equality)
SELECT concat_ws(E'\t', t.oid, CASE WHEN bool_or(m.amname = 'btree') THEN 'b' ELSE 'h' END)
FROM pg_type AS t
JOIN pg_opclass AS o ON o.opcdefault AND (o.opcintype = t.oid OR EXISTS (
    SELECT FROM pg_cast AS c
    WHERE c.castsource = t.oid AND c.casttarget = o.opcintype AND c.castmethod = 'b' AND c.castcontext = 'i'))
JOIN pg_am AS m ON m.oid = o.opcmethod
WHERE m.amname IN ('btree', 'hash') AND t.oid < 16384 AND t.typtype IN ('b', 'p')
GROUP BY t.oid
