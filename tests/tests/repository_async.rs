//! The same functions through an asynchronous connection, as futures that any thread may drive.

#[macro_use]
mod shared;

use std::sync::Arc;

use elyos_runtime::DbOptions;
use elyos_runtime::prelude::*;
use elyos_tests::{TestDatabase, client, seeded};
use shared::*;

macro_rules! awaited {
    ($answer:expr) => {
        $answer.await
    };
}

/// A seeded database, and a runtime of several threads. What seeds is blocking, so it comes first.
fn ready() -> (TestDatabase, tokio::runtime::Runtime) {
    let (database, _) = seeded();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("threads can be had");
    (database, runtime)
}

#[test]
fn an_asynchronous_connection_runs_every_method() -> Result<(), Error> {
    let (database, runtime) = ready();
    let url = database.url().to_owned();
    // Spawned: so the whole of it is `Send`.
    let work = runtime.spawn(async move {
        let db = AsyncDb::connect(&url).await?;
        what_holds!(&db, awaited);
        Ok(())
    });
    runtime.block_on(work).expect("it does not panic")
}

#[test]
fn a_row_that_cannot_be_read_is_an_error_and_the_connection_goes_on() -> Result<(), Error> {
    let (database, runtime) = ready();
    let url = database.url().to_owned();
    // The blocking client is for threads that drive no futures.
    let sql = move |text: &'static str| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || client(&url).batch_execute(text).expect("it can be"))
    };
    let done = "the statement ends";
    runtime.block_on(async {
        sql("ALTER TABLE auth.users ALTER created_at DROP NOT NULL").await.expect(done);
        for options in [DbOptions::new(), DbOptions::new().unprepared()] {
            sql("UPDATE auth.users SET created_at = NULL").await.expect(done);
            let db = AsyncDb::connect_with(database.url(), options).await?;
            let new = UserRepository::insert(&db, user("Behind", "behind@example.com")).await?;
            let all = UserRepository::find_all(&db).await.expect_err("null is none of its values");
            let chosen = UserRepository::select().all(&db).await.expect_err("null is none of its values");
            assert_eq!((all.column(), chosen.column()), (Some("created_at"), Some("created_at")));
            sql("UPDATE auth.users SET created_at = now() WHERE created_at IS NULL").await.expect(done);
            assert_eq!(UserRepository::find_all(&db).await?.len(), 2);
            assert_eq!(UserRepository::select().all(&db).await?.len(), 2);
            assert!(UserRepository::delete(&db, new.id).await?);
        }
        Ok(())
    })
}

#[test]
fn many_tasks_share_a_connection() -> Result<(), Error> {
    let (database, runtime) = ready();
    runtime.block_on(async {
        let db = Arc::new(AsyncDb::connect(database.url()).await?);
        let tasks: Vec<_> = (0..100)
            .map(|number| {
                let db = Arc::clone(&db);
                tokio::spawn(async move {
                    let email = format!("task{number}@example.com");
                    let new = UserRepository::insert(&*db, user("Task", &email)).await?;
                    let found = UserRepository::find_by_email(&*db, &email).await?;
                    assert_eq!(found.as_ref(), Some(&new));
                    rename(&*db, new.id, &email).await
                })
            })
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await.expect("it does not panic")?.full_name, format!("task{number}@example.com"));
        }
        assert_eq!(UserRepository::count_matching(&*db, "task").await?, 100);
        // Three texts, however many tasks prepared them at once; the count is a fourth.
        assert_eq!(db.prepared_statements(), 4);
        Ok(())
    })
}

#[test]
fn a_violation_is_asked_about_as_with_a_blocking_connection() -> Result<(), Error> {
    let (database, runtime) = ready();
    runtime.block_on(async {
        let db = AsyncDb::connect(database.url()).await?;
        let admin = UserRepository::get_by_id(&db, 1).await?;
        let error = UserRepository::insert(&db, user("Twin", &admin.email)).await.expect_err("the address is taken");
        assert_eq!((error.is_unique_violation(), error.constraint()), (true, Some("users_email_key")));
        assert!(!format!("{error} {error:?}").contains(&admin.email));
        assert_eq!(UserRepository::get_by_id(&db, 1).await?, admin);
        Ok(())
    })
}

#[test]
fn a_changed_table_is_noticed_and_the_statement_prepared_again() -> Result<(), Error> {
    let (database, runtime) = ready();
    let mut other = client(database.url());
    let db = runtime.block_on(AsyncDb::connect(database.url()))?;
    let before = runtime.block_on(UserRepository::get_by_id(&db, 1))?;
    let kept = db.prepared_statements();
    other.batch_execute("ALTER TABLE auth.users ALTER COLUMN full_name TYPE text").expect("it is the owner");
    assert_eq!(runtime.block_on(UserRepository::get_by_id(&db, 1))?, before);
    assert_eq!(db.prepared_statements(), kept);
    Ok(())
}
