//! What the tests across crates share: a database of their own on the run's private PostgreSQL, bundles made for a
//! test, a proxy that watches and fails, and forms in which two databases can be compared.

pub mod fuzzed;
pub mod pooler;
pub mod project;
pub mod proxy;
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
