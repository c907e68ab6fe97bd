//! What a statement can fail of: the questions, the exact text, and that no value of a row is in it.

mod execution;

use std::error::Error as _;
use std::thread;
use std::time::Duration;

use elyos_runtime::prelude::*;
use elyos_runtime::query::{ColumnDef, Param, Query, Row, Statement, Travel, read};
use elyos_runtime::rust_decimal::Decimal;
use elyos_tests::proxy::Proxy;
use elyos_tests::{TestDatabase, client, database, seeded};
use execution::*;

/// What must be in no text.
const SECRET: &str = "s3cr3t";

const SCHEMA: &str = "
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('glad', 'sad');
CREATE TABLE shop.people (
    id int PRIMARY KEY,
    email text UNIQUE,
    age smallint NOT NULL DEFAULT 1 CONSTRAINT of_age CHECK (age > 0),
    mood shop.mood,
    code varchar(3),
    friend int REFERENCES shop.people,
    stay int4range,
    EXCLUDE USING gist (stay WITH &&)
);
INSERT INTO shop.people (id, email, stay) VALUES (1, 's3cr3t', '[1,5)');
CREATE FUNCTION shop.ask_another_server() RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the other server is gone' USING ERRCODE = '08006'; END $$;
-- The same names again, elsewhere.
CREATE TABLE shop.dogs (age int CONSTRAINT of_age CHECK (age > 0));
CREATE SCHEMA other;
CREATE TABLE other.people (email text UNIQUE);
INSERT INTO other.people VALUES ('s3cr3t');
";

fn shop() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(SCHEMA).expect("the schema is made");
    let db = connect(&database);
    (database, db)
}

/// All that printing an error can show: itself, in each form, and its sources.
fn shown(error: &Error) -> String {
    let mut texts = vec![format!("{error}"), format!("{error:?}"), format!("{error:#?}"), format!("{error:#}")];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.extend([format!("{cause}"), format!("{cause:?}")]);
        source = cause.source();
    }
    texts.join("\n")
}

/// Each question that says yes.
fn answers(error: &Error) -> Vec<&'static str> {
    [
        ("unique", error.is_unique_violation()),
        ("foreign key", error.is_foreign_key_violation()),
        ("not null", error.is_not_null_violation()),
        ("check", error.is_check_violation()),
        ("exclusion", error.is_exclusion_violation()),
        ("not found", error.is_not_found()),
        ("connection", error.is_connection()),
        ("timeout", error.is_timeout()),
        ("cancelled", error.is_cancelled()),
        ("lock timeout", error.is_lock_timeout()),
        ("out of range", error.is_out_of_range()),
        ("serialization", error.is_serialization_failure()),
        ("deadlock", error.is_deadlock()),
        ("commit unknown", error.is_commit_unknown()),
        ("privilege", error.is_insufficient_privilege()),
        ("usage", error.is_usage()),
    ]
    .into_iter()
    .filter_map(|(question, answer)| answer.then_some(question))
    .collect()
}

/// Asserts what the statement fails of, its text before the note that names the statement, and that it tells no value.
fn fails(db: &Db, text: &str, yes: &[&str], message: &str) -> Error {
    let error = db.run(sql(text)).expect_err(text);
    assert_eq!(error.to_string(), format!("{message}\n  = note: the statement was {text}"));
    assert_eq!(answers(&error), yes, "{text}");
    let told = shown(&error).replace(text, "");
    assert!(!told.contains(SECRET), "{told}");
    error
}

#[test]
fn a_violation_says_which_constraint_of_which_table() {
    let (_database, db) = shop();
    let error = fails(
        &db,
        "INSERT INTO shop.people (id, email) VALUES (2, 's3cr3t')",
        &["unique"],
        "duplicate key value violates unique constraint \"people_email_key\"\n  = note: in shop.people",
    );
    assert_eq!((error.code(), error.constraint(), error.column()), (Some("23505"), Some("people_email_key"), None));
    assert_eq!(error.detail(), Some("Key (email)=(s3cr3t) already exists."));
    let error = fails(
        &db,
        "INSERT INTO shop.people (id, email, friend) VALUES (2, 's3cr3t too', -7)",
        &["foreign key"],
        "insert or update on table \"people\" violates foreign key constraint \"people_friend_fkey\"\n  = note: in shop.people",
    );
    assert_eq!(
        (error.constraint(), error.detail()),
        (Some("people_friend_fkey"), Some("Key (friend)=(-7) is not present in table \"people\"."))
    );
    let error = fails(
        &db,
        "INSERT INTO shop.people (id, email, age) VALUES (2, 's3cr3t too', NULL)",
        &["not null"],
        "null value in column \"age\" of relation \"people\" violates not-null constraint\n  = note: in shop.people",
    );
    assert_eq!((error.constraint(), error.column()), (None, Some("age")));
    assert!(error.detail().is_some_and(|detail| detail.contains(SECRET)));
    let error = fails(
        &db,
        "INSERT INTO shop.people (id, email, age) VALUES (2, 's3cr3t too', -1)",
        &["check"],
        "new row for relation \"people\" violates check constraint \"of_age\"\n  = note: in shop.people",
    );
    assert_eq!(error.constraint(), Some("of_age"));
    assert!(error.detail().is_some_and(|detail| detail.contains(SECRET)));
    let error = fails(
        &db,
        "INSERT INTO shop.people (id, email, stay) VALUES (2, 's3cr3t too', '[4,9)')",
        &["exclusion"],
        "conflicting key value violates exclusion constraint \"people_stay_excl\"\n  = note: in shop.people",
    );
    assert_eq!(error.constraint(), Some("people_stay_excl"));
}

#[test]
fn a_value_that_its_type_cannot_hold_is_out_of_range_and_not_repeated() {
    let (_database, db) = shop();
    for (text, code, message) in [
        ("UPDATE shop.people SET age = 40000", "22003", "smallint out of range"),
        ("UPDATE shop.people SET age = '99999'", "22003", "value \"…\" is out of range for type smallint"),
        ("UPDATE shop.people SET code = 's3cr3t'", "22001", "value too long for type character varying(3)"),
        ("SELECT ('s3cr' || '3t')::shop.mood::text", "22P02", "invalid input value for enum shop.mood: \"…\""),
        ("SELECT ('s3cr' || '3t\"')::uuid::text", "22P02", "invalid input syntax for type uuid: \"…\""),
        ("SELECT ('s3cr' || '3t')::date::text", "22007", "invalid input syntax for type date: \"…\""),
        ("SELECT ('2025-02-' || '30')::date::text", "22008", "date/time field value out of range: \"…\""),
        ("SELECT ('2025-01-01'::date + 2147000000)::text", "22008", "date out of range"),
        ("SELECT ('200000000 years'::interval * 100)::text", "22008", "interval out of range"),
        ("SELECT convert_from('\\xc3', 'UTF8')", "22021", "invalid byte sequence for encoding \"UTF8\": 0xc3"),
    ] {
        let error = db.run(sql(text)).expect_err(text);
        assert_eq!((error.code(), &*error.to_string()), (Some(code), &*format!("{message}\n  = note: the statement was {text}")));
        assert_eq!(answers(&error), ["out of range"], "{text}");
        assert!(!shown(&error).replace(text, "").contains(SECRET), "{}", shown(&error));
    }
    // A text that is searched for is no value of a type, and is not repeated either.
    let text = "SELECT to_tsquery('s3cr' || '3t &')::text";
    let error = fails(&db, text, &[], "no operand in tsquery: \"…\"");
    assert_eq!(error.code(), Some("42601"));
}

#[test]
fn a_value_that_cannot_be_sent_or_read_is_out_of_range() {
    let (_database, db) = shop();
    // PostgreSQL's text has no zero byte: it is not even asked.
    let error = db.run(Bound("SELECT $1::text", "s3cr3t\0", Travel::TEXT)).expect_err("no zero byte");
    assert_eq!(
        error.to_string(),
        "the value of $1 is none that its PostgreSQL type can hold: it holds the character NUL, which no text of PostgreSQL's can\n  \
         = note: the statement was SELECT $1::text"
    );
    assert_eq!(answers(&error), ["out of range"]);
    assert!(!shown(&error).contains(SECRET));
    // The conversion to PostgreSQL's type says so.
    let error = db.run(Bound("SELECT $1::timestamptz::text", TooLate, Travel::TIMESTAMPTZ)).expect_err("too late");
    assert_eq!(
        error.to_string(),
        "the value of $1 is none that its PostgreSQL type can hold: it is too late\n  = note: the statement was SELECT $1::timestamptz::text"
    );
    assert_eq!(answers(&error), ["out of range"]);
    // Where it is a column's, that is named.
    let error = db.run(LastSeen).expect_err("too late");
    assert_eq!(
        error.to_string(),
        "the value for the column last_seen is none that its PostgreSQL type can hold: it is too late\n  = note: the statement was SELECT $1::timestamptz::text"
    );
    assert_eq!(error.column(), Some("last_seen"));
    // A type that is not the database's is another matter.
    let error = db.run(Bound("SELECT $1::uuid::text", 7, Travel::UUID)).expect_err("another type");
    assert_eq!(
        error.to_string(),
        "the value of $1 is of another type than the database has: cannot convert between the Rust type `i32` and the Postgres type `uuid`\n  \
         = help: the database is not as the schema says that this program was compiled with: is it up to date?\n  \
         = note: the statement was SELECT $1::uuid::text"
    );
    assert_eq!(answers(&error), [""; 0]);
    // The other way round.
    let error = db.run(Read::<Decimal>::new("SELECT 'NaN'::numeric AS price")).expect_err("not a number");
    assert!(error.to_string().starts_with("the column price holds what its Rust type cannot: "), "{error}");
    assert_eq!((answers(&error), error.column()), (vec!["out of range"], Some("price")));
    let error = db.run(Read::<i32>::new("SELECT 's3cr3t'::text AS price")).expect_err("another type");
    assert_eq!(
        error.to_string(),
        "the column price is not as this program was compiled to read it: cannot convert between the Rust type `i32` and the Postgres type `text`\n  \
         = help: the database is not as the schema says that this program was compiled with: is it up to date?"
    );
    assert_eq!((answers(&error), error.column()), (vec![], Some("price")));
    let error = db.run(Read::<i32>::new("SELECT NULL::int AS price")).expect_err("null");
    assert_eq!(
        error.to_string(),
        "the column price is null, and this program was compiled to read a value\n  = help: what `never_null()` says has to hold of every \
         row; where it was not said, the database is not as the schema says that this program was compiled with: is it up to date?"
    );
    assert_eq!(answers(&error), [""; 0]);
    // None of them has harmed the connection.
    assert_eq!(db.run(sql("SELECT 'there'")).expect("it works"), ["there"]);
}

/// A value that no PostgreSQL type holds.
#[derive(Debug)]
struct TooLate;

impl postgres::types::ToSql for TooLate {
    fn to_sql(
        &self,
        _: &postgres::types::Type,
        _: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Err("it is too late".into())
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// Such a value of a column's.
struct LastSeen;

impl Query for LastSeen {
    type Output = ();

    fn statement(&self) -> Statement<'_> {
        const COLUMN: ColumnDef = ColumnDef::new("last_seen", "\"last_seen\"", Travel::TIMESTAMPTZ, "timestamptz");
        Statement { sql: "SELECT $1::timestamptz::text".into(), params: vec![Param::of(&COLUMN, &TooLate)] }
    }

    fn read(&self, _: Vec<Row>) -> Result<(), Error> {
        Ok(())
    }
}

/// Reads one value of the type.
struct Read<T>(&'static str, std::marker::PhantomData<fn() -> T>);

impl<T> Read<T> {
    fn new(text: &'static str) -> Self {
        Self(text, std::marker::PhantomData)
    }
}

impl<T: for<'r> postgres::types::FromSql<'r> + Send> Query for Read<T> {
    type Output = T;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.0.into(), params: Vec::new() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<T, Error> {
        read(&rows[0], 0)
    }
}

#[test]
fn time_outs_are_told_from_locks() {
    let (database, db) = shop();
    db.run(sql("SET statement_timeout = '50ms'")).expect("a setting");
    let error = fails(&db, "SELECT pg_sleep(9)::text", &["timeout", "cancelled"], "canceling statement due to statement timeout");
    assert_eq!(error.code(), Some("57014"));
    db.run(sql("RESET statement_timeout")).expect("a setting");
    fails(&db, "SELECT pg_cancel_backend(pg_backend_pid())::text", &["timeout", "cancelled"], "canceling statement due to user request");

    let mut other = client(database.url());
    let mut held = other.transaction().expect("a transaction");
    held.batch_execute("UPDATE shop.people SET age = 2").expect("it is free");
    db.run(sql("SET lock_timeout = '50ms'")).expect("a setting");
    let error = fails(&db, "UPDATE shop.people SET age = 3", &["timeout", "lock timeout"], "canceling statement due to lock timeout");
    assert_eq!(error.code(), Some("55P03"));
    fails(
        &db,
        "SELECT email FROM shop.people FOR UPDATE NOWAIT",
        &["timeout", "lock timeout"],
        "could not obtain lock on row in relation \"people\"",
    );
    drop(held);
    db.run(sql("SET idle_in_transaction_session_timeout = '50ms'")).expect("a setting");
    let tx = db.begin().expect("it begins");
    thread::sleep(Duration::from_millis(300));
    let error = tx.run(sql("SELECT 'too late'")).expect_err("the session has ended");
    assert_eq!(
        error.to_string(),
        "terminating connection due to idle-in-transaction timeout\n  \
         = help: connect anew; what the statement would have changed may have been changed\n  \
         = note: the statement was SELECT 'too late'"
    );
    assert_eq!((answers(&error), error.code()), (vec!["connection", "timeout"], Some("25P03")));
}

#[test]
fn a_database_that_is_not_the_schema_s_is_said_to_be_so() {
    const HELP: &str = "\n  = help: the database is not as the schema says that this program was compiled with: is it up to date?";
    let (_database, db) = shop();
    fails(&db, "SELECT name FROM shop.cats", &[], &format!("relation \"shop.cats\" does not exist{HELP}"));
    fails(
        &db,
        "SELECT emial FROM shop.people",
        &[],
        &format!("column \"emial\" does not exist\n  = help: Perhaps you meant to reference the column \"people.email\".{HELP}"),
    );
    fails(&db, "SELECT name FROM shops.people", &[], &format!("relation \"shops.people\" does not exist{HELP}"));
    fails(&db, "SELECT NULL::shop.moods::text", &[], &format!("type \"shop.moods\" does not exist{HELP}"));
}

#[test]
fn a_connection_that_is_lost_is_said_to_be_lost_and_stays_so() {
    const HELP: &str =
        "\n  = help: connect anew; what the statement would have changed may have been changed\n  = note: the statement was ";
    let (database, _) = shop();
    // What a function of the server's lost is another connection.
    let db = connect(&database);
    fails(&db, "SELECT shop.ask_another_server()", &[], "the other server is gone");
    assert!(!db.is_closed());
    // Ended by the server, which says why.
    let db = connect(&database);
    assert!(!db.is_closed());
    let ends = "SELECT pg_sleep(9)::text";
    let url = database.url().to_owned();
    let other = thread::spawn(move || {
        let sleeps = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                      WHERE datname = current_database() AND wait_event = 'PgSleep'";
        let mut client = client(&url);
        while client.query_one(sleeps, &[]).expect("a count").get::<_, i64>(0) == 0 {}
    });
    let error = db.run(sql(ends)).expect_err("the session has ended");
    other.join().expect("it does not panic");
    // The blocking driver does not look at the server's last word when the end of the connection comes together with it.
    let why = match error.code() {
        Some("57P01") => "terminating connection due to administrator command",
        _ => "the connection to the database was lost: connection closed",
    };
    assert_eq!(error.to_string(), format!("{why}{HELP}{ends}"));
    assert_eq!(answers(&error), ["connection"]);
    assert!(db.is_closed());
    let error = db.run(sql("SELECT 'a'")).expect_err("it is gone");
    assert_cut(&error.to_string(), "the connection to the database was lost: ", &format!("{HELP}SELECT 'a'"));
    assert_eq!(answers(&error), ["connection"]);
    // Cut on the way: the statement is not sent again by itself.
    let count = {
        let proxy = Proxy::new(database.url());
        let db = Db::connect(&proxy.url()).expect("the server is there");
        db.run(sql("SELECT 'a'")).expect("it works");
        proxy.messages().iter().position(|message| message.kind == 'E').expect("it was executed")
    };
    let proxy = Proxy::new(database.url());
    proxy.cut_before(count);
    let db = Db::connect(&proxy.url()).expect("the server is there");
    let error = db.run(sql("SELECT 'a'")).expect_err("it is cut");
    assert_cut(&error.to_string(), "the connection to the database was lost: ", &format!("{HELP}SELECT 'a'"));
    assert_eq!(answers(&error), ["connection"]);
    assert!(db.is_closed());
    assert_eq!(proxy.connections(), 1);
    let sent = proxy.messages().len();
    assert!(db.run(sql("SELECT 'a'")).is_err_and(|error| error.is_connection()));
    assert_eq!((proxy.connections(), proxy.messages().len()), (1, sent));
}

/// A repository of a table that has a twin in another schema.
#[derive(Debug, Repository)]
#[repository(table = "auth.users")]
struct UserRepository;

#[test]
fn a_constraint_is_that_of_a_table_not_a_name() -> Result<(), Error> {
    let (database, db) = seeded();
    client(database.url())
        .batch_execute(
            "CREATE SCHEMA twin; CREATE TABLE twin.users (email text CONSTRAINT users_email_key UNIQUE); \
             CREATE TABLE auth.twins (a int CONSTRAINT users_user_settings_check CHECK (a > 0)); \
             INSERT INTO twin.users VALUES ('a');",
        )
        .expect("the tables are made");
    let admin = UserRepository::get_by_id(&db, 1)?;
    let new = |email: &str| NewUser { full_name: "Twin".into(), email: email.into(), optional: default() };
    let error = UserRepository::insert(&db, new(&admin.email)).expect_err("the address is taken");
    assert_eq!(error.violates::<UserRepository>(), Some(UserConstraint::UsersEmailKey));
    let same_id = NewUser { optional: NewUserOptional { id: Set(1), ..default() }, ..new("other@example.com") };
    let error = UserRepository::insert(&db, same_id).expect_err("the key is taken");
    assert_eq!(error.violates::<UserRepository>(), Some(UserConstraint::UsersPkey));
    let patch = UserPatch { user_settings: Set(Some(elyos_runtime::serde_json::json!([]))), ..default() };
    let error = UserRepository::update(&db, 1, patch).expect_err("settings are an object");
    assert_eq!(error.violates::<UserRepository>(), Some(UserConstraint::UsersUserSettingsCheck));
    // The same name elsewhere, another constraint, and no constraint.
    for (text, constraint) in [
        ("INSERT INTO twin.users VALUES ('a')", Some("users_email_key")),
        ("INSERT INTO auth.twins VALUES (-1)", Some("users_user_settings_check")),
        ("DELETE FROM auth.users", Some("accounts_user_id_fkey")),
        ("UPDATE auth.users SET full_name = NULL", None),
        ("SELECT 1/0", None),
    ] {
        let error = db.run(sql(text)).expect_err(text);
        assert_eq!(error.constraint().is_some(), constraint.is_some(), "{error}");
        if constraint != Some("accounts_user_id_fkey") {
            assert_eq!(error.constraint(), constraint, "{error}");
        }
        assert_eq!(error.violates::<UserRepository>(), None, "{error}");
    }
    Ok(())
}
