//! Schemas of as many tables as wanted, each of a form that may need a look at all of them.

use std::fmt::Write;

use super::dump;

/// A way to make a schema of many tables.
pub struct Shape {
    /// What it is called in the table that is printed.
    pub name: &'static str,
    /// Whether the texts come in any order, as of a folder with a file a table.
    pub any_order: bool,
    /// The texts, for a number of tables.
    pub texts: fn(usize) -> Vec<String>,
}

/// All of them.
#[must_use]
pub fn shapes() -> Vec<Shape> {
    let shape = |name, texts| Shape { name, any_order: false, texts };
    vec![
        shape("a dump", |count| vec![dump(count, false)]),
        shape("tables with foreign keys", |count| vec![repeated(count, tables)]),
        shape("found by search_path", |count| vec![by_search_path(count)]),
        shape("partitions, attached as in a dump", |count| vec![attached(count)]),
        shape("partitions, CREATE TABLE … PARTITION OF", |count| vec![partitions(count)]),
        shape("partitions of a list", |count| vec![listed(count)]),
        shape("children of one table", |count| vec![children(count)]),
        shape("each the child of the one before", |count| vec![repeated(count, generations)]),
        shape("views over tables", |count| vec![repeated(count, views)]),
        shape("an enum each, and a function of it", |count| vec![repeated(count, types)]),
        shape("a table and an enum in DO blocks each", |count| vec![repeated(count, blocks)]),
        shape("renamed and dropped again", |count| vec![repeated(count, dropped)]),
        shape("one schema a table", |count| vec![repeated(count, schemas)]),
        Shape { name: "a file a table, in any order", any_order: true, texts: files },
        shape("a migration a table", migrations),
    ]
}

fn repeated(count: usize, one: fn(&mut String, usize) -> std::fmt::Result) -> String {
    written(|out| (0..count).try_for_each(|at| one(out, at)))
}

fn written(write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut out = String::new();
    write(&mut out).unwrap_or_default();
    out
}

fn tables(out: &mut String, at: usize) -> std::fmt::Result {
    writeln!(out, "create table public.t{at} (id serial primary key, name text not null unique, parent int check (parent > 0));")?;
    writeln!(out, "alter table public.t{at} add foreign key (parent) references public.t{} (id);", at / 2)
}

fn blocks(out: &mut String, at: usize) -> std::fmt::Result {
    writeln!(out, "DO $$ BEGIN CREATE TYPE e{at} AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;")?;
    writeln!(out, "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 't{at}') THEN")?;
    writeln!(out, "CREATE TABLE t{at} (id serial primary key, kind e{at}); CREATE INDEX ON t{at} (kind); END IF; END $$;")?;
    writeln!(out, "DO $$ BEGIN ALTER TABLE t{at} ADD COLUMN name text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;")
}

fn by_search_path(count: usize) -> String {
    written(|out| {
        out.push_str("create schema first; create schema second; set search_path = first, second, public;\n");
        for at in 0..count {
            writeln!(out, "create table {}t{at} (id int primary key, parent int);", ["", "second.", "public."][at % 3])?;
            writeln!(out, "alter table t{at} add foreign key (parent) references t{}; create index on t{at} (parent);", at / 2)?;
        }
        Ok(())
    })
}

fn attached(count: usize) -> String {
    written(|out| {
        out.push_str("create table public.events (id bigint not null, at date not null, body text) partition by range (id);\n");
        for at in 0..count {
            writeln!(out, "CREATE TABLE public.events_{at} (id bigint not null, at date not null, body text);")?;
        }
        for at in 0..count {
            writeln!(out, "ALTER TABLE ONLY public.events ATTACH PARTITION public.events_{at} FOR VALUES FROM ({at}) TO ({});", at + 1)?;
        }
        out.push_str("ALTER TABLE ONLY public.events ADD CONSTRAINT events_pkey PRIMARY KEY (id, at);\n");
        for at in 0..count {
            writeln!(out, "ALTER TABLE ONLY public.events_{at} ADD CONSTRAINT events_{at}_pkey PRIMARY KEY (id, at);")?;
        }
        out.push_str("CREATE INDEX events_at ON ONLY public.events USING btree (at);\n");
        for at in 0..count {
            writeln!(out, "CREATE INDEX events_{at}_at_idx ON public.events_{at} USING btree (at);")?;
        }
        for at in 0..count {
            writeln!(out, "ALTER INDEX public.events_pkey ATTACH PARTITION public.events_{at}_pkey;")?;
            writeln!(out, "ALTER INDEX public.events_at ATTACH PARTITION public.events_{at}_at_idx;")?;
        }
        Ok(())
    })
}

fn listed(count: usize) -> String {
    written(|out| {
        out.push_str("create table events (id bigint, kind text) partition by list (kind);\ncreate index on events (id);\n");
        for at in 0..count {
            writeln!(out, "create table events_{at} partition of events for values in ('kind {at}', 'other {at}');")?;
        }
        Ok(())
    })
}

fn partitions(count: usize) -> String {
    written(|out| {
        out.push_str("create table kinds (id int primary key);\n");
        out.push_str(
            "create table events (id bigint, at date not null, kind int references kinds, primary key (id, at), check (id > 0))\n",
        );
        out.push_str("  partition by range (id);\ncreate index on events (at);\n");
        for at in 0..count {
            writeln!(out, "create table events_{at} partition of events for values from ({at}) to ({});", at + 1)?;
        }
        out.push_str("create index on events (kind);\nalter table events add column more text, add check (more > '');\n");
        Ok(())
    })
}

fn children(count: usize) -> String {
    written(|out| {
        out.push_str("create table parent (id int primary key, name text not null, check (id > 0));\n");
        for at in 0..count {
            writeln!(out, "create table child_{at} (extra int) inherits (parent);")?;
            writeln!(out, "ALTER TABLE ONLY public.child_{at} ADD CONSTRAINT child_{at}_pkey PRIMARY KEY (id);")?;
        }
        out.push_str("alter table parent add column more text not null default '', add check (more < 'z');\n");
        Ok(())
    })
}

/// Each tenth begins a new line of descent.
fn generations(out: &mut String, at: usize) -> std::fmt::Result {
    match at % 10 {
        0 => writeln!(out, "create table t{at} (id int not null, name text);"),
        _ => writeln!(out, "create table t{at} () inherits (t{}); alter table t{at} alter column name set default 'x';", at - 1),
    }
}

fn views(out: &mut String, at: usize) -> std::fmt::Result {
    if at.is_multiple_of(10) {
        writeln!(out, "create table t{at} (id int primary key, name text not null, amount numeric);")?;
    }
    let table = at - at % 10;
    writeln!(
        out,
        "create view v{at} as select a.id, lower(b.name) as name, sum(b.amount) as amount from t{table} a join t{table} b using (id)"
    )?;
    writeln!(out, "  where a.amount > 1 group by a.id, b.name;")?;
    writeln!(
        out,
        "create or replace view v{at} as select id, name, amount from (select * from v{} where false) x union all",
        at - usize::from(!at.is_multiple_of(10))
    )?;
    writeln!(out, "  select id, name, amount from t{table};\ncomment on view v{at} is 'what is listed';")
}

fn types(out: &mut String, at: usize) -> std::fmt::Result {
    writeln!(out, "create type mood_{at} as enum ('sad', 'happy'); alter type mood_{at} add value 'calm' before 'happy';")?;
    writeln!(out, "create domain age_{at} as int not null check (value > 0);")?;
    writeln!(out, "create table t{at} (id age_{at} primary key, mood mood_{at} default 'sad');")?;
    writeln!(out, "create function f{at}(mood_{at}) returns int language sql as $$ select 1 $$; alter function f{at} stable;")?;
    writeln!(out, "comment on function f{at}(mood_{at}) is 'one';")
}

fn dropped(out: &mut String, at: usize) -> std::fmt::Result {
    writeln!(out, "create table t{at} (id serial primary key, name text); create view v{at} as select id from t{at};")?;
    writeln!(out, "alter table t{at} rename to u{at}; alter table u{at} rename column name to title;")?;
    writeln!(out, "alter table u{at} drop column title, alter column id set default 1; create type e{at} as enum ('a');")?;
    writeln!(out, "alter type e{at} rename to f{at}; drop type f{at}; create function g{at}() returns int language sql as 'select 1';")?;
    writeln!(out, "drop function g{at}; drop view v{at};")?;
    if at % 2 == 1 { writeln!(out, "drop table u{at};") } else { Ok(()) }
}

fn schemas(out: &mut String, at: usize) -> std::fmt::Result {
    writeln!(out, "create schema s{at}; create table s{at}.t (id serial primary key, name text);")?;
    writeln!(out, "set search_path = s{at}, public; create index on t (name); comment on table t is 'one of many';")
}

fn files(count: usize) -> Vec<String> {
    let file = |at: usize| {
        let references = if at + 1 < count { format!(" references t{}", at + 1) } else { String::new() };
        format!("create table t{at} (id int primary key, next int{references});\ncreate index on t{at} (next);\n")
    };
    (0..count).map(file).collect()
}

fn migrations(count: usize) -> Vec<String> {
    (0..count).map(|at| written(|out| tables(out, at))).collect()
}
