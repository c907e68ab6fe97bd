//! A migration that is marked as one that is not one transaction: its statements are committed one by one.
//!
//! What PostgreSQL lets run in a transaction is in one with the record that it was done. The rest is recorded as started
//! before and as finished behind it; if nobody saw it end, `leftover` looks what the database tells about it.

use std::time::Instant;

use tokio_postgres::error::ErrorPosition;

use super::blockers::Blocked;
use super::leftover::{self, Leftover};
use super::migrations::{Applied, is_due, step};
use super::run::Run;
use super::transaction::{BEHIND_BEGIN, begin_in};
use super::{blockers, difference, lock, script, transaction};
use crate::bundle::{Bundle, Execution, Migration, hex};
use crate::error::migration::MigrationFailure;
use crate::error::{Error, Kind, Place, Result};
use crate::ledger::{self, AppliedStatement, Ledger, Progress, record_progress};
use crate::session::{Answer, ScriptFailure, Session};

/// Keeps other workers out for as long as the session is at it, and then leaves the session as it was.
struct Alone<'s> {
    session: &'s Session,
    /// The server's process.
    pid: i32,
}

impl<'s> Alone<'s> {
    /// Waits until nobody else is at work, and pins the session.
    fn take(run: &mut Run<'_, '_>, session: &'s Session, migration: &Migration) -> Result<Self> {
        let deadline = Instant::now() + run.lock_timeout;
        let pid = lock::until_taken(session, deadline, run.observer, || {
            let answers = session.run(lock::TRY_ALONE_IN_SESSION)?;
            if lock::is_taken(&answers) { transaction::process(&answers).map(Some) } else { Ok(None) }
        })?;
        let alone = Self { session, pid };
        // To be ended by a role's time-out leaves an invalid index.
        let timeout = script::milliseconds(run.migration_lock_timeout);
        let pin = format!("{}SET statement_timeout = 0;\nSET lock_timeout = {timeout};\n", transaction::pin_session(run.bundle));
        alone.commit(migration, &pin)?;
        Ok(alone)
    }

    /// Runs a script of Elyos's own in a transaction of the server's process that the session was pinned in.
    fn commit(&self, migration: &Migration, sql: &str) -> Result<Vec<Answer>> {
        let sql = format!("{}{sql}COMMIT", begin_in(self.pid));
        self.session.script(&sql).map_err(|met| match met.completed {
            BEHIND_BEGIN => self.pooled(migration),
            _ => Error::statement(met.error, &sql),
        })
    }

    fn pooled(&self, migration: &Migration) -> Error {
        self.session.rollback();
        failure(MigrationFailure::Pooled { name: migration.name.to_string() })
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let undo = format!("RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\n{}", lock::LEAVE_ALONE_IN_SESSION);
        lock::leave(self.session, self.pid, &undo);
    }
}

/// Runs what is left of the migration.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session, migration: &Migration) -> Result<Applied> {
    let alone = Alone::take(run, session, migration)?;
    if let Some(applied) = is_due(run, session, migration)? {
        return Ok(applied);
    }
    let started = Instant::now();
    let statements = recorded(run.bundle, session, migration)?;
    for (index, execution) in migration.executions.iter().enumerate() {
        let statement = Statement { alone: &alone, migration, index, execution, recorded: statements.get(index) };
        statement.run(run)?;
    }
    alone.commit(migration, &ledger::record_end(migration.position))?;
    Ok(Applied::Now(step(migration, started)))
}

/// The statements as they were recorded, those that are left to run with the text that they have now.
fn recorded(bundle: &Bundle, session: &Session, migration: &Migration) -> Result<Vec<AppliedStatement>> {
    let ledger = Ledger::read(session)?;
    let Some(applied) = ledger.migrations.iter().find(|applied| applied.position == migration.position) else {
        ledger::begin_migration(session, migration)?;
        return Ok(Vec::new());
    };
    let statements = ledger::statements(session, migration.position)?;
    let kept = kept(bundle, migration, &statements)?;
    if applied.sha256 != hex(&migration.script.sha256) {
        ledger::amend_migration(session, migration, kept)?;
    }
    Ok(statements.into_iter().take(kept).collect())
}

/// How many statements, from the first, have been run or started; they have to mean what they meant then.
fn kept(bundle: &Bundle, migration: &Migration, statements: &[AppliedStatement]) -> Result<usize> {
    let kept = statements.iter().rposition(|statement| statement.started || statement.finished).map_or(0, |last| last + 1);
    let now = migration.statement_hashes();
    for (index, statement) in statements[..kept].iter().enumerate() {
        if now.get(index).is_none_or(|now| now.tokens != statement.hash.tokens) {
            let (name, place) = (migration.name.to_string(), difference::place(bundle, migration, index));
            return Err(failure(MigrationFailure::DoneChanged { name, number: index + 1, place }));
        }
    }
    Ok(kept)
}

/// What would keep a start from going on with an interrupted migration.
pub(super) fn obstacle(bundle: &Bundle, session: &Session, migration: &Migration, statements: &[AppliedStatement]) -> Result<()> {
    let kept = kept(bundle, migration, statements)?;
    let last = kept.checked_sub(1).filter(|last| !statements[*last].finished);
    let next = last.unwrap_or(kept);
    let Some(execution) = migration.executions.get(next) else { return Ok(()) };
    // Names mean what they mean in a start, and only here: behind a pooler the session is somebody else's afterwards.
    let left = session
        .run(&format!("BEGIN READ ONLY;\n{}", transaction::pin(bundle)))
        .and_then(|_| if last.is_some() { leftover::of_started(session, execution) } else { leftover::before(session, execution) });
    session.rollback();
    refuse(bundle, migration, next, left?)
}

/// The row of a migration of which nothing has been started, where it is one transaction by now.
pub(super) fn forget_unstarted(session: &Session, migration: &Migration) -> Result<()> {
    let ledger = Ledger::read(session)?;
    if !ledger.migrations.iter().any(|applied| applied.position == migration.position) {
        return Ok(());
    }
    let statements = ledger::statements(session, migration.position)?;
    match statements.iter().rposition(|statement| statement.started || statement.finished) {
        None => ledger::forget_migration(session, migration),
        Some(last) => Err(failure(MigrationFailure::MarkGone { name: migration.name.to_string(), number: last + 1 })),
    }
}

fn failure(failure: MigrationFailure) -> Error {
    Error::new(Kind::Migration(failure))
}

/// Refuses to go on where what is left of a statement is for a person to settle.
fn refuse(bundle: &Bundle, migration: &Migration, index: usize, left: Leftover) -> Result<()> {
    let (name, number, place) = (migration.name.to_string(), index + 1, difference::place(bundle, migration, index));
    Err(failure(match left {
        Leftover::Done | Leftover::Nothing => return Ok(()),
        Leftover::InvalidIndexes(indexes) => MigrationFailure::InvalidIndex { name, number, indexes, place, error: None },
        Leftover::Unknown => {
            let (position, total) = (migration.position, migration.executions.len());
            MigrationFailure::Interrupted { name, position, number, total, place }
        }
    }))
}

/// Did the server find no sense in the statement itself, before it ran any of it? What it says of a statement in a procedure's
/// body it says with the body's place.
///
/// Source: PostgreSQL, "Error and Notice Message Fields"; appendix A, "PostgreSQL Error Codes", class 42.
fn was_not_understood(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        let is_of_the_statement = matches!(error.position(), Some(ErrorPosition::Original(_))) && error.where_().is_none();
        is_of_the_statement && error.code().code().starts_with("42")
    })
}

/// One statement of the migration.
struct Statement<'a> {
    alone: &'a Alone<'a>,
    migration: &'a Migration,
    index: usize,
    execution: &'a Execution,
    recorded: Option<&'a AppliedStatement>,
}

impl Statement<'_> {
    /// Runs it unless it has been done, and records that it has.
    fn run(&self, run: &mut Run<'_, '_>) -> Result<()> {
        let is_skipped = self.migration.script.statements.get(self.index).is_some_and(|span| self.migration.script.skipped.contains(span));
        let (started, finished) = self.recorded.map_or((false, false), |recorded| (recorded.started, recorded.finished));
        match self.execution {
            _ if is_skipped => return self.record(Progress::Finished),
            // What it sets was lost with the session that it was set in.
            Execution::Setting => {}
            _ if finished => return Ok(()),
            Execution::Transaction if !started => {
                match blockers::insist(run, Blocked::Migration(&self.migration.name), |run| self.in_transaction(run)) {
                    // Which statements cannot be in a transaction depends on what they are about; nothing of it is left.
                    Err(error) if error.is_no_part_of_transaction() => self.record(Progress::Started)?,
                    result => return result,
                }
            }
            execution => {
                let session = self.alone.session;
                let left = if started { leftover::of_started(session, execution)? } else { leftover::before(session, execution)? };
                if left == Leftover::Done {
                    return self.record(Progress::Finished);
                }
                refuse(run.bundle, self.migration, self.index, left)?;
                self.record(Progress::Started)?;
            }
        }
        match self.execution {
            Execution::Repeatable => blockers::insist(run, Blocked::Migration(&self.migration.name), |run| {
                blockers::watch(run.work_settings(), self.alone.pid, run.migration_lock_timeout, || self.as_it_is(run))
            })?,
            Execution::Setting => self.as_it_is(run)?,
            _ => self.however_long_it_waits(run)?,
        }
        if finished { Ok(()) } else { self.record(Progress::Finished) }
    }

    fn text(&self, bundle: &Bundle) -> String {
        let range = self.migration.script.statements[self.index].range();
        bundle.text(&self.migration.script)[range].to_owned()
    }

    fn progress(&self, progress: Progress) -> String {
        record_progress(self.migration.position, self.index + 1, progress)
    }

    fn record(&self, progress: Progress) -> Result<()> {
        self.alone.commit(self.migration, &self.progress(progress)).map(drop)
    }

    /// In a transaction, with the record that it was done; and behind whom it waited for its locks.
    fn in_transaction(&self, run: &Run<'_, '_>) -> (Result<()>, Vec<String>) {
        let text = self.text(run.bundle);
        let record = self.progress(Progress::Finished);
        let begin = begin_in(self.alone.pid);
        let sql = format!("{begin}{text}\n;\nSET CONSTRAINTS ALL IMMEDIATE;\n{record}COMMIT");
        let session = self.alone.session;
        blockers::watch(run.work_settings(), self.alone.pid, run.migration_lock_timeout, || {
            session.script(&sql).map(drop).map_err(|met| {
                session.rollback();
                if met.completed == BEHIND_BEGIN { self.alone.pooled(self.migration) } else { self.error(run.bundle, met, &begin) }
            })
        })
    }

    /// As one statement that is no part of a transaction block.
    ///
    /// So the server's process cannot be asked for in the same message. A pooler that gives another one for this statement
    /// only is not noticed; one that does so in turn is.
    fn as_it_is(&self, run: &Run<'_, '_>) -> Result<()> {
        self.alone.commit(self.migration, "")?;
        self.sent(run)
    }

    fn sent(&self, run: &Run<'_, '_>) -> Result<()> {
        let session = self.alone.session;
        session.script(&self.text(run.bundle)).map(drop).map_err(|failure| self.failed(run.bundle, failure))
    }

    /// As it is, and without the limit to waiting for locks, unless the migration has set one of its own: nobody has to
    /// wait behind these, and to be given up is what leaves an invalid index.
    fn however_long_it_waits(&self, run: &Run<'_, '_>) -> Result<()> {
        let limit = script::milliseconds(run.migration_lock_timeout);
        let lift = format!(
            "SELECT pg_catalog.set_config('lock_timeout', '0', false) FROM pg_catalog.pg_settings \
             WHERE name = 'lock_timeout' AND setting = '{limit}';\n"
        );
        let answers = self.alone.commit(self.migration, &lift)?;
        let lifted = answers.get(BEHIND_BEGIN + 1).is_some_and(|answer| answer.row.is_some());
        self.sent(run)?;
        if lifted {
            self.alone.commit(self.migration, &format!("SET lock_timeout = {limit};\n"))?;
        }
        Ok(())
    }

    /// A statement that failed: what it left, and that it has not been done where that is certain.
    fn failed(&self, bundle: &Bundle, met: ScriptFailure) -> Error {
        let session = self.alone.session;
        if *self.execution == Execution::Once && was_not_understood(&met.error) {
            drop(self.record(Progress::Undone));
            return self.error(bundle, met, "");
        }
        let was_answered = met.error.as_db_error().is_some();
        if !was_answered || matches!(self.execution, Execution::Transaction | Execution::Once | Execution::Setting) {
            return self.error(bundle, met, "");
        }
        // Where this does not work any more, the statement stays recorded as started, and the next run looks again.
        let left = leftover::of_started(session, self.execution);
        drop(self.record(Progress::Undone));
        match left {
            Ok(Leftover::InvalidIndexes(indexes)) => {
                let (name, number) = (self.migration.name.to_string(), self.index + 1);
                let place = Some(self.place(bundle, &met.error, ""));
                failure(MigrationFailure::InvalidIndex { name, number, indexes, place, error: Some(met.error) })
            }
            _ => self.error(bundle, met, ""),
        }
    }

    fn error(&self, bundle: &Bundle, met: ScriptFailure, sent_before: &str) -> Error {
        let place = Some(self.place(bundle, &met.error, sent_before));
        Error::new(Kind::Step { step: format!("migration {}", self.migration.name), place, error: met.error })
    }

    fn place(&self, bundle: &Bundle, error: &tokio_postgres::Error, sent_before: &str) -> Place {
        let range = self.migration.script.statements[self.index].range();
        script::place_in_statement(bundle, &self.migration.script, range, sent_before.len(), error)
    }
}
