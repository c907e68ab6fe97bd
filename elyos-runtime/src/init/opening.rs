//! The connection that a run begins with: made, and answering.

use std::time::{Duration, Instant};

use crate::connect::{self, Backoff, Settings};
use crate::error::{Error, Result};
use crate::session::Session;

/// Connects and asks the first question, both again until the deadline where what fails may pass; `waiting` is told each time.
///
/// A connection is not yet a server's: newer versions of `PgBouncer` let everybody in, and say to the first question that
/// nothing is behind them. The question must change nothing. An answer that is an error which does not pass is the caller's to judge.
pub(super) fn answered<T>(
    settings: &Settings,
    timeout: Duration,
    mut waiting: impl FnMut(&Error),
    first: impl Fn(&Session) -> Result<T>,
) -> Result<(Session, Result<T>)> {
    let started = Instant::now();
    let deadline = started + timeout;
    let mut backoff = Backoff::new();
    loop {
        let session = Session::open(settings, deadline.saturating_duration_since(Instant::now()), |error| {
            waiting(error);
            true
        })
        .map_err(|error| error.waited(started.elapsed()))?;
        let error = match first(&session) {
            Err(error) => connect::unanswered(error, settings, started.elapsed()),
            answer => return Ok((session, answer)),
        };
        if !error.may_pass() {
            return Ok((session, Err(error)));
        }
        let Some(pause) = backoff.pause(deadline) else { return Err(error) };
        waiting(&error);
        // Not kept meanwhile: there may be few.
        drop(session);
        std::thread::sleep(pause);
    }
}
