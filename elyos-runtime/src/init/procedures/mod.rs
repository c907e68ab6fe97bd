//! Step 6: functions and procedures. A file is one `CREATE OR REPLACE` after the other, which PostgreSQL refuses where the type of the
//! result or the name of an argument changes, and which makes a second function where an argument's type does. So they run behind a
//! savepoint, and what the server then has is looked at: where a signature has changed, all is undone and done again with the old
//! function dropped first.
//!
//! `routine` is what the server has, `record` what the ledger has, `replace` drops and makes again, `kept` is what outlives that.

mod kept;
mod record;
mod replace;
mod routine;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

pub(super) use self::record::{READ, WRITE};

use self::record::Recorded;
use self::routine::{Routine, Routines};
use super::blockers::Watch;
use super::observer::Event;
use super::report::{Action, Step, StepKind};
use super::run::Run;
use super::script::{Batch, Done};
use super::transaction::pin;
use crate::bundle::{Bundle, Procedure};
use crate::error::{Error, Kind, Result};
use crate::ledger::Ledger;
use crate::session::Session;
use crate::sql::quote_identifier;

/// The query for all functions of the names that the procedure's file creates.
pub(super) fn question_of(procedure: &Procedure) -> String {
    routine::question(&routine::names(procedure))
}

/// Runs the procedures' files and records what they made; reports what no file makes any more.
///
/// A file may change what is in use, so its statements wait for a lock no longer than those of a migration.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session, ledger: &Ledger, due: &[&Procedure], watch: &mut Watch<'_>) -> Result<()> {
    let is_known = |name: &str| run.bundle.procedures.iter().any(|procedure| procedure.name == name);
    if due.is_empty() && ledger.procedures.keys().all(|name| is_known(name)) {
        return Ok(());
    }
    let recorded = record::read(session)?;
    let made = if due.is_empty() { Made::default() } else { watch.over(|| make(run, session, &recorded, due))? };

    let is_made = |identity: &str| made.created.iter().flatten().any(|routine| routine.identity == identity);
    let is_dropped = |recorded: &Recorded| made.dropped.iter().any(|routine| Some(&routine.oid) == recorded.oid.as_ref());
    let not_made: Vec<&Recorded> = recorded.iter().filter(|recorded| !is_made(&recorded.identity)).collect();
    let is_due = |name: &str| due.iter().any(|procedure| procedure.name == name);
    let (gone, there): (Vec<&Recorded>, Vec<&Recorded>) =
        not_made.into_iter().partition(|recorded| recorded.oid.is_none() || is_dropped(recorded));
    let left: Vec<&Recorded> =
        there.into_iter().filter(|recorded| recorded.procedure.as_deref().is_none_or(|name| is_due(name) || !is_known(name))).collect();

    let identities = |recorded: &[&Recorded]| -> Vec<String> { recorded.iter().map(|recorded| recorded.identity.clone()).collect() };
    let (gone, left) = (identities(&gone), identities(&left));
    let by_procedure: BTreeMap<&str, Vec<&Routine>> =
        due.iter().zip(&made.created).map(|(procedure, routines)| (&*procedure.name, routines.iter().collect())).collect();
    record::write(session, &by_procedure, &texts(&gone), &texts(&left))?;

    let step = |name: &str, action, elapsed| Step { kind: StepKind::Procedure, name: name.to_owned(), action, rows: None, elapsed };
    for routine in &made.dropped {
        run.finished(step(&routine::shown(&routine.identity), Action::Dropped, Duration::ZERO));
    }
    for (procedure, done) in due.iter().zip(&made.done) {
        run.finished(step(&procedure.name, Action::Applied, Duration::from_secs_f64((done.milliseconds / 1000.0).max(0.0))));
    }
    for identity in &left {
        run.finished(step(&routine::shown(identity), Action::LeftBehind, Duration::ZERO));
    }
    Ok(())
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// What the files made, each file's apart.
#[derive(Default)]
struct Made {
    done: Vec<Done>,
    created: Vec<Vec<Routine>>,
    dropped: Vec<Routine>,
}

impl Made {
    /// Notes a file that has run. What it created are those of its names whose rows are not where they were.
    fn note(&mut self, done: Done, known: &mut Routines) -> Result<()> {
        let now = routine::answered(done.answer.as_deref().unwrap_or_default())?;
        self.created.push(now.values().filter(|routine| known.get(&routine.oid) != Some(routine)).cloned().collect());
        known.extend(now);
        self.done.push(done);
        Ok(())
    }
}

/// How far an attempt came.
enum Attempt {
    Made(Made),
    Stopped { made: Made, procedure: usize, statement: usize, error: Error },
}

/// Which statement of which file is in the way of an old function.
#[derive(Clone, Copy)]
struct Cause {
    procedure: usize,
    statement: usize,
}

/// The state that an attempt can be rolled back to.
struct Ground {
    before: Routines,
    /// Where names without a schema are made.
    first_schema: String,
    /// Rolls back to it.
    back: String,
}

impl Ground {
    fn mark(session: &Session, bundle: &Bundle, recorded: &[Recorded], due: &[&Procedure]) -> Result<Self> {
        let is_due = |name: &String| due.iter().any(|procedure| procedure.name == *name);
        let mut names: BTreeSet<&str> = due.iter().flat_map(|procedure| routine::names(procedure)).collect();
        names.extend(recorded.iter().filter(|recorded| recorded.procedure.as_ref().is_some_and(is_due)).map(|recorded| &*recorded.name));
        let pin = pin(bundle);
        let sql = format!("SAVEPOINT elyos_procedures;\n{pin}SELECT pg_catalog.current_schema();\n{}", routine::question(&names));
        let mut answers = session.run(&sql)?;
        let mut text = || answers.pop().and_then(|answer| answer.row).and_then(|row| row.get(0).map(str::to_owned));
        let before = routine::answered(&text().unwrap_or_default())?;
        Ok(Self { before, first_schema: text().unwrap_or_default(), back: format!("ROLLBACK TO SAVEPOINT elyos_procedures;\n{pin}") })
    }

    fn roll_back(&self, session: &Session) -> Result<()> {
        session.run(&self.back).map(drop)
    }
}

/// Runs the files until what they make stands in no old function's way; each round knows one more of those that do.
fn make(run: &mut Run<'_, '_>, session: &Session, recorded: &[Recorded], due: &[&Procedure]) -> Result<Made> {
    let ground = Ground::mark(session, run.bundle, recorded, due)?;
    let mut drops: BTreeMap<String, Cause> = BTreeMap::new();
    let mut attempt = straight(run, session, &ground, due)?;
    let mut is_first = true;
    loop {
        match attempt {
            Attempt::Made(made) => {
                let stale = stale(&ground, recorded, due, &made, &drops);
                if stale.is_empty() {
                    return Ok(made);
                }
                drops.extend(stale);
            }
            // The whole transaction is tried again.
            Attempt::Stopped { error, .. } if error.is_given_no_lock() => return Err(error),
            Attempt::Stopped { made, procedure, statement, error } => {
                let found = drops.len();
                let conflict = conflict(session, &ground, due[procedure], statement, &error)?;
                drops.extend(conflict.into_iter().map(|oid| (oid, Cause { procedure, statement })));
                // It may have failed for an old function beside the new one: a call that fits both fits none.
                drops.extend(stale(&ground, recorded, due, &made, &drops));
                // A batch does not tell what its files made before the one that failed; file by file it is known.
                if drops.len() == found && !(is_first && procedure > 0 && error.is_refused_by_database()) {
                    return Err(error);
                }
            }
        }
        is_first = false;
        ground.roll_back(session)?;
        attempt = replace::attempt(run, session, &ground, recorded, due, &drops)?;
    }
}

/// All files in batches, nothing dropped: what nearly every run comes to.
fn straight(run: &mut Run<'_, '_>, session: &Session, ground: &Ground, due: &[&Procedure]) -> Result<Attempt> {
    let mut made = Made::default();
    let mut known = ground.before.clone();
    while made.done.len() < due.len() {
        let before = made.done.len();
        started(run, due, before);
        let mut batch = Batch::new(run.bundle).limited(run.migration_lock_timeout);
        for procedure in &due[before..] {
            if !batch.takes(&procedure.script) {
                break;
            }
            batch.push_asking(&procedure.script, step(procedure), &routine::question(&routine::names(procedure)));
        }
        match batch.send(session)? {
            Ok(finished) => finished.into_iter().try_for_each(|done| made.note(done, &mut known))?,
            Err(failure) => {
                let at = batch.statement(&failure);
                let error = batch.failure(failure);
                let Some((part, statement)) = at else { return Err(error) };
                return Ok(Attempt::Stopped { made, procedure: before + part, statement, error });
            }
        }
    }
    Ok(Attempt::Made(made))
}

fn started(run: &mut Run<'_, '_>, due: &[&Procedure], done: usize) {
    (run.observer)(&Event::Started { kind: StepKind::Procedure, name: &due[done].name, done, total: due.len() });
}

/// How an error names a procedure.
fn step(procedure: &Procedure) -> String {
    format!("procedure {}", procedure.name)
}

/// The function that a statement could not replace, if that is why it failed.
fn conflict(session: &Session, ground: &Ground, procedure: &Procedure, statement: usize, error: &Error) -> Result<Option<String>> {
    let codes = [&SqlState::INVALID_FUNCTION_DEFINITION, &SqlState::WRONG_OBJECT_TYPE];
    let written = procedure.creates.iter().find(|written| written.statement == statement);
    let (true, Some(written)) = (codes.iter().any(|code| error.code() == Some(code.code())), written) else { return Ok(None) };
    let candidates: Vec<&Routine> = ground.before.values().filter(|routine| routine.is_named(written, &ground.first_schema)).collect();
    if let [] | [_] = candidates.as_slice() {
        return Ok(candidates.first().map(|routine| routine.oid.clone()));
    }
    ground.roll_back(session)?;
    let schema = written.schema.as_deref().unwrap_or(&ground.first_schema);
    let signature = format!("{}.{}({})", quote_identifier(schema), quote_identifier(&written.name), written.arguments.join(", "));
    let sql = "SELECT pg_catalog.to_regprocedure($1)::oid::text";
    // What is no type's name by itself, as `t.c%TYPE`, is refused here; then the statement's own error says what to do.
    let Ok(rows) = session.query(sql, &[(&signature, Type::TEXT)]) else { return Ok(None) };
    let oid: Option<String> = rows.first().and_then(|row| row.try_get(0).ok()).flatten();
    Ok(oid.filter(|oid| candidates.iter().any(|routine| routine.oid == *oid)))
}

/// The functions that a file made before and does not make now, in place of which it makes others of their names.
fn stale(
    ground: &Ground,
    recorded: &[Recorded],
    due: &[&Procedure],
    made: &Made,
    drops: &BTreeMap<String, Cause>,
) -> BTreeMap<String, Cause> {
    let is_made = |identity: &str| made.created.iter().flatten().any(|routine| routine.identity == identity);
    let mut stale = BTreeMap::new();
    for (at, (procedure, created)) in due.iter().zip(&made.created).enumerate() {
        let old: Vec<&Routine> = recorded
            .iter()
            .filter(|recorded| recorded.procedure.as_deref() == Some(&*procedure.name) && !is_made(&recorded.identity))
            .filter_map(|recorded| ground.before.get(recorded.oid.as_ref()?))
            .collect();
        let is_new = |routine: &&Routine| !ground.before.values().any(|before| before.identity == routine.identity);
        for new in created.iter().filter(is_new) {
            let Some(old) = routine::predecessor(new, old.iter().copied()).filter(|old| !drops.contains_key(&old.oid)) else { continue };
            let written = procedure.creates.iter().find(|written| new.is_named(written, &ground.first_schema));
            stale.insert(old.oid.clone(), Cause { procedure: at, statement: written.map_or(0, |written| written.statement) });
        }
    }
    stale
}

/// A function that cannot be dropped, told at the statement that wants it dropped.
fn in_use(bundle: &Bundle, due: &[&Procedure], cause: Cause, routine: &str, dependents: Vec<String>) -> Error {
    let procedure = due[cause.procedure];
    let range = procedure.script.statements_run().nth(cause.statement);
    let place = range.map(|range| crate::error::Place::new(&procedure.script.path, &bundle.files_text(&procedure.script), range));
    Error::new(Kind::ProcedureInUse { procedure: procedure.name.to_string(), routine: routine::shown(routine), dependents, place })
}
