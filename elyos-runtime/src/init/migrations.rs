//! Step 4: migrations, each in one transaction with its row in the ledger.

use std::time::Instant;

use super::compare;
use super::observer::Event;
use super::report::{Action, Outcome, Step, StepKind};
use super::run::Run;
use super::script;
use super::transaction::Transaction;
use crate::error::Result;
use crate::ledger::{self, Ledger};
use crate::session::Session;

/// Some outcome where nothing was to be written after all.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session) -> Result<Option<Outcome>> {
    let bundle = run.bundle;
    let pending = compare::pending(bundle, &Ledger::read(session)?)?;
    let total = pending.len();
    for (done, migration) in pending.into_iter().enumerate() {
        (run.observer)(&Event::Started { kind: StepKind::Migration, name: &migration.name, done, total });
        let transaction = Transaction::begin(session, bundle)?;
        let ledger = Ledger::read(session)?;
        if let Some(outcome) = run.stands_back(&ledger)? {
            return Ok(Some(outcome));
        }
        if !compare::pending(bundle, &ledger)?.iter().any(|pending| pending.position == migration.position) {
            continue;
        }
        let started = Instant::now();
        script::run_alone(session, bundle, &migration.script, &format!("migration {}", migration.name))?;
        let elapsed = started.elapsed();
        ledger::record_migration(session, migration, elapsed.as_secs_f64() * 1000.0)?;
        transaction.commit()?;
        run.finished(Step { kind: StepKind::Migration, name: migration.name.to_string(), action: Action::Applied, rows: None, elapsed });
    }
    Ok(None)
}
