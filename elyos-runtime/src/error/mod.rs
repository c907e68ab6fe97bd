//! The one error of this crate: what went wrong, where, and what to do about it.

mod connect;
mod constraint;
mod kind;
pub(crate) mod migration;
mod missing;
mod place;
mod questions;
mod statement;
mod transaction;

pub use constraint::{Constrained, NamedConstraint};

#[cfg(feature = "tls")]
pub(crate) use connect::Certificate;
pub(crate) use connect::ConnectFailure;
pub(crate) use kind::{Kind, Url};
pub(crate) use place::Place;
use statement::Unsent;
pub(crate) use statement::concealed;
pub(crate) use transaction::TransactionFailure;

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use crate::init::Missing;
use crate::query::Param;

/// What kept Elyos from doing what it was asked.
///
/// The type is opaque: ask it questions (`is_unique_violation()`, `is_connection()`, `code()`) instead of matching
/// on it. Its text is a sentence, followed by the place in the SQL file where there is one, and by what can be done.
/// Neither the text nor the `Debug` form (which is the same text, so that `fn main() -> Result<(), Error>` reads
/// well) holds a password.
pub struct Error(Box<Kind>);

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(kind))
    }

    /// An error of the server's, or of the connection to it, that met the given statement.
    pub(crate) fn statement(error: tokio_postgres::Error, sql: &str) -> Self {
        Self::of_statement(error, sql, &[])
    }

    /// The same of a statement with these values.
    pub(crate) fn of_statement(error: tokio_postgres::Error, sql: &str, params: &[Param<'_>]) -> Self {
        let sql = sql.to_owned();
        let Some(number) = statement::not_encoded(&error) else { return Self::new(Kind::Statement { error, sql }) };
        let column = params.get(number).and_then(Param::column);
        let cause = error.into_source().unwrap_or_else(|| "it could not be encoded".into());
        Self::new(Kind::Encode { value: Unsent { number, column, cause }, sql })
    }

    /// The same of a value that is copied into the column at that place of a row.
    pub(crate) fn of_copy(error: tokio_postgres::Error, sql: &str, columns: &[Option<&'static str>]) -> Self {
        let Some(number) = statement::not_encoded(&error) else { return Self::statement(error, sql) };
        let column = columns.get(number).copied().flatten();
        let cause = error.into_source().unwrap_or_else(|| "it could not be encoded".into());
        Self::new(Kind::Encode { value: Unsent { number, column, cause }, sql: sql.to_owned() })
    }

    /// A column whose value the driver could not read as its Rust type.
    pub(crate) fn decode(column: String, error: tokio_postgres::Error) -> Self {
        let text = error.to_string();
        Self::new(Kind::Decode { column, error: error.into_source().unwrap_or_else(|| text.into()) })
    }

    /// The same of a column that is secret: why its value could not be read may hold it.
    #[doc(hidden)]
    #[must_use]
    pub fn of_secret(self) -> Self {
        match *self.0 {
            Kind::Decode { column, error } => Self::new(Kind::Decode { column, error: concealed(error) }),
            kind => Self::new(kind),
        }
    }

    /// The same failure of the server's, told as one of something larger.
    pub(crate) fn during(self, during: String) -> Self {
        self.map_driver(|error| Kind::Server { during, error })
    }

    /// Tells a driver's failure in another way; any other failure stays as it is.
    pub(crate) fn map_driver(self, tell: impl FnOnce(tokio_postgres::Error) -> Kind) -> Self {
        match *self.0 {
            Kind::Statement { error, .. } => Self::new(tell(error)),
            kind => Self::new(kind),
        }
    }

    /// What the driver met in a statement; else the error as it is.
    pub(crate) fn into_driver_error(self) -> Result<tokio_postgres::Error> {
        match *self.0 {
            Kind::Statement { error, .. } | Kind::Server { error, .. } => Ok(error),
            kind => Err(Self::new(kind)),
        }
    }

    /// Were all of the server's connections taken?
    pub(crate) fn is_too_many_connections(&self) -> bool {
        self.has_code(&SqlState::TOO_MANY_CONNECTIONS)
    }

    /// Was it refused for being a part of a transaction?
    pub(crate) fn is_no_part_of_transaction(&self) -> bool {
        self.has_code(&SqlState::ACTIVE_SQL_TRANSACTION)
    }

    /// Was a lock not to be had: not in the time that was given, or as those who hold it wait for this transaction?
    pub(crate) fn is_given_no_lock(&self) -> bool {
        self.is_lock_timeout() || self.is_deadlock()
    }

    /// The step in which the server refused a statement.
    pub(crate) fn step(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Step { step, .. } => Some(step),
            Kind::Server { during, .. } => Some(during),
            _ => None,
        }
    }

    /// The step, the driver's failure, and the place of the statement that met it where it is one of a script's.
    pub(crate) fn into_step(self) -> Result<(String, Option<Place>, tokio_postgres::Error), Self> {
        match *self.0 {
            Kind::Step { step, place, error } => Ok((step, place, error)),
            Kind::Server { during, error } => Ok((during, None, error)),
            kind => Err(Self::new(kind)),
        }
    }

    /// Had an earlier failure ended the transaction?
    pub(crate) fn is_in_failed_transaction(&self) -> bool {
        self.has_code(&SqlState::IN_FAILED_SQL_TRANSACTION)
    }

    /// What the server said, where the server said something.
    fn db_error(&self) -> Option<&DbError> {
        self.driver_error().and_then(tokio_postgres::Error::as_db_error)
    }

    /// What the driver met.
    pub(crate) fn driver_error(&self) -> Option<&tokio_postgres::Error> {
        match &*self.0 {
            Kind::Statement { error, .. }
            | Kind::Step { error, .. }
            | Kind::Server { error, .. }
            | Kind::Deferred { error }
            | Kind::LedgerUnreadable { error, .. }
            | Kind::AdminEmailTaken { error, .. } => Some(error),
            Kind::Connect { error, .. } => error.as_ref(),
            Kind::Migration(failure) => failure.driver_error(),
            Kind::Transaction(failure) => failure.driver_error(),
            _ => None,
        }
    }

    /// Is there no usable connection: none could be made, or the one there was is gone?
    #[must_use]
    pub fn is_connection(&self) -> bool {
        if matches!(&*self.0, Kind::Connect { .. } | Kind::Unhealthy { .. }) {
            return true;
        }
        self.driver_error().is_some_and(|error| {
            error.is_closed() || error.as_db_error().map_or_else(|| statement::is_lost(error), statement::ends_session)
        })
    }

    /// Did the database itself refuse: did it answer, and say no?
    #[must_use]
    pub fn is_refused_by_database(&self) -> bool {
        self.db_error().is_some()
            || matches!(
                &*self.0,
                Kind::ServerTooOld { .. } | Kind::ReadOnly { .. } | Kind::LockTimeout { .. } | Kind::ExtensionMissing { .. }
            )
    }

    /// A connection that could not be made for a reason that may pass.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(&*self.0, Kind::Connect { why, .. } if why.passes())
    }

    /// The same failure to connect, met for so long by now.
    pub(crate) fn waited(mut self, so_long: Duration) -> Self {
        if let Kind::Connect { waited, .. } = &mut *self.0 {
            *waited = so_long;
        }
        self
    }

    /// Was the request itself at fault: a URL, an option, a name, an e-mail address, a transaction that is not the one to use?
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            &*self.0,
            Kind::NoUrl { .. }
                | Kind::BadUrl { .. }
                | Kind::NoTls { .. }
                | Kind::UnknownName { .. }
                | Kind::AdminEmailInvalid { .. }
                | Kind::NothingToTruncate
                | Kind::VerifyOnly
                | Kind::SecretInOrder { .. }
                | Kind::DifferentDatabases { .. }
                | Kind::Transaction(TransactionFailure::InnerOpen | TransactionFailure::Over | TransactionFailure::OptionsInside)
        )
    }

    /// Did a start that only verifies find something missing? [`missing`](Self::missing) lists it.
    #[must_use]
    pub fn is_not_up_to_date(&self) -> bool {
        matches!(&*self.0, Kind::NotUpToDate { .. })
    }

    /// The steps of the bundle that a start which only verifies found missing. None where that is not the failure, and
    /// where all that is missing is that the ledger records the bundle's revision as wholly applied.
    #[must_use]
    pub fn missing(&self) -> &[Missing] {
        match &*self.0 {
            Kind::NotUpToDate { missing, .. } => missing,
            _ => &[],
        }
    }

    /// Has a newer release written the database, where that is refused?
    #[must_use]
    pub fn is_database_ahead(&self) -> bool {
        matches!(&*self.0, Kind::DatabaseAhead { .. })
    }

    /// The same, said of the URL for the work.
    pub(crate) fn of_migration_url(self) -> Self {
        match *self.0 {
            Kind::BadUrl { why, .. } => Self::new(Kind::BadUrl { url: Url::Migration, why }),
            Kind::NoTls { asked, .. } => Self::new(Kind::NoTls { url: Url::Migration, asked }),
            kind => Self::new(kind),
        }
    }

    /// Does the database differ from the bundle in a way that only a person can settle: an applied migration whose
    /// text has changed, one out of order or interrupted, one that nobody knows, or data of a newer release?
    #[must_use]
    pub fn is_drift(&self) -> bool {
        if let Kind::Migration(failure) = &*self.0 {
            return failure.is_drift();
        }
        matches!(
            &*self.0,
            Kind::MigrationOutOfOrder { .. }
                | Kind::MigrationUnknown { .. }
                | Kind::MadeFromSchema
                | Kind::AnotherBundle
                | Kind::DatabaseAhead { .. }
                | Kind::ProcedureInUse { .. }
        )
    }

    /// The file, line and column (from 1) of the SQL that failed, when it came from a bundle.
    #[must_use]
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        let place = match &*self.0 {
            Kind::Step { place, .. } | Kind::ProcedureInUse { place, .. } => place.as_ref(),
            Kind::Migration(failure) => failure.place(),
            _ => None,
        }?;
        let (line, column) = place.position();
        Some((place.path(), line, column))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&*self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&*self.0, f)
    }
}

impl std::error::Error for Error {
    /// What the connection or a conversion failed of. Not what the server said: its detail holds the values of rows, and
    /// whoever prints a chain of errors would print those; the rest of it is in this error's own text.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.driver_error().filter(|error| error.as_db_error().is_none()).map(|error| error as _)
    }
}
