//! The ledger's own tables, and how those of an earlier version become those of this one.

use super::migrations;
use crate::bundle::{Bundle, hex};
use crate::error::Result;
use crate::session::Session;

/// The version of the tables below. An older one is upgraded.
///
/// One that is newer is refused by its `oldest_reader`, the oldest version that a program must know to use it: so a
/// version that only adds what may be left out does not stop the older programs of a rolling deploy.
pub(crate) const VERSION: i32 = 2;

/// Makes the ledger's schema. Run only where it is missing: `IF NOT EXISTS` would still ask for the right to create, which
/// a role may lack for whom somebody has made the schema beforehand.
const CREATE_SCHEMA: &str = "CREATE SCHEMA elyos;";

/// Makes the ledger in its schema.
const CREATE: &str = "\
COMMENT ON SCHEMA elyos IS 'What Elyos has applied to this database. Written by init, seed and reset.';
CREATE TABLE elyos.state (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version integer NOT NULL,
    oldest_reader integer NOT NULL,
    revision bigint,
    digest text,
    admin_email text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE elyos.migrations (
    position bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    sha256 text NOT NULL,
    transactional boolean NOT NULL DEFAULT true,
    milliseconds double precision,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    elyos_version text
);
CREATE TABLE elyos.seeds (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    rows_changed bigint NOT NULL,
    milliseconds double precision NOT NULL,
    times_applied bigint NOT NULL DEFAULT 1,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE elyos.procedures (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    times_applied bigint NOT NULL DEFAULT 1,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE elyos.extensions (
    name text PRIMARY KEY,
    provided_by text NOT NULL CHECK (provided_by IN ('server', 'bundle')),
    sha256 text,
    applied_at timestamptz NOT NULL DEFAULT now()
);";

/// What version 2 has and version 1 has not, besides columns: the statements of each migration, and which file made which function.
const STATEMENTS: &str = "
CREATE TABLE elyos.statements (
    position bigint NOT NULL REFERENCES elyos.migrations (position) ON UPDATE CASCADE ON DELETE CASCADE,
    number integer NOT NULL,
    sha256 text NOT NULL,
    tokens_sha256 text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (position, number)
);
CREATE TABLE elyos.routines (
    identity text PRIMARY KEY,
    schema text NOT NULL,
    name text NOT NULL,
    procedure text
);
COMMENT ON TABLE elyos.routines IS
    'The functions that procedures made. procedure is null once its file makes the function no more.';
COMMENT ON TABLE elyos.state IS
    'One row: the bundle that is wholly applied. digest is null while it is so in part. oldest_reader: the oldest version of these tables that a program must know.';
COMMENT ON TABLE elyos.migrations IS 'finished_at is null while a migration that is not one transaction is under way, or has been interrupted.';
COMMENT ON TABLE elyos.statements IS
    'The statements of each migration, by the hash of their text and of their tokens. Of a migration that is not one transaction: which were started, and which finished.';";

/// From version 1 to version 2.
const UPGRADE_FROM_1: &str = "\
ALTER TABLE elyos.state ADD COLUMN oldest_reader integer NOT NULL DEFAULT 2;
ALTER TABLE elyos.state ALTER COLUMN oldest_reader DROP DEFAULT;
ALTER TABLE elyos.migrations
    ADD COLUMN transactional boolean NOT NULL DEFAULT true,
    ADD COLUMN started_at timestamptz,
    ADD COLUMN finished_at timestamptz,
    ADD COLUMN elyos_version text,
    ALTER COLUMN milliseconds DROP NOT NULL;
UPDATE elyos.migrations SET started_at = applied_at, finished_at = applied_at;
ALTER TABLE elyos.migrations
    ALTER COLUMN started_at SET NOT NULL,
    ALTER COLUMN started_at SET DEFAULT now(),
    DROP COLUMN applied_at;";

/// SQL that makes the ledger in its schema.
pub(crate) fn create_sql() -> String {
    format!("{CREATE}{STATEMENTS}\nINSERT INTO elyos.state (version, oldest_reader) VALUES ({VERSION}, {VERSION});")
}

/// SQL that makes the tables of version 1 those of this one.
pub(crate) fn upgrade_sql() -> String {
    format!("{UPGRADE_FROM_1}{STATEMENTS}\nUPDATE elyos.state SET version = {VERSION};")
}

/// Makes the ledger, in the transaction of the first thing that is recorded in it.
pub(crate) fn create(session: &Session, has_schema: bool) -> Result<()> {
    let schema = if has_schema { "" } else { CREATE_SCHEMA };
    let sql = format!("{schema}{}", create_sql());
    session.run(&sql).map(drop).map_err(|error| error.during("creating the ledger in the schema elyos".to_owned()))
}

/// Makes the tables of an earlier version those of this one; in a transaction in which nobody else does.
///
/// What the earlier version did not record and the bundle tells is recorded: the statements of the migrations that were
/// applied with the text that they have now.
pub(crate) fn upgrade(session: &Session, found: i32, bundle: &Bundle) -> Result<()> {
    if found >= VERSION {
        return Ok(());
    }
    session.run(&upgrade_sql()).map_err(|error| error.during(format!("upgrading the ledger in the schema elyos to version {VERSION}")))?;
    for migration in bundle.migrations.iter() {
        migrations::record_statements(session, migration, &hex(&migration.script.sha256))?;
    }
    Ok(())
}
