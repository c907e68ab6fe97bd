//! What is given no lock: who holds it, and trying again.

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

/// Watches parts of a transaction, and keeps what was seen.
pub(super) struct Watch<'r> {
    settings: &'r Settings,
    pid: i32,
    /// How long a statement may wait.
    pub(super) lock_timeout: Duration,
    /// Behind whom the process waited last.
    pub(super) seen: Vec<String>,
}

impl<'r> Watch<'r> {
    /// For a transaction of that process of the server's.
    pub(super) fn new(run: &Run<'r, '_>, pid: i32) -> Self {
        Self { settings: run.work_settings(), pid, lock_timeout: run.migration_lock_timeout, seen: Vec::new() }
    }

    /// [`watch`] over the work.
    pub(super) fn over<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (result, seen) = watch(self.settings, self.pid, self.lock_timeout, work);
        if !seen.is_empty() {
            self.seen = seen;
        }
        result
    }
}

/// What is given no lock.
#[derive(Clone, Copy)]
pub(super) enum Blocked<'n> {
    /// The upgrade of the ledger.
    Ledger,
    /// The migration of that name.
    Migration(&'n str),
    /// The transaction of the seeds, in the step that its error names.
    Seeds,
}

impl Blocked<'_> {
    /// As an event names it.
    fn name<'e>(&'e self, error: &'e Error) -> &'e str {
        match self {
            Self::Ledger => "the ledger",
            Self::Migration(name) => name,
            Self::Seeds => error.step().unwrap_or("the seeds"),
        }
    }
}

/// Tries until it is given its locks or the deadline has passed; nothing may be left of an attempt that was not.
pub(super) fn insist<'r, 'o, T>(
    run: &mut Run<'r, 'o>,
    blocked: Blocked<'_>,
    mut attempt: impl FnMut(&mut Run<'r, 'o>) -> (Result<T>, Vec<String>),
) -> Result<T> {
    let started = Instant::now();
    // Since when something is not to be had. What an attempt does before it waits takes nothing of the time to try again.
    let mut blocked_since: Option<Instant> = None;
    let mut backoff = Backoff::new();
    let mut blockers = Vec::new();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (result, seen) = attempt(run);
        let error = match result {
            Err(error) if error.is_given_no_lock() => error,
            result => return result,
        };
        if !seen.is_empty() {
            blockers = seen;
        }
        let since = *blocked_since
            .get_or_insert_with(|| Instant::now().checked_sub(run.migration_lock_timeout).map_or(started, |then| then.max(started)));
        let waited = since.elapsed();
        (run.observer)(&Event::Blocked { name: blocked.name(&error), attempts, waited, blockers: &blockers });
        let Some(pause) = backoff.pause(since + run.migration_lock_deadline) else {
            let (step, place, error) = error.into_step()?;
            let what = match blocked {
                Blocked::Ledger => "the upgrade of the ledger".to_owned(),
                Blocked::Migration(name) => format!("the migration {name}"),
                Blocked::Seeds => step,
            };
            return Err(Error::new(Kind::Migration(MigrationFailure::Blocked { what, waited, attempts, blockers, place, error })));
        };
        std::thread::sleep(pause);
    }
}
