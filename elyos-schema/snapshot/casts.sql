-- source, target, context, method
SELECT concat_ws(E'\t', castsource::oid, casttarget::oid, castcontext, castmethod) FROM pg_cast WHERE oid < 16384
