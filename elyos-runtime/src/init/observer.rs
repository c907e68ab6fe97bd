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
