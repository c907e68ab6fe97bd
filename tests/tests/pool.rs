//! Pools: connections that threads or tasks share.

mod execution;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{AsyncPool, DbOptions, Pool, PoolOptions};
use elyos_tests::client;
use execution::*;

const TWO: PoolOptions = PoolOptions::new().size(2).patience(Duration::from_secs(20));

/// What one says that has waited for a second.
const NONE_FREE: &str = "no connection of the pool was free for 1 second: all 2 were in use\n  \
                         = help: give the pool more, hold each for a shorter time, and ask for none while holding one";

/// The session that runs it.
fn session() -> Sql {
    sql("SELECT pg_backend_pid()::text")
}

#[test]
fn connections_are_opened_when_needed_and_used_again() -> Result<(), Error> {
    let database = notes_database();
    let pool = Pool::new(database.url(), TWO)?;
    assert!(format!("{pool:?}").ends_with(", 0 of 2 in use)"), "{pool:?}");
    let first = pool.run(session())?;
    // The same one, with what it has prepared.
    assert_eq!(pool.run(session())?, first);
    let one = pool.get()?;
    assert_eq!((one.run(session())?, one.prepared_statements()), (first.clone(), 1));
    let two = pool.get()?;
    assert_ne!(two.run(session())?, first);
    assert!(format!("{pool:?}").ends_with(", 2 of 2 in use)"), "{pool:?}");
    // There is no third, until one is given back.
    let waited = Instant::now();
    let impatient = Pool::new(database.url(), TWO.patience(Duration::from_secs(1)))?;
    let held = (impatient.get()?, impatient.get()?);
    let error = impatient.run(session()).expect_err("all are in use");
    assert_eq!(error.to_string(), NONE_FREE);
    assert!(error.is_timeout() && !error.is_connection());
    assert!(waited.elapsed() >= Duration::from_secs(1));
    drop(held.0);
    impatient.run(session())?;
    thread::scope(|scope| {
        let waits = scope.spawn(|| pool.run(session()));
        thread::sleep(Duration::from_millis(50));
        drop(one);
        assert_eq!(waits.join().expect("it does not panic").expect("one was given back"), first);
    });
    Ok(())
}

#[test]
fn a_connection_that_is_lost_or_left_in_a_transaction_is_not_used_again() -> Result<(), Error> {
    let database = notes_database();
    let pool = Pool::new(database.url(), TWO)?;
    let first = pool.run(session())?.remove(0);
    let mut client = client(database.url());
    let mut end = |session: &str| {
        client.execute(&format!("SELECT pg_terminate_backend({session})"), &[]).expect("it ends");
    };
    // In use.
    {
        let db = pool.get()?;
        end(&first);
        assert!(db.run(session()).is_err_and(|error| error.is_connection()));
    }
    let second = pool.run(session())?.remove(0);
    assert_ne!(second, first);
    // While nobody used it, for a time in which such things happen.
    end(&second);
    thread::sleep(Duration::from_millis(1100));
    let third = pool.run(session())?.remove(0);
    assert!(third != second);
    // In a transaction of which the guard was forgotten.
    {
        let db = pool.get()?;
        let tx = db.begin()?;
        tx.run(note("forgotten"))?;
        std::mem::forget(tx);
    }
    assert_ne!(pool.run(session())?, [third]);
    assert_eq!(pool.run(notes())?, [""; 0]);
    // A server that is not there takes nobody's place.
    let nowhere = Pool::new("postgresql://postgres@127.0.0.1:1/nothing", PoolOptions::new().size(1))?;
    for _ in 0..3 {
        assert!(nowhere.get().is_err_and(|error| error.is_connection()));
    }
    assert!(Pool::new("mysql://a@b/c", TWO).is_err_and(|error| error.is_usage()));
    Ok(())
}

#[test]
fn a_transaction_has_a_connection_of_its_own() -> Result<(), Error> {
    let database = notes_database();
    let pool = Pool::new(database.url(), TWO)?;
    let undone: Result<(), Error> = pool.transaction(|tx| {
        tx.run(note("in the transaction"))?;
        assert_eq!(pool.run(notes())?, [""; 0]);
        pool.run(note("beside it"))?;
        tx.run(note("in the transaction")).map(drop)
    });
    assert!(undone.is_err_and(|error| error.is_unique_violation()));
    let calls = std::cell::Cell::new(0);
    pool.transaction_with(TransactionOptions::new().repeatable_read().retry(3), |tx| {
        calls.set(calls.get() + 1);
        tx.run(sql("SELECT amount::text FROM accounts"))?;
        if calls.get() == 1 {
            pool.run(sql("UPDATE accounts SET amount = amount + 1"))?;
        }
        tx.run(sql("UPDATE accounts SET amount = amount + 1"))
    })?;
    assert_eq!(calls.get(), 2);
    assert_eq!(committed(&database), ["beside it"]);
    Ok(())
}

#[test]
fn threads_share_a_pool() -> Result<(), Error> {
    let database = notes_database();
    let pool = Pool::new(database.url(), TWO)?;
    thread::scope(|scope| {
        let threads = [0, 1, 2, 3, 4, 5, 6, 7].map(|number| {
            let pool = &pool;
            scope.spawn(move || -> Result<(), Error> {
                for round in 0..20 {
                    pool.transaction(|tx| tx.run(note(&format!("{number} {round:02}"))))?;
                }
                Ok(())
            })
        });
        for thread in threads {
            thread.join().expect("it does not panic").expect("nothing fails");
        }
    });
    assert_eq!(committed(&database).len(), 160);
    assert!(format!("{pool:?}").ends_with(", 0 of 2 in use)"), "{pool:?}");
    // A panic takes its connection along, and nothing else.
    let panicked =
        thread::scope(|scope| scope.spawn(|| pool.transaction(|_| -> Result<(), Error> { panic!("on purpose") })).join().is_err());
    assert!(panicked);
    assert_eq!(in_transaction(&database), 0);
    assert_eq!(pool.run(notes())?.len(), 160);
    Ok(())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be had")
}

#[test]
fn tasks_share_a_pool() -> Result<(), Error> {
    let database = notes_database();
    let runtime = runtime();
    let pool = AsyncPool::new(database.url(), TWO.connections(DbOptions::new()))?;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let pool = pool.clone();
            runtime.spawn(async move {
                for round in 0..20 {
                    let text = format!("{number} {round:02}");
                    pool.transaction(async |tx| tx.run(note(&text)).await).await?;
                    pool.run(session()).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task).expect("it does not panic")?;
    }
    assert_eq!(committed(&database).len(), 160);
    assert!(format!("{pool:?}").ends_with(", 0 of 2 in use)"), "{pool:?}");
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                    AND backend_type = 'client backend'";
    assert_eq!(client(database.url()).query_one(sessions, &[]).expect("a count").get::<_, i64>(0), 2);
    Ok(())
}

#[test]
fn whoever_waits_no_longer_leaves_a_pool_that_answers() -> Result<(), Error> {
    let database = notes_database();
    let url = database.url().to_owned();
    for options in [DbOptions::new(), DbOptions::new().unprepared()] {
        let url = url.clone();
        let work = async move {
            let pool = AsyncPool::new(&url, PoolOptions::new().size(1).patience(Duration::from_secs(20)).connections(options))?;
            let first = pool.run(session()).await?;
            for in_transaction in [false, true] {
                let sleep = || sql("SELECT pg_sleep(5)::text");
                let slow = async {
                    if in_transaction { pool.transaction(async |tx| tx.run(sleep()).await).await } else { pool.run(sleep()).await }
                };
                tokio::time::timeout(Duration::from_millis(100), slow).await.expect_err("it sleeps for longer");
                let asked = Instant::now();
                assert_ne!(pool.run(session()).await?, first);
                assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
                // What nobody waits for runs no longer.
                let sleeping = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
                                AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(5)%'";
                while pool.run(sql(sleeping)).await? != ["0"] {
                    assert!(asked.elapsed() < Duration::from_secs(2), "it sleeps still");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            // What is done by then costs no connection.
            let kept = pool.run(session()).await?;
            let short = pool.run(sql("SELECT pg_sleep(0.1)::text"));
            tokio::time::timeout(Duration::from_millis(10), short).await.expect_err("it sleeps for longer");
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(pool.run(session()).await?, kept);
            Ok::<_, Error>(())
        };
        runtime().block_on(async { tokio::spawn(work).await.expect("it does not panic") })?;
    }
    Ok(())
}

#[test]
fn asynchronous_connections_are_waited_for_replaced_and_left_in_no_transaction() -> Result<(), Error> {
    let database = Arc::new(notes_database());
    let work = {
        let database = Arc::clone(&database);
        async move {
            let pool = AsyncPool::new(database.url(), TWO.patience(Duration::from_secs(1)))?;
            let first = pool.run(session()).await?.remove(0);
            let one = pool.get().await?;
            assert_eq!((one.run(session()).await?, one.prepared_statements()), (vec![first.clone()], 1));
            let two = pool.get().await?;
            let error = pool.run(session()).await.expect_err("all are in use");
            assert_eq!(error.to_string(), NONE_FREE);
            assert!(error.is_timeout());
            drop(two);
            pool.run(session()).await?;

            // Lost, in use or not.
            tokio::task::block_in_place(|| {
                client(database.url())
                    .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", &[])
                    .expect("they end");
            });
            assert!(one.run(session()).await.is_err_and(|error| error.is_connection()));
            drop(one);
            tokio::time::sleep(Duration::from_millis(100)).await;
            for _ in 0..3 {
                assert_ne!(pool.run(session()).await?, std::slice::from_ref(&first));
            }

            // A future that is dropped gives its connection back, which rolls back.
            let slow = pool.transaction(async |tx| {
                tx.run(note("slow")).await?;
                tx.run(sql("SELECT pg_sleep(0.2)::text")).await
            });
            tokio::time::timeout(Duration::from_millis(100), slow).await.expect_err("it sleeps for longer");
            // A guard that is forgotten.
            let mut db = pool.get().await?;
            let tx = db.begin().await?;
            tx.run(note("forgotten")).await?;
            std::mem::forget(tx);
            drop(db);
            // What runs beside a transaction is no part of it.
            let options = TransactionOptions::new().serializable().retry(3);
            pool.transaction_with(options, async |tx| {
                tx.run(note("in the transaction")).await?;
                assert_eq!(pool.run(notes()).await?, [""; 0]);
                Ok(())
            })
            .await?;
            assert_eq!(pool.run(notes()).await?, ["in the transaction"]);
            let nowhere = AsyncPool::new("postgresql://postgres@127.0.0.1:1/nothing", TWO)?;
            assert!(nowhere.get().await.is_err_and(|error| error.is_connection()));
            Ok(())
        }
    };
    let runtime = runtime();
    let result = runtime.block_on(async { tokio::spawn(work).await.expect("it does not panic") });
    assert_eq!(in_transaction(&database), 0);
    result
}
