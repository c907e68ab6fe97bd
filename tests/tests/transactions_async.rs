//! Transactions of the asynchronous connection: what is dropped, what panics, what runs at the same time.

mod execution;

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use elyos_runtime::prelude::*;
use elyos_tests::proxy::Proxy;
use elyos_tests::{TestDatabase, client};
use execution::*;

const INNER_OPEN: &str = "a transaction inside of this one is still open, and would undo this with its own work\n  \
                          = help: use the inner one, or end it first";

/// Runs the test on a runtime of several threads, as a task: so the whole of it is `Send`. What makes and drops the database is
/// blocking, and so stays outside.
fn spawned<F: Future<Output = Result<(), Error>> + Send + 'static>(work: impl FnOnce(Arc<TestDatabase>) -> F) -> Result<(), Error> {
    let database = Arc::new(notes_database());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be had");
    runtime.block_on(async { tokio::spawn(work(Arc::clone(&database))).await.expect("it does not panic") })
}

/// What another session sees; it is blocking, and so has a thread of its own.
fn committed(database: &TestDatabase) -> Vec<String> {
    tokio::task::block_in_place(|| execution::committed(database))
}

fn in_transaction(database: &TestDatabase) -> i64 {
    tokio::task::block_in_place(|| execution::in_transaction(database))
}

#[test]
fn closures_and_guards_keep_what_is_committed_and_nothing_else() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let prefix = String::from("closure");
        let both = db
            .transaction(async |tx| {
                tx.run(note(&prefix)).await?;
                let inner: Result<(), Error> = tx
                    .transaction(async |tx| {
                        tx.run(note("inner")).await?;
                        tx.run(note(&prefix)).await.map(drop)
                    })
                    .await;
                assert!(inner.is_err_and(|error| error.is_unique_violation()));
                tx.transaction(async |tx| tx.run(note("kept")).await).await?;
                tx.run(notes()).await
            })
            .await?;
        assert_eq!(both, ["closure", "kept"]);
        let failed: Result<(), Error> = db
            .transaction(async |tx| {
                tx.run(note("failed")).await?;
                tx.run(note(&prefix)).await.map(drop)
            })
            .await;
        assert!(failed.is_err_and(|error| error.is_unique_violation()));

        let tx = db.begin().await?;
        tx.run(note("guard")).await?;
        let inner = tx.begin().await?;
        inner.run(note("undone")).await?;
        inner.rollback().await?;
        let inner = tx.begin().await?;
        inner.run(note("released")).await?;
        inner.commit().await?;
        assert_eq!(committed(&database), both);
        tx.commit().await?;
        let tx = db.begin().await?;
        tx.run(note("rolled back")).await?;
        tx.rollback().await?;
        let tx = db.begin().await?;
        tx.run(note("dropped")).await?;
        drop(tx);
        assert_eq!(db.run(notes()).await?, ["closure", "guard", "kept", "released"]);
        assert_eq!(in_transaction(&database), 0);
        assert_eq!(committed(&database), ["closure", "guard", "kept", "released"]);
        Ok(())
    })
}

#[test]
fn a_failure_that_is_swallowed_is_not_reported_as_committed() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let error = db
            .transaction(async |tx| {
                tx.run(note("a")).await?;
                drop(tx.run(note("a")).await);
                Ok(())
            })
            .await
            .expect_err("nothing was committed");
        assert_eq!(error.code(), Some("25P02"), "{error}");
        assert_eq!(in_transaction(&database), 0);
        db.transaction(async |tx| {
            let inner = tx
                .transaction(async |tx| {
                    tx.run(note("b")).await?;
                    drop(tx.run(note("b")).await);
                    Ok(())
                })
                .await;
            assert!(inner.is_err_and(|error| error.code() == Some("25P02")));
            tx.run(note("c")).await
        })
        .await?;
        assert_eq!(committed(&database), ["c"]);
        Ok(())
    })
}

/// Polls the future so many times and drops it then; what it gave, if it was done by then.
async fn dropped_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // Whoever has polled for the last time is not woken once more.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[test]
fn a_future_that_is_dropped_at_any_point_leaves_no_transaction_open() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let mut polls = 1;
        loop {
            let before = db.run(notes()).await?.len();
            let (one, two) = (format!("{polls} one"), format!("{polls} two"));
            let done = dropped_after(
                polls,
                db.transaction_with(TransactionOptions::new().serializable().retry(1), async |tx| {
                    tx.run(note(&one)).await?;
                    tx.transaction(async |tx| tx.run(note(&two)).await).await?;
                    tx.run(sql("SELECT 'last'")).await
                }),
            )
            .await;
            // The connection goes on at once, and sees all of it or nothing.
            let after = db.run(notes()).await?.len();
            assert!(after == before || after == before + 2, "dropped after {polls} polls: {before} and {after} notes");
            assert_eq!(in_transaction(&database), 0, "dropped after {polls} polls");
            assert_eq!(committed(&database).len(), after, "dropped after {polls} polls");
            if let Some(result) = done {
                result?;
                assert_eq!(after, before + 2);
                // Not all of them were kept.
                assert!(before < 2 * (polls - 1), "{before}");
                break;
            }
            polls += 1;
        }
        // Begin, a statement prepared and run, a savepoint, another, its release, the last one, the commit: each was waited for.
        assert!(polls >= 8, "{polls}");
        Ok(())
    })
}

#[test]
fn a_savepoint_whose_future_is_dropped_at_any_point_leaves_the_transaction_around_it_usable() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let mut polls = 1;
        loop {
            let text = format!("{polls:03}");
            let (done, there) = db
                .transaction(async |tx| {
                    let done = dropped_after(polls, tx.transaction(async |tx| tx.run(note(&text)).await)).await;
                    let there = tx.run(notes()).await?.contains(&text);
                    tx.run(note(&format!("{polls:03} after"))).await?;
                    Ok((done, there))
                })
                .await?;
            assert_eq!(committed(&database).contains(&text), there, "dropped after {polls} polls");
            assert!(done.is_none() || there);
            if done.is_some() {
                break;
            }
            polls += 1;
        }
        assert!(polls >= 4, "{polls}");
        Ok(())
    })
}

#[test]
fn a_time_out_in_the_middle_rolls_back_behind_what_still_runs() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let slow = db.transaction(async |tx| {
            tx.run(note("slow")).await?;
            tx.run(sql("SELECT pg_sleep(0.3)::text")).await
        });
        tokio::time::timeout(Duration::from_millis(100), slow).await.expect_err("it sleeps for longer");
        // Nothing is waited for when it is dropped: the statement still runs.
        assert_eq!(in_transaction(&database), 1);
        assert_eq!(db.run(notes()).await?, [""; 0]);
        assert_eq!(in_transaction(&database), 0);
        db.transaction(async |tx| tx.run(note("next")).await).await?;
        assert_eq!(committed(&database), ["next"]);
        Ok(())
    })
}

#[test]
fn a_panic_rolls_back() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        {
            let mut work = pin!(db.transaction(async |tx| {
                tx.run(note("outer")).await?;
                tx.transaction(async |tx| -> Result<(), Error> {
                    tx.run(note("inner")).await?;
                    panic!("on purpose");
                })
                .await
            }));
            let caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
                Err(panic) => Poll::Ready(Err(panic)),
            })
            .await;
            assert_eq!(caught.expect_err("it panics").downcast_ref::<&str>(), Some(&"on purpose"));
        }
        assert_eq!(db.run(notes()).await?, [""; 0]);
        assert_eq!(in_transaction(&database), 0);
        db.transaction(async |tx| tx.run(note("next")).await).await?;
        assert_eq!(committed(&database), ["next"]);
        Ok(())
    })
}

#[test]
fn what_runs_at_the_same_time_in_a_transaction_does_not_get_into_a_savepoint_of_another() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let tx = db.begin().await?;
        // Statements of one transaction are pipelined.
        let (one, two) = tokio::join!(tx.run(note("one")), tx.run(note("two")));
        one?;
        two?;
        // Of two savepoints the second would be inside of the first.
        let fails = |text: &'static str| {
            let tx = &tx;
            async move {
                tx.transaction(async |tx| {
                    tx.run(note(text)).await?;
                    tx.run(note("one")).await.map(drop)
                })
                .await
            }
        };
        let (first, second) = tokio::join!(fails("first"), fails("second"));
        assert!(first.is_err_and(|error| error.is_unique_violation()));
        assert_eq!(second.expect_err("it is refused").to_string(), INNER_OPEN);
        // A statement that had yet to be prepared when the savepoint was made would be undone with it.
        let (late, inner) = tokio::join!(tx.run(note("late")), fails("third"));
        assert_eq!(late.expect_err("it is refused").to_string(), INNER_OPEN);
        assert!(inner.is_err_and(|error| error.is_unique_violation()));
        // One that was prepared before is sent before the savepoint is made.
        let again = sql("INSERT INTO notes SELECT 'again' || count(*) FROM notes");
        tx.run(again.clone()).await?;
        let (early, inner) = tokio::join!(tx.run(again.clone()), fails("fourth"));
        early?;
        assert!(inner.is_err_and(|error| error.is_unique_violation()));
        tx.commit().await?;
        assert_eq!(committed(&database), ["again2", "again3", "one", "two"]);
        Ok(())
    })
}

#[test]
fn a_guard_that_is_forgotten_is_rolled_back_by_the_next_transaction() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let tx = db.begin().await?;
        tx.run(note("forgotten")).await?;
        std::mem::forget(tx);
        db.transaction(async |tx| tx.run(note("next")).await).await?;
        assert_eq!(committed(&database), ["next"]);
        // What is written beside it next is kept, also by several tasks at once.
        std::mem::forget(db.begin().await?);
        db.run(note("beside it")).await?;
        assert_eq!(committed(&database), ["beside it", "next"]);
        std::mem::forget(db.begin().await?);
        let (one, two) = tokio::join!(db.run(note("one")), db.run(note("two")));
        one.and(two)?;
        assert_eq!(committed(&database), ["beside it", "next", "one", "two"]);
        let tx = db.begin().await?;
        std::mem::forget(tx.begin().await?);
        assert_eq!(tx.run(notes()).await.expect_err("the inner one is open").to_string(), INNER_OPEN);
        assert_eq!(tx.commit().await.expect_err("the inner one is open").to_string(), INNER_OPEN);
        db.run(notes()).await?;
        assert_eq!(in_transaction(&database), 0);
        Ok(())
    })
}

#[test]
fn conflicts_are_tried_again_with_a_copy_of_the_work() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let calls = AtomicU32::new(0);
        let withdraw = async |tx: &AsyncTransaction, conflicts: u32| -> Result<(), Error> {
            let call = calls.fetch_add(1, Ordering::Relaxed) + 1;
            let amount: i32 = tx.run(sql("SELECT amount::text FROM accounts WHERE id = 1")).await?[0].parse().expect("a number");
            if call <= conflicts {
                tokio::task::block_in_place(|| {
                    client(database.url()).batch_execute("UPDATE accounts SET amount = amount - 1 WHERE id = 1").expect("it is free");
                });
            }
            tx.run(sql(&format!("UPDATE accounts SET amount = {} WHERE id = 1", amount - 10))).await.map(drop)
        };
        let options = TransactionOptions::new().repeatable_read().retry(5);
        db.transaction_with(options, async |tx| withdraw(tx, 3).await).await?;
        assert_eq!(calls.swap(0, Ordering::Relaxed), 4);
        let error = db.transaction_with(options.retry(2), async |tx| withdraw(tx, u32::MAX).await).await.expect_err("always lost");
        assert!(error.is_serialization_failure());
        assert_eq!(calls.swap(0, Ordering::Relaxed), 3);
        // Swallowed: the commit is refused, and nothing was committed.
        let swallowed = async |tx: &AsyncTransaction| {
            drop(withdraw(tx, 2).await);
            Ok::<_, Error>(())
        };
        db.transaction_with(options, swallowed).await?;
        assert_eq!(calls.swap(0, Ordering::Relaxed), 3);
        // An error of the caller's own.
        let mine = db
            .try_transaction_with(options, async |tx| withdraw(tx, 2).await.map_err(Box::<dyn std::error::Error + Send + Sync>::from))
            .await;
        mine.expect("the third is not lost");
        assert_eq!(calls.swap(0, Ordering::Relaxed), 3);
        Ok(())
    })
}

#[test]
fn a_commit_that_nobody_answered_is_said_to_be_unknown_and_never_tried_again() -> Result<(), Error> {
    spawned(async |database| {
        let number = {
            let proxy = Proxy::new(database.url());
            let mut db = AsyncDb::connect(&proxy.url()).await?;
            db.transaction(async |tx| tx.run(note("counted")).await).await?;
            proxy.messages().iter().position(|message| message.text.contains("COMMIT")).expect("it was sent")
        };
        let proxy = Proxy::new(database.url());
        proxy.cut_after(number);
        let mut db = AsyncDb::connect(&proxy.url()).await?;
        let calls = AtomicU32::new(0);
        let work = async |tx: &AsyncTransaction| {
            calls.fetch_add(1, Ordering::Relaxed);
            tx.run(note("cut")).await
        };
        let error = db.transaction_with(TransactionOptions::new().retry(5), work).await.expect_err("the connection is cut");
        assert_cut(
            &error.to_string(),
            "the connection was lost while a transaction was being committed: ",
            "\n  = help: whether it was committed is not known: look at what it would have changed before doing it again",
        );
        assert!(error.is_commit_unknown() && error.is_connection() && db.is_closed());
        assert_eq!((calls.load(Ordering::Relaxed), proxy.connections()), (1, 1));
        assert!(db.begin().await.is_err_and(|error| error.is_connection()));
        assert!(db.run(notes()).await.is_err_and(|error| error.is_connection()));
        Ok(())
    })
}

#[test]
fn a_session_that_the_server_ends_says_why_and_stays_ended() -> Result<(), Error> {
    spawned(async |database| {
        let mut db = AsyncDb::connect(database.url()).await?;
        let url = database.url().to_owned();
        let ends = std::thread::spawn(move || {
            let sleeps = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                          WHERE datname = current_database() AND wait_event = 'PgSleep'";
            let mut client = client(&url);
            while client.query_one(sleeps, &[]).expect("a count").get::<_, i64>(0) == 0 {}
        });
        let slept = db.run(sql("SELECT pg_sleep(9)::text")).await;
        ends.join().expect("it does not panic");
        let error = slept.expect_err("the session has ended");
        assert_eq!(
            error.to_string(),
            "terminating connection due to administrator command\n  \
             = help: connect anew; what the statement would have changed may have been changed\n  \
             = note: the statement was SELECT pg_sleep(9)::text"
        );
        assert!(error.is_connection() && db.is_closed());
        assert!(db.run(notes()).await.is_err_and(|error| error.is_connection()));
        assert!(db.begin().await.is_err_and(|error| error.is_connection() && !error.is_commit_unknown()));
        Ok(())
    })
}

#[test]
fn tasks_have_a_connection_each_for_their_transactions() -> Result<(), Error> {
    spawned(async |database| {
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let url = database.url().to_owned();
                tokio::spawn(async move {
                    let mut db = AsyncDb::connect(&url).await?;
                    let options = TransactionOptions::new().serializable().retry(50);
                    for _ in 0..5 {
                        let text = format!("task {number} ");
                        db.transaction_with(options, async |tx| {
                            let count = tx.run(sql("SELECT count(*)::text FROM notes")).await?.remove(0);
                            tx.run(note(&format!("{text}{count}"))).await
                        })
                        .await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it does not panic")?;
        }
        // As if one had come after the other: each has counted all that were before it.
        let mut counts: Vec<u32> = committed(&database)
            .iter()
            .map(|note| note.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count"))
            .collect();
        counts.sort_unstable();
        assert_eq!(counts, (0..40).collect::<Vec<_>>());
        Ok(())
    })
}
