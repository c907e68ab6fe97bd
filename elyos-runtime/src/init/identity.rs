//! Do two connections reach one database?

use crate::connect::{self, Settings};
use crate::error::{Error, Kind, Result};
use crate::session::Session;

/// Refuses to work on another database than the application's.
///
/// Names and addresses do not tell: poolers and aliases stand between, and a cluster restored from a backup has the
/// identifier of the one it was made from. A lock that one of them holds and the other cannot have does; it needs no
/// rights, and works through a pooler that hands out connections by the transaction.
pub(super) fn check(application: &Settings, own: &Session, migration: &Settings, work: &Session) -> Result<()> {
    let key = i64::from_ne_bytes(connect::random().to_ne_bytes());
    let sql = format!("SELECT pg_catalog.pg_try_advisory_xact_lock({key});");
    let taken = |session: &Session, sql: &str| -> Result<bool> {
        let row = session.run(sql)?.into_iter().find_map(|answer| answer.row);
        Ok(row.as_ref().and_then(|row| row.get(0)) == Some("t"))
    };
    let is_held = taken(own, &format!("BEGIN; {sql}"))?;
    let is_free = taken(work, &sql);
    own.rollback();
    if !is_held {
        return Err(Error::new(Kind::Unexpected { what: "an advisory lock with a key of this run's own is taken" }));
    }
    if is_free? {
        return Err(Error::new(Kind::DifferentDatabases { application: application.to_string(), migration: migration.to_string() }));
    }
    Ok(())
}
