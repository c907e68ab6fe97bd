//! Migrations, each in one transaction with its row in the ledger.
//!
//! What a migration needs around it, `begin` and `commit` here, is decided for each in this one loop: all that they run
//! is `File::run`, which sends a file as one message whatever it stands in.

use super::text::literal;
use super::{ELAPSED, File, hash};
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
            let values = [migration.position.to_string(), literal(&migration.name), hash(&migration.script), ELAPSED.to_owned()];
            file.record(ledger::RECORD_MIGRATION, &values);
        });
        file.commit();
    }
}
