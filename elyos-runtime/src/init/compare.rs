//! The bundle against the ledger: what has to be refused, before anything is touched.

use super::difference;
use crate::bundle::{Bundle, Migration, hex};
use crate::error::migration::{File, MigrationFailure};
use crate::error::{Error, Kind, Result};
use crate::ledger::{self, AppliedMigration, Ledger};
use crate::session::Session;

/// Has a newer release written this database: a higher revision, or migrations after the bundle's last?
pub(super) fn is_ahead(bundle: &Bundle, ledger: &Ledger) -> bool {
    let last = bundle.migrations.iter().map(|migration| migration.position).max();
    ledger.revision.is_some_and(|revision| revision > bundle.revision)
        || last.is_some_and(|last| ledger.migrations.iter().any(|applied| applied.position > last))
}

/// Does the ledger record migrations, and none that the bundle has?
pub(super) fn is_of_another(bundle: &Bundle, ledger: &Ledger) -> bool {
    let known = |applied: &AppliedMigration| bundle.migrations.iter().any(|migration| migration.name == applied.name);
    // One that was made from schema.sql itself has its own story to tell.
    let moved_on = ledger.migrations.iter().any(|applied| applied.position < 0);
    !ledger.migrations.is_empty() && !bundle.migrations.is_empty() && !moved_on && !ledger.migrations.iter().any(known)
}

/// The migrations that are still to be applied, in order; an interrupted one is among them, and may have changed.
///
/// A text that differs only in comments or white space is refused as well: what is recorded as applied is a text, and
/// who reads the file is to read that one.
///
/// # Errors
///
/// When an applied migration has another text or name now, when the ledger holds one that the bundle does not have,
/// and when one that has not been applied stands before one that has.
pub(super) fn pending<'b>(bundle: &'b Bundle, ledger: &Ledger, session: &Session) -> Result<Vec<&'b Migration>> {
    for applied in &ledger.migrations {
        let is_schema = applied.position < 0;
        let Some(known) = bundle.migrations.iter().find(|migration| migration.position == applied.position) else {
            return Err(Error::new(if is_schema { Kind::MadeFromSchema } else { Kind::MigrationUnknown { name: applied.name.clone() } }));
        };
        if known.name != applied.name {
            return Err(Error::new(Kind::MigrationUnknown { name: applied.name.clone() }));
        }
        if applied.finished && hex(&known.script.sha256) != applied.sha256 {
            // Version 1 of the ledger has no statements.
            let statements = if ledger.version < 2 { Vec::new() } else { ledger::statements(session, applied.position)? };
            let hashes: Vec<_> = statements.into_iter().map(|statement| statement.hash).collect();
            let file = if is_schema { File::Schema } else { File::Migration(applied.name.clone()) };
            let difference = difference::between(bundle, known, &hashes);
            return Err(Error::new(Kind::Migration(MigrationFailure::Changed { file, difference })));
        }
    }
    let last = ledger.migrations.iter().filter(|applied| applied.finished).max_by_key(|applied| applied.position);
    let pending: Vec<_> = bundle.migrations.iter().filter(|migration| !ledger.has_migration(migration)).collect();
    if let (Some(first), Some(last)) = (pending.first(), last)
        && first.position < last.position
    {
        return Err(Error::new(Kind::MigrationOutOfOrder { name: first.name.to_string(), after: last.name.clone() }));
    }
    Ok(pending)
}
