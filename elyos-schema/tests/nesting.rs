//! Texts nested so deeply that reading them by recursion would overflow a thread's stack: an answer or an error, never an abort.

use std::{
    fmt::Write,
    thread,
    time::{Duration, Instant},
};

use elyos_schema::{Catalog, Diagnostics, Source, parse, resolve};

/// What a thread has unless one asks for more, as those that the compiler runs macros on may.
const STACK: usize = 2 << 20;

/// What opens a level, the innermost, and what closes a level.
const EXPRESSIONS: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("((", "1", "))"),
    ("(1 + ", "1", ")"),
    ("- ", "1", ""),
    ("+ ", "1", ""),
    ("@ ", "1", ""),
    ("not ", "true", ""),
    ("not (", "true", ")"),
    ("", "1", " + 1"),
    ("", "1", " - -1"),
    ("", "'a'", " || 'a'"),
    ("", "true", " and true"),
    ("", "true", " or true"),
    ("true and not ", "true", ""),
    ("", "1", " between 1 and 2"),
    ("1 between 1 and ", "1", ""),
    ("", "1", " = 1"),
    ("1 ^ ", "1", ""),
    ("", "1", "::int"),
    ("", "1", " is null"),
    ("", "1", " isnull"),
    ("", "'a'", " collate \"C\""),
    ("", "now()", " at time zone 'UTC'"),
    ("", "a", ".b"),
    ("", "a", "[1]"),
    ("a[", "1", "]"),
    ("a[1:", "1", "]"),
    ("array[", "1", "]"),
    ("[", "1", "]"),
    ("array(select ", "1", ")"),
    ("row(", "1", ")"),
    ("(1, ", "1", ")"),
    ("f(", "1", ")"),
    ("f(a => ", "1", ")"),
    ("coalesce(null, ", "1", ")"),
    ("cast(", "1", " as int)"),
    ("extract(day from ", "now()", ")"),
    ("case when true then ", "1", " end"),
    ("case ", "1", " when 1 then 1 end"),
    ("case when true then 1 else ", "1", " end"),
    ("case when true or case when true then ", "1", " else 1 end then 1 end"),
    ("(select ", "1", ")"),
    ("exists (select ", "1", ")"),
    ("1 in (select ", "1", ")"),
    ("1 in (", "1", ")"),
    ("1 = any (select ", "1", ")"),
    ("1 = any (array[", "1", "])"),
    ("(select 1 from ", "t", ")"),
    ("(select 1 from (", "select 1", ") as t)"),
    ("(with a as (select ", "1", ") select 1 from a)"),
    ("(values (", "1", "))"),
    ("sum(1) over (partition by ", "1", ")"),
    ("count(1) filter (where ", "true", ")"),
    ("xmlelement(name a, ", "1", ")"),
    ("xmlforest(", "1", " as a)"),
    ("json_object('a': ", "1", ")"),
    ("json_array(", "1", ")"),
    ("json_query('1', '$' passing ", "1", " as a)"),
    ("interval ", "'1'", ""),
    ("$1.", "a", ""),
    // Not closed, or closed by what closes something else.
    ("(", "", ""),
    ("[", "", ""),
    ("case ", "", ""),
    ("case when ", "", ""),
    ("(case when ) ", "", ""),
    ("case when end ", "", ""),
    ("case ; ", "", ""),
    ("(; ", "", ""),
    ("(select case ", "", ")"),
    ("f( , (", "", ""),
    ("", "", ")"),
    ("", "", " end"),
];

const QUERIES: &[(&str, &str, &str)] = &[
    ("(", "select 1", ")"),
    ("", "select 1", " union select 1"),
    ("", "select 1", " union all select 1, 2"),
    ("", "select 1", " intersect select 1"),
    ("select 1 union (", "select 1", ")"),
    ("", "select from t", " join t using (a)"),
    ("", "select from t", " join t on true and true"),
    ("", "select from t", " natural join t"),
    ("", "select from t", " cross join t"),
    ("select from (", "select 1", ") as t"),
    ("select from ", "t", ""),
    ("select from (t join ", "t", " on true)"),
    ("select from ((", "t", "))"),
    ("with a as (", "select 1", ") select from a"),
    ("with a as (", "insert into t values (1) returning a", ") select from a"),
    ("select from lateral (", "select 1", ") as t"),
    ("select from t group by grouping sets (", "a", ")"),
    ("select from t group by (", "a", ")"),
    ("select from t tablesample f (", "1", ")"),
    ("select from xmltable('/a' passing (", "1", "))"),
];

const STATEMENTS: &[(&str, &str, &str)] = &[
    ("explain ", "select 1", ""),
    ("explain (verbose, analyze) ", "select 1", ""),
    ("prepare a as ", "select 1", ""),
    ("create table a as ", "select 1", ""),
    ("create view v as ", "select 1", ""),
    ("create schema s ", "create table t (a int)", ""),
    ("create rule r as on insert to t do also ", "select 1", ""),
    ("create rule r as on insert to t do also (", "select 1", ")"),
    ("copy (", "select 1", ") to stdout"),
    ("declare c cursor for ", "select 1", ""),
    ("create function f() returns int begin atomic ", "select 1;", " end"),
    ("create function f() returns int begin atomic select 1; ", "select 1;", " end"),
    ("create table t (a int default ", "1", ")"),
    ("create table t partition of t for values in (", "1", ")"),
    ("create table t (a int", "", "[]"),
    ("create table t (a setof ", "int", ")"),
    ("begin; ", "", ""),
];

const BODIES: &[(&str, &str, &str)] = &[
    ("begin ", "perform 1;", " end;"),
    ("begin perform 1, 2; ", "perform 1;", " end;"),
    ("if true then ", "perform 1;", " end if;"),
    ("if true then else ", "perform 1;", " end if;"),
    ("loop ", "perform 1;", " end loop;"),
    ("while true loop ", "perform 1;", " end loop;"),
    ("for i in 1..2 loop ", "perform 1;", " end loop;"),
    ("for i in select 1, 2 loop ", "perform 1;", " end loop;"),
    ("case 1 when 1 then ", "perform 1;", " end case;"),
    ("begin exception when others then ", "perform 1;", " end;"),
    ("declare a int; begin ", "perform 1;", " end;"),
    ("perform (", "1", ");"),
    ("x := - ", "1", ";"),
    ("if ", "", ""),
    ("begin ", "", ""),
    ("; end begin ", "", ""),
];

fn nested(kind: &(&str, &str, &str), levels: usize) -> String {
    format!("{}{}{}", kind.0.repeat(levels), kind.1, kind.2.repeat(levels))
}

/// Everything that the crate does with a text that it was given.
fn read(text: &str) -> Result<(), Diagnostics> {
    let source = Source::new("deep.sql", text);
    let query = parse::parse_query(&source).and_then(|query| {
        let copy = query.clone();
        resolve::columns_of(&Catalog::new(), &source, &copy).map(|_| ())
    });
    let catalog = Catalog::load(&[source]).map(|catalog| drop(catalog.clone()));
    query.and(catalog)
}

/// In a small stack, and quickly; what is wrong has a place.
fn on_a_small_stack(texts: Vec<String>) {
    let reader = thread::Builder::new().stack_size(STACK).spawn(move || {
        for text in texts {
            let started = Instant::now();
            let told = read(&text);
            let begin: String = text.chars().take(60).collect();
            assert!(started.elapsed() < Duration::from_secs(20), "{:?} for {} bytes of {begin}", started.elapsed(), text.len());
            if let Err(errors) = told {
                assert!(errors.iter().all(|error| error.place().is_some()), "{begin}: {errors}");
            }
        }
    });
    reader.expect("a thread").join().expect("no panic");
}

fn all(levels: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for kind in EXPRESSIONS {
        let inner = nested(kind, levels);
        texts.push(format!("select {inner}"));
        texts.push(format!("create view v as select {inner} as a;"));
        texts.push(format!("create table t (a int default ({inner}), check ({inner}));"));
        texts.push(format!("select 1 where {inner}"));
    }
    for kind in QUERIES {
        let inner = nested(kind, levels);
        texts.push(inner.clone());
        texts.push(format!("create view v as {inner};"));
        texts.push(format!("insert into t {inner} returning *;"));
    }
    texts.extend(STATEMENTS.iter().map(|kind| nested(kind, levels)));
    for kind in BODIES {
        let inner = nested(kind, levels);
        texts.push(format!("do $$ begin {inner} end $$;"));
        texts.push(format!("create function f() returns void language plpgsql as $$ begin {inner} end $$;"));
        texts.push(format!("create function f() returns void as 'begin {inner} end' language plpgsql;"));
    }
    for kind in EXPRESSIONS.iter().take(3) {
        let inner = nested(kind, levels);
        texts.push(format!("do $$ begin execute 'create view v as select {inner}'; end $$;"));
        texts.push(format!("create function f() returns int language sql as $$ select {inner} $$;"));
        let pieces: String = inner.chars().fold(String::new(), |mut text, letter| {
            let _ = writeln!(text, "'{letter}'");
            text
        });
        texts.push(format!("create function f() returns int language sql as 'select '\n{pieces};"));
        let escaped: String = inner.bytes().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "\\{byte:03o}");
            text
        });
        texts.push(format!("create function f() returns int language sql as e'select {escaped}';"));
    }
    let opened: String = (0..levels).fold(String::new(), |mut text, level| {
        let _ = write!(text, "do $a{level}$ begin execute $b{level}$ ");
        text
    });
    let closed: String = (0..levels).rev().fold(String::new(), |mut text, level| {
        let _ = write!(text, " $b{level}$; end $a{level}$;");
        text
    });
    texts.push(format!("{opened}create view v as select 1 as a;{closed}"));
    texts
}

#[test]
fn a_few_levels_of_anything_are_read_where_they_are() {
    on_a_small_stack(all(39));
}

#[test]
fn hundreds_of_levels_of_anything_do_not_overflow_the_stack() {
    on_a_small_stack(all(120));
}

#[test]
fn ten_thousand_levels_of_anything_do_not_overflow_the_stack() {
    // Every form was read with fewer levels; of the many megabytes a part is enough.
    on_a_small_stack(all(10_000).into_iter().step_by(61).collect());
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let mut texts = Vec::new();
    for levels in [480, 2_900, 25_000] {
        for (before, inner, behind) in [("", "true", " and true"), ("", "true", " or true"), ("", "1", " + 1"), ("not ", "true", "")] {
            let inner = nested(&(before, inner, behind), levels);
            texts.push(format!("select {inner}"));
            texts.push(format!("create view v as select {inner} as a;"));
            texts.push(format!("create table t (a int check ({inner}));"));
        }
        let union = nested(&("", "select 1 as a", " union all select 1"), levels);
        texts.extend([format!("insert into t {union};"), format!("create view v as {union};"), union]);
    }
    on_a_small_stack(texts);
}

/// What is not too deep is read, however it is written.
#[test]
fn a_schema_of_many_parts_is_not_taken_for_a_deep_one() {
    let terms = nested(&("", "a = 0", " or a = 1 and a between 1 and 2"), 2_000);
    let tables = nested(&("", "create table first (a int)", " create table if not exists first (b int)"), 300);
    let rows = nested(&("", "(-1, (1))", ", (- 1 + 2, f(1, (2)))"), 5_000);
    let cases = nested(&("case a ", "", "when 1 + 1 then 2 "), 2_000);
    let drops = nested(&("drop table if exists missing; ", "", ""), 2_000);
    let text = format!(
        "create schema s {tables}; create table t (a int check ({terms})); insert into t values {rows};
         create view v as select a from t where {terms}; select {} end;
         do $$ begin {drops} end $$; comment on table t is '{}';",
        cases.replacen("case a case a", "case a", 1).replace("case a ", "").replacen("when", "case a when", 1),
        "word ".repeat(5_000),
    );
    let catalog = Catalog::load(&[Source::new("wide.sql", text)]).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(catalog.table("public", "v").is_some_and(|view| view.columns_known));
}

#[test]
fn what_is_too_deep_is_told_with_its_place() {
    let told = |text: String| {
        let errors = Catalog::load(&[Source::new("deep.sql", text)]).expect_err("it is too deep");
        errors.to_string()
    };
    let brackets = told(format!("select 1;\ncreate table t (a int default\n{}1{});", "(".repeat(1_000), ")".repeat(1_000)));
    assert!(brackets.starts_with("error: the statement is nested too deeply\n --> deep.sql:3:299\n"), "{brackets}");
    let help = "help: divide it: PostgreSQL refuses a statement of some thousands of levels as well (`max_stack_depth`)";
    assert!(brackets.ends_with(help), "{brackets}");
    let chain = told(format!("select 1; create view v as select 1\n{};", "+ 1\n".repeat(1_500)));
    assert!(chain.starts_with("error: the statement is nested too deeply\n   --> deep.sql:498:1\n"), "{chain}");
    let body = told(format!("do $$ begin perform {}1{}; end $$;", "(".repeat(1_000), ")".repeat(1_000)));
    assert!(body.starts_with("error: the statement is nested too deeply\n --> deep.sql:1:"), "{body}");
}

/// The parts of a `CREATE SCHEMA` are beside one another, however many; each may be as deep as a statement.
#[test]
fn a_schema_of_many_tables_is_not_deep() {
    let tables = |count: usize| {
        (0..count).fold(String::new(), |mut text, at| {
            let _ = write!(text, "\ncreate table t{at} (a int check (a + 1 > 0 and a * 2 < 9))");
            text
        })
    };
    let catalog = Catalog::load(&[Source::new("a.sql", format!("create schema s{}; create table last (a int);", tables(1_000)))]);
    assert_eq!(catalog.expect("it is not deep").tables().count(), 1_001);
    let deep = format!("create schema s{}\ncreate view v as select {}1;", tables(600), "- ".repeat(1_100));
    let errors = Catalog::load(&[Source::new("a.sql", deep)]).expect_err("a view is too deep to be kept");
    let errors = errors.to_string();
    assert!(errors.starts_with("error: the statement is nested too deeply\n") && errors.contains(" a.sql:602:"), "{errors}");
}
