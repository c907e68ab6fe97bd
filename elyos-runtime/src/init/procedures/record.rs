//! The ledger's rows about single functions: which file made which.

use std::collections::BTreeMap;

use tokio_postgres::types::Type;

use super::routine::Routine;
use crate::error::{Error, Result};
use crate::session::Session;

/// A function that a procedure's file made.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    pub(super) identity: String,
    pub(super) name: String,
    /// The procedure, unless its file no longer makes it.
    pub(super) procedure: Option<String>,
    /// Its oid, if the server still has it.
    pub(super) oid: Option<String>,
}

/// All that is recorded: identity, name, procedure, and the oid where the server still has it.
pub(in crate::init) const READ: &str = "\
SELECT r.identity, r.name, r.procedure, p.oid FROM elyos.routines AS r LEFT JOIN LATERAL (\
SELECT p.oid::text FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
WHERE p.proname = r.name AND n.nspname = r.schema AND p.prokind <> 'a' \
AND (pg_catalog.pg_identify_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0)).identity = r.identity\
) AS p ON true ORDER BY r.identity";

/// All that is recorded.
pub(super) fn read(session: &Session) -> Result<Vec<Recorded>> {
    let rows = session.query(READ, &[])?;
    rows.iter()
        .map(|row| {
            let text = |index: usize| row.try_get::<_, Option<String>>(index).map_err(|error| Error::statement(error, READ));
            Ok(Recorded { identity: text(0)?.unwrap_or_default(), name: text(1)?.unwrap_or_default(), procedure: text(2)?, oid: text(3)? })
        })
        .collect()
}

/// Arrays of identities, schemas, names and procedures of what was made; of identities of what is gone, and of what its file no longer makes.
pub(in crate::init) const WRITE: &str = "\
WITH gone AS (DELETE FROM elyos.routines WHERE identity = ANY ($5)), \
left_behind AS (UPDATE elyos.routines SET procedure = NULL WHERE identity = ANY ($6)) \
INSERT INTO elyos.routines (identity, schema, name, procedure) SELECT DISTINCT ON (1) * FROM unnest($1, $2, $3, $4) \
ON CONFLICT (identity) DO UPDATE SET procedure = EXCLUDED.procedure";

/// Records what was made, by the name of the procedure; forgets what is gone; and notes what its file no longer makes.
pub(super) fn write(session: &Session, made: &BTreeMap<&str, Vec<&Routine>>, gone: &[&str], left: &[&str]) -> Result<()> {
    let all: Vec<(&str, &Routine)> =
        made.iter().flat_map(|(procedure, routines)| routines.iter().map(move |routine| (*procedure, *routine))).collect();
    if all.is_empty() && gone.is_empty() && left.is_empty() {
        return Ok(());
    }
    let procedures: Vec<&str> = all.iter().map(|(procedure, _)| *procedure).collect();
    let column = |of: fn(&Routine) -> &str| -> Vec<&str> { all.iter().map(|(_, routine)| of(routine)).collect() };
    let (identities, schemas, names) =
        (column(|routine| &routine.identity), column(|routine| &routine.schema), column(|routine| &routine.name));
    let names_of = Type::TEXT_ARRAY;
    session
        .query(
            WRITE,
            &[
                (&identities, names_of.clone()),
                (&schemas, names_of.clone()),
                (&names, names_of.clone()),
                (&procedures, names_of.clone()),
                (&gone, names_of.clone()),
                (&left, names_of),
            ],
        )
        .map(drop)
}
