//! What the ledger tells of each step's last time.

use std::collections::HashMap;

use super::item::{ItemState, ItemStatus, Pending};
use crate::error::{Error, Result};
use crate::session::Session;

/// Reads the tables of any version: what version 2 calls `finished_at` of a migration, version 1 calls `applied_at`.
const READ: &str = "\
WITH migrations AS (SELECT name, milliseconds, to_jsonb(m) AS row FROM elyos.migrations AS m), \
steps (kind, name, started_at, applied_at, milliseconds, rows, times) AS (
SELECT 'migration', name, (row ->> 'started_at')::timestamptz, coalesce(row ->> 'finished_at', row ->> 'applied_at')::timestamptz, \
milliseconds, NULL::bigint, NULL::bigint FROM migrations
UNION ALL SELECT 'seed', name, NULL, applied_at, milliseconds, rows_changed, times_applied FROM elyos.seeds
UNION ALL SELECT 'procedure', name, NULL, applied_at, NULL, NULL, times_applied FROM elyos.procedures
UNION ALL SELECT 'extension', name, NULL, applied_at, NULL, NULL, NULL FROM elyos.extensions)
SELECT kind, name, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), milliseconds, rows, times, \
to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM steps";

/// The last time of a step.
#[derive(Debug, Clone, Default)]
struct Last {
    applied_at: Option<String>,
    milliseconds: Option<f64>,
    rows: Option<i64>,
    times: Option<i64>,
    /// When a migration was begun.
    started_at: Option<String>,
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
                started_at: row.try_get(6).map_err(failed)?,
            };
            history.0.insert(key, last);
        }
        Ok(history)
    }

    /// When a migration was begun, where the ledger tells.
    pub(super) fn started_at(&self, migration: &str) -> Option<String> {
        self.0.get(&("migration".to_owned(), migration.to_owned())).and_then(|last| last.started_at.clone())
    }

    /// A step with what is known of its last time.
    pub(super) fn item(&self, kind: &str, name: &str, state: ItemState, pending: Option<Pending>) -> ItemStatus {
        let Last { applied_at, milliseconds, rows, times, started_at: _ } =
            self.0.get(&(kind.to_owned(), name.to_owned())).cloned().unwrap_or_default();
        ItemStatus { name: name.to_owned(), state, pending, applied_at, milliseconds, rows, times_applied: times }
    }
}
