//! Statements that a connection has prepared, by their text.

use std::collections::{HashMap, VecDeque};

use tokio_postgres::Statement;

/// The most statements kept; each takes memory on the server too.
const CAPACITY: usize = 512;

/// The prepared statements of one connection; when full, the oldest goes.
#[derive(Default)]
pub(super) struct Statements {
    by_sql: HashMap<String, Statement>,
    order: VecDeque<String>,
}

impl Statements {
    pub(super) fn get(&self, sql: &str) -> Option<Statement> {
        self.by_sql.get(sql).cloned()
    }

    pub(super) fn keep(&mut self, sql: &str, statement: Statement) {
        if self.by_sql.insert(sql.to_owned(), statement).is_none() {
            self.order.push_back(sql.to_owned());
        }
        if self.order.len() > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_sql.remove(&oldest);
        }
    }

    pub(super) fn forget(&mut self, sql: &str) {
        self.by_sql.remove(sql);
        self.order.retain(|kept| kept != sql);
    }

    pub(super) fn len(&self) -> usize {
        self.by_sql.len()
    }
}

/// Was it refused because the table has changed since the statement was prepared, or because the server no longer
/// knows the statement? Then preparing it again helps.
///
/// Source: PostgreSQL, `RevalidateCachedQuery`: "cached plan must not change result type" is `0A000`; an unknown
/// prepared statement is `26000`.
pub(super) fn is_stale(error: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    error.as_db_error().is_some_and(|db| {
        *db.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*db.code() == SqlState::FEATURE_NOT_SUPPORTED && db.routine() == Some("RevalidateCachedQuery"))
    })
}
