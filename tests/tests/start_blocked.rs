//! Migrations that are given no lock: they do not queue the application behind them, try again, and name who is in the way.

use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Event, StepKind};
use elyos_tests::pooler::Pooler;
use elyos_tests::snapshot::dump;
use elyos_tests::{Project, client, database};
use postgres::Client;

fn first() -> Project {
    Project::new().migration("0001_goods", "CREATE TABLE goods (id int PRIMARY KEY);\nINSERT INTO goods VALUES (1), (2);")
}

fn second() -> Project {
    first().migration("0002_price", "CREATE TABLE prices (id int);\nALTER TABLE goods\n    ADD price int;")
}

/// Somebody who has read the table and leaves the transaction open.
fn stranger(url: &str) -> (Client, i32) {
    let mut config: postgres::Config = url.parse().expect("a URL");
    let mut client = config.application_name("a stranger").connect(postgres::NoTls).expect("the database is there");
    let pid = client.query_one("SELECT pg_backend_pid()", &[]).expect("its pid").get(0);
    client.batch_execute("BEGIN").expect("a transaction");
    client.query("SELECT   *\n FROM goods", &[]).expect("it reads");
    (client, pid)
}

#[test]
fn whoever_is_in_the_way_until_the_deadline_is_named() {
    let database = database();
    let url = database.url();
    Init::new(&first().load()).database_url(url).run().expect("the first release");
    let before = dump(&mut client(url));
    let (holder, pid) = stranger(url);
    let who = format!("pid {pid}, application_name \"a stranger\", idle in transaction, its last query: SELECT * FROM goods");
    let mut told = Vec::new();
    let started = Instant::now();
    let error = Init::new(&second().load())
        .database_url(url)
        .migration_lock_timeout(Duration::from_millis(400))
        .migration_lock_deadline(Duration::from_millis(1300))
        .observe(|event| {
            if let Event::Blocked { name, attempts, waited, blockers, .. } = event {
                told.push(((*name).to_owned(), *attempts, blockers.to_vec()));
                assert!(*waited <= started.elapsed());
            }
        })
        .run()
        .expect_err("the table is in use");
    assert!(started.elapsed() >= Duration::from_millis(1300));
    let attempts = told.len();
    assert!(attempts >= 2, "{told:?}");
    for (number, told) in told.iter().enumerate() {
        assert_eq!(*told, ("0002_price".to_owned(), number + 1, vec![who.clone()]));
    }
    let text = error.to_string();
    let (title, rest) = text.split_once(": ").expect("a title and who it is");
    // A busy machine takes longer to see that the time is over.
    assert!(
        ["1 second", "2 seconds", "3 seconds", "4 seconds"]
            .map(|time| format!("the migration 0002_price was given no lock for {time}, in {attempts} attempts"))
            .contains(&title.to_owned()),
        "{text}"
    );
    assert_eq!(
        rest,
        format!(
            "before it is {who}\n --> migrations/0002_price.sql:2:1\n  |\n2 | ALTER TABLE goods\n  | ^^^^^^^^^^^^^^^^^\n  |\n  \
             = help: nothing of this transaction is left; start again when the others have ended\n  \
             = help: to end another's session: SELECT pg_terminate_backend(its pid)"
        )
    );
    assert_eq!((error.code(), error.is_drift()), (Some("55P03"), false));
    assert!(error.is_refused_by_database());
    assert_eq!(dump(&mut client(url)), before);
    drop(holder);
    let report = Init::new(&second().load()).database_url(url).run().expect("nobody is in the way");
    assert_eq!(report.applied(StepKind::Migration), 1);
}

#[test]
fn a_lock_that_is_given_up_lets_the_migration_through_at_its_next_attempt() {
    let database = database();
    let url = database.url();
    Init::new(&first().load()).database_url(url).run().expect("the first release");
    for mark in ["", "-- elyos: no-transaction\n"] {
        let mut holder = Some(stranger(url));
        let name = if mark.is_empty() { "0002_one" } else { "0003_two" };
        let column = &name[5..];
        let mut project = first().migration("0002_one", "ALTER TABLE goods ADD one int;");
        if !mark.is_empty() {
            project = project.migration(name, &format!("{mark}ALTER TABLE goods ADD {column} int;\nVACUUM FULL goods;"));
        }
        let mut told = 0;
        let report = Init::new(&project.load())
            .database_url(url)
            .migration_lock_timeout(Duration::from_millis(100))
            .observe(|event| {
                if matches!(event, Event::Blocked { .. }) {
                    told += 1;
                    drop(holder.take());
                }
            })
            .run()
            .expect("it goes on");
        assert_eq!(report.applied(StepKind::Migration), 1);
        assert!(told >= 1);
    }
}

#[test]
fn the_application_does_not_queue_behind_a_migration_that_waits() {
    let database = database();
    let url = database.url();
    Init::new(&first().load()).database_url(url).run().expect("the first release");
    let (mut holder, _) = stranger(url);
    thread::scope(|scope| {
        let start = scope.spawn(|| Init::new(&second().load()).database_url(url).migration_lock_timeout(Duration::from_millis(300)).run());
        let mut application = client(url);
        let waits = "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'goods'::regclass AND mode = 'AccessExclusiveLock'";
        let deadline = Instant::now() + Duration::from_secs(20);
        while !application.query_one(waits, &[]).expect("a truth value").get::<_, bool>(0) {
            assert!(Instant::now() < deadline, "it never waited");
        }
        // Queued behind the migration, and let through when that gives up, though the holder is still there.
        application.query("SELECT * FROM goods", &[]).expect("it reads");
        holder.batch_execute("COMMIT").expect("it ends");
        start.join().expect("no panic").expect("it goes on");
    });
}

#[test]
fn a_migration_that_the_server_ends_in_a_deadlock_is_tried_again() {
    let database = database();
    let url = database.url();
    let first = first().migration("0002_other", "CREATE TABLE other (id int);");
    Init::new(&first.load()).database_url(url).run().expect("the first release");
    let deadlock = first.migration("0003_two", "ALTER TABLE goods ADD two int;\nALTER TABLE other ADD two int;");
    let mut told = Vec::new();
    thread::scope(|scope| {
        let (mut holder, _) = stranger(url);
        holder.batch_execute("ROLLBACK; BEGIN; SET LOCAL deadlock_timeout = '1h'; LOCK TABLE other").expect("its locks");
        let told = &mut told;
        let start = scope.spawn(move || {
            let bundle = deadlock.load();
            // It waits longer than until the server looks for a deadlock.
            let init = Init::new(&bundle).database_url(url).migration_lock_timeout(Duration::from_secs(30));
            init.observe(|event| {
                if let Event::Blocked { name, attempts, .. } = event {
                    told.push(((*name).to_owned(), *attempts));
                }
            })
            .run()
            .map(|report| report.applied(StepKind::Migration))
        });
        let mut application = client(url);
        let waits = "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'other'::regclass";
        let deadline = Instant::now() + Duration::from_secs(20);
        while !application.query_one(waits, &[]).expect("a truth value").get::<_, bool>(0) {
            assert!(Instant::now() < deadline, "it never waited");
        }
        // The migration has the one table and waits for the other.
        holder.batch_execute("LOCK TABLE goods; COMMIT").expect("the server ends the migration, and not this");
        assert_eq!(start.join().expect("no panic").expect("it goes on"), 1);
    });
    assert_eq!(told, [("0003_two".to_owned(), 1)]);
}

#[test]
fn a_migration_may_set_its_own_time_out() {
    let database = database();
    let url = database.url();
    Init::new(&first().load()).database_url(url).run().expect("the first release");
    let (mut holder, _) = stranger(url);
    let project = first().migration("0002_price", "SET LOCAL lock_timeout = '20s';\nALTER TABLE goods ADD price int;");
    let mut told = 0;
    thread::scope(|scope| {
        let told = &mut told;
        let start = scope.spawn(move || {
            let bundle = project.load();
            let init = Init::new(&bundle).database_url(url).migration_lock_timeout(Duration::from_millis(50));
            init.observe(|event| *told += usize::from(matches!(event, Event::Blocked { .. }))).run().map(drop)
        });
        thread::sleep(Duration::from_millis(500));
        holder.batch_execute("COMMIT").expect("it ends");
        start.join().expect("no panic").expect("it waited as long as it wanted");
    });
    assert_eq!(told, 0);
}

#[test]
fn a_new_value_of_an_enum_that_only_the_server_sees_used_is_told_with_the_mark() {
    let database = database();
    let url = database.url();
    let first = Project::new().migration("0001_mood", "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE moods (m mood);");
    Init::new(&first.load()).database_url(url).run().expect("the first release");
    let sql = "ALTER TYPE mood ADD VALUE 'fine';\nINSERT INTO moods VALUES ('fine');";
    let error = Init::new(&first.clone().migration("0002_fine", sql).load()).database_url(url).run().expect_err("it is not committed yet");
    assert_eq!(
        error.to_string(),
        "migration 0002_fine failed: unsafe use of new value \"fine\" of enum type mood\n --> migrations/0002_fine.sql:2:27\n  |\n\
         2 | INSERT INTO moods VALUES ('fine');\n  |                           ^\n  |\n  \
         = help: New enum values must be committed before they can be used.\n  \
         = help: in a migration whose first line is `-- elyos: no-transaction`, each statement is committed by itself"
    );
    let marked = first.migration("0002_fine", &format!("-- elyos: no-transaction\n{sql}"));
    Init::new(&marked.load()).database_url(url).run().expect("each statement is committed by itself");
}

#[test]
fn behind_a_pooler_in_transaction_mode_a_migration_that_is_no_transaction_is_refused() {
    let database = database();
    let init = |bundle: &elyos_runtime::Bundle, url: &str| Init::new(bundle).database_url(url).lock_timeout(Duration::from_secs(5)).run();
    let pooler = Pooler::new(database.url());
    let first = first().seed("goods", &[], "INSERT INTO goods VALUES (3) ON CONFLICT DO NOTHING;");
    let report = init(&first.load(), &pooler.url()).expect("all else goes through a pooler");
    assert_eq!((report.applied(StepKind::Migration), report.applied(StepKind::Seed)), (1, 1));
    let sql = "-- elyos: no-transaction\nALTER TABLE goods ADD price int;\nCREATE INDEX CONCURRENTLY goods_price ON goods (price);";
    let marked = first.migration("0002_price", sql).load();
    let error = init(&marked, &pooler.url()).expect_err("each statement may go to another session");
    assert_eq!(
        error.to_string(),
        "the migration 0002_price is not one transaction, and the connection changes its server between transactions\n  \
         = help: a pooler in transaction mode is in between: connect to the server itself for this"
    );
    // The pooler's sessions are there still; what the start had set or locked in one of them is not.
    let report = Init::new(&marked)
        .database_url(database.url())
        .lock_timeout(Duration::from_secs(10))
        .run()
        .expect("without the pooler it goes through");
    assert_eq!(report.applied(StepKind::Migration), 1);
    pooler.close();
}

#[test]
fn a_pooler_that_gives_another_session_in_the_middle_is_noticed_wherever_that_is() {
    const REFUSED: &str = "the migration 0002_index is not one transaction, and the connection changes its server between transactions\n  \
                           = help: a pooler in transaction mode is in between: connect to the server itself for this";
    let first = Project::new().head("schemas = [\"shop\"]").head("search_path = [\"shop\"]");
    let first = first.migration("0001_goods", "CREATE TABLE goods (id int);");
    // In a session that is not set up for it, the table would not be found.
    let sql =
        "-- elyos: no-transaction\nALTER TABLE goods ADD price int;\nCREATE INDEX CONCURRENTLY goods_id ON goods (id);\nVACUUM goods;";
    let (first, marked) = (first.load(), first.clone().migration("0002_index", sql).load());
    let (mut refused, mut unnoticed) = (0, 0);
    // Fewer than the start sends before it comes to the migration.
    for requests in 8.. {
        let database = database();
        Init::new(&first).database_url(database.url()).run().expect("the first release");
        let pooler = Pooler::that_moves_behind(database.url(), requests);
        let started = Init::new(&marked).database_url(pooler.url()).lock_timeout(Duration::from_secs(5)).run();
        pooler.close();
        match started.map_err(|error| error.to_string()) {
            Ok(report) => {
                assert_eq!(report.applied(StepKind::Migration), 1);
                // That was the last of the migration's requests; before the first of them it is of no matter, too.
                if refused > 0 {
                    break;
                }
            }
            Err(error) if error == REFUSED => refused += 1,
            // Between the look at the session and the statement that has to be alone there is room for one more request.
            Err(error) => {
                assert!(
                    error.starts_with("migration 0002_index failed: relation \"goods\" does not exist\n"),
                    "behind {requests}: {error}"
                );
                unnoticed += 1;
            }
        }
        // Whatever was left, a start without a pooler goes on with it.
        let report = Init::new(&marked).database_url(database.url()).lock_timeout(Duration::from_secs(10)).run();
        report.unwrap_or_else(|error| panic!("behind {requests}: {error}"));
    }
    assert!(refused >= 8, "{refused}");
    assert!(unnoticed <= 2, "one at most for each statement that has to be alone, and not {unnoticed}");
}
