//! Migrations that have changed since they were applied, told by statement; and a ledger that has not got the statements.

use std::thread;
use std::time::Duration;

use elyos_runtime::prelude::*;
use elyos_runtime::{Event, ItemState, Outcome, Report, StepKind};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, as_version_1_left_it, client, database};

const FIRST: &str = "CREATE TABLE goods (\n    name text PRIMARY KEY\n);\n\n-- What they cost.\nALTER TABLE goods ADD price integer;\n\
                     INSERT INTO goods VALUES ('tea', 3);\n";

fn shop(migration: &str) -> Project {
    Project::new().migration("0001_goods", migration).seed("goods", &[], "INSERT INTO goods VALUES ('milk', 2) ON CONFLICT DO NOTHING;")
}

fn start(project: &Project, url: &str) -> Result<Report, Error> {
    Init::new(&project.load()).database_url(url).run()
}

const HELP: &str = "  = help: restore the file as it was and put the change into a new migration";

#[test]
fn the_statement_that_has_changed_is_shown() {
    let database = database();
    start(&shop(FIRST), database.url()).expect("the first release");
    let mut client = client(database.url());
    let before = dump(&mut client);
    let title = "the migration 0001_goods has changed since it was applied";
    let cases = [
        (
            FIRST.replace("price integer", "price bigint"),
            format!(
                "{title}: its statement 2 is not the one that was applied\n --> migrations/0001_goods.sql:6:1\n  |\n\
                 6 | ALTER TABLE goods ADD price bigint;\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this was another\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("INSERT", "ALTER TABLE goods ADD tax integer;\nINSERT"),
            format!(
                "{title}: its statement 3 was not in it\n --> migrations/0001_goods.sql:7:1\n  |\n\
                 7 | ALTER TABLE goods ADD tax integer;\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is new\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("ALTER TABLE goods ADD price integer;\n", ""),
            format!(
                "{title}: its statement 2 is gone\n --> migrations/0001_goods.sql:6:1\n  |\n\
                 6 | INSERT INTO goods VALUES ('tea', 3);\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it stood before this\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("INSERT INTO goods VALUES ('tea', 3);\n", ""),
            format!(
                "{title}: its statement 3 is gone\n --> migrations/0001_goods.sql:6:1\n  |\n\
                 6 | ALTER TABLE goods ADD price integer;\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it stood behind this\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("name text", "name varchar").replace("'tea', 3", "'tea', 4"),
            format!(
                "{title}: its statement 1 is not the one that was applied, and 1 more differs\n --> migrations/0001_goods.sql:1:1\n  |\n\
                 1 | CREATE TABLE goods (\n  | ^^^^^^^^^^^^^^^^^^^^ this was another\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("goods VALUES", "goods\nVALUES /* all */"),
            format!(
                "{title}, though in comments or white space only\n --> migrations/0001_goods.sql:7:1\n  |\n\
                 7 | INSERT INTO goods\n  | ^^^^^^^^^^^^^^^^^\n  |\n{HELP}"
            ),
        ),
        (
            FIRST.replace("What they cost.", "What they are worth."),
            format!("{title}, though in comments or white space only\n --> migrations/0001_goods.sql\n{HELP}"),
        ),
    ];
    for (text, expected) in cases {
        let project = shop(&text);
        let error = start(&project, database.url()).expect_err("it has changed");
        assert_eq!(error.to_string(), expected);
        assert!(error.is_drift() && !error.is_usage());
        assert_same(&before, &dump(&mut client));
        let status = Init::new(&project.load()).database_url(database.url()).status().expect("the status");
        assert_eq!(status.conflict.as_deref(), Some(&*expected));
        assert_eq!(status.migrations[0].state, ItemState::Changed);
    }
    let error = start(&shop(&FIRST.replace("price integer", "price bigint")), database.url()).expect_err("it has changed");
    assert_eq!(error.place(), Some(("migrations/0001_goods.sql", 6, 1)));

    // What is checked out on another system is the same text.
    let report = start(&shop(FIRST).as_checked_out_on_windows(), database.url()).expect("nothing has changed");
    assert_eq!(report.outcome, Outcome::NothingToDo);
}

fn count(url: &str, sql: &str) -> i64 {
    client(url).query_one(sql, &[]).expect("a count").get(0)
}

#[test]
fn a_ledger_of_version_1_is_upgraded_and_nothing_is_applied_again() {
    let database = database();
    let url = database.url();
    start(&shop(FIRST), url).expect("the first release");
    as_version_1_left_it(url);
    let before = dump(&mut client(url));

    // Nothing to do: one query, and no reason to write.
    let proxy = Proxy::new(url);
    let report = start(&shop(FIRST), &proxy.url()).expect("all is there");
    assert_eq!((report.outcome, proxy.requests().len()), (Outcome::NothingToDo, 1));
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 1);
    let status = Init::new(&shop(FIRST).load()).database_url(url).status().expect("the status");
    assert!(status.up_to_date && status.migrations.iter().all(|item| item.state == ItemState::Applied), "{status}");

    // Something to do.
    let next = shop(FIRST).migration("0002_tax", "ALTER TABLE goods ADD tax integer;\nALTER TABLE goods DROP tax;");
    let report = start(&next, url).expect("the next release");
    let applied: Vec<_> = report.steps.iter().filter(|step| step.is_applied()).map(|step| step.name.as_str()).collect();
    assert_eq!(applied, ["0002_tax"]);
    assert_eq!(before["public.goods"], dump(&mut client(url))["public.goods"]);
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 2);
    assert_eq!(count(url, "SELECT count(*) FROM elyos.migrations WHERE finished_at IS NOT NULL AND transactional"), 2);
    assert_eq!(count(url, "SELECT max(times_applied) FROM elyos.seeds"), 1);
    // The first release's statements are known too, as its text is the same.
    assert_eq!(count(url, "SELECT count(*) FROM elyos.statements WHERE position = 1"), 3);
    assert_eq!(count(url, "SELECT count(*) FROM elyos.statements WHERE position = 2"), 2);
    let changed = next.migration("0001_goods", &FIRST.replace("integer", "bigint"));
    let error = start(&changed, url).expect_err("it has changed").to_string();
    assert!(error.starts_with("the migration 0001_goods has changed since it was applied: its statement 2 is not the one that"), "{error}");
}

#[test]
fn the_upgraded_ledger_is_the_one_that_a_new_database_gets() {
    let columns = "SELECT string_agg(format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default), E'\\n' \
                   ORDER BY table_name, column_name) FROM information_schema.columns WHERE table_schema = 'elyos'";
    let comments = "SELECT string_agg(relname || ' ' || obj_description(oid), E'\\n' ORDER BY relname) FROM pg_class \
                    WHERE relnamespace = 'elyos'::regnamespace AND relkind = 'r'";
    let (new, old) = (database(), database());
    let next = shop(FIRST).revision(2);
    start(&next, new.url()).expect("a new database");
    start(&shop(FIRST), old.url()).expect("the first release");
    as_version_1_left_it(old.url());
    start(&next, old.url()).expect("the next release");
    for sql in [columns, comments] {
        let [new, old] = [&new, &old].map(|database| client(database.url()).query_one(sql, &[]).expect("a text").get::<_, String>(0));
        assert_eq!(old, new);
    }
}

#[test]
fn many_starts_at_once_upgrade_the_ledger_once() {
    let database = database();
    let url = database.url();
    start(&shop(FIRST), url).expect("the first release");
    as_version_1_left_it(url);
    let next = shop(FIRST).migration("0002_tax", "ALTER TABLE goods ADD tax integer;").load();
    let reports: Vec<Report> = thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| Init::new(&next).database_url(url).run())).collect();
        starts.into_iter().map(|start| start.join().expect("no panic").expect("it goes through")).collect()
    });
    assert_eq!(reports.iter().map(|report| report.applied(StepKind::Migration)).sum::<usize>(), 1);
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 2);
    assert_eq!(count(url, "SELECT max(times_applied) FROM elyos.seeds"), 1);
}

#[test]
fn an_upgrade_waits_for_nobody_who_reads_the_ledger_for_long() {
    let database = database();
    let url = database.url();
    start(&shop(FIRST), url).expect("the first release");
    as_version_1_left_it(url);
    let mut reader = client(url);
    reader.batch_execute("BEGIN; SET application_name = 'a dump'; SELECT FROM elyos.migrations").expect("it reads");
    let pid: i32 = reader.query_one("SELECT pg_backend_pid() -- whose password is that?", &[]).expect("its pid").get(0);
    let next = shop(FIRST).migration("0002_tax", "ALTER TABLE goods ADD tax integer;").load();
    let quick = || Init::new(&next).database_url(url).migration_lock_timeout(Duration::from_millis(100));
    let error = quick().migration_lock_deadline(Duration::ZERO).run().expect_err("it is being read");
    assert_eq!(
        error.to_string(),
        format!(
            "the upgrade of the ledger was given no lock for less than a second, in 1 attempt: before it is pid {pid}, application_name \
             \"a dump\", idle in transaction, its last query: (one that names a password)\n  \
             = help: nothing of this transaction is left; start again when the others have ended\n  \
             = help: to end another's session: SELECT pg_terminate_backend(its pid)"
        )
    );
    let mut reader = Some(reader);
    let report = quick()
        .observe(|event| {
            if let Event::Blocked { name, .. } = event {
                assert_eq!(*name, "the ledger");
                drop(reader.take());
            }
        })
        .run()
        .expect("it goes on");
    assert_eq!(report.applied(StepKind::Migration), 1);
    assert!(reader.is_none());
}

#[test]
fn a_change_since_version_1_is_refused_and_the_ledger_is_left_as_it_is() {
    let database = database();
    let url = database.url();
    start(&shop(FIRST), url).expect("the first release");
    as_version_1_left_it(url);
    let changed = shop(&FIRST.replace("integer", "bigint"));
    let error = start(&changed, url).expect_err("it has changed");
    assert_eq!(
        error.to_string(),
        format!("the migration 0001_goods has changed since it was applied\n --> migrations/0001_goods.sql\n{HELP}")
    );
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 1);
    let error = Init::new(&changed.load()).database_url(url).seed(&Selection::all()).expect_err("it has changed");
    assert!(error.is_drift(), "{error}");
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 1);
    // Seeding by hand upgrades it as well.
    Init::new(&shop(FIRST).load()).database_url(url).seed(&Selection::all()).expect("it seeds");
    assert_eq!(count(url, "SELECT version::bigint FROM elyos.state"), 2);
    assert_eq!(count(url, "SELECT count(*) FROM elyos.statements"), 3);
}
