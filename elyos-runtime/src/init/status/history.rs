//! What the ledger tells of each step's last time.

use std::collections::HashMap;

use super::item::{ItemState, ItemStatus, Pending};
use crate::error::{Error, Result};
use crate::session::Session;

const READ: &str = "\
WITH steps (kind, name, applied_at, milliseconds, rows, times) AS (
SELECT 'migration', name, applied_at, milliseconds, NULL::bigint, NULL::bigint FROM elyos.migrations
UNION ALL SELECT 'seed', name, applied_at, milliseconds, rows_changed, times_applied FROM elyos.seeds
UNION ALL SELECT 'procedure', name, applied_at, NULL, NULL, times_applied FROM elyos.procedures
UNION ALL SELECT 'extension', name, applied_at, NULL, NULL, NULL FROM elyos.extensions)
SELECT kind, name, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), milliseconds, rows, times FROM steps";

/// The last time of a step.
#[derive(Debug, Clone, Default)]
struct Last {
    applied_at: Option<String>,
    milliseconds: Option<f64>,
    rows: Option<i64>,
    times: Option<i64>,
}

/// The last time of every step that the ledger knows, by kind and name.
#[derive(Debug, Default)]
pub(super) struct History(HashMap<(String, String), Last>);

impl History {
    /// Reads the ledger, which has to exist.
    pub(super) fn read(session: &Session) -> Result<Self> {
        let mut history = Self::default();
        for row in session.query(READ, &[])? {
            let failed = |error| Error::statement(error, READ);
            let key = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            let last = Last {
                applied_at: row.try_get(2).map_err(failed)?,
                milliseconds: row.try_get(3).map_err(failed)?,
                rows: row.try_get(4).map_err(failed)?,
                times: row.try_get(5).map_err(failed)?,
            };
            history.0.insert(key, last);
        }
        Ok(history)
    }

    /// A step with what is known of its last time.
    pub(super) fn item(&self, kind: &str, name: &str, state: ItemState, pending: Option<Pending>) -> ItemStatus {
        let Last { applied_at, milliseconds, rows, times } = self.0.get(&(kind.to_owned(), name.to_owned())).cloned().unwrap_or_default();
        ItemStatus { name: name.to_owned(), state, pending, applied_at, milliseconds, rows, times_applied: times }
    }
}
