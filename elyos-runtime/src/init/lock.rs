//! The lock: at most one process initialises a database.

use std::time::{Duration, Instant};

use super::blockers;
use super::observer::{Event, Observer};
use crate::connect::{Backoff, Settings};
use crate::error::{Error, Kind, Result};
use crate::session::{Answer, Session};

/// The lock of a run: "elyos" in ASCII, times 256.
pub(super) const KEY: i64 = 111_516_568_220_416;

/// Taken first in every working transaction, and waited for until the deadline: "elyos" in ASCII, times 256, plus one.
pub(super) const WORK: &str = "SELECT pg_catalog.pg_advisory_xact_lock(111516568220417);";

/// That of a migration that is not one transaction: "elyos" times 256, plus two.
pub(super) const ALONE: i64 = KEY + 2;

/// Taken in every working transaction too, but tried: "elyos" times 256, plus two.
///
/// A migration that is not one transaction holds it for its session. Nobody may wait for it inside of a statement, as a
/// statement that waits holds a snapshot, and `CREATE INDEX CONCURRENTLY` waits for every snapshot older than its own.
pub(super) const TRY_ALONE: &str = "SELECT pg_catalog.pg_try_advisory_xact_lock(111516568220418), pg_catalog.pg_backend_pid();";
pub(super) const TRY_ALONE_IN_SESSION: &str = "SELECT pg_catalog.pg_try_advisory_lock(111516568220418), pg_catalog.pg_backend_pid();";
pub(super) const LEAVE_ALONE_IN_SESSION: &str = "SELECT pg_catalog.pg_advisory_unlock(111516568220418);";

/// Held by a connection of its own in an open transaction, so that it ends with its session, works behind a
/// transaction pooler and does not stand in the way of `CREATE INDEX CONCURRENTLY`. A transaction idle for the
/// length of a run must not be ended by a time-out.
///
/// Read committed whatever the role's default is: the others keep their first snapshot until they end.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0;";
const TRY: &str = "SELECT pg_catalog.pg_try_advisory_xact_lock(111516568220416);";

/// Where the server allows one connection only, the work's own holds the lock, for its session.
const TRY_IN_SESSION: &str = "SELECT pg_catalog.pg_try_advisory_lock(111516568220416);";

/// Who holds the lock of a migration that is not one transaction, of a working transaction, or of a run. A key is shown in two halves.
///
/// Source: PostgreSQL, "System Views", `pg_locks`.
const HOLDER: &str = "\
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
AND (l.classid::bigint << 32) + l.objid::bigint IN (111516568220416, 111516568220417, 111516568220418) AND a.pid <> pg_catalog.pg_backend_pid() \
ORDER BY l.objid DESC LIMIT 1;";

/// How long a second connection is waited for where there are too many, before the work's own has to do.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lock, held until dropped.
pub(super) struct Lock {
    // Closing the session ends its transaction, and with it the lock.
    _session: Option<Session>,
}

/// Waits for the lock until the deadline.
pub(super) fn acquire(
    settings: &Settings,
    connect_timeout: Duration,
    work: &Session,
    timeout: Duration,
    observer: &mut Observer<'_>,
) -> Result<Lock> {
    let started = Instant::now();
    let deadline = started + timeout;
    let goes_on = |error: &Error| !error.is_too_many_connections() || started.elapsed() < PATIENCE;
    let own = match Session::open(settings, connect_timeout, goes_on) {
        Ok(session) => Some(session),
        Err(error) if error.is_too_many_connections() => None,
        Err(error) => return Err(error),
    };
    if let Some(session) = &own {
        session.run(BEGIN)?;
    }
    until_taken(work, deadline, observer, || {
        let answers = match &own {
            Some(session) => session.run(TRY)?,
            None => work.run(TRY_IN_SESSION)?,
        };
        Ok(is_taken(&answers).then_some(()))
    })?;
    Ok(Lock { _session: own })
}

/// Did the last statement, a try-lock, take the lock?
pub(super) fn is_taken(answers: &[Answer]) -> bool {
    answers.last().and_then(|answer| answer.row.as_ref()).and_then(|row| row.get(0)) == Some("t")
}

/// Tries, with growing pauses, until there is something or the deadline has passed.
pub(super) fn until_taken<T>(
    work: &Session,
    deadline: Instant,
    observer: &mut Observer<'_>,
    mut attempt: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let started = Instant::now();
    let mut backoff = Backoff::new();
    loop {
        if let Some(taken) = attempt()? {
            return Ok(taken);
        }
        let waited = started.elapsed();
        observer(&Event::Locked { waited });
        match backoff.pause(deadline) {
            Some(pause) => std::thread::sleep(pause),
            None => return Err(Error::new(Kind::LockTimeout { waited, holder: holder(work)? })),
        }
    }
}

/// SQL for who holds the lock at this moment, as far as the role may see.
pub(super) fn holder_sql() -> String {
    let query = blockers::QUERY;
    format!("SELECT format('pid %s, application_name \"%s\", its last query: %s', a.pid, a.application_name, {query}) {HOLDER}")
}

/// Who holds the lock at this moment, as far as this role may see.
pub(super) fn holder(work: &Session) -> Result<Option<String>> {
    let answers = work.run(&holder_sql())?;
    Ok(answers.into_iter().next().and_then(|answer| answer.row).and_then(|row| row.get(0).map(str::to_owned)))
}
