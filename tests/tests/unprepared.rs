//! Connections that prepare nothing, through pgbouncer, which gives each transaction another session of the server's.

#[macro_use]
#[allow(dead_code, reason = "statements are counted on their way")]
mod shared;
mod execution;

use std::sync::Arc;
use std::thread;

use elyos_runtime::DbOptions;
use elyos_runtime::prelude::*;
use elyos_tests::bouncer::Bouncer;
use elyos_tests::proxy::Proxy;
use elyos_tests::{TestDatabase, client, seeded};
use execution::{in_transaction, note, notes, notes_database, sql};
use shared::*;

const UNPREPARED: DbOptions = DbOptions::new().unprepared();

/// How many connections to the server the pooler keeps.
const SESSIONS: usize = 2;

macro_rules! at_once {
    ($answer:expr) => {
        $answer
    };
}

macro_rules! awaited {
    ($answer:expr) => {
        $answer.await
    };
}

/// The pooler before a database, and what watches it.
fn pooled(database: &TestDatabase) -> Option<(Bouncer, Proxy)> {
    if !Bouncer::is_installed() {
        return None;
    }
    let bouncer = Bouncer::start(database.url(), SESSIONS);
    let proxy = Proxy::before_port(bouncer.port(), database.url());
    Some((bouncer, proxy))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be had")
}

#[test]
fn a_connection_that_prepares_is_what_such_a_pooler_breaks() -> Result<(), Error> {
    let (database, _) = seeded();
    let Some((_bouncer, proxy)) = pooled(&database) else { return Ok(()) };
    // Both of its sessions are there.
    let (one, two) = (Db::connect_with(&proxy.url(), UNPREPARED)?, Db::connect_with(&proxy.url(), UNPREPARED)?);
    let transactions = (one.begin()?, two.begin()?);
    drop(transactions);
    let db = Db::connect(&proxy.url())?;
    let error = UserRepository::find_by_id(&db, 1).expect_err("another session knows no such statement");
    assert_eq!(error.code(), Some("26000"), "{error}");
    assert_ne!(proxy.prepared(), [""; 0]);
    Ok(())
}

#[test]
fn every_method_runs_and_prepares_nothing() -> Result<(), Error> {
    let (database, _) = seeded();
    let Some((_bouncer, proxy)) = pooled(&database) else { return Ok(()) };
    let db = Db::connect_with(&proxy.url(), UNPREPARED)?;
    what_holds!(&db, at_once, proxy.parsed());
    assert_eq!((proxy.prepared(), db.prepared_statements()), (vec![], 0));
    // A transaction keeps its session until its end.
    let undone: Result<(), Error> = db.transaction(|tx| {
        UserRepository::delete(tx, 70_001)?;
        UserRepository::insert(tx, user("Undone", "undone@example.com"))?;
        tx.transaction(|tx| UserRepository::insert(tx, user("Undone", "undone too@example.com")).map(drop))?;
        assert!(UserRepository::find_by_email(tx, "undone@example.com")?.is_some());
        UserRepository::get_by_id(tx, -1).map(drop)
    });
    assert!(undone.is_err_and(|error| error.is_not_found()));
    assert_eq!(UserRepository::find_by_email(&db, "undone@example.com")?, None);
    assert_eq!(UserRepository::find_by_email(&db, "undone too@example.com")?, None);
    assert_eq!(proxy.prepared(), [""; 0]);
    Ok(())
}

#[test]
fn every_method_runs_asynchronously_and_prepares_nothing() -> Result<(), Error> {
    let (database, _) = seeded();
    let Some((_bouncer, proxy)) = pooled(&database) else { return Ok(()) };
    runtime().block_on(async {
        let db = AsyncDb::connect_with(&proxy.url(), UNPREPARED).await?;
        what_holds!(&db, awaited, proxy.parsed());
        assert_eq!((proxy.prepared(), db.prepared_statements()), (vec![], 0));
        Ok(())
    })
}

#[test]
fn a_table_that_changes_is_read_as_it_is_then() -> Result<(), Error> {
    let (database, _) = seeded();
    let db = Db::connect_with(database.url(), UNPREPARED)?;
    let before = UserRepository::get_by_id(&db, 1)?;
    client(database.url()).batch_execute("ALTER TABLE auth.users ALTER COLUMN full_name TYPE text").expect("it is the owner");
    // Inside of a transaction too, where a prepared statement would have ended it.
    assert_eq!(db.transaction(|tx| UserRepository::get_by_id(tx, 1))?, before);
    Ok(())
}

#[test]
fn twenty_clients_share_two_sessions_and_none_sees_another_s_transaction() {
    let database = notes_database();
    let Some((_bouncer, proxy)) = pooled(&database) else { return };
    let url = proxy.url();
    let work = |client: usize, kind: &str, round: usize| note(&format!("{kind} {client:02} {round}"));
    thread::scope(|scope| {
        let threads = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(|number| {
            let url = &url;
            scope.spawn(move || -> Result<(), Error> {
                let db = Db::connect_with(url, UNPREPARED)?;
                for round in 0..10 {
                    db.run(work(number, "single", round))?;
                    let own = db.transaction(|tx| {
                        let session = tx.run(sql("SELECT pg_backend_pid()::text"))?;
                        tx.run(work(number, "kept", round))?;
                        let undone: Result<(), Error> = tx.transaction(|tx| {
                            tx.run(work(number, "undone", round))?;
                            tx.run(work(number, "kept", round)).map(drop)
                        });
                        assert!(undone.is_err_and(|error| error.is_unique_violation()));
                        assert_eq!(tx.run(sql("SELECT pg_backend_pid()::text"))?, session);
                        tx.run(notes())
                    })?;
                    assert!(own.iter().any(|note| *note == format!("kept {number:02} {round}")));
                    let tx = db.begin()?;
                    tx.run(work(number, "dropped", round))?;
                }
                Ok(())
            })
        });
        let runtime = runtime();
        let url = Arc::new(url.clone());
        let tasks: Vec<_> = (10..20)
            .map(|number| {
                let url = Arc::clone(&url);
                runtime.spawn(async move {
                    let mut db = AsyncDb::connect_with(&url, UNPREPARED).await?;
                    for round in 0..10 {
                        db.run(work(number, "single", round)).await?;
                        db.transaction(async |tx| {
                            tx.run(work(number, "kept", round)).await?;
                            let undone: Result<(), Error> = tx
                                .transaction(async |tx| {
                                    tx.run(work(number, "undone", round)).await?;
                                    tx.run(work(number, "kept", round)).await.map(drop)
                                })
                                .await;
                            assert!(undone.is_err_and(|error| error.is_unique_violation()));
                            Ok(())
                        })
                        .await?;
                        let tx = db.begin().await?;
                        tx.run(work(number, "dropped", round)).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("it does not panic").expect("nothing fails");
        }
        for task in tasks {
            runtime.block_on(task).expect("it does not panic").expect("nothing fails");
        }
    });
    let mut expected: Vec<String> = ["kept", "single"]
        .iter()
        .flat_map(|kind| (0..20).flat_map(move |client| (0..10).map(move |round| format!("{kind} {client:02} {round}"))))
        .collect();
    expected.sort();
    assert_eq!(execution::committed(&database), expected);
    assert_eq!(proxy.prepared(), [""; 0]);
    assert_eq!(proxy.connections(), 20);
    assert_eq!(in_transaction(&database), 0);
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                    AND backend_type = 'client backend'";
    // The pooler ends a session whose client left before the answer.
    let sessions: i64 = client(database.url()).query_one(sessions, &[]).expect("a count").get(0);
    assert!((1..=2).contains(&sessions), "{sessions}");
}

/// The texts that a client copies in, with keys of its own.
fn texts(client: usize, round: usize) -> Vec<TranslationRow> {
    let now = elyos_runtime::chrono::DateTime::default();
    let row = |number| TranslationRow {
        id: i32::try_from(1_000_000 + client * 10_000 + round * 100 + number).expect("it is small"),
        locale: "en".into(),
        namespace: format!("copied{client}"),
        key: format!("{round} {number}"),
        value: "copied".into(),
        created_at: now,
        updated_at: now,
    };
    (0..50).map(row).collect()
}

#[test]
fn rows_are_copied_by_many_clients_that_share_two_sessions() -> Result<(), Error> {
    let (database, _) = seeded();
    let Some((_bouncer, proxy)) = pooled(&database) else { return Ok(()) };
    let url = proxy.url();
    let mut count = 0;
    TranslationRepository::copy_out(&Db::connect(database.url())?, |_| {
        count += 1;
        Ok(())
    })?;
    let runtime = runtime();
    thread::scope(|scope| {
        let threads = [0, 1, 2, 3, 4].map(|number| {
            let url = &url;
            scope.spawn(move || -> Result<(), Error> {
                let db = Db::connect_with(url, UNPREPARED)?;
                for round in 0..5 {
                    assert_eq!(TranslationRepository::copy_in(&db, texts(number, round))?, 50);
                    let mut seen = 0;
                    TranslationRepository::copy_out(&db, |_| {
                        seen += 1;
                        Ok(())
                    })?;
                    assert!(seen >= count + 50);
                    // What is refused leaves nothing open.
                    let error = TranslationRepository::copy_in(&db, texts(number, round)).expect_err("the keys are taken");
                    assert!(error.is_unique_violation(), "{error}");
                    let kept = db.transaction(|tx| TranslationRepository::copy_in(tx, texts(number, round + 10)))?;
                    assert_eq!(kept, 50);
                }
                Ok(())
            })
        });
        let tasks: Vec<_> = (5..10)
            .map(|number| {
                let url = url.clone();
                runtime.spawn(async move {
                    let db = AsyncDb::connect_with(&url, UNPREPARED).await?;
                    for round in 0..5 {
                        // What another task asks meanwhile waits for its turn, and is not in the transaction.
                        let copied = TranslationRepository::copy_in(&db, texts(number, round));
                        let (copied, found) = tokio::join!(copied, TranslationRepository::find_by_id(&db, 1));
                        assert_eq!((copied?, found?.is_some()), (50, true));
                        let error = TranslationRepository::copy_in(&db, texts(number, round)).await.expect_err("the keys are taken");
                        assert!(error.is_unique_violation(), "{error}");
                        let mut seen = 0;
                        let failed = TranslationRepository::copy_out(&db, |_| {
                            seen += 1;
                            if seen > 10 { Db::connect("no URL").map(drop) } else { Ok(()) }
                        });
                        assert!(failed.await.is_err());
                        TranslationRepository::copy_out(&db, |_| Ok(())).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("it does not panic").expect("nothing fails");
        }
        for task in tasks {
            runtime.block_on(task).expect("it does not panic").expect("nothing fails");
        }
    });
    let copied = TranslationRepository::select().filter(translations::VALUE.eq("copied")).all(&Db::connect(database.url())?)?;
    assert_eq!(copied.len(), (5 * 10 + 5 * 5) * 50);
    // No session of the pooler's keeps a statement.
    for _ in 0..4 {
        let db = Db::connect_with(&url, UNPREPARED)?;
        let kept = db.begin()?.run(sql("SELECT count(*)::text FROM pg_prepared_statements"))?;
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0], "0");
    }
    Ok(())
}
