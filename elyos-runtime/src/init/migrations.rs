//! Step 4: migrations, each in one transaction with its row in the ledger, unless it is marked as one that is not.

use std::time::Instant;

use super::blockers::Blocked;
use super::observer::Event;
use super::report::{Action, Outcome, Step, StepKind};
use super::run::Run;
use super::transaction::Transaction;
use super::{blockers, compare, script, stepwise};
use crate::bundle::Migration;
use crate::error::Result;
use crate::ledger::{self, Ledger};
use crate::session::Session;

/// What became of one migration.
pub(super) enum Applied {
    /// This run has applied it.
    Now(Step),
    /// Another run did, before this one could.
    Before,
    /// A newer release is at work: nothing is to be written.
    StandsBack(Outcome),
}

/// Some outcome where nothing was to be written after all.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session) -> Result<Option<Outcome>> {
    let pending = compare::pending(run.bundle, &Ledger::read(session)?, session)?;
    let total = pending.len();
    for (done, migration) in pending.into_iter().enumerate() {
        (run.observer)(&Event::Started { kind: StepKind::Migration, name: &migration.name, done, total });
        let applied = if migration.is_transactional() {
            blockers::insist(run, Blocked::Migration(&migration.name), |run| in_transaction(run, session, migration))?
        } else {
            stepwise::run(run, session, migration)?
        };
        match applied {
            Applied::Now(step) => run.finished(step),
            Applied::Before => {}
            Applied::StandsBack(outcome) => return Ok(Some(outcome)),
        }
    }
    Ok(None)
}

/// Is it still to be applied, now that nobody else is at work?
pub(super) fn is_due(run: &Run<'_, '_>, session: &Session, migration: &Migration) -> Result<Option<Applied>> {
    let ledger = Ledger::read(session)?;
    if let Some(outcome) = run.stands_back(&ledger)? {
        return Ok(Some(Applied::StandsBack(outcome)));
    }
    let is_pending = compare::pending(run.bundle, &ledger, session)?.iter().any(|pending| pending.position == migration.position);
    Ok((!is_pending).then_some(Applied::Before))
}

/// The step of a report.
pub(super) fn step(migration: &Migration, started: Instant) -> Step {
    let name = migration.name.to_string();
    Step { kind: StepKind::Migration, name, action: Action::Applied, rows: None, elapsed: started.elapsed() }
}

/// One attempt, and behind whom it waited.
fn in_transaction(run: &mut Run<'_, '_>, session: &Session, migration: &Migration) -> (Result<Applied>, Vec<String>) {
    let mut seen = Vec::new();
    let result = (|| {
        let transaction = Transaction::begin(run, session)?;
        if let Some(applied) = is_due(run, session, migration)? {
            return Ok(applied);
        }
        stepwise::forget_unstarted(session, migration)?;
        let started = Instant::now();
        let step_name = format!("migration {}", migration.name);
        let (timeout, bundle) = (run.migration_lock_timeout, run.bundle);
        let (done, blockers) = blockers::watch(run.work_settings(), transaction.pid, timeout, || {
            script::run_with_lock_timeout(session, bundle, &migration.script, &step_name, timeout)
        });
        seen = blockers;
        done?;
        ledger::record_migration(session, migration, started.elapsed().as_secs_f64() * 1000.0)?;
        transaction.commit()?;
        Ok(Applied::Now(step(migration, started)))
    })();
    (result, seen)
}
