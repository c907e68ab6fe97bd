//! Migrations, each in one transaction with its row in the ledger.
//!
//! What a migration needs around it, `begin` and `commit` here, is decided for each in this one loop: all that they run
//! is `File::run`, which sends a file as one message whatever it stands in.

use super::text::{array, literal};
use super::{ELAPSED, File, hash};
use crate::bundle::Migration;
use crate::ledger;

pub(super) fn write(file: &mut File<'_>) {
    let bundle = file.bundle;
    for migration in bundle.migrations.iter() {
        file.begin();
        let due = format!("NOT EXISTS (SELECT FROM elyos.migrations WHERE position = {})", migration.position);
        file.when("elyos_due", &due, |file| {
            file.say("migration", &migration.name);
            file.start_clock();
            file.run(&migration.script);
            record(file, migration, Some(ELAPSED));
        });
        file.commit();
    }
}

/// Its row and those of its statements; without a time taken, of one that begins.
fn record(file: &mut File<'_>, migration: &Migration, milliseconds: Option<&str>) {
    let (texts, tokens) = ledger::hashes(migration);
    file.record(
        ledger::INSERT,
        &[
            migration.position.to_string(),
            literal(&migration.name),
            hash(&migration.script),
            milliseconds.is_some().to_string(),
            milliseconds.unwrap_or("NULL").to_owned(),
            literal(ledger::ELYOS_VERSION),
            array(texts),
            array(tokens),
        ],
    );
}
