//! What a statement is known to be without a catalog.

use elyos_schema::{
    Source,
    parse::{RoutineKind, Script, WrittenName, parse},
};

fn script(text: &str) -> Script {
    parse(&Source::new("a.sql", text)).unwrap_or_else(|errors| panic!("{errors}"))
}

fn texts(text: &str) -> Vec<&str> {
    script(text).statements().iter().map(|statement| &text[statement.range()]).collect()
}

fn names(names: &[WrittenName]) -> String {
    let written = |name: &WrittenName| name.schema.as_ref().map_or(name.name.clone(), |schema| format!("{schema}.{}", name.name));
    names.iter().map(written).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_statement_goes_from_its_first_token_to_its_last() {
    assert_eq!(texts("-- one\nselect 1 /* a */ ; ; select\r\n2 -- two\n;\n"), ["select 1", "select\r\n2"]);
    assert_eq!(texts("select 1; select 2"), ["select 1", "select 2"]);
    assert_eq!(texts("  "), Vec::<&str>::new());
}

#[test]
fn what_follows_a_schema_with_elements_is_a_statement_of_its_own() {
    let text = "create schema a create table t (id int) create view v as select 1; create table public.u (id int); create schema b; create table w (id int);";
    assert_eq!(
        texts(text),
        [
            "create schema a create table t (id int) create view v as select 1",
            "create table public.u (id int)",
            "create schema b",
            "create table w (id int)"
        ]
    );
    let statements = script(text);
    let creates: Vec<Option<&str>> = statements.statements().iter().map(elyos_schema::parse::Statement::creates_schema).collect();
    assert_eq!(creates, [None, None, Some("b"), None]);
}

#[test]
fn reads_and_writes_are_found_wherever_they_stand() {
    let cases = [
        ("insert into auth.a (x) select y from b join \"C c\" on true where exists (select 1 from D)", "C c b d", "auth.a"),
        ("with w as (insert into a values (1) returning *), b as (select * from c) select * from w, b, public.b", "c public.b", "a"),
        ("update only a set x = (select max(x) from b) from c where a.id = c.id", "b c", "a"),
        ("delete from a using b where a.id = b.id", "b", "a"),
        ("merge into a using (select * from b) s on a.id = s.id when matched then delete", "b", "a"),
        ("truncate a, b.c restart identity", "", "a b.c"),
        ("copy a from '/x'", "", "a"),
        ("copy (select * from a) to '/x'", "a", ""),
        ("insert into a values (1) on conflict (id) do update set x = (select 1 from b)", "b", "a"),
        ("select * from generate_series(1, 2) g, lateral (table t) s", "t", ""),
        ("values (1)", "", ""),
    ];
    for (text, reads, writes) in cases {
        let script = script(text);
        let statement = &script.statements()[0];
        assert_eq!((names(statement.reads()).as_str(), names(statement.writes()).as_str()), (reads, writes), "{text}");
    }
}

#[test]
fn a_routine_is_known_by_the_arguments_that_tell_it_apart() {
    let text = "create or replace function auth.f(a int, out b text, numeric(3, 1), variadic c text[] default '{}') returns text language sql as 'select 1';
        create procedure \"P\"(inout a timestamp with time zone, out b int) language sql as 'select 1, 2';";
    let script = script(text);
    let f = script.statements()[0].creates_routine().expect("a function");
    assert_eq!((f.kind, f.schema.as_deref(), f.name.as_str()), (RoutineKind::Function, Some("auth"), "f"));
    assert_eq!(f.arguments, ["int", "numeric(3, 1)", "text[]"]);
    let p = script.statements()[1].creates_routine().expect("a procedure");
    assert_eq!((p.kind, p.schema.as_deref(), p.name.as_str()), (RoutineKind::Procedure, None, "P"));
    assert_eq!(p.arguments, ["timestamp with time zone", "int"]);
}

#[test]
fn psql_commands_and_copied_data_are_set_aside() {
    let text = "\\restrict x\nselect E'\\\\n', $$\\i$$;\nCOPY t FROM stdin;\nit's \\N\n\\.\nselect 2;\n";
    let script = script(text);
    assert_eq!(script.statements().len(), 3);
    assert_eq!(script.psql_commands().iter().map(|range| &text[range.clone()]).collect::<Vec<_>>(), ["\\restrict x"]);
    assert_eq!(script.copy_data().len(), 1);
    assert!(script.statements()[1].copies_from_stdin());
}

#[test]
fn what_may_run_in_a_transaction_is_not_refused() {
    let text = "reindex table t; drop index i; refresh materialized view concurrently v; set local x = 1; discard plans; cluster t;
        set constraints all deferred; set session characteristics as transaction read only; alter table t detach partition p; copy t from '/x'";
    for statement in script(text).statements() {
        assert_eq!((statement.outside_transaction(), statement.transaction_control()), (None, None), "{}", &text[statement.range()]);
        assert!(!statement.copies_from_stdin());
    }
}

/// Half a file is an error or a shorter file, never a panic.
#[test]
fn no_prefix_of_a_file_makes_it_panic() {
    let text = include_str!("fixtures/odd.sql");
    for end in (0..text.len()).step_by(11).filter(|end| text.is_char_boundary(*end)) {
        let source = Source::new("a.sql", &text[..end]);
        if let Err(errors) = elyos_schema::Catalog::load(&[source]) {
            assert!(!errors.to_string().is_empty());
        }
    }
}
