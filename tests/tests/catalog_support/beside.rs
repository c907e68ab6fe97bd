//! What a catalog holds beside what `elyos inspect` prints, as lines of text: comments on everything, what is inherited and
//! what is a table's own, the columns of triggers, the parts of partitioned indexes.

use std::collections::BTreeSet;

use elyos_cli::inspect::canonical::normalised;
use elyos_schema::{
    Catalog,
    catalog::{Table, TableKind, names::quote},
};
use postgres::Transaction;

/// The lines of a catalog.
pub(crate) fn of_catalog(catalog: &Catalog) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut comment = |what: String, text: Option<&str>| {
        if let Some(text) = text {
            lines.insert(format!("comment on {what}: {text}"));
        }
    };
    for schema in catalog.schemas() {
        comment(format!("schema {}", schema.name()), schema.comment().filter(|_| schema.name() != "public"));
    }
    for function in catalog.functions() {
        let types = function.argument_types().join(",");
        comment(format!("function {}.{}({types})", quote(&function.schema), quote(&function.name)), function.comment.as_deref());
    }
    for one in catalog.sequences() {
        comment(format!("sequence {}.{}", quote(&one.schema), quote(&one.name)), one.comment.as_deref());
    }
    let named = |schema: &str, name: &str| format!("type {}.{}", quote(schema), quote(name));
    catalog.enums().for_each(|it| comment(named(&it.schema, &it.name), it.comment.as_deref()));
    catalog.domains().for_each(|it| comment(named(&it.schema, &it.name), it.comment.as_deref()));
    catalog.composites().for_each(|it| comment(named(&it.schema, &it.name), it.comment.as_deref()));
    catalog.ranges().for_each(|it| comment(named(&it.schema, &it.name), it.comment.as_deref()));
    // An operator class has a family of its name, whether or not that was said.
    let of_class = |name: &str| catalog.carried().any(|one| one.kind == "operator class" && one.name == name);
    for one in catalog.carried().filter(|one| one.kind != "operator family" || !of_class(&one.name)) {
        // The types in a name are PostgreSQL's matter: one that is written is not looked up.
        let name = if one.kind == "cast" { "" } else { one.name.split('(').next().unwrap_or_default() };
        let table = one.table.as_ref().filter(|_| one.kind == "rule").map(|table| format!(" on {table}")).unwrap_or_default();
        lines.insert(format!("{} {name}{table}", one.kind));
        if let Some(text) = &one.comment {
            lines.insert(format!("comment on {} {name}{table}: {text}", one.kind));
        }
    }
    for function in catalog.functions() {
        for (place, argument) in function.arguments.iter().filter(|it| it.is_input()).enumerate() {
            if let Some(default) = &argument.default {
                let types = function.argument_types().join(",");
                let full = format!("{}.{}({types})", quote(&function.schema), quote(&function.name));
                lines.insert(format!("argument {} of {full} is {} by default", place + 1, without_casts(default)));
            }
        }
    }
    for one in catalog.sequences().filter(|it| it.unlogged) {
        lines.insert(format!("unlogged sequence {}.{}", quote(&one.schema), quote(&one.name)));
    }
    for table in catalog.tables() {
        lines.extend(of_table(table));
    }
    lines
}

fn of_table(table: &Table) -> Vec<String> {
    let full = table.full_name();
    let noun = match table.kind {
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized view",
        TableKind::Foreign => "foreign table",
        TableKind::Table | TableKind::Partitioned => "table",
    };
    let mut lines: Vec<String> = Vec::new();
    let constraints = table.comments.iter().map(|(name, text)| format!("comment on constraint {name} on {noun} {full}: {text}"));
    let indexes =
        table.index_comments.iter().map(|(name, text)| format!("comment on index {}.{}: {text}", quote(&table.schema), quote(name)));
    lines.extend(constraints.chain(indexes));
    for trigger in &table.triggers {
        if let Some(text) = &trigger.comment {
            lines.push(format!("comment on trigger {} on {noun} {full}: {text}", trigger.name));
        }
        if let Some(schema) = &trigger.function.0 {
            let columns: Vec<String> = trigger.columns.iter().map(|column| quote(column)).collect();
            lines.push(format!("trigger {} on {full} calls in {} of {}", quote(&trigger.name), quote(schema), columns.join(",")));
        }
    }
    for policy in &table.policies {
        if let Some(text) = &policy.comment {
            lines.push(format!("comment on policy {} on {noun} {full}: {text}", policy.name));
        }
    }
    let inherited = table.columns.iter().filter(|column| column.inherited).map(|column| &column.name);
    lines.extend(inherited.map(|column| format!("inherited column {} of {full}", quote(column))));
    let checks = table.checks.iter().filter(|it| it.inherited).map(|it| &it.name);
    let keys = table.primary_key.iter().chain(&table.unique).filter(|it| it.inherited).map(|it| &it.name);
    let references = table.foreign_keys.iter().filter(|it| it.inherited).map(|it| &it.name);
    lines.extend(checks.chain(keys).chain(references).map(|name| format!("inherited constraint {} of {full}", quote(name))));
    let parts = table.indexes.iter().filter_map(|index| index.parent.as_ref().map(|parent| (index, parent)));
    lines.extend(parts.map(|(index, parent)| format!("index {} of {full} is a part of {}", quote(&index.name), quote(parent))));
    if let Some(key) = &table.partition_key {
        lines.push(format!("{full} is partitioned by {}", without_parentheses(key)));
    }
    if let Some(bound) = &table.partition_bound {
        lines.push(format!("{full} has the rows {}", without_quotes(bound)));
    }
    if let Some(of_type) = &table.of_type {
        lines.push(format!("{full} is of {of_type}"));
    }
    lines
}

fn without_parentheses(text: &str) -> String {
    // A whole row is its table's name, behind which the server writes a star.
    let words = normalised(text).replace(" . *", "");
    words.split(' ').filter(|word| *word != "(" && *word != ")").collect::<Vec<_>>().join(" ")
}

/// PostgreSQL writes the numbers of some types in quotes, and of a day that stands for a time its first moment.
fn without_quotes(text: &str) -> String {
    let text = &text.replace(" 00:00:00+00'", "'").replace(" 00:00:00'", "'");
    let plain = |word: &str| {
        let inner = word.trim_matches('\'');
        if inner.parse::<i64>().is_ok() { inner.to_owned() } else { word.to_owned() }
    };
    // A sign, a cast and parentheses are gone from the constants that the server keeps.
    let words = normalised(text).replace(" - ", " -").replace("( + ", "( ");
    let mut words: Vec<&str> = words.split(' ').collect();
    while let Some(cast) = words.iter().position(|word| *word == "::") {
        words.drain(cast..cast + 2);
    }
    words.into_iter().filter(|word| !["(", ")"].contains(word)).map(plain).collect::<Vec<_>>().join(" ")
}

/// An expression's text without the casts that PostgreSQL writes behind a literal.
fn without_casts(text: &str) -> String {
    normalised(text.split("::").next().unwrap_or_default())
}

/// The lines of what a transaction sees; its `search_path` is empty.
const LINES: &str = "\
with users as (select oid, nspname from pg_namespace n where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'), \
tables as (select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name, c.reloftype from pg_class c join users n on n.oid = c.relnamespace \
where c.relkind in ('r', 'p', 'f', 'v', 'm')) \
select format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, 0), d.description) from pg_description d \
where d.objsubid = 0 and d.objoid >= 16384 and d.classoid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass, \
'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_proc'::regclass, \
'pg_catalog.pg_namespace'::regclass) and not exists (select 1 from tables t where t.oid = d.objoid) \
and not exists (select 1 from pg_depend x where x.classid = d.classoid and x.objid = d.objoid and x.deptype = 'e') \
and not exists (select 1 from pg_proc p where d.classoid = 'pg_catalog.pg_proc'::regclass and p.oid = d.objoid and p.prokind = 'a') \
and not (d.classoid = 'pg_catalog.pg_constraint'::regclass and exists (select 1 from pg_constraint k where k.oid = d.objoid and k.conrelid = 0)) \
union all select format('unlogged sequence %I.%I', n.nspname, c.relname) from pg_class c join users n on n.oid = c.relnamespace \
where c.relkind = 'S' and c.relpersistence = 'u' \
union all select format('trigger %I on %s calls in %I of %s', g.tgname, t.name, fn.nspname, array_to_string(array( \
select quote_ident(a.attname) from unnest(g.tgattr) with ordinality k(n, i) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n order by k.i), ',')) \
from pg_trigger g join tables t on t.oid = g.tgrelid join pg_proc p on p.oid = g.tgfoid join users fn on fn.oid = p.pronamespace \
where not g.tgisinternal and g.tgparentid = 0 \
union all select format('inherited column %I of %s', a.attname, t.name) from pg_attribute a join tables t on t.oid = a.attrelid \
where a.attnum > 0 and not a.attislocal and not a.attisdropped \
union all select format('inherited constraint %I of %s', k.conname, t.name) from pg_constraint k join tables t on t.oid = k.conrelid \
where k.coninhcount > 0 and k.contype in ('c', 'p', 'u', 'f') and not exists (select 1 from pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid) \
union all select format('index %I of %s is a part of %I', c.relname, t.name, p.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid \
join pg_class p on p.oid = i.inhparent join pg_index x on x.indexrelid = c.oid join tables t on t.oid = x.indrelid \
where not exists (select 1 from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) \
union all select format('%s is of %I.%I', t.name, n.nspname, y.typname) from tables t join pg_type y on y.oid = t.reloftype \
join pg_namespace n on n.oid = y.typnamespace";

/// What is carried whole, each with its comment.
const CARRIED: &str = "\
with users as materialized (select oid, nspname from pg_namespace n where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'), \
carried as materialized (select 'pg_catalog.pg_proc'::regclass as class, p.oid from pg_proc p join users n on n.oid = p.pronamespace where p.prokind = 'a' \
union all select 'pg_catalog.pg_operator'::regclass, o.oid from pg_operator o join users n on n.oid = o.oprnamespace where o.oprcode <> 0 \
union all select 'pg_catalog.pg_ts_config'::regclass, c.oid from pg_ts_config c join users n on n.oid = c.cfgnamespace \
union all select 'pg_catalog.pg_ts_dict'::regclass, d.oid from pg_ts_dict d join users n on n.oid = d.dictnamespace \
union all select 'pg_catalog.pg_collation'::regclass, c.oid from pg_collation c join users n on n.oid = c.collnamespace \
union all select 'pg_catalog.pg_statistic_ext'::regclass, s.oid from pg_statistic_ext s join users n on n.oid = s.stxnamespace \
union all select 'pg_catalog.pg_rewrite'::regclass, r.oid from pg_rewrite r where r.rulename <> '_RETURN' and r.oid >= 16384 \
union all select 'pg_catalog.pg_event_trigger'::regclass, e.oid from pg_event_trigger e \
union all select 'pg_catalog.pg_publication'::regclass, p.oid from pg_publication p \
union all select 'pg_catalog.pg_foreign_server'::regclass, s.oid from pg_foreign_server s \
union all select 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid from pg_foreign_data_wrapper w \
union all select 'pg_catalog.pg_opclass'::regclass, o.oid from pg_opclass o join users n on n.oid = o.opcnamespace \
union all select 'pg_catalog.pg_opfamily'::regclass, o.oid from pg_opfamily o join users n on n.oid = o.opfnamespace \
where not exists (select from pg_opclass c where c.opcfamily = o.oid and c.opcname = o.opfname and c.opcnamespace = o.opfnamespace) \
union all select 'pg_catalog.pg_cast'::regclass, c.oid from pg_cast c where c.oid >= 16384) \
select i.type, i.identity, obj_description(c.oid, c.class::text::name) from carried c, pg_identify_object(c.class, c.oid, 0) i \
where not exists (select 1 from pg_depend x where x.classid = c.class and x.objid = c.oid and x.deptype in ('e', 'i'))";

/// The bounds and keys of partitioned tables, and the defaults of arguments, in PostgreSQL's words.
const WRITTEN: &str = "\
with users as materialized (select oid, nspname from pg_namespace n where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'), \
defaulted as materialized (select p.*, format('%I.%I', n.nspname, p.proname) as full_name from pg_proc p join users n on n.oid = p.pronamespace \
where p.oid >= 16384 and p.pronargdefaults > 0 \
and not exists (select 1 from pg_depend x where x.classid = 'pg_catalog.pg_proc'::regclass and x.objid = p.oid and x.deptype = 'e')) \
select 'key', format('%I.%I', n.nspname, c.relname), pg_get_partkeydef(c.oid) from pg_partitioned_table p join pg_class c on c.oid = p.partrelid \
join users n on n.oid = c.relnamespace \
union all select 'bound', format('%I.%I', n.nspname, c.relname), pg_get_expr(c.relpartbound, c.oid) from pg_class c join users n on n.oid = c.relnamespace \
where c.relpartbound is not null \
union all select 'argument', i || ' of ' || p.full_name || '(' || array_to_string(array( \
select format_type(a.ty, null) from unnest(p.proargtypes) with ordinality a(ty, i) order by a.i), ',') || ')', a.text \
from defaulted p, generate_series(1, p.pronargs) i, pg_get_function_arg_default(p.oid, \
(select k.at::int from (select row_number() over (order by m.at) as input, m.at from generate_series(1, greatest(p.pronargs, coalesce(array_length(p.proargmodes, 1), 0))) m(at) \
where coalesce(p.proargmodes[m.at], 'i') in ('i', 'b', 'v')) k where k.input = i)) a(text) where a.text is not null";

/// The lines of what a transaction sees, which goes on with an empty `search_path`.
pub(crate) fn of_server(transaction: &mut Transaction<'_>) -> BTreeSet<String> {
    transaction.batch_execute("set local search_path to ''").expect("the server answers");
    // Once prepared they are planned once, which takes as long as to answer them.
    let known = "select from pg_prepared_statements where name = 'elyos_written'";
    if transaction.query(known, &[]).expect("the server answers").is_empty() {
        for (name, query) in [("elyos_lines", LINES), ("elyos_carried", CARRIED), ("elyos_written", WRITTEN)] {
            transaction.batch_execute(&format!("prepare {name} as {query}")).expect("the server answers");
        }
    }
    let mut answer = |query: &str| transaction.query(query, &[]).expect("the server answers");
    let mut lines: BTreeSet<String> = answer("execute elyos_lines").iter().map(|row| row.get(0)).collect();
    for row in answer("execute elyos_carried") {
        let (kind, identity, comment): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let kind = match kind.as_str() {
            "statistics object" => "statistics",
            "foreign-data wrapper" => "foreign data wrapper",
            other => other,
        };
        // An operator class is one of an access method, too.
        let identity = identity.split(" USING ").next().unwrap_or_default();
        let name = if kind == "cast" { "" } else { identity.split('(').next().unwrap_or_default() };
        lines.insert(format!("{kind} {name}"));
        lines.extend(comment.map(|text| format!("comment on {kind} {name}: {text}")));
    }
    for row in answer("execute elyos_written") {
        let (what, name, text): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        lines.insert(match what.as_str() {
            "key" => format!("{name} is partitioned by {}", without_parentheses(&text)),
            "bound" => format!("{name} has the rows {}", without_quotes(&text)),
            _ => format!("argument {name} is {} by default", without_casts(&text)),
        });
    }
    lines
}
