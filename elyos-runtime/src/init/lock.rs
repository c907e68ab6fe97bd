//! The lock: at most one process initialises a database.

use std::time::{Duration, Instant};

use super::blockers;
use super::observer::{Event, Observer};
use super::transaction::{begin_in, noticing, process, unlimited};
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
/// length of a run must not be ended by a time-out of the role's; one whose client has vanished must be missed.
///
/// Read committed whatever the role's default is: the others keep their first snapshot until they end.
fn begin() -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), {}, {};",
        unlimited(true),
        noticing(true)
    )
}

const TRY: &str = "SELECT pg_catalog.pg_try_advisory_xact_lock(111516568220416);";

/// Where the server allows one connection only, the work's own holds the lock, for its session.
const TRY_IN_SESSION: &str = "SELECT pg_catalog.pg_try_advisory_lock(111516568220416), pg_catalog.pg_backend_pid();";
const LEAVE_IN_SESSION: &str = "SELECT pg_catalog.pg_advisory_unlock(111516568220416);";

/// Asked of the work's connection while it waits: a role's `idle_session_timeout` must not end it meanwhile.
const STILL_HERE: &str = "SELECT 1";

/// Who holds the lock of a migration that is not one transaction, of a working transaction, or of a run. A key is shown in two halves.
///
/// Source: PostgreSQL, "System Views", `pg_locks`.
const HOLDER: &str = "\
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
AND (l.classid::bigint << 32) + l.objid::bigint IN (111516568220416, 111516568220417, 111516568220418) AND a.pid <> pg_catalog.pg_backend_pid() \
ORDER BY l.objid DESC LIMIT 1;";

/// How often it is tried to be given the process that is to be left, where a pooler gives another.
const ATTEMPTS_TO_LEAVE: usize = 4;

/// How long a second connection is waited for where there are too many, before the work's own has to do.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lock, held until dropped.
pub(super) struct Lock<'s> {
    // A connection of its own: closing it ends its transaction, and with it the lock.
    _own: Option<Session>,
    /// Where there is none, the work's, and the server's process that holds the lock.
    shared: Option<(&'s Session, i32)>,
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if let Some((work, pid)) = self.shared {
            leave(work, pid, LEAVE_IN_SESSION);
        }
    }
}

/// Waits for the lock until the deadline.
pub(super) fn acquire<'s>(
    settings: &Settings,
    connect_timeout: Duration,
    work: &'s Session,
    timeout: Duration,
    observer: &mut Observer<'_>,
) -> Result<Lock<'s>> {
    let started = Instant::now();
    let deadline = started + timeout;
    let goes_on = |error: &Error| !error.is_too_many_connections() || started.elapsed() < PATIENCE;
    match Session::open(settings, connect_timeout, goes_on) {
        Ok(own) => {
            let attempt = format!("{}{TRY}", begin());
            until_taken(work, deadline, observer, || {
                if is_taken(&own.run(&attempt)?) {
                    return Ok(Some(()));
                }
                // Behind a pooler an open transaction keeps one of the server's connections. Those who only wait must not keep
                // all that there are: who has the lock needs one to work with.
                own.rollback();
                work.run(STILL_HERE).map(|_| None)
            })?;
            Ok(Lock { _own: Some(own), shared: None })
        }
        Err(error) if error.is_too_many_connections() => {
            let pid = until_taken(work, deadline, observer, || {
                let answers = work.run(TRY_IN_SESSION)?;
                if is_taken(&answers) { process(&answers).map(Some) } else { Ok(None) }
            })?;
            Ok(Lock { _own: None, shared: Some((work, pid)) })
        }
        Err(error) => Err(error),
    }
}

/// Has the server's process of that number do what leaves it as it was, such as giving up a lock of its session's.
///
/// Behind a pooler the process that took the lock is not always the one that answers. One that cannot be reached again
/// is ended where it is idle: it would keep for others what was meant for this run.
pub(super) fn leave(session: &Session, pid: i32, sql: &str) {
    session.rollback();
    let sql = format!("{}{sql}\nCOMMIT", begin_in(pid));
    for _ in 0..ATTEMPTS_TO_LEAVE {
        match session.script(&sql) {
            Err(met) if met.error.as_db_error().is_some() => session.rollback(),
            // Done, or the session is gone, which has undone and left all of it.
            Ok(_) | Err(_) => return,
        }
    }
    let end = format!(
        "SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = {pid} AND a.state = 'idle'"
    );
    drop(session.script(&end));
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
