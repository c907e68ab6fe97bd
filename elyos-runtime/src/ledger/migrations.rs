//! The rows of migrations and of their statements.

use tokio_postgres::types::Type;

use crate::bundle::{Migration, StatementHash, hex};
use crate::error::{Error, Result};
use crate::session::Session;

/// The version of Elyos that writes the rows.
pub(crate) const ELYOS_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A migration as the ledger has it.
#[derive(Debug, Clone)]
pub(crate) struct AppliedMigration {
    pub(crate) position: i64,
    pub(crate) name: String,
    pub(crate) sha256: String,
    /// False while a migration that is not one transaction is under way, and when it has been interrupted.
    pub(crate) finished: bool,
}

/// A statement of a migration as the ledger has it.
#[derive(Debug, Clone)]
pub(crate) struct AppliedStatement {
    pub(crate) hash: StatementHash,
    pub(crate) started: bool,
    pub(crate) finished: bool,
}

/// Records a migration that is one transaction; in that transaction.
pub(crate) fn record_migration(session: &Session, migration: &Migration, milliseconds: f64) -> Result<()> {
    insert(session, migration, Some(milliseconds))
}

/// Records that a migration that is not one transaction begins.
pub(crate) fn begin_migration(session: &Session, migration: &Migration) -> Result<()> {
    insert(session, migration, None)
}

/// Position, name, hash, whether it is one transaction, milliseconds, version of Elyos, arrays of its statements' hashes.
///
/// A row that has a time taken is that of a migration that is done, and of one transaction.
pub(crate) const INSERT: &str = "\
WITH migration AS (\
INSERT INTO elyos.migrations (position, name, sha256, transactional, milliseconds, finished_at, elyos_version) \
VALUES ($1, $2, $3, $4, $5, CASE WHEN $5 IS NOT NULL THEN clock_timestamp() END, $6) RETURNING position) \
INSERT INTO elyos.statements (position, number, sha256, tokens_sha256) \
SELECT m.position, s.number, s.sha256, s.tokens \
FROM migration AS m, unnest($7, $8) WITH ORDINALITY AS s (sha256, tokens, number)";

fn insert(session: &Session, migration: &Migration, milliseconds: Option<f64>) -> Result<()> {
    let (texts, tokens) = hashes(migration);
    session
        .query(
            INSERT,
            &[
                (&migration.position, Type::INT8),
                (&&*migration.name, Type::TEXT),
                (&hex(&migration.script.sha256), Type::TEXT),
                (&milliseconds.is_some(), Type::BOOL),
                (&milliseconds, Type::FLOAT8),
                (&ELYOS_VERSION, Type::TEXT),
                (&texts, Type::TEXT_ARRAY),
                (&tokens, Type::TEXT_ARRAY),
            ],
        )
        .map(drop)
}

/// Those of its statements' texts, and of their tokens.
pub(crate) fn hashes(migration: &Migration) -> (Vec<String>, Vec<String>) {
    migration.statement_hashes().into_iter().map(|hash| (hash.text, hash.tokens)).unzip()
}

/// Position, hash of the migration, arrays of its statements' hashes.
pub(crate) const RECORD_STATEMENTS: &str = "\
INSERT INTO elyos.statements (position, number, sha256, tokens_sha256) \
SELECT m.position, s.number, s.sha256, s.tokens \
FROM elyos.migrations AS m, unnest($3, $4) WITH ORDINALITY AS s (sha256, tokens, number) \
WHERE m.position = $1 AND m.sha256 = $2 ON CONFLICT DO NOTHING";

/// Records the statements of a migration whose row is there with this hash, and none of its statements.
pub(crate) fn record_statements(session: &Session, migration: &Migration, sha256: &str) -> Result<()> {
    let (texts, tokens) = hashes(migration);
    session
        .query(
            RECORD_STATEMENTS,
            &[(&migration.position, Type::INT8), (&sha256, Type::TEXT), (&texts, Type::TEXT_ARRAY), (&tokens, Type::TEXT_ARRAY)],
        )
        .map(drop)
}

/// Position, how many statements stay, hash of the migration, arrays of its statements' hashes.
///
/// One statement, as it is a transaction of its own: statements that have no row could not be recorded as done.
pub(crate) const AMEND: &str = "\
WITH gone AS (DELETE FROM elyos.statements WHERE position = $1 AND number > cardinality($4)), \
migration AS (UPDATE elyos.migrations SET sha256 = $3 WHERE position = $1 RETURNING position) \
INSERT INTO elyos.statements (position, number, sha256, tokens_sha256) \
SELECT m.position, s.number, s.sha256, s.tokens \
FROM migration AS m, unnest($4, $5) WITH ORDINALITY AS s (sha256, tokens, number) WHERE s.number > $2 \
ON CONFLICT (position, number) DO UPDATE SET sha256 = EXCLUDED.sha256, tokens_sha256 = EXCLUDED.tokens_sha256";

/// Records that what is left of an interrupted migration has another text now; the first statements stay as they are.
pub(crate) fn amend_migration(session: &Session, migration: &Migration, kept: usize) -> Result<()> {
    let sha256 = hex(&migration.script.sha256);
    let kept = i32::try_from(kept).unwrap_or(i32::MAX);
    let (texts, tokens) = hashes(migration);
    session
        .query(
            AMEND,
            &[
                (&migration.position, Type::INT8),
                (&kept, Type::INT4),
                (&sha256, Type::TEXT),
                (&texts, Type::TEXT_ARRAY),
                (&tokens, Type::TEXT_ARRAY),
            ],
        )
        .map(drop)
}

/// Forgets a migration of which nothing was started.
pub(crate) fn forget_migration(session: &Session, migration: &Migration) -> Result<()> {
    session.query("DELETE FROM elyos.migrations WHERE position = $1", &[(&migration.position, Type::INT8)]).map(drop)
}

/// The statements of a migration, in their order.
pub(crate) fn statements(session: &Session, position: i64) -> Result<Vec<AppliedStatement>> {
    let sql = "\
        SELECT sha256, tokens_sha256, started_at IS NOT NULL, finished_at IS NOT NULL \
        FROM elyos.statements WHERE position = $1 ORDER BY number";
    let rows = session.query(sql, &[(&position, Type::INT8)])?;
    rows.iter()
        .map(|row| {
            let failed = |error| Error::statement(error, sql);
            Ok(AppliedStatement {
                hash: StatementHash { text: row.try_get(0).map_err(failed)?, tokens: row.try_get(1).map_err(failed)? },
                started: row.try_get(2).map_err(failed)?,
                finished: row.try_get(3).map_err(failed)?,
            })
        })
        .collect()
}

/// How far a statement is that is committed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It is about to be run.
    Started,
    /// It has been done.
    Finished,
    /// It failed, and nothing of it is left.
    Undone,
}

/// SQL that records how far a statement is; whoever the session acts as by then.
pub(crate) fn record_progress(position: i64, number: usize, progress: Progress) -> String {
    let set = match progress {
        Progress::Started => "started_at = pg_catalog.clock_timestamp(), finished_at = NULL",
        Progress::Finished => "started_at = coalesce(started_at, pg_catalog.now()), finished_at = pg_catalog.clock_timestamp()",
        Progress::Undone => "started_at = NULL",
    };
    format!("{AS_ONESELF}UPDATE elyos.statements SET {set} WHERE position = {position} AND number = {number};\n")
}

/// SQL that records that a migration that is not one transaction has come to its end.
pub(crate) fn record_end(position: i64) -> String {
    format!(
        "{AS_ONESELF}UPDATE elyos.migrations SET finished_at = pg_catalog.clock_timestamp(), \
         milliseconds = (SELECT sum(extract(epoch FROM finished_at - started_at)) * 1000 FROM elyos.statements WHERE position = {position}) \
         WHERE position = {position};\n"
    )
}

/// A migration may have set another role for what follows in it; that stays, behind the transaction that this is in.
const AS_ONESELF: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL role TO DEFAULT;\n";
