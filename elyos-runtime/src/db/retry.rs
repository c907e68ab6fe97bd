//! Whether work that lost against another transaction is called again, and when.

use std::time::Duration;

use super::open::Open;
use super::options::TransactionOptions;
use crate::connect::Backoff;
use crate::error::Error;

/// The first pause, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(500));

/// The tries that are left.
pub(super) struct Retry {
    left: u32,
    backoff: Backoff,
}

impl Retry {
    pub(super) fn new(options: TransactionOptions) -> Self {
        Self { left: options.retries(), backoff: Backoff::between(PAUSES.0, PAUSES.1) }
    }

    /// How long to wait before the work is called again, where it failed with an error of its own. Whatever that is, the
    /// transaction was lost where one of its statements met a conflict.
    pub(super) fn after_work(&mut self, open: &Open) -> Option<Duration> {
        self.pause(open.met_conflict())
    }

    /// The same where the commit failed: only when the server said that nothing was committed.
    pub(super) fn after_commit(&mut self, open: &Open, error: &Error) -> Option<Duration> {
        let was_refused = error.is_serialization_failure() || error.is_deadlock();
        self.pause(was_refused || (error.is_in_failed_transaction() && open.met_conflict()))
    }

    fn pause(&mut self, is_conflict: bool) -> Option<Duration> {
        self.left = self.left.checked_sub(1).filter(|_| is_conflict)?;
        Some(self.backoff.next())
    }
}
