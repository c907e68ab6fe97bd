//! Types, sequences and functions of a live server.

use std::collections::HashMap;

use postgres::Transaction;

use super::{USERS, own};
use crate::inspect::document::{Argument, Attribute, Check, Composite, Domain, Enum, Function, Owner, Range, Sequence};

pub(super) fn enums(transaction: &mut Transaction<'_>) -> Result<Vec<Enum>, postgres::Error> {
    let query = format!(
        "select n.nspname::text, t.typname::text, array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) \
         from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e' and {USERS} {} \
         order by n.nspname collate \"C\", t.typname collate \"C\"",
        own("t.oid", "pg_type")
    );
    let all = transaction.query(&query, &[])?;
    Ok(all.iter().map(|row| Enum { schema: row.get(0), name: row.get(1), values: row.get(2) }).collect())
}

pub(super) fn domains(transaction: &mut Transaction<'_>) -> Result<Vec<Domain>, postgres::Error> {
    let query = "select c.contypid, c.conname::text, pg_get_expr(c.conbin, 0), c.convalidated from pg_constraint c \
                 where c.contype = 'c' and c.contypid <> 0 order by c.conname collate \"C\"";
    let mut checks: HashMap<u32, Vec<Check>> = HashMap::new();
    for row in transaction.query(query, &[])? {
        let check = Check { name: row.get(1), expression: row.get(2), no_inherit: false, validated: row.get(3) };
        checks.entry(row.get(0)).or_default().push(check);
    }
    let query = format!(
        "select t.oid, n.nspname::text, t.typname::text, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault, \
         case when t.typcollation <> b.typcollation then \
         case when cn.nspname = 'pg_catalog' then '' else quote_ident(cn.nspname) || '.' end || quote_ident(co.collname) end from pg_type t \
         join pg_namespace n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype \
         left join pg_collation co on co.oid = t.typcollation left join pg_namespace cn on cn.oid = co.collnamespace where t.typtype = 'd' and {USERS} {} \
         order by n.nspname collate \"C\", t.typname collate \"C\"",
        own("t.oid", "pg_type")
    );
    let all = transaction.query(&query, &[])?;
    let domain = |row: &postgres::Row| Domain {
        schema: row.get(1),
        name: row.get(2),
        ty: row.get(3),
        not_null: row.get(4),
        default: row.get(5),
        collation: row.get(6),
        checks: checks.remove(&row.get(0)).unwrap_or_default(),
    };
    Ok(all.iter().map(domain).collect())
}

pub(super) fn composites(transaction: &mut Transaction<'_>) -> Result<Vec<Composite>, postgres::Error> {
    let query = format!(
        "select n.nspname::text, c.relname::text, \
         array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum), \
         array(select format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 \
         and not a.attisdropped order by a.attnum) from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where c.relkind = 'c' and {USERS} {} order by n.nspname collate \"C\", c.relname collate \"C\"",
        own("c.reltype", "pg_type")
    );
    let all = transaction.query(&query, &[])?;
    let composite = |row: &postgres::Row| {
        let (names, types): (Vec<String>, Vec<String>) = (row.get(2), row.get(3));
        let attributes = names.into_iter().zip(types).map(|(name, ty)| Attribute { name, ty }).collect();
        Composite { schema: row.get(0), name: row.get(1), attributes }
    };
    Ok(all.iter().map(composite).collect())
}

pub(super) fn ranges(transaction: &mut Transaction<'_>) -> Result<Vec<Range>, postgres::Error> {
    let query = format!(
        "select n.nspname::text, t.typname::text, format_type(r.rngsubtype, null), m.typname::text from pg_range r \
         join pg_type t on t.oid = r.rngtypid join pg_type m on m.oid = r.rngmultitypid join pg_namespace n on n.oid = t.typnamespace \
         where {USERS} {} order by n.nspname collate \"C\", t.typname collate \"C\"",
        own("t.oid", "pg_type")
    );
    let all = transaction.query(&query, &[])?;
    Ok(all.iter().map(|row| Range { schema: row.get(0), name: row.get(1), subtype: row.get(2), multirange: row.get(3) }).collect())
}

pub(super) fn sequences(transaction: &mut Transaction<'_>) -> Result<Vec<Sequence>, postgres::Error> {
    let query = format!(
        "select n.nspname::text, c.relname::text, format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, \
         s.seqcycle, tn.nspname::text, tc.relname::text, a.attname::text, coalesce(d.deptype = 'i', false) from pg_sequence s \
         join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace \
         left join pg_depend d on d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') \
         and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0 left join pg_class tc on tc.oid = d.refobjid \
         left join pg_namespace tn on tn.oid = tc.relnamespace \
         left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where {USERS} {} \
         order by n.nspname collate \"C\", c.relname collate \"C\"",
        own("c.oid", "pg_class")
    );
    let all = transaction.query(&query, &[])?;
    let sequence = |row: &postgres::Row| Sequence {
        schema: row.get(0),
        name: row.get(1),
        ty: match row.get(2) {
            "smallint" => "smallint",
            "integer" => "integer",
            _ => "bigint",
        },
        start: row.get(3),
        increment: row.get(4),
        min: row.get(5),
        max: row.get(6),
        cache: row.get(7),
        cycle: row.get(8),
        owned_by: row.get::<_, Option<String>>(9).map(|schema| Owner { schema, table: row.get(10), column: row.get(11) }),
        identity: row.get(12),
    };
    Ok(all.iter().map(sequence).collect())
}

pub(super) fn functions(transaction: &mut Transaction<'_>) -> Result<Vec<Function>, postgres::Error> {
    let query = format!(
        "select n.nspname::text, p.proname::text, p.prokind::text, \
         array(select format_type(k.t, null) from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality k(t, i) order by k.i), \
         p.proargmodes::text[], p.proargnames, pg_get_function_result(p.oid), l.lanname::text, p.provolatile::text, p.proisstrict, p.prosecdef \
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang \
         where p.prokind in ('f', 'p', 'w') and {USERS} {} \
         and not exists (select 1 from pg_depend x where x.classid = 'pg_catalog.pg_proc'::regclass and x.objid = p.oid and x.deptype = 'i')",
        own("p.oid", "pg_proc")
    );
    let mut functions: Vec<Function> = transaction.query(&query, &[])?.iter().map(function).collect();
    functions
        .sort_by_cached_key(|it| (it.schema.clone(), it.name.clone(), it.arguments.iter().map(|one| one.ty.clone()).collect::<Vec<_>>()));
    Ok(functions)
}

fn function(row: &postgres::Row) -> Function {
    let types: Vec<String> = row.get(3);
    let modes: Vec<String> = row.get::<_, Option<Vec<String>>>(4).unwrap_or_default();
    let names: Vec<String> = row.get::<_, Option<Vec<String>>>(5).unwrap_or_default();
    let argument = |(index, ty): (usize, String)| Argument {
        name: names.get(index).filter(|name| !name.is_empty()).cloned(),
        mode: match modes.get(index).map(String::as_str) {
            Some("o") => "out",
            Some("b") => "inout",
            Some("v") => "variadic",
            Some("t") => "table",
            _ => "in",
        },
        ty,
    };
    Function {
        schema: row.get(0),
        name: row.get(1),
        kind: match row.get(2) {
            "p" => "procedure",
            "w" => "window",
            _ => "function",
        },
        arguments: types.into_iter().enumerate().map(argument).collect(),
        returns: row.get(6),
        language: row.get(7),
        volatility: match row.get(8) {
            "i" => "immutable",
            "s" => "stable",
            _ => "volatile",
        },
        strict: row.get(9),
        security_definer: row.get(10),
    }
}
