//! `#[derive(Repository)]` against the seeded ElyOS database, through a blocking connection and its transactions.

#[macro_use]
mod shared;

use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use elyos_runtime::prelude::*;
use elyos_runtime::serde_json::json;
use elyos_tests::{client, seeded};
use shared::*;

macro_rules! at_once {
    ($answer:expr) => {
        $answer
    };
}

#[test]
fn a_connection_runs_every_method() -> Result<(), Error> {
    let (_database, db) = seeded();
    what_holds!(&db, at_once);
    Ok(())
}

#[test]
fn a_transaction_runs_every_method_and_undoes_it_all() -> Result<(), Error> {
    let (database, db) = seeded();
    let before = UserRepository::count_all(&db)?;
    let undone: Result<(), Error> = db.transaction(|tx| {
        what_holds!(tx, at_once);
        assert!(UserRepository::count_all(tx)? > before);
        Err(UserRepository::get_by_id(tx, -1).expect_err("there is no such row"))
    });
    assert!(undone.is_err_and(|error| error.is_not_found()));
    assert_eq!(UserRepository::count_all(&db)?, before);
    // Nothing is left open behind.
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(client(database.url()).query_one(open, &[]).expect("a row").get::<_, i64>(0), 0);
    Ok(())
}

#[test]
fn an_empty_patch_writes_nothing() -> Result<(), Error> {
    let (database, db) = seeded();
    let mut client = client(database.url());
    let mut version =
        || client.query_one("SELECT xmin::text, ctid::text FROM auth.users WHERE id = 1", &[]).map(|row| (row.get(0), row.get(1)));
    let before: (String, String) = version().expect("the row is there");
    let row = UserRepository::update(&db, 1, default())?;
    assert_eq!(version().expect("the row is there"), before);
    let same = UserPatch { full_name: Set(row.full_name.clone()), updated_at: Set(row.updated_at), ..default() };
    assert_eq!(UserRepository::update(&db, 1, same)?, row);
    assert_ne!(version().expect("the row is there"), before);
    Ok(())
}

#[test]
fn a_violation_is_asked_about_and_names_its_constraint() -> Result<(), Error> {
    let (database, db) = seeded();
    let admin = UserRepository::get_by_id(&db, 1)?;

    let error = UserRepository::insert(&db, user("Twin", &admin.email)).expect_err("the address is taken");
    assert!(error.is_unique_violation() && !error.is_foreign_key_violation() && !error.is_check_violation());
    assert_eq!((error.code(), error.constraint()), (Some("23505"), Some("users_email_key")));
    let member = NewUserGroup { user_id: 1, group_id: 1, optional: default() };
    UserGroupRepository::delete(&db, (1, 1))?;
    UserGroupRepository::insert(&db, member.clone())?;
    let error = UserGroupRepository::insert(&db, member).expect_err("it is there");
    assert_eq!((error.is_unique_violation(), error.constraint()), (true, Some("user_groups_pkey")));

    let member = NewUserGroup { user_id: 1, group_id: -7, optional: default() };
    let error = UserGroupRepository::insert(&db, member).expect_err("there is no such group");
    assert!(error.is_foreign_key_violation() && !error.is_unique_violation());
    assert_eq!((error.code(), error.constraint()), (Some("23503"), Some("user_groups_group_id_fkey")));
    let error = UserRepository::delete(&db, 1).expect_err("others refer to it");
    assert!(error.is_foreign_key_violation() && error.constraint().is_some());

    let account = NewAccount {
        user_id: 1,
        provider_account_id: "1".into(),
        provider_id: "credential".into(),
        optional: NewAccountOptional { failed_login_attempts: Set(-1), ..default() },
    };
    let error = AccountRepository::insert(&db, account).expect_err("it is below zero");
    assert!(error.is_check_violation() && !error.is_not_null_violation());
    assert_eq!((error.code(), error.constraint()), (Some("23514"), Some("accounts_failed_login_attempts_check")));
    let patch = UserPatch { user_settings: Set(Some(json!([1, 2]))), ..default() };
    let error = UserRepository::update(&db, 1, patch).expect_err("settings are an object");
    assert_eq!((error.is_check_violation(), error.constraint()), (true, Some("users_user_settings_check")));

    // The types rule it out for as long as the database is the schema's.
    client(database.url()).batch_execute("ALTER TABLE auth.users ALTER COLUMN is_active DROP DEFAULT").expect("it is the owner");
    let error = UserRepository::insert(&db, user("Nobody", "nobody@example.com")).expect_err("there is no default any more");
    assert!(error.is_not_null_violation() && !error.is_check_violation());
    assert_eq!((error.code(), error.constraint()), (Some("23502"), None));

    let error = UserRepository::update(&db, 1, UserPatch { username: Set(Some("x".repeat(51))), ..default() }).expect_err("it is too long");
    assert_eq!(error.code(), Some("22001"));
    // None of them has harmed the connection.
    assert_eq!(UserRepository::get_by_id(&db, 1)?, admin);
    Ok(())
}

#[test]
fn no_error_tells_a_bound_value() -> Result<(), Error> {
    let (_database, db) = seeded();
    let secret = "s3cr3t-\u{1F511}-value";
    let email = format!("{secret}@example.com");
    let owner = UserRepository::insert(&db, user(secret, &email))?;
    let account = |password: &str, attempts| NewAccount {
        user_id: owner.id,
        provider_account_id: secret.into(),
        provider_id: "credential".into(),
        optional: NewAccountOptional { password: Set(Some(password.into())), failed_login_attempts: Set(attempts), ..default() },
    };
    let factor =
        |user_id| NewTwoFactor { id: secret.into(), secret: secret.into(), backup_codes: secret.into(), user_id, optional: default() };
    TwoFactorRepository::insert(&db, factor(owner.id))?;
    let errors = [
        UserRepository::insert(&db, user(secret, &email)).map(drop),
        UserRepository::update(&db, 1, UserPatch { email: Set(email.clone()), ..default() }).map(drop),
        AccountRepository::insert(&db, account(secret, -1)).map(drop),
        AccountRepository::insert(&db, account(&secret.repeat(20), 0)).map(drop),
        TwoFactorRepository::insert(&db, factor(owner.id)).map(drop),
        TwoFactorRepository::insert(&db, NewTwoFactor { id: format!("{secret}2"), ..factor(-1) }).map(drop),
        TwoFactorRepository::get_by_id(&db, "s3cr3t-unknown").map(drop),
        UserRepository::update(&db, owner.id, UserPatch { user_settings: Set(Some(json!([secret]))), ..default() }).map(drop),
        UserRepository::insert(&db, user("nul \0 s3cr3t", "nul@example.com")).map(drop),
    ];
    for (number, result) in errors.into_iter().enumerate() {
        let error = result.expect_err("each of them is refused");
        let mut texts = vec![error.to_string(), format!("{error:?}"), format!("{error:#?}")];
        let mut source = error.source();
        while let Some(cause) = source {
            texts.extend([cause.to_string(), format!("{cause:?}")]);
            source = cause.source();
        }
        for text in texts {
            assert!(!text.contains("s3cr3t"), "error {number} tells a value: {text}");
        }
    }
    Ok(())
}

#[test]
fn a_statement_is_prepared_once() -> Result<(), Error> {
    let (_database, db) = seeded();
    assert_eq!(db.prepared_statements(), 0);
    for id in [1, 2, 3] {
        UserRepository::find_by_id(&db, id)?;
        UserRepository::get_by_id(&db, 1)?;
    }
    assert_eq!(db.prepared_statements(), 1);
    for (number, text) in [(1, "a"), (2, "b")] {
        UserRepository::paginate(&db, PageRequest::new(number, 3).search(text))?;
    }
    assert_eq!(db.prepared_statements(), 2);
    db.transaction(|tx| UserRepository::find_by_id(tx, 1))?;
    assert_eq!(db.prepared_statements(), 2);
    rename(&db, 1, "One")?;
    rename(&db, 1, "Two")?;
    // A patch that says nothing reads as `find_by_id` does.
    UserRepository::update(&db, 1, default())?;
    assert_eq!(db.prepared_statements(), 3);
    // What the server refuses to prepare is not kept.
    let kept = db.prepared_statements();
    assert!(db.run(Nonsense).is_err());
    assert_eq!(db.prepared_statements(), kept);
    Ok(())
}

struct Nonsense;

impl elyos_runtime::query::Query for Nonsense {
    type Output = ();

    fn statement(&self) -> elyos_runtime::query::Statement<'_> {
        elyos_runtime::query::Statement { sql: "SELECT * FROM no_such_table".into(), params: Vec::new() }
    }

    fn read(&self, _: Vec<elyos_runtime::query::Row>) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_changed_table_is_noticed_and_the_statement_prepared_again() -> Result<(), Error> {
    let (database, db) = seeded();
    let mut other = client(database.url());
    let before = UserRepository::get_by_id(&db, 1)?;
    let kept = db.prepared_statements();
    other.batch_execute("ALTER TABLE auth.users ALTER COLUMN full_name TYPE text").expect("it is the owner");
    assert_eq!(UserRepository::get_by_id(&db, 1)?, before);
    assert_eq!(db.prepared_statements(), kept);

    // Inside a transaction the failure has ended it: that is said, and the next one works.
    other.batch_execute("ALTER TABLE auth.users ALTER COLUMN full_name TYPE varchar(200)").expect("it is the owner");
    let error = db.transaction(|tx| UserRepository::get_by_id(tx, 1)).expect_err("the plan is stale");
    assert_eq!(error.code(), Some("0A000"), "{error}");
    assert_eq!(db.transaction(|tx| UserRepository::get_by_id(tx, 1))?, before);

    // So are statements that the server has forgotten.
    db.run(Deallocate)?;
    assert_eq!(UserRepository::get_by_id(&db, 1)?, before);
    Ok(())
}

struct Deallocate;

impl elyos_runtime::query::Query for Deallocate {
    type Output = ();

    fn statement(&self) -> elyos_runtime::query::Statement<'_> {
        elyos_runtime::query::Statement { sql: "DEALLOCATE ALL".into(), params: Vec::new() }
    }

    fn read(&self, _: Vec<elyos_runtime::query::Row>) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_transaction_inside_another_is_a_savepoint() -> Result<(), Error> {
    let (_database, db) = seeded();
    let exists = |email: &str| UserRepository::find_by_email(&db, email).map(|row| row.is_some());
    db.transaction(|tx| {
        UserRepository::insert(tx, user("Outer", "outer@example.com"))?;
        let inner: Result<(), Error> = tx.transaction(|tx| {
            UserRepository::insert(tx, user("Inner", "inner@example.com"))?;
            tx.transaction(|tx| UserRepository::insert(tx, user("Innermost", "innermost@example.com")).map(drop))?;
            UserRepository::insert(tx, user("Twin", "outer@example.com")).map(drop)
        });
        assert!(inner.is_err_and(|error| error.is_unique_violation()));
        tx.transaction(|tx| UserRepository::insert(tx, user("Second", "second@example.com")).map(drop))?;
        UserRepository::insert(tx, user("Last", "last@example.com")).map(drop)
    })?;
    let there = |email| exists(email);
    assert!(there("outer@example.com")? && there("second@example.com")? && there("last@example.com")?);
    assert!(!there("inner@example.com")? && !there("innermost@example.com")?);
    Ok(())
}

#[test]
fn an_error_and_a_panic_undo_a_transaction() -> Result<(), Error> {
    let (_database, db) = seeded();
    let before = UserRepository::count_all(&db)?;
    let result: Result<(), Error> = db.transaction(|tx| {
        UserRepository::insert(tx, user("A", "a@example.com"))?;
        UserRepository::get_by_id(tx, -1).map(drop)
    });
    assert!(result.is_err_and(|error| error.is_not_found()));
    assert_eq!(UserRepository::count_all(&db)?, before);

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        db.transaction(|tx| -> Result<(), Error> {
            UserRepository::insert(tx, user("A", "a@example.com"))?;
            tx.transaction(|tx| -> Result<(), Error> {
                UserRepository::insert(tx, user("B", "b@example.com"))?;
                panic!("on purpose");
            })
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(UserRepository::count_all(&db)?, before);

    // A panic that is caught inside undoes the inner work alone.
    db.transaction(|tx| {
        UserRepository::insert(tx, user("A", "a@example.com"))?;
        let caught = catch_unwind(AssertUnwindSafe(|| {
            tx.transaction(|tx| -> Result<(), Error> {
                UserRepository::insert(tx, user("B", "b@example.com"))?;
                panic!("on purpose");
            })
        }));
        assert!(caught.is_err());
        Ok(())
    })?;
    assert_eq!(UserRepository::count_all(&db)?, before + 1);
    Ok(())
}

#[test]
fn an_error_of_the_callers_own_undoes_a_transaction() -> Result<(), Error> {
    #[derive(Debug)]
    enum Mine {
        Refused(i32),
        Elyos(Error),
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self::Elyos(error)
        }
    }
    let (_database, db) = seeded();
    let before = UserRepository::count_all(&db)?;
    let refused =
        db.try_transaction(|tx| -> Result<(), Mine> { Err(Mine::Refused(UserRepository::insert(tx, user("A", "a@example.com"))?.id)) });
    assert!(matches!(refused, Err(Mine::Refused(id)) if id > 0));
    let elyos = db.try_transaction(|tx| -> Result<(), Mine> { Ok(UserRepository::get_by_id(tx, -1).map(drop)?) });
    assert!(matches!(elyos, Err(Mine::Elyos(error)) if error.is_not_found()));
    assert_eq!(UserRepository::count_all(&db)?, before);
    Ok(())
}

#[test]
fn a_transaction_that_a_failure_has_ended_is_never_reported_as_committed() -> Result<(), Error> {
    let (_database, db) = seeded();
    let before = UserRepository::count_all(&db)?;
    let admin = UserRepository::get_by_id(&db, 1)?;
    // The failure is swallowed; PostgreSQL would answer the COMMIT with a ROLLBACK.
    let result = db.transaction(|tx| {
        UserRepository::insert(tx, user("A", "a@example.com"))?;
        drop(UserRepository::insert(tx, user("Twin", &admin.email)));
        Ok(())
    });
    let error = result.expect_err("nothing was committed");
    assert_eq!(error.code(), Some("25P02"), "{error}");
    assert_eq!(UserRepository::count_all(&db)?, before);

    // The same of a savepoint: it is undone, and the transaction around it goes on.
    db.transaction(|tx| {
        UserRepository::insert(tx, user("A", "a@example.com"))?;
        let inner = tx.transaction(|tx| {
            UserRepository::insert(tx, user("B", "b@example.com"))?;
            drop(UserRepository::insert(tx, user("Twin", &admin.email)));
            Ok(())
        });
        assert!(inner.is_err());
        UserRepository::insert(tx, user("C", "c@example.com")).map(drop)
    })?;
    assert_eq!(UserRepository::count_all(&db)?, before + 2);

    Ok(())
}
