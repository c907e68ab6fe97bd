//! Migrations, each in one transaction with its row in the ledger, unless it is marked as one that is not.

use super::text::{array, literal};
use super::{ELAPSED, File, hash, quoted, stepwise};
use crate::bundle::Migration;
use crate::ledger;

pub(super) fn write(file: &mut File<'_>) {
    let bundle = file.bundle;
    for migration in bundle.migrations.iter() {
        if migration.is_transactional() {
            in_transaction(file, migration);
        } else {
            stepwise::write(file, migration);
        }
    }
}

/// Has it not been applied, or not to its end?
pub(super) fn is_due(migration: &Migration) -> String {
    let position = migration.position;
    format!("NOT EXISTS (SELECT FROM elyos.migrations WHERE position = {position} AND finished_at IS NOT NULL)")
}

fn in_transaction(file: &mut File<'_>, migration: &Migration) {
    file.begin();
    file.when("elyos_due", &is_due(migration), |file| {
        file.say("migration", &migration.name);
        forget_unstarted(file, migration);
        file.start_clock();
        file.limit_waiting();
        file.run(&migration.script);
        record(file, migration, Some(ELAPSED));
    });
    file.commit();
}

/// The row of a migration of which nothing has been started, where it is one transaction by now.
fn forget_unstarted(file: &mut File<'_>, migration: &Migration) {
    let position = migration.position;
    let body = format!(
        "DECLARE touched integer;\n\
         BEGIN\n\
         SELECT max(number) INTO touched FROM elyos.statements WHERE position = {position} AND (started_at IS NOT NULL OR finished_at IS NOT NULL);\n\
         IF touched IS NOT NULL THEN\n\
         \x20 RAISE EXCEPTION 'the migration % was interrupted behind its statement %, and is not marked `no-transaction` any more', {}, touched\n\
         \x20   USING HINT = 'mark it again: it goes on behind what has been done';\n\
         END IF;\n\
         DELETE FROM elyos.migrations WHERE position = {position};\n\
         END",
        literal(&migration.name)
    );
    file.line(&format!("DO {};", quoted(&body)));
}

/// Its row and those of its statements; without a time taken, of one that begins.
pub(super) fn record(file: &mut File<'_>, migration: &Migration, milliseconds: Option<&str>) {
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
