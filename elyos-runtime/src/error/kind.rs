//! What can go wrong, each with the sentence that says so.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use super::Place;
use super::connect::{ConnectFailure, fmt_connect};
use super::migration::MigrationFailure;
use super::missing::fmt_missing;
use super::statement::{Cause, Unsent, fmt_decode, fmt_encode, fmt_statement};
use super::transaction::TransactionFailure;
use crate::init::Missing;

/// One way to fail. Private: what is public are the questions of [`Error`](super::Error).
pub(crate) enum Kind {
    /// The environment variable that names the database is not set.
    NoUrl { variable: &'static str },
    /// A URL that cannot be understood. The text never holds the URL itself, which may hold a password.
    BadUrl { url: Url, why: String },
    /// No connection could be made; what each host met, where there are several.
    Connect { target: String, why: ConnectFailure, waited: Duration, error: Option<tokio_postgres::Error>, hosts: Vec<String> },
    /// TLS was asked for, and is not built in.
    NoTls { url: Url, asked: &'static str },
    /// The server is older than what Elyos supports or the application asked for.
    ServerTooOld { found: String, needed: u32 },
    /// The server takes no writes, and something has to be written.
    ReadOnly { standby: bool },
    /// A statement of Elyos's own or of a repository failed.
    Statement { error: tokio_postgres::Error, sql: String },
    /// A value of a statement could not be brought into the form of its PostgreSQL type.
    Encode { value: Unsent, sql: String },
    /// Something outside a script failed, in the course of what the text says.
    Server { during: String, error: tokio_postgres::Error },
    /// A script of the bundle failed.
    Step { step: String, place: Option<Place>, error: tokio_postgres::Error },
    /// A file that is read while it runs could not be read to its end, or is not the one that was checked.
    LargeFile { step: String, path: String, error: std::io::Error },
    /// A function has another signature now, and something depends on it as it is.
    ProcedureInUse { procedure: String, routine: String, dependents: Vec<String>, place: Option<Place> },
    /// A constraint that was deferred to the end of a transaction does not hold there.
    Deferred { error: tokio_postgres::Error },
    /// Another process held the lock until the deadline.
    LockTimeout { waited: Duration, holder: Option<String> },
    /// A name that the bundle does not know.
    UnknownName { what: &'static str, name: String, nearest: Vec<String> },
    /// A reset was asked for, and the manifest lists no table.
    NothingToTruncate,
    /// The value of the administrator's variable is no e-mail address.
    AdminEmailInvalid { variable: String },
    /// Another user has the address already.
    AdminEmailTaken { variable: String, table: String, error: tokio_postgres::Error },
    /// The row whose e-mail is to be changed is not there.
    AdminRowMissing { variable: String, table: String, key: String },
    /// The server has not got an extension and the bundle brings no stand-in.
    ExtensionMissing { name: String },
    /// A migration failed other than by a statement that the server refused.
    Migration(MigrationFailure),
    /// A transaction failed other than by a statement that the server refused.
    Transaction(TransactionFailure),
    /// All connections of a pool were in use for as long as one was waited for.
    PoolTimeout { size: usize, waited: Duration },
    /// A migration that has not run stands before one that has.
    MigrationOutOfOrder { name: String, after: String },
    /// The database knows a migration, between the bundle's, that the bundle does not have.
    MigrationUnknown { name: String },
    /// `schema.sql` was applied as it is, and the bundle has migrations now.
    MadeFromSchema,
    /// The ledger records migrations, none of which is the bundle's.
    AnotherBundle,
    /// A newer release has written this database.
    DatabaseAhead { database: i64, bundle: i64 },
    /// The URL of the application and that for the work lead to different databases.
    DifferentDatabases { application: String, migration: String },
    /// A run that only verifies was asked to write.
    VerifyOnly,
    /// A run that only verifies found steps that are not applied; or, with none, another revision than the bundle's.
    NotUpToDate { missing: Vec<Missing>, revision: i64 },
    /// The role may not read the ledger.
    LedgerUnreadable { role: String, error: tokio_postgres::Error },
    /// A health check failed; shared by all who waited for it.
    Unhealthy { why: String },
    /// The ledger was written by a newer Elyos.
    LedgerTooNew { found: i32, known: i32 },
    /// A row that had to be there is not.
    NotFound { table: String },
    /// A row that was inserted did not come back.
    NotReturned { table: &'static str },
    /// An update or a delete whose condition leaves no row out, where every row was not asked for by name.
    EveryRow { table: &'static str },
    /// A column to which an update gives two values.
    SetTwice { column: &'static str, table: &'static str },
    /// Where one row was asked for there are several.
    Several { table: String },
    /// A column whose values cannot be copied in.
    NotCopied { column: &'static str, ty: &'static str, table: &'static str },
    /// A cursor that is none, or of another order.
    BadCursor { cursor: String, table: &'static str },
    /// A place in an order would hold the value of a column that is secret.
    SecretInOrder { column: &'static str, table: &'static str },
    /// A column's value could not be read as its Rust type.
    Decode { column: String, error: Cause },
    /// A thread or runtime of the system's could not be made.
    System { during: &'static str, error: std::io::Error },
    /// The server answered what the protocol of Elyos does not expect.
    Unexpected { what: &'static str },
}

/// Which URL it is that is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Url {
    Application,
    Migration,
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Application => "the database URL",
            Self::Migration => "the migration database URL",
        })
    }
}

pub(super) fn help(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    write!(f, "\n  = help: {line}")
}

/// The server's message, with what it adds where that cannot hold a value of a row.
pub(super) fn server_says(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => db.message().to_owned(),
        None => std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}")),
    }
}

/// What the server adds, where it is no whole row: one that is there already may hold a secret.
///
/// Source: PostgreSQL, `ExecConstraints` and `ExecPartitionCheckEmitError` ("Failing row contains").
pub(super) fn detail(error: &DbError) -> Option<&str> {
    let tells_the_row = [SqlState::NOT_NULL_VIOLATION, SqlState::CHECK_VIOLATION, SqlState::WITH_CHECK_OPTION_VIOLATION];
    error.detail().filter(|_| !tells_the_row.contains(error.code()))
}

/// SQL that moves a sequence past the ids of its table. By nextval: setval could move it back, below what a running insert
/// has taken meanwhile.
fn advance(table: &str) -> String {
    format!(
        "SELECT count(nextval('…_id_seq')) FROM generate_series(1, (SELECT max(id) FROM {table}) - \
         (SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM …_id_seq))"
    )
}

/// What the documentation advises for the failures that seeds meet.
fn remedies(error: &DbError) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(hint) = error.hint() {
        lines.push(hint.to_owned());
    }
    let code = error.code();
    let table = match (error.schema(), error.table()) {
        (Some(schema), Some(table)) => format!("{schema}.{table}"),
        _ => "the table".to_owned(),
    };
    if *code == SqlState::UNIQUE_VIOLATION {
        lines.push(format!(
            "give the INSERT an ON CONFLICT clause that names the columns of `{}`, so that it can run again",
            error.constraint().unwrap_or("the constraint")
        ));
        lines.push(format!(
            "if the value came from a sequence, the sequence is behind its table: end the seed of {table} by moving it past the \
             greatest id, and never back, as in {}",
            advance(&table)
        ));
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        lines.push("the seed that brings the referenced row has to run first: add it to depends_on in seeds.toml".to_owned());
    } else if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::UNDEFINED_COLUMN {
        lines.push("is its name spelt right, and is it in a migration that has been applied?".to_owned());
    } else if *code == SqlState::NUMERIC_VALUE_OUT_OF_RANGE && error.message().starts_with("setval: ") {
        lines.push(format!("an empty table has no greatest id: move the sequence by nextval, which needs none, as in {}", advance("…")));
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        lines.push("the server takes no writes, as a standby does: connect to the primary, for which target_session_attrs=read-write in a URL of several hosts looks".to_owned());
    } else if *code == SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE || *code == SqlState::ACTIVE_SQL_TRANSACTION {
        lines.push("in a migration whose first line is `-- elyos: no-transaction`, each statement is committed by itself".to_owned());
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        lines.push("grant the role what it lacks, or connect as one that has it".to_owned());
    }
    lines
}

impl fmt::Display for Kind {
    #[expect(clippy::too_many_lines, reason = "one arm a sentence: splitting it would scatter the catalogue")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUrl { variable } => {
                write!(f, "the environment variable {variable} is not set")?;
                help(f, &format!("set it to the database's URL, as in {variable}=postgresql://user:password@host:5432/database"))
            }
            Self::BadUrl { url, why } => {
                write!(f, "{url} cannot be used: {why}")?;
                help(f, "the form is postgresql://user:password@host:5432/database, with special characters percent-encoded")
            }
            Self::Connect { target, why, waited, error, hosts } => fmt_connect(f, target, why, *waited, error.as_ref(), hosts),
            Self::NoTls { url, asked } => {
                write!(f, "{url} asks for TLS (sslmode={asked}), and this program was built without it")?;
                help(f, "turn on the feature `tls` of elyos-runtime; or use sslmode=prefer or disable where the connection needs no TLS")
            }
            Self::ServerTooOld { found, needed } => {
                write!(f, "the server is PostgreSQL {found}, and this needs {needed} or later")
            }
            Self::ReadOnly { standby } => {
                write!(f, "the server is read-only, and the database is not up to date with the bundle")?;
                help(
                    f,
                    if *standby {
                        "it is a standby: connect to the primary"
                    } else {
                        "default_transaction_read_only is on for this role or database: turn it off for this work"
                    },
                )
            }
            Self::Statement { error, sql } => fmt_statement(f, error, sql),
            Self::Encode { value, sql } => fmt_encode(f, value, sql),
            Self::Server { during, error } => {
                write!(f, "{during}: {}", server_says(error))?;
                error.as_db_error().map_or(Ok(()), |db| remedies(db).iter().try_for_each(|line| help(f, line)))
            }
            Self::Step { step, place, error } => {
                let message = format!("{step} failed: {}", server_says(error));
                let db = error.as_db_error();
                let help_lines = db.map(remedies).unwrap_or_default();
                let label = db.and_then(detail).unwrap_or_default();
                if let Some(place) = place {
                    f.write_str(&place.draw(&message, label, &help_lines))
                } else {
                    f.write_str(&message)?;
                    help_lines.iter().try_for_each(|line| help(f, line))
                }
            }
            Self::LargeFile { step, path, error } if error.kind() == std::io::ErrorKind::InvalidData => {
                write!(f, "{step} failed: {path} has changed while it ran")?;
                help(f, "nothing of it was kept; start again")
            }
            Self::LargeFile { step, path, error } => {
                write!(f, "{step} failed: {path} cannot be read: {error}")?;
                help(f, "nothing of it was kept; it has to be there, and this user has to have the right to read it")
            }
            Self::ProcedureInUse { procedure, routine, dependents, place } => {
                let (verb, dependents) = match dependents.split_last() {
                    Some((last, rest)) if !rest.is_empty() => ("depend", format!("{} and {last}", rest.join(", "))),
                    _ => ("depends", dependents.concat()),
                };
                let message =
                    format!("procedure {procedure} changes the signature of {routine}, which cannot be dropped: {dependents} {verb} on it");
                let line = "drop what depends on it in a migration, or give the new one another name";
                match place {
                    Some(place) => f.write_str(&place.draw(&message, "", &[line.to_owned()])),
                    None => f.write_str(&message).and_then(|()| help(f, line)),
                }
            }
            Self::Deferred { error } => {
                write!(f, "checking what was deferred to the end of the run: {}", server_says(error))?;
                let Some(db) = error.as_db_error() else { return Ok(()) };
                if let Some(detail) = detail(db) {
                    write!(f, "\n  = note: {detail}")?;
                }
                remedies(db).iter().try_for_each(|line| help(f, line))
            }
            Self::LockTimeout { waited, holder } => {
                write!(f, "another process has been initialising this database for {}", seconds(*waited))?;
                match holder {
                    Some(holder) => write!(f, ": {holder}")?,
                    None => f.write_str(", and has just finished or is not visible to this role")?,
                }
                help(f, "wait for it to finish and start again, or raise the time-out")
            }
            Self::UnknownName { what, name, nearest } => {
                write!(f, "the bundle has no {what} `{name}`")?;
                match nearest.split_last() {
                    None => Ok(()),
                    Some((last, [])) => help(f, &format!("there is `{last}`")),
                    Some((last, rest)) => help(f, &format!("there are `{}` and `{last}`", rest.join("`, `"))),
                }
            }
            Self::NothingToTruncate => {
                f.write_str("a reset was asked for, and seeds.toml lists no table to truncate")?;
                help(f, "list them under [truncate], as in order = [\"auth.users\"]")
            }
            Self::AdminEmailInvalid { variable } => {
                write!(f, "{variable} is not an e-mail address")?;
                help(f, "it takes one address, as in admin@example.com; leave it empty to keep the seeded one")
            }
            Self::AdminEmailTaken { variable, table, .. } => {
                write!(f, "the address in {variable} already belongs to another row of {table}")?;
                help(f, "choose another address, or change that row's first")
            }
            Self::AdminRowMissing { variable, table, key } => {
                write!(f, "{variable} is set, but {table} has no row with {key}")?;
                help(f, "[admin] in seeds.toml names the row: one of the seeds should bring it")
            }
            Self::ExtensionMissing { name } => {
                write!(f, "the server does not offer the extension `{name}`, and the bundle brings nothing to stand in for it")?;
                help(
                    f,
                    &format!(
                        "install it on the server (on Debian the package is usually named postgresql-<version>-{}), or add extensions/{name}.sql to the bundle",
                        name.replace('_', "-")
                    ),
                )
            }
            Self::Migration(failure) => failure.fmt(f),
            Self::Transaction(failure) => failure.fmt(f),
            Self::PoolTimeout { size, waited } => {
                write!(f, "no connection of the pool was free for {}: all {size} were in use", seconds(*waited))?;
                help(f, "give the pool more, hold each for a shorter time, and ask for none while holding one")
            }
            Self::MigrationOutOfOrder { name, after } => {
                write!(f, "the migration {name} has not been applied, but {after}, which comes after it, has")?;
                help(f, "give it a number after the last applied one")
            }
            Self::MigrationUnknown { name } => {
                write!(f, "the database has the migration {name}, which the bundle does not have, before others that it has")?;
                help(
                    f,
                    "the database and the bundle come from different branches: bring the migration into this one, or use another database",
                )
            }
            Self::MadeFromSchema => {
                f.write_str("this database was made from schema.sql itself, and the bundle has migrations now")?;
                help(
                    f,
                    "start with a new database; or, if what the migrations make is all there, put their rows into elyos.migrations in \
                     place of that of schema.sql",
                )
            }
            Self::AnotherBundle => {
                f.write_str("this database was made by another bundle: it has migrations, and none of this bundle's is among them")?;
                help(f, "give each bundle a database of its own; is it the right one that the URL names?")
            }
            Self::DatabaseAhead { database, bundle } => {
                if database > bundle {
                    write!(f, "a newer release has written this database (revision {database}), and this bundle is revision {bundle}")?;
                } else {
                    f.write_str("a newer release has written this database: it has migrations that this bundle does not know")?;
                }
                help(f, "run the newer release; an older one never writes over its data")
            }
            Self::DifferentDatabases { application, migration } => {
                write!(f, "the database URL and the migration database URL lead to different databases: {application} and {migration}")?;
                help(
                    f,
                    "both have to name one database on one server, not a standby of it: they differ in the role and in what stands between",
                )
            }
            Self::VerifyOnly => {
                f.write_str("a run that only verifies can neither seed nor reset")?;
                help(f, "leave out one of the two")
            }
            Self::NotUpToDate { missing, revision } => fmt_missing(f, missing, *revision),
            Self::LedgerUnreadable { role, error } => {
                write!(f, "the role {role} may not read the ledger: {}", server_says(error))?;
                help(f, &format!("GRANT USAGE ON SCHEMA elyos TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA elyos TO {role};"))
            }
            Self::Unhealthy { why } => write!(f, "the database is not healthy: {why}"),
            Self::LedgerTooNew { found, known } => {
                write!(f, "the ledger in schema elyos has version {found}, and this Elyos knows versions up to {known}")?;
                help(f, "update Elyos")
            }
            Self::BadCursor { cursor, table } => {
                write!(f, "`{}` is no place in this order of {table}", cursor.chars().take(40).collect::<String>().escape_debug())?;
                help(f, "begin without a cursor; one is good for the sorts of the request that it came from")
            }
            Self::SecretInOrder { column, table } => {
                write!(f, "rows of {table} are not listed by their {column}: a place in that order would hold the value, which is secret")?;
                help(f, "sort by other columns; `paginate` counts rows off, and shows no value of theirs")
            }
            Self::NotFound { table } => write!(f, "there is no such row in {table}"),
            Self::NotReturned { table } => {
                write!(f, "the row that was inserted into {table} did not come back")?;
                help(f, "a trigger or a rule has left it out, or has put it into another table: look for it before it is inserted again")
            }
            Self::EveryRow { table } => {
                write!(f, "the condition leaves out no row of {table}, and that every row is meant has not been said")?;
                help(
                    f,
                    "`Filter::all_of` of no conditions and `is_not_in` of no values hold of every row; where they are all meant, say so by name: \
                     `deleting().every_row().run(…)`, `updating(…).every_row().run(…)`",
                )
            }
            Self::SetTwice { column, table } => {
                write!(f, "an update of {table} sets the column {column} twice")?;
                help(f, "say its value once: in the patch, or by `.set(…)`")
            }
            Self::Several { table } => {
                write!(f, "there is more than one such row in {table}")?;
                help(f, "`.all(…)` takes any number of rows, and `.first(…)` the first of them")
            }
            Self::NotCopied { column, ty, table } => {
                write!(f, "rows cannot be copied into {table}: the binary form of {ty}, the type of its column {column}, is not known")?;
                help(f, "`insert_many` takes them, in one statement for any number of rows")
            }
            Self::Decode { column, error } => fmt_decode(f, column, error),
            Self::System { during, error } => write!(f, "{during}: {error}"),
            Self::Unexpected { what } => write!(f, "the server's answer was not understood: {what}"),
        }
    }
}

pub(super) fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
