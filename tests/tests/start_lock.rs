//! The lock: one start at a time, whoever holds it and however it is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, ELYOS, Event, Outcome, StepKind};
use elyos_tests::pooler::Pooler;
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, by_natural_keys, dump};
use elyos_tests::{Project, client, database, seeded};

/// The key of the lock that a start holds, and of the one that each of its transactions takes.
const RUN: i64 = 111_516_568_220_416;
const WORK: i64 = RUN + 1;

fn start(url: &str) -> Init<'static> {
    Init::new(&ELYOS).database_url(url).admin_email("")
}

/// Somebody else who holds the lock of this key until dropped.
fn stranger(url: &str, key: i64) -> postgres::Client {
    let mut config: postgres::Config = url.parse().expect("a URL");
    config.application_name("a stranger");
    let mut client = config.connect(postgres::NoTls).expect("the database is there");
    client.execute("SELECT pg_advisory_lock($1)", &[&key]).expect("nobody holds it");
    client
}

/// Waits until a statement's one truth value is true: for what another process does, for which nobody tells.
fn until(client: &mut postgres::Client, sql: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !client.query_one(sql, &[]).expect("a truth value").get::<_, bool>(0) {
        assert!(Instant::now() < deadline, "it never came: {sql}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Is somebody of this database waiting for an advisory lock?
const WAITING: &str = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Ends the connection that holds the lock of a run, as a network does.
const END_HOLDER: &str = "SELECT count(pg_terminate_backend(pid)) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted \
                          AND (classid::bigint << 32) + objid::bigint = 111516568220416 \
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

#[test]
fn a_lock_that_is_not_given_up_is_named_with_its_holder() {
    let database = database();
    let mut holder = stranger(database.url(), RUN);
    let pid: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).expect("its pid").get(0);
    let mut told = 0;
    let started = Instant::now();
    let init = start(database.url()).lock_timeout(Duration::from_millis(1100)).observe(|event| {
        told += usize::from(matches!(event, Event::Locked { .. }));
    });
    let error = init.run().expect_err("the lock is held");
    assert!(started.elapsed() < Duration::from_secs(5));
    let text = error.to_string();
    let (before, after) = text.split_once(": ").expect("how long, and by whom");
    // A busy machine takes longer to see that the time is over.
    assert!(
        ["1 second", "2 seconds", "3 seconds"]
            .map(|time| format!("another process has been initialising this database for {time}"))
            .contains(&before.to_owned()),
        "{text}"
    );
    assert_eq!(
        after,
        format!(
            "pid {pid}, application_name \"a stranger\", its last query: SELECT pg_backend_pid()\n  \
             = help: wait for it to finish and start again, or raise the time-out"
        )
    );
    assert!(error.is_refused_by_database() && !error.is_connection());
    assert!(told > 1);
    assert!(dump(&mut client(database.url())).is_empty());
}

#[test]
fn a_lock_that_is_given_up_lets_the_start_go_on() {
    let database = database();
    let mut holder = Some(stranger(database.url(), RUN));
    let report = start(database.url())
        .observe(|event| {
            if matches!(event, Event::Locked { .. }) {
                drop(holder.take());
            }
        })
        .run()
        .expect("it goes on");
    assert_eq!((report.outcome, report.applied(StepKind::Seed)), (Outcome::Applied, 25));
}

#[test]
fn the_longest_time_there_is_may_be_waited() {
    let database = database();
    let always = Duration::MAX;
    let patient =
        start(database.url()).connect_timeout(always).lock_timeout(always).migration_lock_timeout(always).migration_lock_deadline(always);
    assert_eq!(patient.run().expect("nobody is in the way").outcome, Outcome::Applied);
}

#[test]
fn a_lock_in_another_database_is_no_obstacle() {
    let (one, other) = (database(), database());
    let _holder = stranger(one.url(), RUN);
    start(other.url()).lock_timeout(Duration::ZERO).run().expect("nobody holds the lock here");
}

#[test]
fn a_lock_lost_in_the_middle_applies_nothing_twice() {
    let wanted = {
        let (database, _db) = seeded();
        by_natural_keys(&mut client(database.url()))
    };
    // The first start loses its lock when it has come so far; a second one starts at once and runs into the first.
    for moment in ["extension", "migration", "seed", "procedure"] {
        let database = database();
        let url = database.url();
        let (reached, go) = mpsc::channel();
        let mut watcher = client(url);
        let second_is_done = &AtomicBool::new(false);
        thread::scope(|scope| {
            let first = scope.spawn(move || {
                let mut ender = client(url);
                start(url)
                    .observe(move |event| {
                        if let Event::Started { kind, done: 0, .. } = event
                            && kind.to_string() == moment
                        {
                            assert!(ender.query_one(END_HOLDER, &[]).expect("an end").get::<_, bool>(0));
                            reached.send(()).expect("the test waits");
                            // Until the second start waits for this one's transaction, or has gone by.
                            while !second_is_done.load(Ordering::Relaxed)
                                && !ender.query_one(WAITING, &[]).expect("a truth value").get::<_, bool>(0)
                            {
                                thread::sleep(Duration::from_millis(2));
                            }
                        }
                    })
                    .run()
            });
            go.recv().expect("the first start comes so far");
            let second = scope.spawn(move || {
                let report = start(url).run();
                second_is_done.store(true, Ordering::Relaxed);
                report
            });
            let (first, second) = (first.join().expect("no panic"), second.join().expect("no panic"));
            let reports = [first.expect("the first start"), second.expect("the second start")];
            for kind in [StepKind::Schema, StepKind::Extension, StepKind::Migration, StepKind::Seed, StepKind::Procedure] {
                let counts: Vec<usize> = reports.iter().map(|report| report.applied(kind)).collect();
                assert!(counts.contains(&0), "{kind} was applied by both, the lock lost at {moment}: {counts:?}");
            }
        });
        assert_same(&wanted, &by_natural_keys(&mut watcher));
        let twice: i64 = watcher.query_one("SELECT count(*) FROM elyos.seeds WHERE times_applied <> 1", &[]).expect("the ledger").get(0);
        assert_eq!(twice, 0, "the lock lost at {moment}");
    }
}

#[test]
fn a_transaction_of_another_start_is_waited_for_until_the_deadline() {
    let database = database();
    // What a killed start leaves at the server: a statement that works on, and no lock of a run.
    let mut holder = stranger(database.url(), WORK);
    let started = Instant::now();
    let error = start(database.url()).lock_timeout(Duration::from_millis(300)).run().expect_err("the lock is held").to_string();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(error.starts_with("another process has been initialising this database for "), "{error}");
    assert!(error.contains("application_name \"a stranger\", its last query: SELECT pg_advisory_lock($1)"), "{error}");
    assert!(dump(&mut client(database.url())).is_empty());
    holder.batch_execute("SELECT 'postgresql://ada:geheim@db/shop'").expect("a text");
    let error = start(database.url()).lock_timeout(Duration::from_millis(50)).run().expect_err("the lock is held").to_string();
    assert!(error.contains("its last query: (one that names a password)\n") && !error.contains("geheim"), "{error}");
    drop(holder);
    start(database.url()).run().expect("it goes on");
}

#[test]
fn the_roles_time_out_for_statements_does_not_end_the_wait_for_another_start() {
    let database = database();
    let mut holder = Some(stranger(database.url(), WORK));
    let sql = format!("ALTER DATABASE {} SET statement_timeout = '500ms'", database.name());
    client(database.url()).batch_execute(&sql).expect("it can be set");
    thread::scope(|scope| {
        let start = scope.spawn(|| start(database.url()).run());
        until(holder.as_mut().expect("it is there"), WAITING);
        thread::sleep(Duration::from_secs(2));
        drop(holder.take());
        assert_eq!(start.join().expect("no panic").expect("it goes on").outcome, Outcome::Applied);
    });
    // It holds for what the bundle does.
    let slow = Project::new().migration("0001_slow", "SELECT pg_sleep(5);").load();
    let other = elyos_tests::database();
    let sql = format!("ALTER DATABASE {} SET statement_timeout = '500ms'", other.name());
    client(other.url()).batch_execute(&sql).expect("it can be set");
    let error = Init::new(&slow).database_url(other.url()).run().expect_err("it takes too long").to_string();
    assert!(error.starts_with("migration 0001_slow failed: canceling statement due to statement timeout\n"), "{error}");
}

#[test]
fn a_newer_release_that_came_in_while_the_lock_was_lost_is_not_written_over() {
    let bundle = |revision: i64, price: i64| {
        let seed = format!("INSERT INTO goods VALUES ('tea', {price}) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price;");
        Project::new().revision(revision).migration("0001_one", "CREATE TABLE goods (name text PRIMARY KEY, price int);").seed(
            "goods",
            &[],
            &seed,
        )
    };
    let run = |bundle: &Bundle, url: &str| Init::new(bundle).database_url(url).run();
    let database = database();
    run(&bundle(1, 1).load(), database.url()).expect("the oldest release");
    let mut holder = stranger(database.url(), WORK);
    // The older of two releases is about to write, when …
    let older = bundle(2, 2).load();
    let url = database.url().to_owned();
    let waiting = thread::spawn(move || run(&older, &url));
    until(&mut holder, WAITING);
    // … the newer one has been written.
    holder.batch_execute("UPDATE elyos.state SET revision = 3; UPDATE goods SET price = 3").expect("what the newer one writes");
    let before = dump(&mut holder);
    holder.batch_execute("SELECT pg_advisory_unlock_all()").expect("it ends");
    let report = waiting.join().expect("no panic").expect("it goes on");
    assert_eq!(report.outcome, Outcome::DatabaseAhead);
    assert_same(&before, &dump(&mut holder));
}

#[test]
fn where_one_connection_is_allowed_the_work_holds_the_lock_itself() {
    let database = database();
    let proxy = Proxy::new(database.url());
    proxy.limit(1);
    let report = start(&proxy.url()).run().expect("one connection is enough");
    assert_eq!((report.outcome, report.applied(StepKind::Seed)), (Outcome::Applied, 25));
    assert!(proxy.connections() > 1, "a second one was tried first");
    assert!(proxy.requests().iter().all(|message| message.connection == 0));

    // The lock it held keeps others out, and was given up at the end.
    let free = "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    until(&mut client(database.url()), free);
    let holder = stranger(database.url(), RUN);
    let asked =
        start(&proxy.url()).admin_email("boss@example.org").connect_timeout(Duration::from_secs(5)).lock_timeout(Duration::from_millis(50));
    let error = asked.run().expect_err("the lock is held").to_string();
    assert!(error.contains("application_name \"a stranger\""), "{error}");
    drop(holder);
}

#[test]
fn where_one_connection_is_allowed_behind_a_pooler_the_lock_does_not_stay_in_its_sessions() {
    let database = database();
    let pooler = Pooler::new(database.url());
    let port = pooler.url().rsplit(':').next().and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok());
    let proxy = Proxy::before_port(port.expect("a port"), database.url());
    proxy.limit(1);
    let report = start(&proxy.url()).run().expect("one connection is enough");
    assert_eq!((report.outcome, report.applied(StepKind::Seed)), (Outcome::Applied, 25));
    assert!(proxy.requests().iter().any(|message| message.text.contains("pg_try_advisory_lock")), "the work held the lock itself");
    // The pooler keeps its sessions; one of those held the lock.
    start(database.url()).admin_email("boss@example.org").lock_timeout(Duration::from_secs(5)).run().expect("nobody holds the lock");
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let held: i64 = client(database.url()).query_one(held, &[]).expect("a count").get(0);
    assert_eq!(held, 0);
    // Nor does it stay after a start that failed.
    let broken = Project::new().migration("0001_one", "SELECT 1 / 0;").load();
    let broken_database = elyos_tests::database();
    let pooler = Pooler::new(broken_database.url());
    let port = pooler.url().rsplit(':').next().and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok());
    let proxy = Proxy::before_port(port.expect("a port"), broken_database.url());
    proxy.limit(1);
    Init::new(&broken).database_url(proxy.url()).run().expect_err("it divides by zero");
    start(broken_database.url()).lock_timeout(Duration::from_secs(5)).run().expect("nobody holds the lock");
    pooler.close();
}

#[test]
fn the_works_connection_outlives_the_roles_time_outs_while_it_waits_for_the_lock() {
    let database = database();
    let sql = format!("ALTER DATABASE {} SET idle_session_timeout = '1500ms'", database.name());
    let mut holder = Some(stranger(database.url(), RUN));
    client(database.url()).batch_execute(&sql).expect("it can be set");
    let begun = Instant::now();
    let report = start(database.url())
        .observe(|event| {
            if let Event::Locked { .. } = event
                && begun.elapsed() > Duration::from_secs(4)
            {
                drop(holder.take());
            }
        })
        .run()
        .expect("it goes on");
    assert_eq!(report.outcome, Outcome::Applied);
    assert!(holder.is_none());
}

#[test]
fn neither_the_lock_nor_the_work_is_ended_by_the_roles_time_outs() {
    let database = database();
    let mut client = client(database.url());
    let mut settings = vec![("idle_in_transaction_session_timeout", "1ms"), ("default_transaction_isolation", "serializable")];
    // From PostgreSQL 17 on.
    let is_known = "SELECT current_setting('transaction_timeout', true) IS NOT NULL";
    if client.query_one(is_known, &[]).expect("a truth value").get(0) {
        settings.push(("transaction_timeout", "500ms"));
    }
    for (setting, value) in settings {
        client.batch_execute(&format!("ALTER DATABASE {} SET {setting} = '{value}'", database.name())).expect("it can be set");
    }
    let slow = "SELECT pg_sleep(0.3);\nSELECT pg_sleep(0.4);";
    let bundle = Project::new()
        .migration("0001_one", slow)
        .migration("0002_two", &format!("-- elyos: no-transaction\nDO $$ BEGIN PERFORM pg_sleep(0.7); END $$;\n{slow}"))
        .seed("slow", &[], slow)
        .load();
    // Without a second connection the work's own holds the lock.
    for limit in [1, 2] {
        let proxy = Proxy::new(database.url());
        proxy.limit(limit);
        let report = Init::new(&bundle).database_url(proxy.url()).run().expect("the bundle applies");
        assert_eq!((report.outcome, report.applied(StepKind::Migration), report.applied(StepKind::Seed)), (Outcome::Applied, 2, 1));
        client.batch_execute("DROP SCHEMA elyos CASCADE").expect("as if it had never run");
    }
    let report = start(database.url()).run().expect("the bundle applies");
    assert_eq!(report.outcome, Outcome::Applied);
}
