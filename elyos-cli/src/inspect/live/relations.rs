//! Tables and views of a live server with all that is part of them.

use std::collections::HashMap;

use postgres::{Row, Transaction};

use super::{USERS, own};
use crate::inspect::document::{Check, Column, Exclusion, ForeignKey, Index, IndexColumn, Key, Policy, References, Table, Trigger, View};

/// Rows by the table they belong to.
type ByTable<T> = HashMap<u32, Vec<T>>;

/// Objects with smaller OIDs are PostgreSQL's own (`FirstNormalObjectId` in its source); there are hundreds of them.
const FIRST_USER_OID: u32 = 16384;

/// The names of a constraint's columns, in its order.
const CONSTRAINT_COLUMNS: &str = "array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i) \
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i)";

fn gathered<T>(transaction: &mut Transaction<'_>, query: &str, read: impl Fn(&Row) -> T) -> Result<ByTable<T>, postgres::Error> {
    let mut all = ByTable::new();
    for row in transaction.query(query, &[])? {
        all.entry(row.get(0)).or_default().push(read(&row));
    }
    Ok(all)
}

/// Tables and views.
pub(super) fn relations(transaction: &mut Transaction<'_>) -> Result<(Vec<Table>, Vec<View>), postgres::Error> {
    let mut columns = columns(transaction)?;
    let (mut indexes, mut exclusions) = indexes(transaction)?;
    let tables = tables(transaction, &mut columns, &mut indexes, &mut exclusions)?;
    let views = views(transaction, columns, indexes)?;
    Ok((tables, views))
}

fn tables(
    transaction: &mut Transaction<'_>,
    columns: &mut ByTable<Column>,
    indexes: &mut ByTable<Index>,
    exclusions: &mut ByTable<Exclusion>,
) -> Result<Vec<Table>, postgres::Error> {
    let mut keys = keys(transaction)?;
    let mut foreign_keys = foreign_keys(transaction)?;
    let mut checks = checks(transaction)?;
    let mut parents = gathered(
        transaction,
        "select i.inhrelid, quote_ident(n.nspname) || '.' || quote_ident(p.relname) from pg_inherits i join pg_class p on p.oid = i.inhparent \
         join pg_namespace n on n.oid = p.relnamespace order by i.inhrelid, i.inhseqno",
        |row| row.get::<_, String>(1),
    )?;
    let mut policies = policies(transaction)?;
    let mut triggers = gathered(
        transaction,
        "select t.tgrelid, t.tgname::text, p.proname::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid \
         where not t.tgisinternal and t.tgparentid = 0 order by t.tgname collate \"C\"",
        |row| Trigger { name: row.get(1), function: row.get(2) },
    )?;
    let query = format!(
        "select c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence = 'u', c.relispartition, c.relrowsecurity, \
         c.relforcerowsecurity, obj_description(c.oid, 'pg_class') from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where c.relkind in ('r', 'p', 'f') and {USERS} {} order by n.nspname collate \"C\", c.relname collate \"C\"",
        own("c.oid", "pg_class")
    );
    let mut tables = Vec::new();
    for row in transaction.query(&query, &[])? {
        let oid: u32 = row.get(0);
        let (primary, unique): (Vec<_>, Vec<_>) = keys.remove(&oid).unwrap_or_default().into_iter().partition(|(primary, _)| *primary);
        tables.push(Table {
            schema: row.get(1),
            name: row.get(2),
            kind: match row.get(3) {
                "p" => "partitioned",
                "f" => "foreign",
                _ => "table",
            },
            unlogged: row.get(4),
            columns: Some(columns.remove(&oid).unwrap_or_default()),
            primary_key: primary.into_iter().next().map(|(_, key)| key),
            unique: unique.into_iter().map(|(_, key)| key).collect(),
            foreign_keys: foreign_keys.remove(&oid).unwrap_or_default(),
            checks: checks.remove(&oid).unwrap_or_default(),
            exclusions: exclusions.remove(&oid).unwrap_or_default(),
            indexes: indexes.remove(&oid).unwrap_or_default(),
            inherits: parents.remove(&oid).unwrap_or_default(),
            partition: row.get(5),
            row_security: row.get(6),
            force_row_security: row.get(7),
            policies: policies.remove(&oid).unwrap_or_default(),
            triggers: triggers.remove(&oid).unwrap_or_default(),
            comment: row.get(8),
        });
    }
    Ok(tables)
}

fn views(
    transaction: &mut Transaction<'_>,
    mut columns: ByTable<Column>,
    mut indexes: ByTable<Index>,
) -> Result<Vec<View>, postgres::Error> {
    let query = format!(
        "select c.oid, n.nspname::text, c.relname::text, c.relkind = 'm', obj_description(c.oid, 'pg_class') from pg_class c \
         join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and {USERS} {} \
         order by n.nspname collate \"C\", c.relname collate \"C\"",
        own("c.oid", "pg_class")
    );
    let view = |row: &Row| {
        let oid: u32 = row.get(0);
        View {
            schema: row.get(1),
            name: row.get(2),
            materialized: row.get(3),
            columns: Some(columns.remove(&oid).unwrap_or_default()),
            indexes: indexes.remove(&oid).unwrap_or_default(),
            comment: row.get(4),
        }
    };
    Ok(transaction.query(&query, &[])?.iter().map(view).collect())
}

fn columns(transaction: &mut Transaction<'_>) -> Result<ByTable<Column>, postgres::Error> {
    let query = format!(
        "select a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), \
         a.attidentity::text, a.attgenerated::text, case when a.attcollation <> t.typcollation and c.relkind not in ('v', 'm') then \
         case when cn.nspname = 'pg_catalog' then '' else quote_ident(cn.nspname) || '.' end || quote_ident(co.collname) end, \
         col_description(a.attrelid, a.attnum) from pg_attribute a join pg_class c on c.oid = a.attrelid \
         join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid \
         left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum left join pg_collation co on co.oid = a.attcollation \
         left join pg_namespace cn on cn.oid = co.collnamespace where c.relkind in ('r', 'p', 'f', 'v', 'm') and {USERS} and a.attnum > 0 \
         and not a.attisdropped order by a.attrelid, a.attnum"
    );
    gathered(transaction, &query, |row| {
        let expression: Option<String> = row.get(4);
        let is_generated = !row.get::<_, String>(6).is_empty();
        let (default, generated) = if is_generated { (None, expression) } else { (expression, None) };
        Column {
            name: row.get(1),
            ty: row.get(2),
            not_null: row.get(3),
            default,
            identity: match row.get(5) {
                "a" => Some("always"),
                "d" => Some("by default"),
                _ => None,
            },
            generated,
            collation: row.get(7),
            comment: row.get(8),
        }
    })
}

fn keys(transaction: &mut Transaction<'_>) -> Result<ByTable<(bool, Key)>, postgres::Error> {
    let query = format!(
        "select c.conrelid, c.contype = 'p', c.conname::text, {CONSTRAINT_COLUMNS}, \
         array(select a.attname::text from unnest(i.indkey[i.indnkeyatts:]) with ordinality k(n, o) \
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.o), i.indnullsnotdistinct, c.condeferrable, \
         c.condeferred from pg_constraint c join pg_index i on i.indexrelid = c.conindid where c.contype in ('p', 'u') and c.conrelid >= {FIRST_USER_OID} \
         order by c.conname collate \"C\""
    );
    gathered(transaction, &query, |row| {
        let key = Key {
            name: row.get(2),
            columns: row.get(3),
            include: row.get(4),
            nulls_not_distinct: row.get(5),
            deferrable: row.get(6),
            initially_deferred: row.get(7),
        };
        (row.get(1), key)
    })
}

fn foreign_keys(transaction: &mut Transaction<'_>) -> Result<ByTable<ForeignKey>, postgres::Error> {
    // A foreign key to a partitioned table has a row for each partition too, on the same table.
    let query = format!(
        "select c.conrelid, c.conname::text, {CONSTRAINT_COLUMNS}, n.nspname::text, r.relname::text, \
         array(select a.attname::text from unnest(c.confkey) with ordinality k(n, i) \
         join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i), c.confdeltype::text, c.confupdtype::text, \
         array(select a.attname::text from unnest(c.confdelsetcols) with ordinality k(n, i) \
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i), c.confmatchtype = 'f', c.condeferrable, \
         c.condeferred, c.convalidated from pg_constraint c join pg_class r on r.oid = c.confrelid \
         join pg_namespace n on n.oid = r.relnamespace where c.contype = 'f' and c.conrelid >= {FIRST_USER_OID} and not exists (select 1 from pg_constraint p \
         where p.oid = c.conparentid and p.conrelid = c.conrelid) order by c.conname collate \"C\""
    );
    gathered(transaction, &query, |row| ForeignKey {
        name: row.get(1),
        columns: row.get(2),
        references: References { schema: row.get(3), table: row.get(4), columns: row.get(5) },
        on_delete: action(row.get(6)),
        on_update: action(row.get(7)),
        on_delete_columns: row.get(8),
        matching: if row.get(9) { "full" } else { "simple" },
        deferrable: row.get(10),
        initially_deferred: row.get(11),
        validated: row.get(12),
    })
}

/// The letters of `pg_constraint.confdeltype`.
fn action(letter: &str) -> &'static str {
    match letter {
        "r" => "restrict",
        "c" => "cascade",
        "n" => "set null",
        "d" => "set default",
        _ => "no action",
    }
}

fn checks(transaction: &mut Transaction<'_>) -> Result<ByTable<Check>, postgres::Error> {
    let query = format!(
        "select c.conrelid, c.conname::text, pg_get_expr(c.conbin, c.conrelid), c.connoinherit, c.convalidated from pg_constraint c \
         where c.contype = 'c' and c.conrelid >= {FIRST_USER_OID} order by c.conname collate \"C\""
    );
    gathered(transaction, &query, |row| Check { name: row.get(1), expression: row.get(2), no_inherit: row.get(3), validated: row.get(4) })
}

fn policies(transaction: &mut Transaction<'_>) -> Result<ByTable<Policy>, postgres::Error> {
    let query = "select p.polrelid, p.polname::text, p.polpermissive, case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' \
                 when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end, \
                 array(select coalesce(r.rolname::text, 'public') from unnest(p.polroles) k(o) left join pg_roles r on r.oid = k.o order by 1), \
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) from pg_policy p order by p.polname collate \"C\"";
    gathered(transaction, query, |row| Policy {
        name: row.get(1),
        permissive: row.get(2),
        command: row.get(3),
        roles: row.get(4),
        using: row.get(5),
        with_check: row.get(6),
    })
}

/// Indexes that no constraint made, and exclusion constraints, by table.
fn indexes(transaction: &mut Transaction<'_>) -> Result<(ByTable<Index>, ByTable<Exclusion>), postgres::Error> {
    // One row a column: its option bits are 1 for DESC and 2 for NULLS FIRST.
    let query = format!(
        "select i.indexrelid, a.attname::text, case when k.n = 0 then pg_get_indexdef(i.indexrelid, k.i::int, false) end, \
         case when i.indcollation[k.i - 1] <> 0 and i.indcollation[k.i - 1] <> coalesce(a.attcollation, 'pg_catalog.\"default\"'::regcollation) then \
         case when cn.nspname = 'pg_catalog' then '' else quote_ident(cn.nspname) || '.' end || quote_ident(co.collname) end, \
         case when not oc.opcdefault or ia.attoptions is not null then case when ocn.nspname = 'pg_catalog' then '' else quote_ident(ocn.nspname) || '.' end || \
         quote_ident(oc.opcname) || coalesce('(' || array_to_string(ia.attoptions, ', ') || ')', '') end, (i.indoption[k.i - 1] & 1) <> 0, (i.indoption[k.i - 1] & 2) <> 0 \
         from pg_index i cross join lateral unnest(i.indkey[:i.indnkeyatts - 1]) with ordinality k(n, i) \
         left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n and k.n <> 0 \
         left join pg_attribute ia on ia.attrelid = i.indexrelid and ia.attnum = k.i left join pg_collation co on co.oid = i.indcollation[k.i - 1] \
         left join pg_namespace cn on cn.oid = co.collnamespace join pg_opclass oc on oc.oid = i.indclass[k.i - 1] \
         join pg_namespace ocn on ocn.oid = oc.opcnamespace where i.indrelid >= {FIRST_USER_OID} order by i.indexrelid, k.i"
    );
    let mut columns = gathered(transaction, &query, |row| IndexColumn {
        column: row.get(1),
        expression: row.get::<_, Option<String>>(2),
        collation: row.get(3),
        operator_class: row.get(4),
        descending: row.get(5),
        nulls_first: row.get(6),
    })?;
    let query = format!(
        "select i.indexrelid, i.indrelid, c.relname::text, i.indisunique, am.amname::text, \
         array(select a.attname::text from unnest(i.indkey[i.indnkeyatts:]) with ordinality k(n, o) \
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n order by k.o), pg_get_expr(i.indpred, i.indrelid), \
         i.indnullsnotdistinct, x.contype::text, array(select o.oprname::text from unnest(x.conexclop) with ordinality k(n, o2) \
         join pg_operator o on o.oid = k.n order by k.o2), coalesce(x.condeferrable, false), coalesce(x.condeferred, false) \
         from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam \
         left join pg_constraint x on x.conindid = i.indexrelid and x.contype in ('p', 'u', 'x') \
         where i.indrelid >= {FIRST_USER_OID} order by c.relname collate \"C\""
    );
    let (mut indexes, mut exclusions) = (ByTable::new(), ByTable::new());
    for row in transaction.query(&query, &[])? {
        let (oid, table): (u32, u32) = (row.get(0), row.get(1));
        let columns = columns.remove(&oid).unwrap_or_default();
        match row.get::<_, Option<&str>>(8) {
            None => indexes.entry(table).or_insert_with(Vec::new).push(Index {
                name: row.get(2),
                unique: row.get(3),
                method: row.get(4),
                columns,
                include: row.get(5),
                predicate: row.get(6),
                nulls_not_distinct: row.get(7),
            }),
            Some("x") => exclusions.entry(table).or_insert_with(Vec::new).push(Exclusion {
                name: row.get(2),
                method: row.get(4),
                columns,
                operators: row.get(9),
                predicate: row.get(6),
                deferrable: row.get(10),
                initially_deferred: row.get(11),
            }),
            Some(_) => {}
        }
    }
    Ok((indexes, exclusions))
}
