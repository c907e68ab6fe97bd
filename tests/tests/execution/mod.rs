//! What the tests of how statements are run share: statements of their own, and a table to run them on.

#![allow(dead_code, reason = "each test uses a part of it")]

use elyos_runtime::query::{Param, Query, Row, Statement, Travel, read};
use elyos_runtime::{Db, Error};
use elyos_tests::{TestDatabase, client, database};
use postgres::types::ToSql;

/// A statement without values, whose answer is the first column of each row: text.
#[derive(Clone)]
pub(crate) struct Sql(String);

impl Query for Sql {
    type Output = Vec<String>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.0.as_str().into(), params: Vec::new() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Vec<String>, Error> {
        rows.iter().map(|row| read(row, 0)).collect()
    }
}

/// A statement with a value, whose answer is the first column of each row.
pub(crate) struct Bound<V>(pub(crate) &'static str, pub(crate) V, pub(crate) Travel);

impl<V: ToSql + Send + Sync> Query for Bound<V> {
    type Output = Vec<String>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.0.into(), params: vec![Param::new(&self.1, self.2)] }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Vec<String>, Error> {
        rows.iter().map(|row| read(row, 0)).collect()
    }
}

pub(crate) fn sql(text: &str) -> Sql {
    Sql(text.to_owned())
}

/// Adds a row.
pub(crate) fn note(text: &str) -> Sql {
    sql(&format!("INSERT INTO notes (note) VALUES ('{text}')"))
}

/// All notes, in order.
pub(crate) fn notes() -> Sql {
    sql("SELECT note FROM notes ORDER BY note")
}

/// A database with an empty table of notes, and one of accounts that hold 100 each.
pub(crate) fn notes_database() -> TestDatabase {
    let database = database();
    client(database.url())
        .batch_execute(
            "CREATE TABLE notes (note text PRIMARY KEY); \
             CREATE TABLE accounts (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO accounts VALUES (1, 100), (2, 100);",
        )
        .expect("the tables are made");
    database
}

/// What another session sees.
pub(crate) fn committed(database: &TestDatabase) -> Vec<String> {
    let rows = client(database.url()).query("SELECT note FROM notes ORDER BY note", &[]).expect("the notes");
    rows.iter().map(|row| row.get(0)).collect()
}

/// How many sessions of the database are in a transaction, the one that asks left out.
pub(crate) fn in_transaction(database: &TestDatabase) -> i64 {
    let open = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'";
    client(database.url()).query_one(open, &[]).expect("a count").get(0)
}

/// A connection to it.
pub(crate) fn connect(database: &TestDatabase) -> Db {
    Db::connect(database.url()).expect("the database is there")
}

/// Asserts a text that tells between two others how a connection was cut: which of these a client sees is a matter of when.
pub(crate) fn assert_cut(text: &str, before: &str, after: &str) {
    let causes = [
        "connection closed",
        "error communicating with the server: Connection reset by peer (os error 104)",
        "error communicating with the server: Broken pipe (os error 32)",
    ];
    let texts = causes.map(|cause| format!("{before}{cause}{after}"));
    assert!(texts.iter().any(|expected| expected == text), "{text}");
}
