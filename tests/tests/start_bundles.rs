//! Bundles of an application's own: schema.sql, migrations, seeds and what changes in them from release to release.

use elyos_runtime::prelude::*;
use elyos_runtime::{Action, Bundle, Outcome, StepKind};
use elyos_tests::pooler::Pooler;
use elyos_tests::snapshot::{assert_same, data, dump};
use elyos_tests::{Project, client, database};

fn start<'b>(bundle: &'b Bundle, url: &str) -> Init<'b> {
    Init::new(bundle).database_url(url)
}

fn applied(report: &Report, kind: StepKind) -> Vec<&str> {
    report.steps.iter().filter(|step| step.kind == kind && step.is_applied()).map(|step| &*step.name).collect()
}

/// One text of one row.
fn ask(url: &str, sql: &str) -> String {
    client(url).query_one(sql, &[]).expect("a row").get(0)
}

fn shop() -> Project {
    Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.goods (name text PRIMARY KEY, price integer NOT NULL);\nCREATE TABLE shop.log (line text);\n")
        .seed("goods", &[], "INSERT INTO shop.goods VALUES ('tea', 5) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price;")
}

#[test]
fn schema_sql_without_migrations_is_applied_once() {
    let database = database();
    let bundle = shop().load();
    let report = start(&bundle, database.url()).run().expect("the bundle applies");
    assert_eq!(applied(&report, StepKind::Migration), ["schema.sql"]);
    assert_eq!(applied(&report, StepKind::Seed), ["goods"]);
    assert_eq!(ask(database.url(), "SELECT name FROM shop.goods"), "tea");
    assert_eq!(start(&bundle, database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
    let status = start(&bundle, database.url()).status().expect("the status");
    assert!(status.up_to_date && status.conflict.is_none(), "{status}");
}

#[test]
fn a_changed_schema_sql_is_refused_and_nothing_is_touched() {
    let database = database();
    start(&shop().load(), database.url()).run().expect("the bundle applies");
    let mut client = client(database.url());
    let before = dump(&mut client);
    let changed =
        shop().schema("CREATE TABLE shop.goods (name text PRIMARY KEY, price integer, tax integer);").head("search_path = [\"shop\"]");
    let error = start(&changed.load(), database.url()).run().expect_err("it has changed");
    assert_eq!(
        error.to_string(),
        "schema.sql has changed since it was applied to this database: its statement 1 is not the one that was applied, and 1 more \
         differs\n \
         --> schema.sql:1:1\n  |\n1 | CREATE TABLE shop.goods (name text PRIMARY KEY, price integer, tax integer);\n  | \
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this was another\n  |\n  \
         = help: put the change into migrations/, which is the work of `elyos generate`, or use a new database"
    );
    assert!(error.is_drift());
    assert_same(&before, &dump(&mut client));
    let status = start(&changed.load(), database.url()).status().expect("the status");
    assert_eq!(status.conflict, Some(error.to_string()));
}

#[test]
fn migrations_in_place_of_an_applied_schema_sql_are_refused() {
    let database = database();
    start(&shop().load(), database.url()).run().expect("the bundle applies");
    let mut client = client(database.url());
    let before = dump(&mut client);
    let migrated = shop().migration("0001_initial", "CREATE TABLE shop.goods (name text PRIMARY KEY, price integer NOT NULL);");
    let error = start(&migrated.load(), database.url()).run().expect_err("they would make it again");
    assert_eq!(
        error.to_string(),
        "this database was made from schema.sql itself, and the bundle has migrations now\n  = help: start with a new database; or, if \
         what the migrations make is all there, put their rows into elyos.migrations in place of that of schema.sql"
    );
    assert!(error.is_drift());
    assert_same(&before, &dump(&mut client));
}

#[test]
fn statements_that_the_manifest_has_done_already_are_skipped() {
    let database = database();
    let bundle = Project::new()
        .head("schemas = [\"shop\", \"extensions\"]")
        .head("extensions = [\"postgres-json-schema\"]")
        .schema(
            "/* ő */ CREATE SCHEMA shop;\nCREATE SCHEMA \"extensions\";\nCREATE EXTENSION \"postgres-json-schema\" WITH SCHEMA extensions;\n\
             COMMENT ON SCHEMA shop IS 'é';\nCREATE TABLE shop.t (j jsonb CHECK (extensions.validate_json_schema('{\"type\": \"object\"}', j)));",
        )
        .seed("t", &[], "INSERT INTO shop.t VALUES ('{}');")
        .load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    assert_eq!(ask(database.url(), "SELECT obj_description('shop'::regnamespace)"), "é");
    assert_eq!(ask(database.url(), "SELECT j::text FROM shop.t"), "{}");
}

#[test]
fn a_dump_as_schema_sql_leaves_unqualified_seeds_their_search_path() {
    let database = database();
    let bundle = Project::new()
        .head("schemas = [\"shop\"]")
        .head("search_path = [\"shop\", \"public\"]")
        .schema(
            "SET statement_timeout = 0;\nSET lock_timeout = 0;\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\
             SELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\nSET xmloption = content;\n\
             SET row_security = off;\nCREATE SCHEMA shop;\nSET default_tablespace = '';\nSET default_table_access_method = heap;\n\
             CREATE TABLE shop.goods (name text NOT NULL);\nALTER TABLE ONLY shop.goods ADD CONSTRAINT goods_pkey PRIMARY KEY (name);\n",
        )
        .seed("goods", &[], "INSERT INTO goods (name) VALUES ('tea');")
        .procedure(
            "cheapest",
            "CREATE OR REPLACE FUNCTION shop.cheapest() RETURNS text LANGUAGE sql STABLE RETURN (SELECT min(name) FROM goods);",
        )
        .load();
    start(&bundle, database.url()).run().expect("the bundle applies");
    assert_eq!(ask(database.url(), "SELECT shop.cheapest()"), "tea");
}

#[test]
fn forty_seeds_of_a_deep_graph_run_in_the_order_of_their_dependencies() {
    // Seed n needs n / 2 and n - 3; the manifest lists them in a scrambled order (17 and 40 have no common factor).
    let scrambled = (0..40).map(|n| (n * 17 + 5) % 40);
    let mut project = Project::new().head("schemas = [\"deep\"]").schema(
        "CREATE TABLE deep.node (n integer PRIMARY KEY, half integer REFERENCES deep.node, third integer REFERENCES deep.node, at serial);",
    );
    for n in scrambled {
        let half = (n > 0).then_some(n / 2);
        let third = (n >= 3).then(|| n - 3).filter(|third| Some(*third) != half);
        let needs: Vec<String> = [half, third].into_iter().flatten().map(|n| format!("node_{n}")).collect();
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let value = |n: Option<i32>| n.map_or("NULL".to_owned(), |n| n.to_string());
        let sql = format!("INSERT INTO deep.node (n, half, third) VALUES ({n}, {}, {});", value(half), value(third));
        project = project.seed(&format!("node_{n}"), &needs, &sql);
    }
    let bundle = project.load();
    let database = database();
    let report = start(&bundle, database.url()).run().expect("the bundle applies");
    assert_eq!(report.applied(StepKind::Seed), 40);
    let mut client = client(database.url());
    let wrong = client
        .query("SELECT n.n FROM deep.node AS n JOIN deep.node AS m ON m.n IN (n.half, n.third) WHERE m.at > n.at", &[])
        .expect("the nodes");
    assert!(wrong.is_empty());
    let order: Vec<i32> =
        client.query("SELECT n FROM deep.node ORDER BY at", &[]).expect("the nodes").iter().map(|row| row.get(0)).collect();
    let named: Vec<String> = order.iter().map(|n| format!("node_{n}")).collect();
    assert_eq!(bundle.seed_names().collect::<Vec<_>>(), named);
    assert_eq!(start(&bundle, database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
}

#[test]
fn a_checkout_with_other_line_ends_is_no_drift() {
    let project = shop()
        .schema("-- é ő\nCREATE SCHEMA shop;\n\nCREATE TABLE shop.goods (\n    name text PRIMARY KEY,\n    price integer NOT NULL\n);\n")
        .seed("text", &["goods"], "-- ű\n\nINSERT INTO shop.goods\nVALUES ('one\ntwo', 1);\n");
    let (unix, windows) = (project.load(), project.as_checked_out_on_windows().load());
    assert_eq!(unix.digest(), windows.digest());
    for (first, second) in [(&unix, &windows), (&windows, &unix)] {
        let database = database();
        start(first, database.url()).run().expect("the bundle applies");
        assert_eq!(start(second, database.url()).run().expect("no drift").outcome, Outcome::NothingToDo);
        let report = start(second, database.url()).seed(&Selection::all().only_seeds(["goods"])).expect("a seed runs again");
        assert_eq!(report.applied(StepKind::Seed), 1);
        assert_eq!(ask(database.url(), "SELECT name FROM shop.goods WHERE price = 1"), "one\ntwo");
    }
}

#[test]
fn an_embedded_bundle_with_other_line_ends_applies_its_schema_and_is_no_drift() {
    static WINDOWS: Bundle = elyos_runtime::bundle!("bundles/windows");
    let database = database();
    let report = start(&WINDOWS, database.url()).run().expect("the bundle applies");
    assert_eq!((report.applied(StepKind::Schema), report.applied(StepKind::Migration), report.applied(StepKind::Seed)), (1, 1, 1));
    assert_eq!(ask(database.url(), "SELECT name FROM shop.goods"), "two\nlines");
    let loaded = elyos_cli::project::load(&elyos_tests::workspace().join("tests/bundles/windows")).expect("the same folder");
    assert_eq!(start(&loaded, database.url()).run().expect("no drift").outcome, Outcome::NothingToDo);
}

#[test]
fn an_error_in_a_file_with_other_line_ends_is_found_in_its_place() {
    let project = shop().seed("bad", &["goods"], "-- ű\nINSERT INTO shop.goods\nVALUES ('x', 1), ('y',\n    1 / 0);\nSELECT 1;\n");
    let texts: Vec<String> = [project.clone(), project.as_checked_out_on_windows()]
        .iter()
        .map(|project| {
            let database = database();
            start(&project.load(), database.url()).run().expect_err("it divides by zero").to_string()
        })
        .collect();
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("seeds/bad.sql:2:1"), "{}", texts[0]);
}

fn release(numbers: &[(&str, &str)]) -> Project {
    numbers.iter().fold(Project::new(), |project, (name, sql)| project.migration(name, sql))
}

/// A database with the first bundle; the second is refused with the text and touches nothing.
fn refused(first: &Project, second: &Project) -> String {
    let database = database();
    start(&first.load(), database.url()).run().expect("the first bundle applies");
    let mut client = client(database.url());
    let tables = "SELECT string_agg(oid::text || relname, ',' ORDER BY oid) FROM pg_class WHERE relnamespace >= 2200";
    let (before, tables_before) = (dump(&mut client), ask(database.url(), tables));
    let error = start(&second.load(), database.url()).run().expect_err("they contradict each other");
    assert!(error.is_drift(), "{error}");
    assert_same(&before, &dump(&mut client));
    assert_eq!(tables_before, ask(database.url(), tables));
    let asked = start(&second.load(), database.url()).seed(&Selection::all()).expect_err("they contradict each other");
    assert_eq!(asked.to_string(), error.to_string());
    error.to_string()
}

#[test]
fn migrations_that_contradict_the_database_are_refused() {
    let (one, two, three) = (
        ("0001_one", "CREATE TABLE one (a int);"),
        ("0002_two", "CREATE TABLE two (a int);"),
        ("0003_three", "CREATE TABLE three (a int);"),
    );
    assert_eq!(
        refused(&release(&[one, two]), &release(&[("0001_one", "CREATE TABLE one (a bigint);"), two, three])),
        "the migration 0001_one has changed since it was applied: its statement 1 is not the one that was applied\n \
         --> migrations/0001_one.sql:1:1\n  |\n1 | CREATE TABLE one (a bigint);\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ this was another\n  |\n  \
         = help: restore the file as it was and put the change into a new migration"
    );
    assert_eq!(
        refused(&release(&[one, three]), &release(&[one, two, three])),
        "the migration 0002_two has not been applied, but 0003_three, which comes after it, has\n  \
         = help: give it a number after the last applied one"
    );
    assert_eq!(
        refused(&release(&[one, two, three]), &release(&[one, three])),
        "the database has the migration 0002_two, which the bundle does not have, before others that it has\n  \
         = help: the database and the bundle come from different branches: bring the migration into this one, or use another database"
    );
    assert_eq!(
        refused(&release(&[one, two]), &release(&[one, ("0002_other", "CREATE TABLE two (a int);"), three])),
        "the database has the migration 0002_two, which the bundle does not have, before others that it has\n  \
         = help: the database and the bundle come from different branches: bring the migration into this one, or use another database"
    );
}

#[test]
fn new_migrations_follow_the_applied_ones() {
    let database = database();
    let one = ("0001_one", "CREATE TABLE one (a int);");
    start(&release(&[one]).load(), database.url()).run().expect("the first release");
    let next = release(&[one, ("0002_two", "ALTER TABLE one ADD b int;"), ("0010_three", "ALTER TABLE one ADD c int;")]).load();
    let report = start(&next, database.url()).run().expect("the next release");
    assert_eq!(applied(&report, StepKind::Migration), ["0002_two", "0010_three"]);
    assert_eq!(start(&next, database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
}

#[test]
fn a_migration_that_fails_leaves_those_before_it_and_is_finished_by_the_next_start() {
    let database = database();
    let one = ("0001_one", "CREATE TABLE one (a int);");
    let bad = release(&[one, ("0002_two", "CREATE TABLE two (a int);\nINSERT INTO one\n    SELECT 1 / count(*) FROM two;\n")]).seed(
        "s",
        &[],
        "SELECT 1;",
    );
    let error = start(&bad.load(), database.url()).run().expect_err("no rows are counted");
    assert_eq!(
        error.to_string(),
        "migration 0002_two failed: division by zero\n --> migrations/0002_two.sql:2:1\n  |\n2 | INSERT INTO one\n  | ^^^^^^^^^^^^^^^"
    );
    assert_eq!(ask(database.url(), "SELECT string_agg(name, ',') FROM elyos.migrations"), "0001_one");
    assert_eq!(ask(database.url(), "SELECT coalesce(to_regclass('two')::text, 'none')"), "none");
    assert_eq!(ask(database.url(), "SELECT count(*)::text FROM elyos.seeds"), "0");
    let mended = release(&[one, ("0002_two", "CREATE TABLE two (a int);")]).seed("s", &[], "SELECT 1;");
    let report = start(&mended.load(), database.url()).run().expect("it goes on");
    assert_eq!(applied(&report, StepKind::Migration), ["0002_two"]);
    assert_eq!(applied(&report, StepKind::Seed), ["s"]);
}

#[test]
fn an_older_release_writes_nothing_over_a_newer_ones_data() {
    let database = database();
    let (older, newer) = (shop(), shop().revision(2).seed("goods", &[], "INSERT INTO shop.goods VALUES ('tea', 9);"));
    start(&newer.load(), database.url()).run().expect("the newer release");
    let mut client = client(database.url());
    let before = dump(&mut client);
    let older = older.load();
    let report = start(&older, database.url()).run().expect("it goes on");
    assert_eq!(report.outcome, Outcome::DatabaseAhead);
    assert!(report.to_string().starts_with("nothing was written: a newer release has written this database ("), "{report}");
    for asked in
        [start(&older, database.url()).seed(&Selection::all()), start(&older, database.url()).seed(&Selection::all().only_seeds(["goods"]))]
    {
        let error = asked.expect_err("asked to write");
        assert_eq!(
            error.to_string(),
            "a newer release has written this database (revision 2), and this bundle is revision 1\n  \
             = help: run the newer release; an older one never writes over its data"
        );
        assert!(error.is_drift());
    }
    assert_same(&before, &dump(&mut client));
    assert!(start(&older, database.url()).status().expect("the status").ahead);
}

#[test]
fn migrations_after_the_bundles_last_are_a_newer_releases() {
    let database = database();
    let one = ("0001_one", "CREATE TABLE one (a int);");
    start(&release(&[one, ("0002_two", "CREATE TABLE two (a int);")]).load(), database.url()).run().expect("the newer release");
    let older = release(&[one]).seed("s", &[], "INSERT INTO one VALUES (1);").load();
    assert_eq!(start(&older, database.url()).run().expect("it goes on").outcome, Outcome::DatabaseAhead);
    assert_eq!(
        start(&older, database.url()).seed(&Selection::all()).expect_err("asked to write").to_string(),
        "a newer release has written this database: it has migrations that this bundle does not know\n  \
         = help: run the newer release; an older one never writes over its data"
    );
    assert_eq!(ask(database.url(), "SELECT count(*)::text FROM one"), "0");
}

#[test]
fn a_seed_runs_once_or_when_it_changed_or_always() {
    let database = database();
    let log = |line: &str| format!("INSERT INTO shop.log VALUES ('{line}');");
    let project = shop()
        .seed_that_runs("once", "once", &[], &log("once"))
        .seed_that_runs("changed", "changed", &[], &log("changed"))
        .seed_that_runs("always", "always", &[], &log("always"));
    let lines = || ask(database.url(), "SELECT string_agg(line, ' ' ORDER BY line) FROM shop.log");
    start(&project.load(), database.url()).run().expect("the bundle applies");
    assert_eq!(lines(), "always changed once");
    assert_eq!(start(&project.load(), database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);

    let project = project.seed_that_runs("once", "once", &[], &log("once2")).seed("goods", &[], "SELECT 'another text';");
    let report = start(&project.load(), database.url()).run().expect("the next release");
    assert_eq!(applied(&report, StepKind::Seed), ["goods", "always"]);
    let action = |name: &str| report.steps.iter().find(|step| step.kind == StepKind::Seed && step.name == name).map(|step| step.action);
    assert_eq!((action("once"), action("changed")), (Some(Action::RanOnce), Some(Action::Unchanged)));
    assert_eq!(lines(), "always always changed once");
    assert_eq!(start(&project.load(), database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);

    let project = project.seed_that_runs("changed", "changed", &[], &log("changed2"));
    start(&project.load(), database.url()).run().expect("the next release");
    assert_eq!(lines(), "always always always changed changed2 once");
}

#[test]
fn a_changed_seed_takes_along_those_that_read_what_it_writes() {
    let database = database();
    let project = shop()
        .schema(
            "CREATE TABLE shop.goods (name text PRIMARY KEY, price integer);\nCREATE TABLE shop.dear (name text PRIMARY KEY);\n\
             CREATE TABLE shop.count (n bigint);\nCREATE TABLE shop.note (line text);",
        )
        .seed("dear", &["goods"], "INSERT INTO shop.dear SELECT name FROM shop.goods WHERE price > 4 ON CONFLICT DO NOTHING;")
        .seed("count", &["dear"], "DELETE FROM shop.count;\nINSERT INTO shop.count SELECT count(*) FROM shop.dear;")
        .seed("note", &["goods"], "INSERT INTO shop.note VALUES ('a dependant that reads nothing');");
    start(&project.load(), database.url()).run().expect("the bundle applies");
    let project = project.seed("goods", &[], "INSERT INTO shop.goods VALUES ('tea', 5), ('wine', 9) ON CONFLICT DO NOTHING;");
    let report = start(&project.load(), database.url()).run().expect("the next release");
    assert_eq!(applied(&report, StepKind::Seed), ["goods", "dear", "count"]);
    assert_eq!(ask(database.url(), "SELECT n::text FROM shop.count"), "2");
    assert_eq!(data(&mut client(database.url()))["shop.note"].len(), 1);
}

#[test]
fn statements_inside_a_statement_are_not_counted_and_rows_read_are_no_rows_changed() {
    let database = database();
    let bundle = shop()
        .seed(
            "nested",
            &["goods"],
            "CREATE OR REPLACE RULE twice AS ON INSERT TO shop.log DO ALSO (SELECT 1; UPDATE shop.goods SET price = price + 1;);\n\
             INSERT INTO shop.log VALUES ('a'), ('b');\n\
             ;;\n\
             CREATE OR REPLACE FUNCTION shop.two() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;\n\
             DO $$ BEGIN INSERT INTO shop.goods VALUES ('done', 1); UPDATE shop.goods SET price = 1; END $$;\n\
             DROP RULE twice ON shop.log;\n",
        )
        .seed("read", &["nested"], "WITH n AS (SELECT generate_series(1, 5) AS n)\nSELECT n FROM n;\nSELECT 1 UNION ALL SELECT 2;\nTABLE shop.goods;\nVALUES (1), (2);")
        .seed(
            "written",
            &["read"],
            "WITH n AS (SELECT 'x' || generate_series(1, 3) AS n) INSERT INTO shop.log SELECT n FROM n RETURNING line;\n\
             insert into shop.log values ('y') returning line;\nUPDATE shop.log SET line = line WHERE line = 'y';\nDELETE FROM shop.log WHERE line = 'y'",
        )
        .load();
    let report = start(&bundle, database.url()).run().expect("the bundle applies");
    let rows: Vec<(&str, Option<u64>)> =
        report.steps.iter().filter(|step| step.kind == StepKind::Seed).map(|step| (&*step.name, step.rows)).collect();
    assert_eq!(rows, [("goods", Some(1)), ("nested", Some(2)), ("read", Some(0)), ("written", Some(6))]);
    assert_eq!(ask(database.url(), "SELECT shop.two()::text"), "2");
}

#[test]
fn temporary_tables_are_there_for_the_seeds_behind_and_for_nobody_afterwards() {
    let database = database();
    let pooler = Pooler::new(database.url());
    let bundle = shop()
        .seed("a", &[], "CREATE TEMP TABLE cheap AS VALUES ('nuts', 2);\nDECLARE few CURSOR WITH HOLD FOR SELECT * FROM cheap;\nFETCH few;")
        .seed("b", &["a"], "INSERT INTO shop.goods SELECT * FROM cheap ON CONFLICT DO NOTHING;")
        .load();
    start(&bundle, &pooler.url()).run().expect("the bundle applies");
    assert_eq!(ask(database.url(), "SELECT string_agg(name, ' ' ORDER BY name) FROM shop.goods"), "nuts tea");
    // The pooler keeps its sessions.
    assert_eq!(ask(database.url(), "SELECT count(*)::text FROM pg_class WHERE relpersistence = 't'"), "0");
    let sessions = "SELECT (count(*) > 1)::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'elyos'";
    assert_eq!(ask(database.url(), sessions), "true");
    pooler.close();
}
