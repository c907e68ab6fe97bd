//! Every transaction of a run begins alike: settings pinned, other workers kept out.

use std::time::Instant;

use tokio_postgres::SimpleQueryRow;

use super::run::Run;
use super::{lock, script};
use crate::bundle::Bundle;
use crate::error::{Error, Kind, Result};
use crate::session::{Answer, Session};
use crate::sql::quote_identifier;

/// Read committed and able to write, whatever was set for other statements.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n";

/// How many statements of [`begin_in`] are completed when the transaction turns out to be another process's.
pub(super) const BEHIND_BEGIN: usize = 1;

/// How many statements [`pin`] has.
pub(super) const PIN_STATEMENTS: usize = 5;

/// Undoes what the session has been set to, and sets what names and literals mean to what they meant at compile
/// time, for the rest of the transaction.
///
/// All settings are undone, not only the pinned ones: a `statement_timeout` or `session_replication_role` that one seed
/// sets must not reach the next. Nor may a role's time-out for idle transactions end a run between two statements, nor
/// one for whole transactions, of which the seeds of a bundle are one. Neither user nor role is among what `RESET ALL` undoes.
///
/// The last statement returns the server's clock in seconds, so that the time between two pins is that of what ran
/// between them, however many were sent together.
pub(super) fn pin(bundle: &Bundle) -> String {
    settings(bundle, "SET LOCAL", true)
}

/// [`pin`] for the rest of the session.
pub(super) fn pin_session(bundle: &Bundle) -> String {
    settings(bundle, "SET", false)
}

fn settings(bundle: &Bundle, set: &str, is_local: bool) -> String {
    let path: Vec<String> = bundle.search_path.iter().map(|schema| quote_identifier(schema)).collect();
    // With no schema at all, an empty path: SET takes no empty list, but it takes an empty name.
    let path = if path.is_empty() { "''".to_owned() } else { path.join(", ") };
    format!(
        "RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\n{set} search_path TO {path};\nSELECT extract(epoch FROM clock_timestamp()), \
         set_config('client_encoding', 'UTF8', {is_local}), set_config('standard_conforming_strings', 'on', {is_local}), \
         set_config('DateStyle', 'ISO, MDY', {is_local}), set_config('IntervalStyle', 'postgres', {is_local}), \
         set_config('TimeZone', 'UTC', {is_local}), set_config('check_function_bodies', 'on', {is_local}), \
         set_config('idle_in_transaction_session_timeout', '0', {is_local}), {}, {};\n",
        unlimited(is_local),
        noticing(is_local)
    )
}

/// An expression that has the server miss a client that has vanished without a word within a minute or so, while it waits for
/// one: it would keep the locks for hours. Without effect on what is no TCP socket.
///
/// Source: PostgreSQL, "TCP Settings".
pub(super) fn noticing(is_local: bool) -> String {
    let set = |name: &str, value: u32| format!("pg_catalog.set_config('tcp_keepalives_{name}', '{value}', {is_local})");
    [set("idle", 30), set("interval", 10), set("count", 3)].join(", ")
}

/// An expression that lets a transaction last as long as it takes, where the server knows a limit to that: PostgreSQL 17
/// and later.
pub(super) fn unlimited(is_local: bool) -> String {
    // To set what the server does not know is an error, and only what is set is evaluated.
    format!(
        "CASE WHEN pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL \
         THEN pg_catalog.set_config('transaction_timeout', '0', {is_local}) END"
    )
}

/// Begins a transaction, if it is one of the server's process of that number: read committed and able to write, whatever
/// the session has been set to.
pub(super) fn begin_in(pid: i32) -> String {
    format!("{BEGIN}SELECT 1 / (pg_catalog.pg_backend_pid() = {pid})::integer;\n")
}

/// The clock that a pin returned.
pub(super) fn clock(row: Option<&SimpleQueryRow>) -> Result<f64> {
    row.and_then(|row| row.get(0))
        .and_then(|seconds| seconds.parse().ok())
        .ok_or_else(|| Error::new(Kind::Unexpected { what: "the server's clock" }))
}

/// The server's process, which a try for the lock has returned beside its success.
pub(super) fn process(answers: &[Answer]) -> Result<i32> {
    let row = answers.last().and_then(|answer| answer.row.as_ref());
    row.and_then(|row| row.get(1)?.parse().ok()).ok_or_else(|| Error::new(Kind::Unexpected { what: "the server's process" }))
}

/// Commits; what is checked only at the end is checked before. Temporary tables go, which a pooler would hand to others with
/// the session; and before them what holds them.
pub(super) const COMMIT: &str = "SET CONSTRAINTS ALL IMMEDIATE;\nCLOSE ALL;\nDISCARD TEMP;\nCOMMIT";

/// A transaction that rolls back unless it is committed.
pub(super) struct Transaction<'s> {
    session: &'s Session,
    /// The server's process.
    pub(super) pid: i32,
    open: bool,
}

impl<'s> Transaction<'s> {
    /// Begins, pins the session, and waits for any other worker's transaction.
    ///
    /// The lock of the run is held by another connection, which can be lost while this one works on; so the work's
    /// own transactions exclude each other too, and what was read before this may have changed. How long it waits is for
    /// the run to say, and not for a role's time-out for statements.
    pub(super) fn begin(run: &mut Run<'_, '_>, session: &'s Session) -> Result<Self> {
        let pin = pin(run.bundle);
        let deadline = Instant::now() + run.lock_timeout;
        lock::until_taken(session, deadline, run.observer, || {
            let left = script::milliseconds(deadline.saturating_duration_since(Instant::now()));
            let sql = format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED;\n{pin}SET LOCAL lock_timeout = {left};\nSET LOCAL statement_timeout = 0;\n{}\n\
                 SET LOCAL lock_timeout TO DEFAULT;\nSET LOCAL statement_timeout TO DEFAULT;\n{}",
                lock::WORK,
                lock::TRY_ALONE
            );
            match session.run(&sql) {
                Ok(answers) if lock::is_taken(&answers) => Ok(Some(Self { session, pid: process(&answers)?, open: true })),
                Err(error) if !error.is_lock_timeout() => Err(error),
                Ok(_) | Err(_) => {
                    session.rollback();
                    Ok(None)
                }
            }
        })
    }

    /// Commits; what is checked only at the end is checked before, so that its failure is told from a lost connection.
    pub(super) fn commit(mut self) -> Result<()> {
        self.session.script(COMMIT).map_err(|failure| {
            Error::new(match failure.completed {
                0 if failure.error.as_db_error().is_some() => Kind::Deferred { error: failure.error },
                _ => Kind::Server { during: "committing".to_owned(), error: failure.error },
            })
        })?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.session.rollback();
        }
    }
}
