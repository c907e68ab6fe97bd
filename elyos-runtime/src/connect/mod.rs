//! From a URL to a connection.
//!
//! `parameters` takes what is said of TLS out of the URL; `settings` of it become the `attempt`s of a round, one a host
//! and a way to talk to it, which `tls` may encrypt; `failure` says what an attempt met and whether it may pass;
//! `backoff` is the pause before the next round.

mod attempt;
mod backoff;
mod failure;
mod parameters;
mod settings;
#[cfg(feature = "tls")]
mod tls;

pub(crate) use attempt::Round;
#[cfg(feature = "pool")]
pub(crate) use attempt::Transport;
pub(crate) use backoff::{Backoff, random};
pub(crate) use settings::{MIGRATION_URL_VARIABLE, Settings, URL_VARIABLE};

use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};

/// How long a connection of an application's may take, where the URL has no `connect_timeout`.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Tries rounds of attempts until one gives a connection, until what is met does not pass, or until the deadline;
/// `goes_on` is told of each round that failed, and says whether there shall be another.
///
/// # Errors
///
/// What the last round met that was answered.
pub(crate) fn until<C>(
    settings: &Settings,
    timeout: Duration,
    mut goes_on: impl FnMut(&Error) -> bool,
    mut connect: impl FnMut(&mut Round<'_>) -> Option<C>,
) -> Result<C> {
    let started = Instant::now();
    let deadline = started + timeout;
    let mut backoff = Backoff::new();
    let mut last: Option<Error> = None;
    loop {
        let mut round = Round::new(settings, started, deadline);
        if let Some(connection) = connect(&mut round) {
            return Ok(connection);
        }
        // The last round may have had no time to be answered: what was answered before says more.
        let error = match last.take() {
            Some(last) if round.met_silence() => last.waited(started.elapsed()),
            _ => round.error(),
        };
        if !error.may_pass() {
            return Err(error);
        }
        match backoff.pause(deadline) {
            Some(pause) if goes_on(&error) => std::thread::sleep(pause),
            _ => return Err(error),
        }
        last = Some(error);
    }
}

/// The failure of a first question, told as one to connect where it is one that a new connection may not meet.
pub(crate) fn unanswered(error: Error, settings: &Settings, waited: Duration) -> Error {
    let why = error.driver_error().map(|met| failure::classify(met, settings.ssl_mode, &settings.to_string()));
    match why {
        Some(why) if why.passes() => error.into_driver_error().map_or_else(
            |error| error,
            |met| Error::new(Kind::Connect { target: settings.to_string(), why, waited, error: Some(met), hosts: Vec::new() }),
        ),
        _ => error,
    }
}

/// A connection of the blocking client, as [`until`] makes one.
pub(crate) fn blocking_until(settings: &Settings, timeout: Duration, goes_on: impl FnMut(&Error) -> bool) -> Result<postgres::Client> {
    // A thread that cannot be started is no failure of the server's.
    until(settings, timeout, goes_on, |round| blocking(round).transpose())?
}

/// One round of the blocking client; none where every attempt failed, which the round then tells.
pub(crate) fn blocking(round: &mut Round<'_>) -> Result<Option<postgres::Client>> {
    while let Some((attempt, patience)) = round.next() {
        // The driver's own time-out covers the TCP handshake; a server that accepts and then says nothing would hold
        // this thread for ever, so another one waits for it.
        let (done, wait) = mpsc::channel();
        std::thread::Builder::new()
            .name("elyos-connect".to_owned())
            .spawn(move || {
                // Nobody waits any more when it took too long.
                drop(done.send(attempt.connect_blocking()));
            })
            .map_err(|error| Error::new(Kind::System { during: "starting a thread", error }))?;
        match wait.recv_timeout(patience) {
            Ok(Ok(client)) => return Ok(Some(client)),
            Ok(Err(error)) => round.failed(Some(error)),
            Err(_silence) => round.failed(None),
        }
    }
    Ok(None)
}
