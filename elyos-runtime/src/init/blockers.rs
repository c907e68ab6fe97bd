//! A migration that is given no lock: who holds it, and trying again.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::observer::Event;
use super::run::Run;
use crate::connect::{Backoff, Settings};
use crate::error::migration::MigrationFailure;
use crate::error::{Error, Kind, Result};
use crate::session::Session;

/// Those behind whom the process waits, as the server lists them: sessions that hold a lock or stand in the queue before it.
///
/// Source: PostgreSQL, "System Information Functions", `pg_blocking_pids`.
fn sql(pid: i32) -> String {
    format!(
        "SELECT pg_catalog.format('pid %s, application_name \"%s\", %s, its last query: %s', a.pid, a.application_name, a.state, {QUERY}) \
         FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = ANY (pg_catalog.pg_blocking_pids({pid})) ORDER BY a.pid"
    )
}

/// What another session, `a`, has been asked last: on one line, cut, and never a password, be it in a URL.
pub(super) const QUERY: &str = "CASE WHEN a.query ~* 'password|://[^[:space:]/]*@' THEN '(one that names a password)' \
    ELSE pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 200) END";

/// Does the work, which waits for a lock no longer than the time-out, and tells behind whom the process waited meanwhile.
///
/// It is looked at from a connection of its own, as that of the work waits too: opened only when the work has taken a
/// part of the time-out.
pub(super) fn watch<T>(settings: &Settings, pid: i32, lock_timeout: Duration, work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let interval = (lock_timeout / 4).max(Duration::from_millis(20));
    std::thread::scope(|scope| {
        let (working, until_done) = channel::<()>();
        let watcher = std::thread::Builder::new()
            .name("elyos-blockers".to_owned())
            .spawn_scoped(scope, move || look(settings, pid, interval, &until_done));
        let result = work();
        drop(working);
        // Without a thread or a second connection it is not known who holds the lock: the work does not depend on that.
        (result, watcher.ok().and_then(|watcher| watcher.join().ok()).unwrap_or_default())
    })
}

/// What was last seen of those behind whom the process waits.
fn look(settings: &Settings, pid: i32, interval: Duration, until_done: &Receiver<()>) -> Vec<String> {
    let goes_on = || matches!(until_done.recv_timeout(interval), Err(RecvTimeoutError::Timeout));
    let mut seen = Vec::new();
    if !goes_on() {
        return seen;
    }
    let Ok(session) = Session::open(settings, interval.max(Duration::from_secs(1)), |_| false) else { return seen };
    loop {
        if let Ok(rows) = session.query(&sql(pid), &[]) {
            let found: Vec<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
            if !found.is_empty() {
                seen = found;
            }
        }
        if !goes_on() {
            return seen;
        }
    }
}

/// Tries until it is given its locks or the deadline has passed; nothing may be left of an attempt that was not. It is
/// the migration of that name, or without one the upgrade of the ledger.
pub(super) fn insist<T>(
    run: &mut Run<'_, '_>,
    migration: Option<&str>,
    mut attempt: impl FnMut(&mut Run<'_, '_>) -> (Result<T>, Vec<String>),
) -> Result<T> {
    let started = Instant::now();
    let deadline = started + run.migration_lock_deadline;
    let mut backoff = Backoff::new();
    let mut blockers = Vec::new();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (result, seen) = attempt(run);
        let error = match result {
            Err(error) if error.is_lock_timeout() => error,
            result => return result,
        };
        if !seen.is_empty() {
            blockers = seen;
        }
        let waited = started.elapsed();
        let name = migration.unwrap_or("the ledger");
        (run.observer)(&Event::Blocked { name, attempts, waited, blockers: &blockers });
        let Some(pause) = backoff.pause(deadline) else {
            let (place, error) = error.into_step()?;
            let what = migration.map_or_else(|| "the upgrade of the ledger".to_owned(), |name| format!("the migration {name}"));
            return Err(Error::new(Kind::Migration(MigrationFailure::Blocked { what, waited, attempts, blockers, place, error })));
        };
        std::thread::sleep(pause);
    }
}
