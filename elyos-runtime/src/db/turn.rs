//! One request after the other, where a pooler stands before the server.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Mutex, MutexGuard};
use tokio_postgres::Client;

/// Whose turn it is on a connection that prepares nothing. On any other one requests are sent as they come.
///
/// A request that is sent before the one before it was answered may be torn apart: pgbouncer (1.18 at least) takes the session
/// away when the first is answered, though a part of the second, which is five messages, was passed on by then.
#[derive(Debug, Default)]
pub(super) struct Turns {
    current: Mutex<()>,
    /// Whether nobody waited for the answer to the last request.
    is_unanswered: AtomicBool,
}

impl Turns {
    /// Waits until all that was sent is answered.
    pub(super) async fn next(&self, client: &Client) -> Result<Turn<'_>, tokio_postgres::Error> {
        let current = self.current.lock().await;
        let turn = Turn { turns: self, is_answered: false, _current: current };
        if self.is_unanswered.swap(false, Ordering::Relaxed) {
            // A message alone cannot be torn apart, and is answered after all that was sent before it.
            client.check_connection().await?;
        }
        Ok(turn)
    }

    /// Something was sent that nobody waits for.
    pub(super) fn is_left_unanswered(&self) {
        self.is_unanswered.store(true, Ordering::Relaxed);
    }
}

/// The turn of one request. Dropped in the middle, it leaves the answer to the next one.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    is_answered: bool,
    _current: MutexGuard<'t, ()>,
}

impl Turn<'_> {
    /// The answer has come.
    pub(super) fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.turns.is_left_unanswered();
        }
    }
}
