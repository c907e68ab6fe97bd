//! What `Init::psql_script` writes, run by psql, leaves what a run leaves.

mod procedures;

use std::process::{Command, Output};

use elyos_runtime::{Bundle, ELYOS, Init, Outcome};
use elyos_tests::{Project, TestDatabase, as_version_1_left_it, client, cluster, database, snapshot};

/// Runs a file with psql, as its first line says; `arguments` come before.
fn psql(database: &TestDatabase, script: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("init.sql");
    std::fs::write(&file, script).expect("a file");
    let mut command = Command::new(cluster().program("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).args(arguments).arg("-f").arg(&file).arg(database.url());
    // Another encoding than the file's, which says itself what it is written in.
    command.env("PGCLIENTENCODING", "LATIN1").output().expect("psql runs")
}

fn script(bundle: &Bundle, address: &str) -> String {
    Init::new(bundle).admin_email(address).psql_script().expect("a script")
}

fn run_script(database: &TestDatabase, bundle: &Bundle, address: &str) -> String {
    let output = psql(database, &script(bundle, address), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn init(database: &TestDatabase, bundle: &Bundle, address: &str) -> Outcome {
    Init::new(bundle).database_url(database.url()).admin_email(address).run().expect("it runs").outcome
}

/// Asserts that two databases have the same schema, rows and ledger, but for times.
fn assert_same(left: &TestDatabase, right: &TestDatabase) {
    let schema = |database: &TestDatabase| {
        let dump = Command::new(cluster().program("pg_dump")).args(["--schema-only", database.url()]).output().expect("pg_dump runs");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let text = String::from_utf8(dump.stdout).expect("UTF-8");
        text.lines().filter(|line| !line.contains("restrict ")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(schema(left), schema(right));
    let rows = |database: &TestDatabase| {
        let mut client = client(database.url());
        let mut rows = snapshot::dump(&mut client);
        rows.retain(|table, _| table.starts_with("elyos."));
        for row in rows.values_mut().flatten().filter_map(|row| row.as_object_mut()) {
            for time in ["started_at", "finished_at"] {
                row.entry(time).and_modify(|time| *time = (!time.is_null()).into());
            }
            row.retain(|column, _| !["milliseconds", "applied_at", "updated_at"].contains(&column.as_str()));
        }
        rows.extend(snapshot::by_natural_keys(&mut client));
        rows
    };
    snapshot::assert_same(&rows(left), &rows(right));
}

const NOTHING: &str = "nothing to do: the database is up to date\n";

#[test]
fn elyos_by_psql_is_elyos_by_init() {
    let (by_init, by_psql) = (database(), database());
    assert_eq!(init(&by_init, &ELYOS, "boss@example.com"), Outcome::Applied);
    let told = run_script(&by_psql, &ELYOS, "boss@example.com");
    assert!(told.ends_with("admin e-mail auth.users\napplied: the database is up to date\n"), "{told}");
    assert_same(&by_init, &by_psql);

    let before = snapshot::dump(&mut client(by_psql.url()));
    assert_eq!(run_script(&by_psql, &ELYOS, "boss@example.com"), NOTHING);
    assert_eq!(init(&by_psql, &ELYOS, ""), Outcome::NothingToDo);
    assert_eq!(run_script(&by_init, &ELYOS, ""), NOTHING);
    snapshot::assert_same(&before, &snapshot::dump(&mut client(by_psql.url())));
    // Another address is wanted: that alone is done.
    let told = run_script(&by_psql, &ELYOS, "other@example.com");
    assert_eq!(told, "admin e-mail auth.users\napplied: the database is up to date\n");
    assert_eq!(by_psql.psql("SELECT email FROM auth.users"), "other@example.com");
}

/// A bundle whose every text holds what psql would take for its own, outside of quotes.
fn hostile() -> Project {
    let seed = "\
-- \\! touch nothing; :n :'n' :\"n\" :{?n}
INSERT INTO \"we'ird \\ é\".t (id, v, a) VALUES
(1, '\\! touch nothing
\\i nothing
:n :''n'' $elyos$ $elyos2$', ARRAY[1, 2, 3]),
(2, E'it\\'s \\\\', (ARRAY[5, 6, 7])[1:2]),
(3, $body$\\echo :n; \\gexec $elyos3$ $body$, ARRAY[1::int]);
INSERT INTO \"we'ird \\ é\".t (id, v, a) SELECT 4, 'slice', a[n:VERSION] FROM (SELECT ARRAY[1, 2, 3] AS a, 1 AS n, 2 AS version) AS s;
SET search_path TO nowhere; SET standard_conforming_strings TO off; SET client_encoding TO 'LATIN1'
-- the end, without a semicolon: $elyos";
    Project::new()
        .head("schemas = [\"we'ird \\\\ é\", \"if\"]\nsearch_path = [\"we'ird \\\\ é\"]")
        .migration("0001_first", "CREATE TABLE t (id int PRIMARY KEY, v text, a int[]);\nCREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2);")
        .migration("0002_begin", "CREATE FUNCTION \"if\".begin(\"end\" int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT $1; END")
        .seed("first", &[], seed)
        .seed("second", &["first"], "INSERT INTO t (id, v) SELECT id + 10, v FROM t WHERE id < 10; UPDATE t SET v = v || '\\' WHERE id > 10;")
        .seed_that_runs("third", "once", &[], "INSERT INTO t VALUES (100, 'é')")
        .procedure("p", "CREATE OR REPLACE FUNCTION \"if\".p() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ':n \\q'; END $$")
}

#[test]
fn what_psql_would_take_for_its_own_is_text() {
    let (by_init, by_psql) = (database(), database());
    let bundle = hostile().load();
    assert_eq!(init(&by_init, &bundle, ""), Outcome::Applied);
    let script = script(&bundle, "");
    // Variables of the names in it, and settings that change how psql reads.
    let output = psql(
        &by_psql,
        &script,
        &["-v", "n=42", "-v", "VERSION=3", "-v", "id=7", "-S", "-v", "AUTOCOMMIT=off", "-v", "ON_ERROR_ROLLBACK=on"],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_same(&by_init, &by_psql);
    assert_eq!(run_script(&by_psql, &bundle, ""), NOTHING);
    assert_eq!(init(&by_psql, &bundle, ""), Outcome::NothingToDo);
}

#[test]
fn a_later_release_is_applied_on_an_earlier_one() {
    let (by_init, by_psql) = (database(), database());
    let first = hostile();
    let second = hostile()
        .revision(2)
        .migration("0003_more", "ALTER TABLE t ADD COLUMN more int DEFAULT 5")
        .seed_that_runs("third", "once", &[], "INSERT INTO t VALUES (100, 'changed')")
        .seed("first", &[], "UPDATE t SET v = 'changed' WHERE id = 1")
        .seed("second", &["first"], "INSERT INTO t (id, v) SELECT id + 10, v FROM t WHERE id < 10 ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v; UPDATE t SET v = v || '\\' WHERE id > 10;");
    // By psql on what psql left, by psql on what a run left, by a run.
    let mixed = database();
    for (database, by_run) in [(&by_init, true), (&by_psql, false), (&mixed, true)] {
        if by_run {
            assert_eq!(init(database, &first.load(), ""), Outcome::Applied);
        } else {
            let _ = run_script(database, &first.load(), "");
        }
    }
    let second = second.load();
    assert_eq!(init(&by_init, &second, ""), Outcome::Applied);
    for database in [&by_psql, &mixed] {
        let told = run_script(database, &second, "");
        let told: Vec<&str> = told.lines().filter(|line| line.starts_with("seed ") || line.starts_with("migration ")).collect();
        // The second seed reads what the first one writes.
        assert_eq!(told, ["migration 0003_more", "seed first", "seed second"]);
        assert_same(&by_init, database);
        assert_eq!(init(database, &second, ""), Outcome::NothingToDo);
    }
    // The earlier release stands back.
    let told = run_script(&by_psql, &first.load(), "");
    assert_eq!(told, "nothing was written: a newer release has written this database\n");
    assert_same(&by_init, &by_psql);
}

#[test]
fn what_a_run_refuses_psql_refuses_before_anything_is_touched() {
    let base = || Project::new().revision(3).migration("0001_a", "CREATE TABLE a (id int)").migration("0003_c", "CREATE TABLE c (id int)");
    let stand = database();
    let _ = run_script(&stand, &base().load(), "");
    let before = snapshot::dump(&mut client(stand.url()));
    let cases = [
        (
            base().migration("0001_a", "CREATE TABLE a (id bigint)"),
            "the migration 0001_a has changed since it was applied",
            "restore the file as it was and put the change into a new migration",
        ),
        (
            base().migration("0002_b", "CREATE TABLE b (id int)"),
            "the migration 0002_b has not been applied, but 0003_c, which comes after it, has",
            "give it a number after the last applied one",
        ),
        (
            base().without("migrations/0001_a.sql").migration("0004_d", "CREATE TABLE d (id int)"),
            "the database has the migration 0001_a, which the bundle does not have, before others that it has",
            "the database and the bundle come from different branches: bring the migration into this one, or use another database",
        ),
        (
            Project::new().revision(3).migration("0009_z", "CREATE TABLE z (id int)"),
            "this database was made by another bundle: it has migrations, and none of this bundle's is among them",
            "give each bundle a database of its own; is it the right one that psql is connected to?",
        ),
    ];
    for (project, message, hint) in cases {
        let output = psql(&stand, &script(&project.head("schemas = [\"fresh\"]").load(), ""), &[]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains(&format!("ERROR:  {message}\nHINT:  {hint}\n")), "{told}");
        snapshot::assert_same(&before, &snapshot::dump(&mut client(stand.url())));
        assert_eq!(stand.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'fresh'"), "0");
    }
    let young = base().revision(4).load();
    let output = psql(&stand, &Init::new(&young).minimum_server(99).psql_script().expect("a script"), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ERROR:  the server is older than PostgreSQL 99\nHINT:  this needs that or a later one\n"), "{told}");
    // A ledger of another version of Elyos.
    let _ = stand.psql("UPDATE elyos.state SET version = 999, oldest_reader = 999");
    let output = psql(&stand, &script(&base().revision(4).load(), ""), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ERROR:  the ledger in schema elyos is of a later version than 2, the last one that this file knows\nHINT:  write the file with a newer Elyos\n"), "{told}");
}

#[test]
fn a_failing_seed_leaves_what_finished_steps_left() {
    let stand = database();
    let project = Project::new()
        .migration("0001_t", "CREATE TABLE t (id int PRIMARY KEY)")
        .seed("a", &[], "INSERT INTO t VALUES (1)")
        .seed("b", &["a"], "-- comment\n\nINSERT INTO t VALUES ('x');");
    let output = psql(&stand, &script(&project.load(), ""), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    // The line is the seed's own.
    assert!(told.contains("ERROR:  invalid input syntax for type integer: \"x\"\nLINE 3: INSERT INTO t VALUES ('x');"), "{told}");
    assert_eq!(
        stand.psql("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM elyos.migrations), (SELECT count(*) FROM elyos.seeds)"),
        "0|1|0"
    );
    let mended = project.seed("b", &["a"], "INSERT INTO t VALUES (2)").load();
    let _ = run_script(&stand, &mended, "");
    assert_eq!(init(&stand, &mended, ""), Outcome::NothingToDo);
}

#[test]
fn the_lock_of_a_run_is_waited_for_and_its_holder_named() {
    let stand = database();
    let mut holder = client(&format!("{}{}application_name=night", stand.url(), if stand.url().contains('?') { "&" } else { "?" }));
    holder.batch_execute("SELECT pg_advisory_lock(111516568220416)").expect("it is free");
    let bundle = Project::new().migration("0001_t", "CREATE TABLE t (id int)").load();
    let script = Init::new(&bundle).lock_timeout(std::time::Duration::from_secs(1)).psql_script().expect("a script");
    let output = psql(&stand, &script, &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(told.contains("ERROR:  another process has been initialising this database for 1 s: pid "), "{told}");
    assert!(told.contains("application_name \"night\"") && told.contains("\nHINT:  wait for it to finish and run this again\n"), "{told}");
    assert_eq!(stand.psql("SELECT to_regclass('elyos.state') IS NULL"), "t");
    drop(holder);
    let _ = run_script(&stand, &bundle, "");
}

#[test]
fn several_at_once_with_a_run_between_them_do_it_once() {
    let (alone, stand) = (database(), database());
    let bundle = hostile().load();
    assert_eq!(init(&alone, &bundle, ""), Outcome::Applied);
    std::thread::scope(|scope| {
        for number in 0..6 {
            let (stand, bundle) = (&stand, &bundle);
            scope.spawn(move || {
                if number == 3 {
                    let _ = init(stand, bundle, "");
                } else {
                    let _ = run_script(stand, bundle, "");
                }
            });
        }
    });
    assert_same(&alone, &stand);
}

#[test]
fn an_extension_is_the_servers_or_is_stood_in_for_or_is_an_error() {
    let (by_init, by_psql) = (database(), database());
    let project = Project::new().head("extensions = [\"plpgsql\", \"no_such_thing\"]").migration("0001_t", "CREATE TABLE t (id int)");
    let output = psql(&by_psql, &script(&project.load(), ""), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ERROR:  the server does not offer the extension `no_such_thing`, and the bundle brings nothing to stand in for it\nHINT:  install it on the server, or add extensions/no_such_thing.sql to the bundle\n"), "{told}");
    assert_eq!(by_psql.psql("SELECT to_regclass('elyos.state') IS NULL"), "t");
    let project =
        project.file("extensions/no_such_thing.sql", "CREATE FUNCTION extensions.f() RETURNS int LANGUAGE sql AS 'SELECT 1'").load();
    let _ = init(&by_init, &project, "");
    let _ = run_script(&by_psql, &project, "");
    assert_same(&by_init, &by_psql);
}

#[test]
fn an_administrators_row_that_no_seed_brings_is_an_error() {
    let stand = database();
    let project = Project::new()
        .migration("0001_t", "CREATE TABLE t (id int PRIMARY KEY, email text)")
        .table("[admin]", "table = \"public.t\"\nkey = { id = 1 }\ncolumn = \"email\"\nenv = \"ADMIN\"");
    let output = psql(&stand, &script(&project.load(), "a@example.com"), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ERROR:  ADMIN is set, but public.t has no row with id = 1\nHINT:  [admin] in seeds.toml names the row: one of the seeds should bring it\n"), "{told}");

    // What people have changed it to since, a seed that runs again does not undo.
    let bring = |text: &str| {
        let sql = format!("INSERT INTO t VALUES (1, '{text}') ON CONFLICT (id) DO UPDATE SET email = EXCLUDED.email");
        project.clone().seed("t", &[], &sql).load()
    };
    let _ = run_script(&stand, &bring("seeded"), "a@example.com");
    assert_eq!(stand.psql("SELECT email FROM t"), "a@example.com");
    let _ = stand.psql("UPDATE t SET email = 'it''s \\ :me'");
    let _ = run_script(&stand, &bring("again"), "");
    assert_eq!(stand.psql("SELECT email FROM t"), "it's \\ :me");
}

const MARK: &str = "-- elyos: no-transaction\n";

/// A table with rows, two of them alike, and then what is given.
fn stepwise(second: &str) -> Project {
    Project::new()
        .head("schemas = [\"shop\"]\nsearch_path = [\"shop\"]")
        .migration("0001_goods", "CREATE TABLE goods (id int PRIMARY KEY, name text); INSERT INTO goods VALUES (1, 'a'), (2, 'a');")
        .migration("0002_steps", &format!("{MARK}{second}"))
}

/// The error of a file that psql is to refuse.
fn refused(database: &TestDatabase, project: &Project) -> String {
    let output = psql(database, &script(&project.load(), ""), &[]);
    assert_eq!(output.status.code(), Some(3));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_migration_that_is_not_one_transaction_is_run_and_recorded_as_by_init() {
    let (by_init, by_psql) = (database(), database());
    let bundle = stepwise(
        "SET lock_timeout = '7s';\nALTER TABLE goods ADD price int;\nCREATE INDEX CONCURRENTLY \"by 'name\" ON goods (name);\n\
         REINDEX TABLE CONCURRENTLY goods;\nCREATE TYPE mood AS ENUM ('sad');\nALTER TYPE mood ADD VALUE ':n \\ $elyos$';\n\
         CREATE TABLE moods (m mood DEFAULT ':n \\ $elyos$');\nCREATE TABLE seen AS SELECT current_setting('lock_timeout') AS told;\n\
         CREATE INDEX gone ON goods (price);\nDROP INDEX CONCURRENTLY gone;\nVACUUM goods;\nSET client_encoding TO 'LATIN1'",
    )
    .migration("0003_after", "CREATE TABLE after AS SELECT current_setting('lock_timeout') AS told, 'é'::text AS e;")
    .load();
    assert_eq!(init(&by_init, &bundle, ""), Outcome::Applied);
    let _ = run_script(&by_psql, &bundle, "");
    assert_same(&by_init, &by_psql);
    assert_eq!(by_psql.psql("SELECT (SELECT told FROM shop.seen), told, e FROM shop.after"), "7s|2s|é");
    assert_eq!(run_script(&by_psql, &bundle, ""), NOTHING);
    assert_eq!(init(&by_psql, &bundle, ""), Outcome::NothingToDo);
}

#[test]
fn an_interrupted_migration_goes_on_as_by_init() {
    let (by_init, by_psql, mixed) = (database(), database(), database());
    let begun = stepwise("ALTER TABLE goods ADD price int;\nSELECT\n    oops;");
    let mended = stepwise("ALTER TABLE goods -- euros\n  ADD price int;\nCREATE INDEX CONCURRENTLY by_name ON goods (name);\nSELECT 1;");
    let told = refused(&by_psql, &begun);
    // The line is the migration's own.
    assert!(told.contains("ERROR:  column \"oops\" does not exist\nLINE 4:     oops"), "{told}");
    let _ = refused(&mixed, &begun);
    Init::new(&begun.load()).database_url(by_init.url()).run().expect_err("there is no such column");
    assert_same(&by_init, &by_psql);

    let told = refused(&by_psql, &stepwise("ALTER TABLE goods ADD price bigint;\nSELECT 1;"));
    assert!(
        told.contains(
            "ERROR:  the migration 0002_steps was interrupted behind its statement 1, which is not the one that was run then\n\
             HINT:  restore the statements that have been run; those behind them may be changed\n"
        ),
        "{told}"
    );
    let told = refused(&by_psql, &begun.clone().migration("0002_steps", "ALTER TABLE goods ADD price int; SELECT 1;"));
    assert!(
        told.contains(
            "ERROR:  the migration 0002_steps was interrupted behind its statement 1, and is not marked `no-transaction` any more\n\
             HINT:  mark it again: it goes on behind what has been done\n"
        ),
        "{told}"
    );
    assert_same(&by_init, &by_psql);
    let mended = mended.load();
    assert_eq!(init(&by_init, &mended, ""), Outcome::Applied);
    assert_eq!(init(&mixed, &mended, ""), Outcome::Applied);
    let _ = run_script(&by_psql, &mended, "");
    assert_same(&by_init, &by_psql);
    assert_same(&by_init, &mixed);
}

#[test]
fn what_an_interrupted_statement_left_is_refused_or_taken_as_done() {
    let stand = database();
    let project = stepwise("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"By Name\" ON goods (name);\nSELECT 1;");
    let told = refused(&stand, &project);
    assert!(told.contains("ERROR:  could not create unique index \"By Name\"\n"), "{told}");
    let expected = "ERROR:  the migration 0002_steps cannot go on with its statement 1: an attempt that did not come to its end has left \
                    behind what is INVALID: shop.\"By Name\"\n\
                    HINT:  DROP INDEX CONCURRENTLY shop.\"By Name\"; Then run this again: the migration goes on with this statement\n";
    let told = refused(&stand, &project);
    assert!(told.contains(expected), "{told}");
    // As if the server had built it behind the back of a psql that was gone.
    let _ = stand
        .psql("DELETE FROM shop.goods WHERE id = 2; DROP INDEX shop.\"By Name\"; CREATE UNIQUE INDEX \"By Name\" ON shop.goods (name)");
    let _ = run_script(&stand, &project.load(), "");
    assert_eq!(init(&stand, &project.load(), ""), Outcome::NothingToDo);

    // Of which only a person can tell.
    let stand = database();
    let project = stepwise("DO $$ BEGIN UPDATE shop.goods SET name = 'b'; COMMIT; RAISE 'no'; END $$;\nSELECT 1;");
    let told = refused(&stand, &project);
    assert!(told.contains("ERROR:  no\n"), "{told}");
    let told = refused(&stand, &project);
    assert!(
        told.contains(
            "ERROR:  the migration 0002_steps did not come to the end of its statement 1 of 2\n\
             HINT:  look whether the database has what the statement does, and say so in the ledger; then run this again. If it has: \
             UPDATE elyos.statements SET finished_at = now() WHERE position = 2 AND number = 1. If it has nothing of it: \
             UPDATE elyos.statements SET started_at = NULL WHERE position = 2 AND number = 1\n"
        ),
        "{told}"
    );
    let _ = stand.psql("UPDATE elyos.statements SET finished_at = now() WHERE position = 2 AND number = 1");
    let _ = run_script(&stand, &project.load(), "");
    assert_eq!(init(&stand, &project.load(), ""), Outcome::NothingToDo);
}

#[test]
fn a_migration_of_which_nothing_was_done_may_lose_its_mark() {
    let stand = database();
    let _ = refused(&stand, &stepwise("SELECT oops"));
    let mended = stepwise("").migration("0002_steps", "ALTER TABLE goods ADD price int").load();
    let _ = run_script(&stand, &mended, "");
    assert_eq!(stand.psql("SELECT transactional, finished_at IS NOT NULL FROM elyos.migrations WHERE position = 2"), "t|t");
    assert_eq!(init(&stand, &mended, ""), Outcome::NothingToDo);
}

#[test]
fn a_migration_gives_up_where_it_is_not_given_its_locks() {
    let stand = database();
    let project = Project::new().migration("0001_t", "CREATE TABLE t (id int)");
    let _ = run_script(&stand, &project.load(), "");
    let mut holder = client(stand.url());
    holder.batch_execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE").expect("a lock");
    let next = project.migration("0002_u", "ALTER TABLE t ADD u int").load();
    let hasty = Init::new(&next).migration_lock_timeout(std::time::Duration::from_millis(50)).psql_script().expect("a script");
    let output = psql(&stand, &hasty, &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ERROR:  canceling statement due to lock timeout\n"), "{told}");
    drop(holder);
    assert!(psql(&stand, &hasty, &[]).status.success());
    assert_eq!(init(&stand, &next, ""), Outcome::NothingToDo);
}

#[test]
fn a_ledger_of_version_1_is_upgraded_as_by_init() {
    let (by_init, by_psql) = (database(), database());
    let first = hostile();
    let next = hostile().migration("0003_more", "ALTER TABLE t ADD COLUMN more int");
    for database in [&by_init, &by_psql] {
        assert_eq!(init(database, &first.load(), ""), Outcome::Applied);
        as_version_1_left_it(database.url());
    }
    // Nothing to do, and no reason to write.
    assert_eq!(run_script(&by_psql, &first.load(), ""), NOTHING);
    assert_eq!(by_psql.psql("SELECT version FROM elyos.state"), "1");
    let told = refused(&by_psql, &next.clone().migration("0001_first", "CREATE TABLE t (id int PRIMARY KEY, v text, a int[], b int)"));
    assert!(told.contains("ERROR:  the migration 0001_first has changed since it was applied\n"), "{told}");
    assert_eq!(by_psql.psql("SELECT version FROM elyos.state"), "1");
    assert_eq!(init(&by_init, &next.load(), ""), Outcome::Applied);
    let _ = run_script(&by_psql, &next.load(), "");
    assert_same(&by_init, &by_psql);
    assert_eq!(init(&by_psql, &next.load(), ""), Outcome::NothingToDo);
}

#[test]
fn a_seed_that_is_not_held_is_written_piece_by_piece() {
    let (by_init, by_psql) = (database(), database());
    let rows = (0..3000).map(|n| format!("INSERT INTO shop.t VALUES ({n}, 'a\\; :n {n}'); -- é;\n")).collect::<Vec<_>>().concat();
    let folder = Project::new()
        .head("schemas = [\"shop\"]")
        .migration("0001_t", "CREATE TABLE shop.t (id int PRIMARY KEY, v text)")
        .seed("t", &[], &format!("SET standard_conforming_strings TO off;\n{rows}"))
        .write();
    let bundle = elyos_cli::project::load_with(folder.path(), 1).expect("in order");
    let _ = run_script(&by_psql, &bundle, "");
    assert_eq!(init(&by_init, &bundle, ""), Outcome::Applied);
    assert_same(&by_init, &by_psql);

    std::fs::remove_file(folder.path().join("seeds/t.sql")).expect("it is gone");
    let error = Init::new(&bundle).psql_script().expect_err("it is gone").to_string();
    assert!(error.starts_with("seed t failed: seeds/t.sql cannot be read: "), "{error}");
}

#[test]
fn temporary_tables_do_not_outlive_the_file() {
    let database = database();
    let bundle = Project::new().seed("t", &[], "CREATE TEMP TABLE t (a int);").load();
    let asked = format!("{}\nSELECT 'left: ' || count(*) FROM pg_class WHERE relpersistence = 't';\n", script(&bundle, ""));
    let output = psql(&database, &asked, &["-A", "-t"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.ends_with("left: 0\n"), "{text}");
}
