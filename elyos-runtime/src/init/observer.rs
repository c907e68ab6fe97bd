//! What a run tells while it runs.

use std::time::Duration;

use super::report::{Step, StepKind};

/// Something that happened in a run. Progress bars and logs are made of these.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// No connection yet; it is tried again. The text says why, without a password.
    #[non_exhaustive]
    Waiting {
        /// What the last attempt met.
        reason: String,
    },
    /// Connected; the server's version as it names itself.
    #[non_exhaustive]
    Connected {
        /// Such as `15.4`.
        server_version: &'a str,
    },
    /// Another process is at work on this database; its end is waited for.
    #[non_exhaustive]
    Locked {
        /// How long already.
        waited: Duration,
    },
    /// A migration, or a step of the seeds' transaction, was given no lock in the time that it may wait for one. What the
    /// migration or that transaction did has been rolled back, and it is tried again.
    #[non_exhaustive]
    Blocked {
        /// The migration, `the ledger` where that is to be upgraded, or the step, such as `seed users`.
        name: &'a str,
        /// How many attempts it has made.
        attempts: usize,
        /// How long it has been tried.
        waited: Duration,
        /// Who holds what it waits for, as far as it could be seen: pid, `application_name` and query.
        blockers: &'a [String],
    },
    /// A step, or the first of several that are sent together, is about to run.
    #[non_exhaustive]
    Started {
        /// What it is.
        kind: StepKind,
        /// Its name in the bundle.
        name: &'a str,
        /// How many of its kind have run.
        done: usize,
        /// How many of its kind will have run at the end.
        total: usize,
    },
    /// A step is done. Seeds are final only when the run ends: they are one transaction.
    #[non_exhaustive]
    Finished {
        /// What was done.
        step: &'a Step,
    },
}

/// Receives the events of a run.
pub(crate) type Observer<'a> = Box<dyn FnMut(&Event<'_>) + Send + 'a>;
