//! What an application links to have its PostgreSQL schema, its seeds and typed repositories.
//!
//! [`init`] brings the database to what the program was compiled with; [`Db`] connects; `#[derive(Repository)]`
//! makes a table's rows and methods; [`bundle!`] embeds a schema and seeds of your own.
//!
//! ```no_run
//! use elyos_runtime::prelude::*;
//! # #[cfg(feature = "elyos")]
//! use elyos_runtime::repositories::UserRepository;
//!
//! # #[cfg(feature = "elyos")]
//! fn main() -> Result<(), Error> {
//!     println!("{}", elyos_runtime::init()?);
//!     let db = Db::connect_from_env()?;
//!     println!("{:?}", UserRepository::find_by_id(&db, 1)?);
//!     Ok(())
//! }
//! # #[cfg(not(feature = "elyos"))]
//! # fn main() {}
//! ```

// What the macros emit names this crate by its path; so does what they emit here.
#[cfg(feature = "elyos")]
extern crate self as elyos_runtime;

pub mod bundle;
mod connect;
mod db;
#[cfg(feature = "elyos")]
mod elyos;
mod error;
mod executor;
mod health;
mod init;
mod ledger;
mod page;
pub mod query;
#[cfg(feature = "elyos")]
pub mod repositories;
pub mod repository;
mod session;
mod sql;
pub mod types;

pub use bundle::Bundle;
#[cfg(feature = "tokio")]
pub use db::{AsyncDb, AsyncTransaction, AsyncTransactionGuard};
#[cfg(feature = "pool")]
pub use db::{AsyncPool, PooledAsyncDb};
pub use db::{Db, DbOptions, IsolationLevel, Pool, PoolOptions, PooledDb, Transaction, TransactionOptions};
#[cfg(feature = "elyos")]
pub use elyos::{ELYOS, init};
pub use elyos_macros::{bundle, procedures, types};
pub use error::{Constrained, Error, NamedConstraint, Result};
pub use executor::Executor;
pub use health::{Health, HealthChecked, check_database_health, ensure_database_health};
pub use init::{Action, Event, Init, ItemState, ItemStatus, Missing, OnAhead, Outcome, Pending, Report, Selection, Status, Step, StepKind};
pub use page::{Cursor, ListRequest, Listing, Page, PageRequest, PaginationParams, validate_pagination_params};
pub use query::Field;
pub use sql::quote_identifier;

// The types of columns, so that an application uses the versions that the rows use.
pub use chrono;
#[cfg(feature = "jiff")]
pub use jiff;
pub use rust_decimal;
pub use serde_json;
#[cfg(feature = "time")]
pub use time;
pub use uuid;

/// What an application imports: the traits whose methods repositories have, and the names used with them.
pub mod prelude {
    #[cfg(feature = "tokio")]
    pub use crate::db::{AsyncDb, AsyncTransaction};
    pub use crate::db::{Db, Transaction, TransactionOptions};
    pub use crate::default;
    pub use crate::error::Error;
    pub use crate::executor::Executor;
    pub use crate::init::{Init, Report, Selection};
    pub use crate::page::{Cursor, ListRequest, Listing, Page, PageRequest};
    pub use crate::query::Field::{self, Set, Unset};
    pub use crate::repository::{Editable, Insertable, Keyed, Repository, Searchable, SoftDelete, Upsertable};
    pub use elyos_macros::{Columns, Repository};
}

/// A client of the driver's own, connected as [`Init`] connects: with its settings, its deadline and its errors. For the
/// `elyos` command; may change between releases.
#[doc(hidden)]
pub fn connect_client(url: &str, timeout: std::time::Duration, mut waiting: impl FnMut(&Event<'_>)) -> Result<postgres::Client> {
    connect::blocking_until(&connect::Settings::parse(url)?, timeout, |error| {
        waiting(&Event::Waiting { reason: error.to_string() });
        true
    })
}

/// The default of any type: `..default()` for the fields that nothing is said of.
#[must_use]
pub fn default<T: Default>() -> T {
    T::default()
}

/// What generated code names, by paths that do not depend on what the application imports.
#[doc(hidden)]
pub mod __private {
    pub use bytes::BytesMut;
    pub use include_dir;
    #[cfg(feature = "serde")]
    pub use serde;
    pub use tokio_postgres::Row;
    pub use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

    pub use crate::query::text::{All, Done, ExactValue, ExactValues, First, Text, Value, Values};
    pub use crate::query::{read, read_exactly};
    pub use crate::types::BoxError;
    #[cfg(feature = "serde")]
    pub use crate::types::as_text::deserialize_text;
    pub use crate::types::as_text::{from_text, is_text, put_text, put_text_checked, unknown_label};

    /// What a secret is in a row after reading: nothing was written of it.
    ///
    /// ```
    /// assert_eq!(elyos_runtime::__private::unread::<String>(), "");
    /// ```
    ///
    /// ```compile_fail,E0277
    /// elyos_runtime::__private::unread::<std::net::IpAddr>();
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn unread<T: Unread>() -> T {
        T::unread()
    }

    /// A type of a column that may be secret.
    #[cfg(feature = "serde")]
    #[diagnostic::on_unimplemented(
        message = "`{Self}` has no default, which a secret column is in a row that was deserialized",
        label = "a secret column that takes no null is a `{Self}`",
        note = "implement `Default` for the type, give the column one that has it by `types(column: …)`, or leave the column out of `secret(…)`"
    )]
    pub trait Unread {
        /// The default.
        fn unread() -> Self;
    }

    #[cfg(feature = "serde")]
    impl<T: Default> Unread for T {
        fn unread() -> Self {
            Self::default()
        }
    }

    /// A second implementation, so that an error is about the trait and not about what the first one asks for.
    #[cfg(feature = "serde")]
    #[derive(Debug)]
    pub enum NeverRead {}

    #[cfg(feature = "serde")]
    impl Unread for NeverRead {
        fn unread() -> Self {
            unreachable!("no column is of this type")
        }
    }

    /// What is shown of a secret.
    #[derive(Clone, Copy)]
    pub struct Secret;

    impl std::fmt::Debug for Secret {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("<secret>")
        }
    }
}
