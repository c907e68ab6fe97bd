//! What has been applied to a database: the schema `elyos`, written in the transaction of the work it records.

mod migrations;
mod tables;

use std::collections::HashMap;

pub(crate) use migrations::{
    AMEND, AppliedMigration, AppliedStatement, ELYOS_VERSION, INSERT, Progress, RECORD_STATEMENTS, amend_migration, begin_migration,
    forget_migration, hashes, record_end, record_migration, record_progress, statements,
};
pub(crate) use tables::{VERSION, create, create_sql, upgrade, upgrade_sql};

use tokio_postgres::types::Type;

use crate::bundle::{Bundle, Migration, Procedure, Run, Script, Seed, hex};
use crate::error::{Error, Kind, Result};
use crate::session::Session;

/// The oldest version that a program must know to use the tables, of whatever version `s`, a row of `elyos.state`, is.
pub(crate) const OLDEST_READER: &str = "coalesce((to_jsonb(s) ->> 'oldest_reader')::bigint, version)";

/// Whether `m`, a row of `elyos.migrations` of any version, is of a migration that has been begun and not finished.
pub(crate) const UNFINISHED: &str = "coalesce(to_jsonb(m) -> 'finished_at' = 'null', false)";

/// Reads the tables of any version: a column that an earlier one lacks is a key that the row's JSON lacks.
const READ: &str = "\
SELECT 'state' AS kind, coalesce((to_jsonb(s) ->> 'oldest_reader')::bigint, version) AS position, coalesce(digest, '') AS name, \
admin_email AS value, revision FROM elyos.state AS s
UNION ALL SELECT 'version', version, '', NULL, NULL FROM elyos.state
UNION ALL SELECT 'migration', position, name, sha256, (to_jsonb(m) -> 'finished_at' = 'null')::int::bigint FROM elyos.migrations AS m
UNION ALL SELECT 'seed', 0, name, sha256, NULL FROM elyos.seeds
UNION ALL SELECT 'procedure', 0, name, sha256, NULL FROM elyos.procedures
UNION ALL SELECT 'extension', 0, name, coalesce(sha256, ''), NULL FROM elyos.extensions
ORDER BY kind, position, name";

/// The ledger's content at one moment.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// That of its tables.
    pub(crate) version: i32,
    pub(crate) revision: Option<i64>,
    pub(crate) digest: Option<String>,
    pub(crate) admin_email: Option<String>,
    pub(crate) migrations: Vec<AppliedMigration>,
    pub(crate) seeds: HashMap<String, String>,
    pub(crate) procedures: HashMap<String, String>,
    /// The extensions created, and the hash of what stands in for each; empty where the server provides it.
    pub(crate) extensions: HashMap<String, String>,
}

impl Ledger {
    /// Reads the ledger in one round trip. It has to exist.
    pub(crate) fn read(session: &Session) -> Result<Self> {
        let mut ledger = Self::default();
        for row in session.query(READ, &[])? {
            let text = |index: usize| -> Result<Option<String>> { row.try_get(index).map_err(|error| Error::statement(error, READ)) };
            let number = |index: usize| -> Result<Option<i64>> { row.try_get(index).map_err(|error| Error::statement(error, READ)) };
            let (kind, position) = (text(0)?.unwrap_or_default(), number(1)?.unwrap_or_default());
            let (name, value) = (text(2)?.unwrap_or_default(), text(3)?);
            match kind.as_str() {
                "state" => {
                    let found = i32::try_from(position).unwrap_or(i32::MAX);
                    if found > VERSION {
                        return Err(Error::new(Kind::LedgerTooNew { found, known: VERSION }));
                    }
                    ledger.digest = Some(name).filter(|digest| !digest.is_empty());
                    ledger.admin_email = value;
                    ledger.revision = number(4)?;
                }
                "version" => ledger.version = i32::try_from(position).unwrap_or(i32::MAX),
                "migration" => {
                    let finished = number(4)? != Some(1);
                    ledger.migrations.push(AppliedMigration { position, name, sha256: value.unwrap_or_default(), finished });
                }
                "seed" => drop(ledger.seeds.insert(name, value.unwrap_or_default())),
                "procedure" => drop(ledger.procedures.insert(name, value.unwrap_or_default())),
                _ => drop(ledger.extensions.insert(name, value.unwrap_or_default())),
            }
        }
        Ok(ledger)
    }

    /// Has it been applied, to its end?
    pub(crate) fn has_migration(&self, migration: &Migration) -> bool {
        self.migrations.iter().any(|applied| applied.position == migration.position && applied.finished)
    }

    pub(crate) fn has_seed(&self, seed: &Seed) -> bool {
        self.seeds.get(&*seed.name).is_some_and(|applied| seed.run != Run::Changed || is(applied, &seed.script))
    }

    pub(crate) fn has_procedure(&self, procedure: &Procedure) -> bool {
        self.procedures.get(&*procedure.name).is_some_and(|applied| is(applied, &procedure.script))
    }

    /// Is every step of the bundle recorded as applied?
    pub(crate) fn is_complete(&self, bundle: &Bundle) -> bool {
        bundle.migrations.iter().all(|migration| self.has_migration(migration))
            && bundle.seeds.iter().all(|seed| self.has_seed(seed))
            && bundle.procedures.iter().all(|procedure| self.has_procedure(procedure))
    }
}

fn is(applied: &str, script: &Script) -> bool {
    applied == hex(&script.sha256)
}

/// What a seed did.
pub(crate) struct SeedRecord<'a> {
    pub(crate) seed: &'a Seed,
    pub(crate) rows: u64,
    pub(crate) milliseconds: f64,
}

/// Arrays of names, hashes, rows changed, milliseconds.
pub(crate) const RECORD_SEEDS: &str = "\
INSERT INTO elyos.seeds AS s (name, sha256, rows_changed, milliseconds) \
SELECT * FROM unnest($1, $2, $3, $4) \
ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, rows_changed = EXCLUDED.rows_changed, \
milliseconds = EXCLUDED.milliseconds, times_applied = s.times_applied + 1, applied_at = now()";

/// Records the seeds of a run, in one statement.
pub(crate) fn record_seeds(session: &Session, records: &[SeedRecord<'_>]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = records.iter().map(|record| &*record.seed.name).collect();
    let hashes: Vec<String> = records.iter().map(|record| hex(&record.seed.script.sha256)).collect();
    let rows: Vec<i64> = records.iter().map(|record| i64::try_from(record.rows).unwrap_or(i64::MAX)).collect();
    let times: Vec<f64> = records.iter().map(|record| record.milliseconds).collect();
    session
        .query(
            RECORD_SEEDS,
            &[(&names, Type::TEXT_ARRAY), (&hashes, Type::TEXT_ARRAY), (&rows, Type::INT8_ARRAY), (&times, Type::FLOAT8_ARRAY)],
        )
        .map(drop)
}

/// Forgets seeds whose rows are gone, and with them, where it is gone too, the administrator's address.
pub(crate) fn forget(session: &Session, seeds: &[&str], admin_email: bool) -> Result<()> {
    let sql = "\
        WITH gone AS (DELETE FROM elyos.seeds WHERE name = ANY ($1)) \
        UPDATE elyos.state SET admin_email = NULL WHERE $2";
    session.query(sql, &[(&seeds, Type::TEXT_ARRAY), (&admin_email, Type::BOOL)]).map(drop)
}

/// Arrays of names, hashes.
pub(crate) const RECORD_PROCEDURES: &str = "\
INSERT INTO elyos.procedures AS p (name, sha256) SELECT * FROM unnest($1, $2) \
ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, times_applied = p.times_applied + 1, applied_at = now()";

/// Records the procedures of a run, in one statement.
pub(crate) fn record_procedures(session: &Session, procedures: &[&Procedure]) -> Result<()> {
    if procedures.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = procedures.iter().map(|procedure| &*procedure.name).collect();
    let hashes: Vec<String> = procedures.iter().map(|procedure| hex(&procedure.script.sha256)).collect();
    session.query(RECORD_PROCEDURES, &[(&names, Type::TEXT_ARRAY), (&hashes, Type::TEXT_ARRAY)]).map(drop)
}

/// Name, by whom it is provided, hash of what stands in for it.
pub(crate) const RECORD_EXTENSION: &str = "\
INSERT INTO elyos.extensions (name, provided_by, sha256) VALUES ($1, $2, $3) \
ON CONFLICT (name) DO UPDATE SET provided_by = EXCLUDED.provided_by, sha256 = EXCLUDED.sha256, applied_at = now()";

/// Records by whom an extension is provided.
pub(crate) fn record_extension(session: &Session, name: &str, stand_in: Option<&Script>) -> Result<()> {
    let provided_by = if stand_in.is_some() { "bundle" } else { "server" };
    let hash = stand_in.map(|script| hex(&script.sha256));
    session.query(RECORD_EXTENSION, &[(&name, Type::TEXT), (&provided_by, Type::TEXT), (&hash, Type::TEXT)]).map(drop)
}

/// Revision, digest, the administrator's address.
pub(crate) const RECORD_STATE: &str =
    "UPDATE elyos.state SET revision = $1, digest = $2, admin_email = coalesce($3, admin_email), updated_at = now()";

/// Records how far the bundle as a whole is applied; a wanted address of the administrator's replaces the one kept.
pub(crate) fn record_state(session: &Session, revision: i64, digest: Option<&str>, admin_email: Option<&str>) -> Result<()> {
    session.query(RECORD_STATE, &[(&revision, Type::INT8), (&digest, Type::TEXT), (&admin_email, Type::TEXT)]).map(drop)
}
