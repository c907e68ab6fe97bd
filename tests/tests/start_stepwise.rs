//! Migrations marked as ones that are not one transaction: interrupted at every place, they are finished or explained.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Event, ItemState, Outcome, Report, StepKind};
use elyos_tests::snapshot::dump;
use elyos_tests::{Project, TestDatabase, client, database};
use postgres::Client;

const MARK: &str = "-- elyos: no-transaction\n";

/// A table with rows, and then what is given.
fn shop(second: &str) -> Project {
    Project::new()
        .head("schemas = [\"shop\"]")
        .head("search_path = [\"shop\", \"public\"]")
        .migration(
            "0001_goods",
            "CREATE TABLE shop.goods (id int PRIMARY KEY, name text);\nINSERT INTO shop.goods SELECT i, 'n' || greatest(i, 2) FROM generate_series(1, 100) i;",
        )
        .migration("0002_index", &format!("{MARK}{second}"))
}

fn init(project: &Project, url: &str) -> Result<Report, Error> {
    Init::new(&project.load()).database_url(url).lock_timeout(Duration::from_secs(20)).run()
}

fn text(client: &mut Client, sql: &str) -> String {
    client.query_one(sql, &[]).expect("a row").get::<_, Option<String>>(0).unwrap_or_default()
}

fn until(client: &mut Client, sql: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !client.query_one(sql, &[]).expect("a truth value").get::<_, bool>(0) {
        assert!(Instant::now() < deadline, "it never came: {sql}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Somebody else who has a transaction open that has read the table: an index cannot be built before it ends.
fn reader(url: &str) -> Client {
    let mut client = client(url);
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE shop.goods IN ROW EXCLUSIVE MODE").expect("a transaction");
    client
}

/// Which indexes of the table there are, those that are invalid with a mark.
const INDEXES: &str = "SELECT string_agg(c.relname || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END, ', ' ORDER BY c.relname) \
                       FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid WHERE x.indrelid = 'shop.goods'::regclass";

/// The statements of the second migration: what is recorded of each.
const PROGRESS: &str = "SELECT string_agg(CASE WHEN finished_at IS NOT NULL THEN 'done' WHEN started_at IS NOT NULL THEN 'started' \
                        ELSE 'not yet' END, ', ' ORDER BY number) FROM elyos.statements WHERE position = 2";

/// Ends the session of a start while it waits in a statement that begins like this.
fn kill_in(client: &mut Client, beginning: &str) {
    let sql = format!(
        "SELECT count(pg_terminate_backend(pid)) = 1 FROM pg_stat_activity WHERE query LIKE '{beginning}%' AND state = 'active' \
         AND wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()"
    );
    until(client, &sql);
}

/// A start that is killed while it builds an index, behind a reader.
fn interrupted(project: &Project, database: &TestDatabase) {
    let url = database.url();
    init(&project.clone().without("migrations/0002_index.sql"), url).expect("the first release");
    let reader = reader(url);
    thread::scope(|scope| {
        let start = scope.spawn(|| init(project, url));
        kill_in(&mut client(url), "CREATE INDEX CONCURRENTLY");
        let error = start.join().expect("no panic").expect_err("its session has been ended");
        assert!(
            error.to_string().starts_with("migration 0002_index failed: terminating connection due to administrator command"),
            "{error}"
        );
        assert!(error.is_connection());
    });
    drop(reader);
    until(&mut client(url), "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND datname = current_database()");
}

#[test]
fn statements_run_one_by_one_and_each_is_recorded() {
    let database = database();
    let project = shop(
        "ALTER TABLE goods ADD price int;\nSET search_path = public;\nCREATE INDEX CONCURRENTLY goods_name ON shop.goods (name);\n\
         SELECT 1;\nVACUUM shop.goods;\nCREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'b';\nCREATE TABLE moods (m mood DEFAULT 'b'::mood);\n\
         DO $$ BEGIN FOR i IN 1..3 LOOP UPDATE shop.goods SET price = i WHERE id = i; COMMIT; END LOOP; END $$;\n\
         DROP INDEX CONCURRENTLY shop.goods_name;\nSET ROLE pg_monitor;\nSELECT 2",
    );
    let report = init(&project, database.url()).expect("it goes through");
    let names: Vec<_> =
        report.steps.iter().filter(|step| step.kind == StepKind::Migration).map(|step| (step.name.as_str(), step.is_applied())).collect();
    assert_eq!(names, [("0001_goods", true), ("0002_index", true)]);
    let mut client = client(database.url());
    assert_eq!(text(&mut client, PROGRESS), ["done"; 12].join(", "));
    assert_eq!(text(&mut client, "SELECT sum(price)::text FROM shop.goods"), "6");
    assert_eq!(text(&mut client, "SELECT to_regclass('public.moods')::text"), "moods");
    let row =
        "SELECT format('%s %s %s', transactional, finished_at > started_at, milliseconds > 0) FROM elyos.migrations WHERE position = 2";
    assert_eq!(text(&mut client, row), "f t t");
    assert_eq!(init(&project, database.url()).expect("all is there").outcome, Outcome::NothingToDo);
    let locks = "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    until(&mut client, locks);
}

#[test]
fn an_embedded_migration_runs_as_the_one_in_the_folder() {
    static STEPWISE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/stepwise");
    let database = database();
    Init::new(&STEPWISE).database_url(database.url()).run().expect("it goes through");
    assert_eq!(text(&mut client(database.url()), PROGRESS), ["done"; 8].join(", "));
    // The same statements, and the same hashes of them.
    let folder = elyos_cli::project::load(&elyos_tests::workspace().join("tests/bundles/stepwise")).expect("the same folder");
    assert_eq!(Init::new(&folder).database_url(database.url()).run().expect("all is there").outcome, Outcome::NothingToDo);
    assert_eq!(format!("{:?}", folder.migrations), format!("{:?}", STEPWISE.migrations));
}

#[test]
fn a_start_that_waits_does_not_keep_an_index_from_being_built() {
    let database = database();
    let url = database.url();
    // The transactions of the lock keep no snapshot, whatever the default is.
    client(url)
        .batch_execute(&format!("ALTER DATABASE {} SET default_transaction_isolation = 'repeatable read'", database.name()))
        .expect("it can be set");
    let project = shop("CREATE INDEX CONCURRENTLY goods_name ON goods (name);");
    init(&project.clone().without("migrations/0002_index.sql"), url).expect("the first release");
    let reader = reader(url);
    let bundle = project.load();
    let waits = AtomicBool::new(false);
    let reports: Vec<Report> = thread::scope(|scope| {
        let first = scope.spawn(|| Init::new(&bundle).database_url(url).run());
        until(
            &mut client(url),
            "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock' \
             AND datname = current_database()",
        );
        let others: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let init = Init::new(&bundle).database_url(url).observe(|event| {
                        waits.fetch_or(matches!(event, Event::Locked { .. }), Ordering::Relaxed);
                    });
                    init.run()
                })
            })
            .collect();
        while !waits.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(2));
        }
        drop(reader);
        [first].into_iter().chain(others).map(|start| start.join().expect("no panic").expect("it goes through")).collect()
    });
    assert_eq!(reports.iter().map(|report| report.applied(StepKind::Migration)).collect::<Vec<_>>(), [1, 0, 0, 0]);
    assert_eq!(text(&mut client(url), INDEXES), "goods_name, goods_pkey");
}

#[test]
fn an_invalid_index_of_an_interrupted_migration_is_named_and_once_dropped_built_again() {
    let database = database();
    let url = database.url();
    let project = shop("CREATE TABLE prices (id int);\n\nCREATE INDEX CONCURRENTLY \"Goods Name\" ON goods (name);\nSELECT 1;");
    interrupted(&project, &database);
    let mut client = client(url);
    assert_eq!(text(&mut client, INDEXES), "Goods Name INVALID, goods_pkey");
    assert_eq!(text(&mut client, PROGRESS), "done, started, not yet");
    let expected = "the migration 0002_index cannot go on with its statement 2: an attempt that did not come to its end has left the index \
                    shop.\"Goods Name\" behind, which is INVALID\n --> migrations/0002_index.sql:4:1\n  |\n\
                    4 | CREATE INDEX CONCURRENTLY \"Goods Name\" ON goods (name);\n  | \
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  \
                    = help: DROP INDEX CONCURRENTLY shop.\"Goods Name\"; Then start again: the migration goes on with this statement";
    let error = init(&project, url).expect_err("the index is in the way");
    assert_eq!(error.to_string(), expected);
    assert!(error.is_drift() && !error.is_connection());
    let status = Init::new(&project.load()).database_url(url).status().expect("the status");
    assert_eq!((status.migrations[1].state, status.conflict.as_deref()), (ItemState::Interrupted, Some(expected)));
    assert!(
        status
            .to_string()
            .contains("            0002_index                     under way or interrupted, 1 of 3 statements done, started "),
        "{status}"
    );
    assert!(!status.up_to_date);

    client.batch_execute("DROP INDEX CONCURRENTLY shop.\"Goods Name\"").expect("as it was told");
    let report = init(&project, url).expect("it goes on");
    assert_eq!(report.applied(StepKind::Migration), 1);
    assert_eq!(text(&mut client, INDEXES), "Goods Name, goods_pkey");
    assert_eq!(text(&mut client, PROGRESS), "done, done, done");
}

#[test]
fn an_index_that_the_server_has_finished_by_itself_is_taken_as_built() {
    let database = database();
    let url = database.url();
    let project = shop("CREATE INDEX CONCURRENTLY goods_name ON goods (name);\nALTER TABLE goods ADD price int;");
    interrupted(&project, &database);
    let mut client = client(url);
    client.batch_execute("DROP INDEX shop.goods_name; CREATE INDEX goods_name ON shop.goods (name)").expect("the same index, and whole");
    init(&project, url).expect("it goes on");
    assert_eq!(text(&mut client, PROGRESS), "done, done");
    assert_eq!(text(&mut client, INDEXES), "goods_name, goods_pkey");
}

#[test]
fn an_index_that_cannot_be_built_is_told_with_what_it_left() {
    let database = database();
    let url = database.url();
    let project = shop("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS goods_name ON goods (name);");
    let error = init(&project, url).expect_err("the names are not unique");
    assert_eq!(
        error.to_string(),
        "the migration 0002_index failed in its statement 1, and left the index shop.goods_name behind, which is INVALID: could not create \
         unique index \"goods_name\"\n --> migrations/0002_index.sql:2:1\n  |\n\
         2 | CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS goods_name ON goods (name);\n  | \
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Key (name)=(n2) is duplicated.\n  |\n  \
         = help: settle what the statement failed of, in the rows or in this file\n  \
         = help: DROP INDEX CONCURRENTLY shop.goods_name; Then start again: the migration goes on with this statement"
    );
    assert!(error.is_unique_violation() && !error.is_drift());
    // IF NOT EXISTS would take the invalid one for the index that is wanted.
    let again = init(&project, url).expect_err("the index is in the way").to_string();
    assert!(again.starts_with("the migration 0002_index cannot go on with its statement 1: "), "{again}");
    let mut client = client(url);
    assert_eq!(text(&mut client, PROGRESS), "not yet");

    // What has not been done may be changed.
    client.batch_execute("DROP INDEX CONCURRENTLY shop.goods_name").expect("as it was told");
    let mended = shop("CREATE INDEX CONCURRENTLY IF NOT EXISTS goods_name ON goods (name);\nSELECT 1;");
    init(&mended, url).expect("it goes on");
    assert_eq!(text(&mut client, PROGRESS), "done, done");
    assert_eq!(init(&mended, url).expect("all is there").outcome, Outcome::NothingToDo);
}

#[test]
fn a_statement_in_a_transaction_is_done_just_when_that_is_recorded() {
    let database = database();
    let url = database.url();
    let project =
        shop("INSERT INTO goods VALUES (101, 'x');\nSET search_path = public;\nINSERT INTO goods VALUES (102, /* é */ 'y');\nSELECT 1;");
    let error = init(&project, url).expect_err("there is no such table in that schema");
    assert_eq!(
        error.to_string(),
        "migration 0002_index failed: relation \"goods\" does not exist\n --> migrations/0002_index.sql:4:13\n  |\n\
         4 | INSERT INTO goods VALUES (102, /* é */ 'y');\n  |             ^^^^^\n  |\n  \
         = help: is its name spelt right, and is it in a migration that has been applied?"
    );
    let mut client = client(url);
    assert_eq!(text(&mut client, PROGRESS), "done, done, not yet, not yet");
    // What was set in the file is set again where the file goes on.
    client.batch_execute("CREATE TABLE public.goods (id int, name text)").expect("a table");
    init(&project, url).expect("it goes on");
    assert_eq!(text(&mut client, "SELECT count(*)::text FROM shop.goods"), "101");
    assert_eq!(text(&mut client, "SELECT id::text FROM public.goods"), "102");
}

#[test]
fn what_was_done_before_an_interruption_has_to_stay_as_it_was() {
    let database = database();
    let url = database.url();
    let project = shop("ALTER TABLE goods ADD price int;\nSELECT oops;");
    init(&project, url).expect_err("there is no such column");
    let error = init(&shop("ALTER TABLE goods ADD price bigint;\nSELECT 1;"), url).expect_err("it is another statement");
    assert_eq!(
        error.to_string(),
        "the migration 0002_index was interrupted behind its statement 1, which is not the one that was run then\n \
         --> migrations/0002_index.sql:2:1\n  |\n2 | ALTER TABLE goods ADD price bigint;\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ \
         this was another\n  |\n  = help: restore the statements that have been run; those behind them may be changed"
    );
    assert!(error.is_drift());
    let unmarked = project.clone().migration("0002_index", "ALTER TABLE goods ADD price int;\nSELECT 1;");
    let error = init(&unmarked, url).expect_err("its first statement is done");
    assert_eq!(
        error.to_string(),
        "the migration 0002_index was interrupted behind its statement 1, and is not marked `no-transaction` any more\n  \
         = help: mark it again: it goes on behind what has been done"
    );
    init(&shop("ALTER TABLE goods\n    ADD price int; -- euros\nSELECT 1;"), url).expect("it goes on");
}

#[test]
fn a_migration_of_which_nothing_was_done_may_lose_its_mark() {
    let database = database();
    let url = database.url();
    let project = shop("SELECT oops;");
    init(&project, url).expect_err("there is no such column");
    init(&project.migration("0002_index", "ALTER TABLE goods ADD price int;"), url).expect("it is one transaction now");
    let row = "SELECT format('%s %s', transactional, finished_at IS NOT NULL) FROM elyos.migrations WHERE position = 2";
    assert_eq!(text(&mut client(url), row), "t t");
}

#[test]
fn a_statement_of_which_only_a_person_can_tell_is_left_to_one() {
    let database = database();
    let url = database.url();
    let block = "DO $$ BEGIN UPDATE shop.goods SET name = 'x' WHERE id = 1; COMMIT; UPDATE shop.goods SET name = 'y' WHERE id = 2; END $$";
    let project = shop(&format!("{block};\nALTER TABLE goods ADD price int;"));
    init(&project.clone().without("migrations/0002_index.sql"), url).expect("the first release");
    let mut holder = client(url);
    holder.batch_execute("BEGIN; UPDATE shop.goods SET name = 'held' WHERE id = 2").expect("a row is locked");
    thread::scope(|scope| {
        let start = scope.spawn(|| init(&project, url));
        kill_in(&mut client(url), "DO $$");
        start.join().expect("no panic").expect_err("its session has been ended");
    });
    holder.batch_execute("ROLLBACK").expect("it ends");
    let error = init(&project, url).expect_err("a person has to look");
    assert_eq!(
        error.to_string(),
        format!(
            "the migration 0002_index did not come to the end of its statement 1 of 2\n --> migrations/0002_index.sql:2:1\n  |\n2 | {block};\n  | {} \
             it may have been done, in part or as a whole\n  |\n  \
             = help: look whether the database has what the statement does, and say so in the ledger; then start again\n  \
             = help: if it has: UPDATE elyos.statements SET finished_at = now() WHERE position = 2 AND number = 1\n  \
             = help: if it has nothing of it: UPDATE elyos.statements SET started_at = NULL WHERE position = 2 AND number = 1",
            "^".repeat(block.len())
        )
    );
    assert!(error.is_drift());
    let mut client = client(url);
    let names = "SELECT string_agg(name, ',' ORDER BY id) FROM shop.goods WHERE id < 3";
    assert_eq!(text(&mut client, names), "x,n2");
    client.batch_execute("UPDATE elyos.statements SET started_at = NULL WHERE position = 2 AND number = 1").expect("as it was told");
    init(&project, url).expect("it goes on");
    assert_eq!(text(&mut client, names), "x,y");
    assert_eq!(text(&mut client, PROGRESS), "done, done");
}

/// A start that has applied all of the migration but its last statement, as if it had been killed just before or behind it.
fn killed_at_the_last(second: &str, url: &str) -> Project {
    let project = shop(second);
    init(&project, url).expect("it goes through");
    let sql = "UPDATE elyos.statements SET finished_at = NULL WHERE position = 2 AND number = (SELECT max(number) FROM elyos.statements \
               WHERE position = 2); UPDATE elyos.migrations SET finished_at = NULL WHERE position = 2; UPDATE elyos.state SET digest = NULL";
    client(url).batch_execute(sql).expect("an update");
    project
}

#[test]
fn what_can_be_told_from_the_database_is_gone_on_with() {
    // The last statement, what is done by hand since it was recorded as started, and the indexes at the end.
    let cases = [
        ("CREATE INDEX CONCURRENTLY goods_name ON goods (name)", "", "goods_name, goods_pkey"),
        ("CREATE INDEX CONCURRENTLY goods_name ON goods (name)", "DROP INDEX shop.goods_name", "goods_name, goods_pkey"),
        ("CREATE INDEX g ON goods (name); DROP INDEX CONCURRENTLY g", "", "goods_pkey"),
        ("CREATE INDEX g ON goods (name); DROP INDEX CONCURRENTLY g", "CREATE INDEX g ON shop.goods (name)", "goods_pkey"),
        ("REINDEX TABLE CONCURRENTLY goods", "", "goods_pkey"),
        ("VACUUM ANALYZE goods", "", "goods_pkey"),
    ];
    for (second, by_hand, indexes) in cases {
        let database = database();
        let project = killed_at_the_last(second, database.url());
        let mut client = client(database.url());
        client.batch_execute(by_hand).expect("what is done by hand");
        let report = init(&project, database.url()).expect("it goes on");
        assert_eq!(report.applied(StepKind::Migration), 1, "{second}");
        assert_eq!(text(&mut client, INDEXES), indexes, "{second}, {by_hand}");
        assert!(!text(&mut client, PROGRESS).contains("started"), "{second}");
    }
}

#[test]
fn what_only_the_server_knows_to_be_no_part_of_a_transaction_is_run_as_it_is() {
    let database = database();
    let url = database.url();
    let parted = "CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY LIST (id);\nCREATE TABLE part PARTITION OF parted DEFAULT;\n";
    let sql = format!("{parted}REINDEX TABLE parted;\nSELECT 1;");
    let unmarked = shop("").migration("0002_index", &sql);
    let error = init(&unmarked, url).expect_err("not in a transaction");
    assert_eq!(
        error.to_string(),
        "migration 0002_index failed: REINDEX TABLE cannot run inside a transaction block\n --> migrations/0002_index.sql:3:1\n  |\n\
         3 | REINDEX TABLE parted;\n  | ^^^^^^^^^^^^^^^^^^^^\n  |\n  \
         = help: in a migration whose first line is `-- elyos: no-transaction`, each statement is committed by itself"
    );
    init(&shop(&sql), url).expect("it goes through");
    let mut client = client(url);
    assert_eq!(text(&mut client, PROGRESS), ["done"; 4].join(", "));

    // If nobody sees the end of such a one, a person has to look.
    let sql = "UPDATE elyos.statements SET finished_at = NULL WHERE position = 2 AND number > 2; \
               UPDATE elyos.statements SET started_at = NULL WHERE position = 2 AND number > 3; \
               UPDATE elyos.migrations SET finished_at = NULL WHERE position = 2; UPDATE elyos.state SET digest = NULL";
    client.batch_execute(sql).expect("an update");
    let error = init(&shop(&format!("{parted}REINDEX TABLE parted;\nSELECT 1;")), url).expect_err("a person has to look").to_string();
    assert!(error.starts_with("the migration 0002_index did not come to the end of its statement 3 of 4\n"), "{error}");
}

#[test]
fn what_an_interrupted_reindex_leaves_is_named() {
    let database = database();
    let url = database.url();
    let project = killed_at_the_last("REINDEX TABLE CONCURRENTLY goods", url);
    let mut client = client(url);
    client
        .batch_execute(
            "CREATE INDEX goods_pkey_ccnew ON shop.goods (id); CREATE INDEX goods_name_ccold1 ON shop.goods (name); \
             UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('shop.goods_pkey_ccnew'::regclass, 'shop.goods_name_ccold1'::regclass)",
        )
        .expect("what is left");
    let error = init(&project, url).expect_err("they are in the way");
    assert_eq!(
        error.to_string(),
        "the migration 0002_index cannot go on with its statement 1: an attempt that did not come to its end has left the indexes \
         shop.goods_name_ccold1, shop.goods_pkey_ccnew behind, which are INVALID\n --> migrations/0002_index.sql:2:1\n  |\n\
         2 | REINDEX TABLE CONCURRENTLY goods\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  \
         = help: DROP INDEX CONCURRENTLY shop.goods_name_ccold1; DROP INDEX CONCURRENTLY shop.goods_pkey_ccnew; Then start again: the \
         migration goes on with this statement"
    );
    client.batch_execute("DROP INDEX shop.goods_name_ccold1, shop.goods_pkey_ccnew").expect("as it was told");
    init(&project, url).expect("it goes on");
}

#[test]
fn a_role_s_time_outs_do_not_end_an_index_that_waits() {
    let database = database();
    let url = database.url();
    client(url)
        .batch_execute(&format!(
            "ALTER DATABASE {0} SET statement_timeout = '1500ms'; ALTER DATABASE {0} SET lock_timeout = '100ms'",
            database.name()
        ))
        .expect("it can be set");
    let project = shop("CREATE INDEX CONCURRENTLY goods_name ON goods (name);");
    init(&project.clone().without("migrations/0002_index.sql"), url).expect("the first release");
    let reader = reader(url);
    thread::scope(|scope| {
        let start = scope.spawn(|| Init::new(&project.load()).database_url(url).migration_lock_timeout(Duration::from_millis(300)).run());
        thread::sleep(Duration::from_secs(2));
        drop(reader);
        start.join().expect("no panic").expect("it goes through");
    });
    assert_eq!(text(&mut client(url), INDEXES), "goods_name, goods_pkey");
    assert_eq!(dump(&mut client(url))["shop.goods"].len(), 100);
}

#[test]
fn a_killed_start_is_waited_for_while_its_server_process_works_on() {
    let database = database();
    let url = database.url();
    let project = shop("CREATE INDEX CONCURRENTLY goods_name ON goods (name);");
    init(&project.clone().without("migrations/0002_index.sql"), url).expect("the first release");
    let reader = reader(url);
    // What a killed start leaves at the server: its session, which is building, and which holds the lock of that.
    let mut left = client(url);
    left.batch_execute("SELECT pg_advisory_lock(111516568220418)").expect("nobody holds it");
    let mut waited = false;
    thread::scope(|scope| {
        let building = scope.spawn(move || {
            left.batch_execute("CREATE INDEX CONCURRENTLY goods_name ON shop.goods (name)").expect("it is built in the end");
        });
        let mut watcher = client(url);
        until(&mut watcher, "SELECT count(*) = 1 FROM pg_index WHERE indexrelid = to_regclass('shop.goods_name') AND NOT indisvalid");
        let short = Init::new(&project.load()).database_url(url).lock_timeout(Duration::from_millis(200)).run();
        let error = short.expect_err("the other is still at it").to_string();
        assert!(error.contains("its last query: CREATE INDEX CONCURRENTLY goods_name"), "{error}");
        let mut reader = Some(reader);
        let report = Init::new(&project.clone().without("migrations/0002_index.sql").seed("one", &[], "SELECT 1;").load())
            .database_url(url)
            .observe(|event| {
                if matches!(event, Event::Locked { .. }) {
                    waited = true;
                    drop(reader.take());
                }
            })
            .run()
            .expect("it goes on when the other has ended");
        assert_eq!(report.applied(StepKind::Seed), 1);
        building.join().expect("no panic");
    });
    assert!(waited);
}

#[test]
fn a_call_that_the_server_finds_no_sense_in_has_not_been_started() {
    let database = database();
    let url = database.url();
    let procedure = "CREATE PROCEDURE shop.fill() LANGUAGE plpgsql AS $$ BEGIN\n\
                     UPDATE shop.goods SET name = 'new' WHERE id = 1; COMMIT; PERFORM shop.nowhere(); END $$;";
    let wrong = shop(&format!("{procedure}\nCALL shop.fil();"));
    let error = init(&wrong, url).expect_err("there is no such procedure");
    assert_eq!(error.code(), Some("42883"));
    assert!(error.to_string().starts_with("migration 0002_index failed: procedure shop.fil() does not exist\n"), "{error}");
    assert_eq!(text(&mut client(url), PROGRESS), "done, not yet");
    // The same code from within the procedure, when a part of it is committed.
    let error = init(&shop(&format!("{procedure}\nCALL shop.fill();")), url).expect_err("there is no such function");
    assert_eq!(error.code(), Some("42883"));
    assert_eq!(text(&mut client(url), "SELECT name FROM shop.goods WHERE id = 1"), "new");
    assert_eq!(text(&mut client(url), PROGRESS), "done, started");
}
