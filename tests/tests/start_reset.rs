//! Resets and selections: what is emptied, what runs, and what a failure leaves.

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, Outcome, StepKind};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, by_natural_keys, data, dump};
use elyos_tests::{Project, client, database, seeded};

fn shop() -> Project {
    let insert = |table: &str, rows: &str| format!("INSERT INTO shop.{table} VALUES {rows} ON CONFLICT DO NOTHING;");
    Project::new()
        .head("schemas = [\"shop\"]")
        .schema(
            "CREATE TABLE shop.kinds (id serial PRIMARY KEY, name text UNIQUE);\n\
             CREATE TABLE shop.goods (id serial PRIMARY KEY, name text UNIQUE, kind text REFERENCES shop.kinds (name));\n\
             CREATE TABLE shop.offers (good text REFERENCES shop.goods (name));\nCREATE TABLE shop.kept (n int PRIMARY KEY);",
        )
        .seed("kinds", &[], "INSERT INTO shop.kinds (name) VALUES ('drink') ON CONFLICT DO NOTHING;")
        .seed("goods", &["kinds"], "INSERT INTO shop.goods (name, kind) VALUES ('tea', 'drink') ON CONFLICT DO NOTHING;")
        .seed_that_runs("offers", "once", &["goods"], &insert("offers", "('tea')"))
        .seed_that_runs("kept", "once", &[], &insert("kept", "(1)"))
        .procedure("one", "CREATE OR REPLACE FUNCTION shop.one() RETURNS int LANGUAGE sql RETURN 1;")
        .procedure("two", "CREATE OR REPLACE FUNCTION shop.two() RETURNS int LANGUAGE sql RETURN 2;")
        .table("[truncate]", "order = [\"shop.offers\", \"shop.goods\", \"shop.kinds\"]")
}

fn start<'b>(bundle: &'b Bundle, url: &str) -> Init<'b> {
    Init::new(bundle).database_url(url)
}

fn applied(report: &Report, kind: StepKind) -> Vec<&str> {
    report.steps.iter().filter(|step| step.kind == kind && step.is_applied()).map(|step| &*step.name).collect()
}

#[test]
fn a_reset_is_one_truncate_and_every_seed_in_one_transaction() {
    let database = database();
    let bundle = shop().load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    let mut client = client(database.url());
    let fresh = data(&mut client);
    client
        .batch_execute("INSERT INTO shop.kinds (name) VALUES ('food'); INSERT INTO shop.goods (name, kind) VALUES ('rice', 'food'); INSERT INTO shop.kept VALUES (2)")
        .expect("rows of the application's");

    let proxy = Proxy::new(database.url());
    let report = start(&bundle, &proxy.url()).reset(true).run().expect("a reset");
    assert_eq!(applied(&report, StepKind::Truncate), ["3 tables"]);
    assert_eq!(applied(&report, StepKind::Seed), ["kinds", "goods", "offers", "kept"]);
    assert_eq!(applied(&report, StepKind::Procedure), ["one", "two"]);
    let mut wanted = fresh;
    wanted.get_mut("shop.kept").expect("the table").push(serde_json::json!({ "n": 2 }));
    // Ids begin again, so that it is the database of a fresh start, but for what the list leaves out.
    assert_same(&wanted, &data(&mut client));

    let sent: Vec<String> = proxy.requests().into_iter().map(|message| message.text).collect();
    let truncates: Vec<&String> = sent.iter().filter(|sql| sql.contains("TRUNCATE")).collect();
    assert_eq!(truncates.len(), 1, "{truncates:?}");
    assert!(!truncates[0].contains("CASCADE"), "{truncates:?}");
    let position = |words: &str| sent.iter().rposition(|sql| sql.contains(words)).unwrap_or_else(|| panic!("no {words}"));
    assert!(position("BEGIN ISOLATION") < position("TRUNCATE") && position("TRUNCATE") < position("INSERT INTO shop.kinds"));
    assert!(position("INSERT INTO shop.kinds") < position("COMMIT"));
    assert_eq!(start(&bundle, database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
}

#[test]
fn a_seed_that_fails_after_the_truncate_leaves_the_old_rows() {
    let database = database();
    start(&shop().load(), database.url()).run().expect("the bundle applies");
    let mut client = client(database.url());
    client.batch_execute("INSERT INTO shop.kinds (name) VALUES ('food')").expect("a row of the application's");
    let before = dump(&mut client);
    let bad = shop().seed("bad", &["goods"], "INSERT INTO shop.goods (name, kind) VALUES ('x', 'nothing');").load();
    let error = start(&bad, database.url()).reset(true).run().expect_err("there is no such kind");
    assert!(error.is_foreign_key_violation());
    assert_same(&before, &dump(&mut client));
}

#[test]
fn a_reset_of_elyos_brings_what_a_fresh_start_brings() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let fresh = by_natural_keys(&mut client);
    client
        .batch_execute("INSERT INTO auth.users (full_name, email) VALUES ('X', 'x@example.org'); DELETE FROM auth.role_permissions")
        .expect("edits");
    Init::new(&elyos_runtime::ELYOS).database_url(database.url()).admin_email("").reset(true).run().expect("a reset");
    assert_same(&fresh, &by_natural_keys(&mut client));
}

#[test]
fn a_reset_that_keeps_the_administrators_table_keeps_the_address() {
    let database = database();
    let bundle = Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.people (id int PRIMARY KEY, mail text);\nCREATE TABLE shop.goods (name text PRIMARY KEY);")
        .seed("people", &[], "INSERT INTO shop.people VALUES (1, 'admin@example.com') ON CONFLICT (id) DO UPDATE SET mail = EXCLUDED.mail;")
        .seed("goods", &[], "INSERT INTO shop.goods VALUES ('tea') ON CONFLICT DO NOTHING;")
        .table("[truncate]", "order = [\"shop.goods\"]")
        .table("[admin]", "table = \"shop.people\"\nkey = { id = 1 }\ncolumn = \"mail\"\nenv = \"NOBODY_SETS_THIS_ADDRESS\"")
        .load();
    start(&bundle, database.url()).admin_email("boss@example.org").run().expect("the bundle applies");
    start(&bundle, database.url()).reset(true).run().expect("a reset");
    let mail: String = client(database.url()).query_one("SELECT mail FROM shop.people", &[]).expect("the administrator").get(0);
    assert_eq!(mail, "boss@example.org");
}

#[test]
fn a_table_outside_the_list_that_refers_into_it_stops_the_reset() {
    let database = database();
    let bundle = shop().load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    let mut client = client(database.url());
    client.batch_execute("CREATE TABLE shop.notes (good text REFERENCES shop.goods (name))").expect("somebody else's table");
    let before = dump(&mut client);
    let error = start(&bundle, database.url()).reset(true).run().expect_err("it would take CASCADE").to_string();
    assert!(error.starts_with("emptying the tables that [truncate] lists: cannot truncate a table referenced in a foreign key"), "{error}");
    assert!(error.contains("Truncate table \"notes\" at the same time"), "{error}");
    assert_same(&before, &dump(&mut client));
}

#[test]
fn a_reset_with_nothing_to_empty_is_refused_before_connecting() {
    let database = database();
    let bundle = Project::new().seed("s", &[], "SELECT 1;").load();
    let proxy = Proxy::new(database.url());
    for asked in [
        start(&bundle, &proxy.url()).reset(true).run(),
        start(&bundle, &proxy.url()).seed(&Selection::all().truncate(true)),
        start(&bundle, &proxy.url()).reset(true).seed(&Selection::all()),
    ] {
        let error = asked.expect_err("nothing is listed");
        assert_eq!(
            error.to_string(),
            "a reset was asked for, and seeds.toml lists no table to truncate\n  \
             = help: list them under [truncate], as in order = [\"auth.users\"]"
        );
        assert!(error.is_usage());
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_selection_runs_what_it_names_in_the_bundles_order() {
    let database = database();
    let bundle = shop().load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    let seed = |selection: Selection| {
        let report = start(&bundle, database.url()).seed(&selection).expect("it can run");
        let names = |kind| applied(&report, kind).into_iter().map(str::to_owned).collect::<Vec<_>>().join(" ");
        (names(StepKind::Seed), names(StepKind::Procedure), names(StepKind::Truncate))
    };
    let expect = |seeds: &str, procedures: &str, truncate: &str| (seeds.to_owned(), procedures.to_owned(), truncate.to_owned());
    assert_eq!(seed(Selection::all()), expect("kinds goods offers kept", "one two", ""));
    assert_eq!(seed(Selection::all().only_seeds(["offers", "kinds"])), expect("kinds offers", "", ""));
    assert_eq!(seed(Selection::all().only_procedures(["two"])), expect("", "two", ""));
    assert_eq!(seed(Selection::all().only_procedures(["two"]).only_seeds(["kept"])), expect("kept", "two", ""));
    assert_eq!(seed(Selection::all().only_seeds(["offers"]).with_dependencies(true)), expect("kinds goods offers", "", ""));
    assert_eq!(seed(Selection::all().only_seeds(["kinds"]).truncate(true)), expect("kinds", "", "3 tables"));
    assert_eq!(seed(Selection::all().only_seeds(Vec::<String>::new())), expect("", "", ""));
}

#[test]
fn what_a_selection_emptied_and_did_not_bring_back_comes_with_the_next_start() {
    let database = database();
    let bundle = shop().load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    let fresh = data(&mut client(database.url()));
    start(&bundle, database.url()).seed(&Selection::all().only_seeds(["kinds"]).truncate(true)).expect("it can run");
    assert!(data(&mut client(database.url()))["shop.goods"].is_empty());
    assert!(!start(&bundle, database.url()).status().expect("the status").up_to_date);
    let report = start(&bundle, database.url()).run().expect("a start");
    assert_eq!(applied(&report, StepKind::Seed), ["goods", "offers"], "the list leaves shop.kept out");
    assert_same(&fresh, &data(&mut client(database.url())));
}

#[test]
fn rows_of_partitions_that_a_selection_emptied_come_with_the_next_start() {
    let project = Project::new()
        .head("schemas = [\"shop\"]")
        .schema(
            "CREATE TABLE shop.log (at int PRIMARY KEY) PARTITION BY RANGE (at);\n\
             CREATE TABLE shop.log_first PARTITION OF shop.log FOR VALUES FROM (0) TO (10);",
        )
        .seed("whole", &[], "INSERT INTO shop.log VALUES (1) ON CONFLICT DO NOTHING;")
        .seed("part", &[], "INSERT INTO shop.log_first VALUES (2) ON CONFLICT DO NOTHING;")
        .seed("other", &[], "SELECT 1;");
    for listed in ["shop.log", "shop.log_first"] {
        let database = database();
        let bundle = project.clone().table("[truncate]", &format!("order = [\"{listed}\"]")).load();
        start(&bundle, database.url()).run().expect("the bundle applies");
        let fresh = data(&mut client(database.url()));
        start(&bundle, database.url()).seed(&Selection::all().only_seeds(["other"]).truncate(true)).expect("it can run");
        let report = start(&bundle, database.url()).run().expect("a start");
        assert_eq!(applied(&report, StepKind::Seed), ["whole", "part"], "{listed}");
        assert_same(&fresh, &data(&mut client(database.url())));
    }
}

#[test]
fn a_schema_that_is_new_comes_with_the_next_start_though_all_seeds_have_been_asked_for_meanwhile() {
    let database = database();
    let bundle = |schemas: &str| {
        Project::new().head(&format!("schemas = [{schemas}]")).schema("CREATE TABLE shop.t (a int);").seed("s", &[], "SELECT 1;").load()
    };
    start(&bundle("\"shop\""), database.url()).run().expect("the bundle applies");
    let next = bundle("\"shop\", \"later\"");
    start(&next, database.url()).seed(&Selection::all()).expect("it can run");
    assert!(!start(&next, database.url()).status().expect("the status").up_to_date);
    let report = start(&next, database.url()).run().expect("a start");
    assert_eq!(applied(&report, StepKind::Schema), ["later"]);
    assert_eq!(start(&next, database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
}

#[test]
fn a_name_that_the_bundle_does_not_have_is_refused_with_those_like_it() {
    let database = database();
    let proxy = Proxy::new(database.url());
    let bundle = shop().load();
    for (selection, text) in [
        (Selection::all().only_seeds(["good"]), "the bundle has no seed `good`\n  = help: there is `goods`"),
        (Selection::all().only_seeds(["kinds", "ofers"]), "the bundle has no seed `ofers`\n  = help: there is `offers`"),
        (Selection::all().only_procedures(["onw"]), "the bundle has no procedure `onw`\n  = help: there is `one`"),
        (Selection::all().only_seeds(["warehouse"]), "the bundle has no seed `warehouse`"),
    ] {
        let error = start(&bundle, &proxy.url()).seed(&selection).expect_err("there is none");
        assert_eq!(error.to_string(), text);
        assert!(error.is_usage());
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn seeds_on_a_database_that_was_never_started_say_what_is_missing() {
    let database = database();
    let bundle = shop().load();
    let error = start(&bundle, database.url()).seed(&Selection::all()).expect_err("there are no tables");
    assert_eq!(
        error.to_string(),
        "seed kinds failed: relation \"shop.kinds\" does not exist\n --> seeds/kinds.sql:1:13\n  |\n\
         1 | INSERT INTO shop.kinds (name) VALUES ('drink') ON CONFLICT DO NOTHING;\n  |             ^^^^^^^^^^\n  |\n  \
         = help: is its name spelt right, and is it in a migration that has been applied?"
    );
    let report = start(&bundle, database.url()).run().expect("a start makes it good");
    assert_eq!(report.applied(StepKind::Seed), 4);
}
