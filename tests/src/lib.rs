//! What the tests across crates share: a database of their own on the run's private PostgreSQL, bundles made for a
//! test, a proxy that watches and fails, and forms in which two databases can be compared.

pub mod bouncer;
pub mod fuzzed;
pub mod package;
pub mod pooler;
pub mod project;
pub mod proxy;
pub mod schemas;
pub mod snapshot;

use std::path::{Path, PathBuf};

use elyos_runtime::prelude::*;

pub use elyos_cli::cluster::testing::{TestDatabase, cluster, database};
pub use project::Project;

/// The workspace's folder.
///
/// # Panics
///
/// Never: the crate is in the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace").to_owned()
}

/// A database with the `ElyOS` bundle applied, and a connection to it.
///
/// # Panics
///
/// When either cannot be had; a test cannot go on without.
#[must_use = "the database is dropped together with the first value"]
pub fn seeded() -> (TestDatabase, Db) {
    let database = database();
    Init::new(&elyos_runtime::ELYOS).database_url(database.url()).admin_email("").run().expect("the bundle applies");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

/// A plain connection, for looking at what Elyos did without Elyos.
///
/// # Panics
///
/// When it cannot be had.
#[must_use]
pub fn client(url: &str) -> postgres::Client {
    postgres::Client::connect(url, postgres::NoTls).expect("the database is there")
}

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

/// Gives the database the ledger that the first version would have written.
///
/// # Panics
///
/// When the database cannot be reached or has no ledger.
pub fn as_version_1_left_it(url: &str) {
    let mut client = client(url);
    for table in ["state", "migrations", "seeds", "procedures", "extensions"] {
        client
            .batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS kept; CREATE TABLE kept.{table} AS TABLE elyos.{table}"))
            .expect("a copy");
    }
    client.batch_execute("DROP SCHEMA elyos CASCADE").expect("it is gone");
    client.batch_execute(include_str!("../fixtures/ledger_version_1.sql")).expect("the first version's ledger");
    client.batch_execute("DROP SCHEMA kept CASCADE").expect("it is gone");
}
