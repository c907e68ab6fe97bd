-- schema.name, kind, columns as name:type:not null
SELECT n.nspname || '.' || c.relname || E'\t' || c.relkind::text || E'\t' ||
       (SELECT string_agg(a.attname || ':' || a.atttypid || CASE WHEN a.attnotnull THEN ':n' ELSE ':' END, ',' ORDER BY a.attnum)
        FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v')
