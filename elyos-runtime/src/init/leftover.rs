//! What a statement has left that did not come to its end, or whose end nobody saw.

use tokio_postgres::types::Type;

use crate::bundle::Execution;
use crate::error::{Error, Result};
use crate::session::Session;

/// What the database tells about a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leftover {
    /// It was done.
    Done,
    /// It was not done, or can be done again.
    Nothing,
    /// Indexes that are INVALID, by their quoted names.
    InvalidIndexes(Vec<String>),
    /// Only a person can tell.
    Unknown,
}

/// The relation of the index's name beside its table: its quoted name, whether it is an index of the table, whether valid.
pub(super) const INDEX: &str = "\
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), coalesce(x.indrelid = t.oid, false), coalesce(x.indisvalid, false) \
FROM pg_catalog.pg_class AS t \
JOIN pg_catalog.pg_class AS c ON c.relnamespace = t.relnamespace AND c.relname = $2 \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
LEFT JOIN pg_catalog.pg_index AS x ON x.indexrelid = c.oid \
WHERE t.oid = pg_catalog.to_regclass($1)";

/// What `REINDEX CONCURRENTLY` builds beside an index or has replaced, and what nobody is building now.
///
/// Source: PostgreSQL, "REINDEX", "Rebuilding Indexes Concurrently".
pub(super) const REBUILT: &str = "\
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) \
FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid \
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
WHERE NOT x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' \
AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.index_relid = c.oid) ORDER BY 1";

/// Looks for what a statement that was started has left.
pub(super) fn of_started(session: &Session, execution: &Execution) -> Result<Leftover> {
    Ok(match execution {
        Execution::CreateIndex { table, index } => create_index(session, table, index)?,
        Execution::DropIndex { index } => {
            let sql = "SELECT pg_catalog.to_regclass($1) IS NULL";
            let rows = session.query(sql, &[(&&**index, Type::TEXT)])?;
            let gone = rows.first().map(|row| row.try_get(0).map_err(|error| Error::statement(error, sql))).transpose()?;
            if gone == Some(true) { Leftover::Done } else { Leftover::Nothing }
        }
        Execution::Reindex => {
            let rows = session.query(REBUILT, &[])?;
            let names: Result<Vec<String>> =
                rows.iter().map(|row| row.try_get(0).map_err(|error| Error::statement(error, REBUILT))).collect();
            match names? {
                names if names.is_empty() => Leftover::Nothing,
                names => Leftover::InvalidIndexes(names),
            }
        }
        Execution::Setting | Execution::Repeatable => Leftover::Nothing,
        // One that can be in a transaction is recorded as started only where the server took it for one that cannot.
        Execution::Transaction | Execution::Once => Leftover::Unknown,
    })
}

/// Looks for what is in the way of a statement that has not been started: an invalid index of the name of one that it is
/// to create, which `IF NOT EXISTS` would take for one that exists.
pub(super) fn before(session: &Session, execution: &Execution) -> Result<Leftover> {
    match execution {
        Execution::CreateIndex { table, index } => Ok(match create_index(session, table, index)? {
            Leftover::Done => Leftover::Nothing,
            other => other,
        }),
        _ => Ok(Leftover::Nothing),
    }
}

fn create_index(session: &Session, table: &str, index: &str) -> Result<Leftover> {
    let rows = session.query(INDEX, &[(&table, Type::TEXT), (&index, Type::NAME)])?;
    let Some(row) = rows.first() else { return Ok(Leftover::Nothing) };
    let failed = |error| Error::statement(error, INDEX);
    let (name, is_of_table, is_valid): (String, bool, bool) =
        (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?, row.try_get(2).map_err(failed)?);
    Ok(match (is_of_table, is_valid) {
        (true, true) => Leftover::Done,
        (true, false) => Leftover::InvalidIndexes(vec![name]),
        // Something else has the name, which the server will say.
        (false, _) => Leftover::Nothing,
    })
}
