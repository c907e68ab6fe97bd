//! Transactions of the blocking connection: closures and guards, savepoints, options, retries, and what is lost.

mod execution;

use std::cell::Cell;
use std::sync::{Arc, Barrier};
use std::thread;

use elyos_runtime::IsolationLevel;
use elyos_runtime::prelude::*;
use elyos_tests::client;
use elyos_tests::proxy::Proxy;
use execution::*;

const INNER_OPEN: &str = "a transaction inside of this one is still open, and would undo this with its own work\n  \
                          = help: use the inner one, or end it first";
const OVER: &str = "this transaction has ended together with the one around it\n  \
                    = help: end a transaction before the one that it was begun in";
const OPTIONS_INSIDE: &str = "a transaction is open on this connection, and one inside of it cannot have options of its own\n  \
                              = help: give them to the outermost one";

#[test]
fn a_guard_keeps_what_is_committed_and_nothing_else() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let tx = db.begin()?;
    tx.run(note("committed"))?;
    assert_eq!(committed(&database), [""; 0]);
    tx.commit()?;
    let tx = db.begin()?;
    tx.run(note("rolled back"))?;
    tx.rollback()?;
    let tx = db.begin()?;
    tx.run(note("dropped"))?;
    assert_eq!(in_transaction(&database), 1);
    drop(tx);
    assert_eq!(in_transaction(&database), 0);
    assert_eq!(committed(&database), ["committed"]);
    Ok(())
}

#[test]
fn guards_nest_as_savepoints() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let outer = db.begin()?;
    outer.run(note("outer"))?;
    let kept = outer.begin()?;
    kept.run(note("kept"))?;
    let undone = kept.begin()?;
    undone.run(note("undone"))?;
    undone.rollback()?;
    let dropped = kept.begin()?;
    dropped.run(note("dropped"))?;
    drop(dropped);
    kept.commit()?;
    // A failure ends the savepoint alone.
    let failed = outer.begin()?;
    failed.run(note("outer")).expect_err("it is there");
    let error = failed.commit().expect_err("a failure has ended it");
    assert_eq!(error.code(), Some("25P02"));
    outer.run(note("last"))?;
    outer.commit()?;
    assert_eq!(committed(&database), ["kept", "last", "outer"]);
    Ok(())
}

#[test]
fn what_is_run_on_the_connection_itself_happens_in_the_innermost_transaction() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let outer = db.begin()?;
    db.run(note("of the outer"))?;
    let inner = db.begin()?;
    db.run(note("of the inner"))?;
    assert_eq!(db.run(notes())?, ["of the inner", "of the outer"]);
    inner.rollback()?;
    assert_eq!(db.run(notes())?, ["of the outer"]);
    // A closure's too.
    let failed: Result<(), Error> = db.transaction(|_| {
        db.run(note("of the closure"))?;
        db.run(note("of the outer")).map(drop)
    });
    assert!(failed.is_err_and(|error| error.is_unique_violation()));
    outer.commit()?;
    assert_eq!(committed(&database), ["of the outer"]);
    Ok(())
}

#[test]
fn an_outer_transaction_takes_nothing_while_an_inner_one_could_undo_it() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    db.transaction(|outer| {
        outer.run(note("outer"))?;
        let inner: Result<(), Error> = outer.transaction(|inner| {
            inner.run(note("inner"))?;
            let refused = outer.run(note("would be lost")).expect_err("the inner one is open");
            assert_eq!(refused.to_string(), INNER_OPEN);
            assert!(refused.is_usage() && !refused.is_refused_by_database());
            assert_eq!(outer.begin().expect_err("the inner one is open").to_string(), INNER_OPEN);
            assert_eq!(outer.transaction(|_| Ok(())).expect_err("the inner one is open").to_string(), INNER_OPEN);
            inner.run(note("outer")).map(drop)
        });
        assert!(inner.is_err_and(|error| error.is_unique_violation()));
        outer.run(note("after")).map(drop)
    })?;
    assert_eq!(committed(&database), ["after", "outer"]);
    Ok(())
}

#[test]
fn guards_that_end_in_the_wrong_order_keep_nothing() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let outer = db.begin()?;
    let inner = db.begin()?;
    inner.run(note("inner"))?;
    assert_eq!(outer.commit().expect_err("the inner one is open").to_string(), INNER_OPEN);
    assert_eq!(inner.run(note("too late")).expect_err("it is over").to_string(), OVER);
    let next = db.begin()?;
    next.run(note("next"))?;
    assert_eq!(inner.commit().expect_err("it is over").to_string(), OVER);
    next.commit()?;
    assert_eq!(committed(&database), ["next"]);

    let (outer, inner) = (db.begin()?, db.begin()?);
    outer.rollback()?;
    inner.rollback()?;
    // A guard that is forgotten leaves its transaction open, and what is around it takes nothing any more.
    let outer = db.begin()?;
    std::mem::forget(outer.begin()?);
    assert_eq!(outer.run(notes()).expect_err("the inner one is open").to_string(), INNER_OPEN);
    drop(outer);
    assert_eq!(db.run(notes())?, ["next"]);
    assert_eq!(in_transaction(&database), 0);
    Ok(())
}

#[test]
fn options_are_those_of_the_server() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let shown = |options: TransactionOptions| {
        db.transaction_with(options, |tx| {
            let one = |name: &str| tx.run(sql(&format!("SELECT current_setting('transaction_{name}')"))).map(|mut rows| rows.remove(0));
            Ok([one("isolation")?, one("read_only")?, one("deferrable")?])
        })
    };
    let options = TransactionOptions::new();
    assert_eq!(shown(options)?, ["read committed", "off", "off"]);
    assert_eq!(shown(options.repeatable_read())?, ["repeatable read", "off", "off"]);
    assert_eq!(shown(options.serializable().read_only().deferrable())?, ["serializable", "on", "on"]);
    assert_eq!(shown(options.isolation(IsolationLevel::ReadCommitted).read_only())?, ["read committed", "on", "off"]);
    db.run(sql("SET default_transaction_read_only = on"))?;
    assert_eq!(shown(options)?, ["read committed", "on", "off"]);
    assert_eq!(shown(options.read_write())?, ["read committed", "off", "off"]);
    db.run(sql("RESET default_transaction_read_only"))?;

    let error = db.transaction_with(options.read_only(), |tx| tx.run(note("x"))).expect_err("it only reads");
    assert_eq!(error.code(), Some("25006"));
    let guard = db.begin_with(options.serializable())?;
    assert_eq!(guard.run(sql("SELECT current_setting('transaction_isolation')"))?, ["serializable"]);
    let error = db.transaction_with(options.retry(1), |_| Ok(())).expect_err("one is open");
    assert_eq!(error.to_string(), OPTIONS_INSIDE);
    assert!(error.is_usage());
    assert_eq!(db.begin_with(options.read_only()).expect_err("one is open").to_string(), OPTIONS_INSIDE);
    // That was no failure of the transaction that is open.
    db.transaction_with(options, |tx| tx.run(note("savepoint")).map(drop))?;
    guard.commit()?;
    assert_eq!(committed(&database), ["savepoint"]);
    Ok(())
}

/// Work that reads an account and writes it: the first `conflicts` times another session has written it in between.
fn withdraw(tx: &Transaction<'_>, database: &elyos_tests::TestDatabase, calls: &Cell<u32>, conflicts: u32) -> Result<(), Error> {
    calls.set(calls.get() + 1);
    let amount: i32 = tx.run(sql("SELECT amount::text FROM accounts WHERE id = 1"))?[0].parse().expect("a number");
    if calls.get() <= conflicts {
        client(database.url()).batch_execute("UPDATE accounts SET amount = amount - 1 WHERE id = 1").expect("it is free");
    }
    tx.run(sql(&format!("UPDATE accounts SET amount = {} WHERE id = 1", amount - 10))).map(drop)
}

fn amount(database: &elyos_tests::TestDatabase) -> i32 {
    client(database.url()).query_one("SELECT amount FROM accounts WHERE id = 1", &[]).expect("the account").get(0)
}

#[test]
fn a_serialization_failure_is_tried_again_so_many_times() -> Result<(), Error> {
    let database = notes_database();
    let db = connect(&database);
    let options = TransactionOptions::new().repeatable_read();
    let calls = Cell::new(0);
    db.transaction_with(options.retry(5), |tx| withdraw(tx, &database, &calls, 3))?;
    assert_eq!((calls.get(), amount(&database)), (4, 100 - 3 - 10));

    for (retries, wanted) in [(0, 1), (2, 3)] {
        calls.set(0);
        let error = db.transaction_with(options.retry(retries), |tx| withdraw(tx, &database, &calls, u32::MAX)).expect_err("always lost");
        assert!(error.is_serialization_failure() && !error.is_deadlock(), "{error}");
        assert_eq!(calls.get(), wanted);
    }
    // Another failure is not tried again.
    calls.set(0);
    let error = db
        .transaction_with(options.retry(5), |tx| {
            calls.set(calls.get() + 1);
            tx.run(sql("INSERT INTO accounts VALUES (1, 0)"))
        })
        .expect_err("it is there");
    assert!(error.is_unique_violation());
    assert_eq!(calls.get(), 1);
    Ok(())
}

#[test]
fn a_conflict_is_tried_again_whatever_error_the_work_makes_of_it() -> Result<(), Error> {
    #[derive(Debug, PartialEq)]
    struct Mine;
    impl From<Error> for Mine {
        fn from(_: Error) -> Self {
            Self
        }
    }
    let database = notes_database();
    let db = connect(&database);
    let options = TransactionOptions::new().repeatable_read().retry(4);
    let calls = Cell::new(0);
    db.try_transaction_with(options, |tx| withdraw(tx, &database, &calls, 2).map_err(Mine::from)).expect("the third is not lost");
    assert_eq!(calls.get(), 3);
    // In a savepoint.
    calls.set(0);
    db.transaction_with(options, |tx| tx.transaction(|tx| withdraw(tx, &database, &calls, 2)))?;
    assert_eq!(calls.get(), 3);
    // Swallowed: the commit is refused, and nothing was committed.
    calls.set(0);
    db.transaction_with(options, |tx| {
        drop(withdraw(tx, &database, &calls, 2));
        Ok(())
    })?;
    assert_eq!(calls.get(), 3);
    // A refusal of the work's own, with no conflict, is final; so is it after a conflict of an earlier try.
    calls.set(0);
    let refused = db.try_transaction_with(options, |tx| {
        withdraw(tx, &database, &calls, 1)?;
        Err::<(), _>(Mine)
    });
    assert_eq!((refused, calls.get()), (Err(Mine), 2));
    Ok(())
}

#[test]
fn a_conflict_that_only_the_commit_finds_is_tried_again() -> Result<(), Error> {
    let database = notes_database();
    let (one, two) = (connect(&database), connect(&database));
    let serializable = TransactionOptions::new().serializable();
    // Each reads what the other writes: no order of the two gives both what they saw.
    let skewed = |tx: &Transaction<'_>, text: &str| -> Result<(), Error> {
        tx.run(sql("SELECT count(*)::text FROM notes"))?;
        tx.run(note(text)).map(drop)
    };
    let calls = Cell::new(0);
    one.transaction_with(serializable.retry(3), |tx| {
        calls.set(calls.get() + 1);
        skewed(tx, "one")?;
        if calls.get() == 1 {
            two.transaction_with(serializable, |tx| skewed(tx, "two"))?;
        }
        Ok(())
    })?;
    assert_eq!(calls.get(), 2);
    assert_eq!(committed(&database), ["one", "two"]);
    Ok(())
}

#[test]
fn a_deadlock_is_tried_again() {
    let database = notes_database();
    let both = Arc::new(Barrier::new(2));
    let calls: u32 = thread::scope(|scope| {
        let threads = [[1, 2], [2, 1]].map(|accounts| {
            let (db, both) = (connect(&database), Arc::clone(&both));
            scope.spawn(move || {
                db.run(sql("SET deadlock_timeout = '50ms'")).expect("it is a superuser");
                let calls = Cell::new(0);
                db.transaction_with(TransactionOptions::new().retry(10), |tx| {
                    calls.set(calls.get() + 1);
                    for account in accounts {
                        tx.run(sql(&format!("UPDATE accounts SET amount = amount + 1 WHERE id = {account}")))?;
                        if calls.get() == 1 && account == accounts[0] {
                            both.wait();
                        }
                    }
                    Ok(())
                })
                .expect("one gives way, and comes after the other");
                calls.get()
            })
        });
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).sum()
    });
    assert_eq!((calls, amount(&database)), (3, 102));
}

#[test]
fn a_commit_that_nobody_answered_is_said_to_be_unknown_and_never_tried_again() -> Result<(), Error> {
    let database = notes_database();
    let is_commit = |proxy: &Proxy| proxy.messages().iter().position(|message| message.text.contains("COMMIT")).expect("it was sent");
    let number = {
        let proxy = Proxy::new(database.url());
        let db = Db::connect(&proxy.url())?;
        db.transaction(|tx| tx.run(note("counted")).map(drop))?;
        is_commit(&proxy)
    };
    for (after, text) in [(true, "after"), (false, "before")] {
        let proxy = Proxy::new(database.url());
        if after {
            proxy.cut_after(number);
        } else {
            proxy.cut_before(number);
        }
        let db = Db::connect(&proxy.url())?;
        assert!(!db.is_closed());
        let calls = Cell::new(0);
        let error = db
            .transaction_with(TransactionOptions::new().retry(5), |tx| {
                calls.set(calls.get() + 1);
                tx.run(note(text)).map(drop)
            })
            .expect_err("the connection is cut");
        assert_cut(
            &error.to_string(),
            "the connection was lost while a transaction was being committed: ",
            "\n  = help: whether it was committed is not known: look at what it would have changed before doing it again",
        );
        assert!(error.is_commit_unknown() && error.is_connection());
        assert_eq!((calls.get(), proxy.connections()), (1, 1));
        assert!(db.is_closed());
    }
    // The server carried out the one that it got.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while committed(&database).len() < 2 && std::time::Instant::now() < until {
        thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(committed(&database), ["after", "counted"]);
    Ok(())
}

#[test]
fn a_connection_that_is_lost_inside_is_no_conflict() {
    let database = notes_database();
    let db = connect(&database);
    let calls = Cell::new(0);
    let error = db
        .transaction_with(TransactionOptions::new().retry(5), |tx| {
            calls.set(calls.get() + 1);
            tx.run(note("lost"))?;
            tx.run(sql("SELECT pg_terminate_backend(pg_backend_pid())::text")).map(drop)
        })
        .expect_err("the session has ended");
    assert!(error.is_connection() && !error.is_commit_unknown(), "{error}");
    assert_eq!(calls.get(), 1);
    assert!(db.is_closed());
    // It stays so: nothing connects anew behind the application's back.
    assert!(db.run(notes()).is_err_and(|error| error.is_connection()));
    assert!(db.begin().is_err_and(|error| error.is_connection()));
    assert_eq!(committed(&database), [""; 0]);
}
