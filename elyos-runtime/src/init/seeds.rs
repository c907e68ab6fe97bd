//! Steps 5 to 7: seeds, procedures and the administrator's e-mail, with the ledger, in one transaction.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::admin;
use super::blockers::{self, Blocked, Watch};
use super::large;
use super::observer::Event;
use super::prepare;
use super::procedures;
use super::report::{Action, Outcome, Step, StepKind};
use super::run::Run;
use super::script::{self, Batch, Done};
use super::survey::Survey;
use super::transaction::Transaction;
use crate::bundle::{Bundle, Procedure, Relation, Seed};
use crate::error::{Error, Result};
use crate::ledger::{self, Ledger, SeedRecord};
use crate::session::Session;

/// Some outcome where nothing was to be written after all.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session) -> Result<Option<Outcome>> {
    let before = run.steps.len();
    blockers::insist(run, Blocked::Seeds, |run| {
        // What an attempt did that was given no lock has been rolled back.
        run.steps.truncate(before);
        match Transaction::begin(run, session) {
            Ok(transaction) => {
                let mut watch = Watch::new(run, transaction.pid);
                (in_transaction(run, session, transaction, &mut watch), watch.seen)
            }
            Err(error) => (Err(error), Vec::new()),
        }
    })
}

/// One attempt. The transaction is rolled back unless it comes to its end.
fn in_transaction(
    run: &mut Run<'_, '_>,
    session: &Session,
    transaction: Transaction<'_>,
    watch: &mut Watch<'_>,
) -> Result<Option<Outcome>> {
    let bundle = run.bundle;
    // After `prepare` the ledger is certain to be there, and schemas and extensions; without it, they may not be.
    let unprepared = run.chosen.map(|_| Survey::take(session)).transpose()?;
    if let Some(found) = &unprepared {
        found.ensure_ledger(session)?;
    }
    let mut ledger = Ledger::read(session)?;
    if let Some(outcome) = prepare::check(run, session, Some(&ledger))? {
        return Ok(Some(outcome));
    }
    if run.truncate {
        truncate(run, session, watch)?;
    }
    let seeds: Vec<&Seed> = match run.chosen {
        Some(chosen) => chosen.seeds.clone(),
        None if run.truncate => bundle.seeds.iter().collect(),
        None => due(bundle, &ledger),
    };
    if run.truncate {
        forget(bundle, session, &mut ledger, &seeds)?;
    }
    note_skipped(run, &seeds);
    let procedures: Vec<&Procedure> = match run.chosen {
        Some(chosen) => chosen.procedures.clone(),
        None => bundle.procedures.iter().filter(|procedure| run.truncate || !ledger.has_procedure(procedure)).collect(),
    };

    let kept = address_to_keep(run, session, &ledger, !seeds.is_empty())?;
    let done = run_all(run, session, &seeds, watch)?;
    let records: Vec<SeedRecord<'_>> =
        seeds.iter().zip(&done).map(|(seed, done)| SeedRecord { seed, rows: done.rows, milliseconds: done.milliseconds }).collect();
    ledger::record_seeds(session, &records)?;
    ledger.seeds.extend(seeds.iter().map(|seed| (seed.name.to_string(), crate::bundle::hex(&seed.script.sha256))));

    procedures::run(run, session, &ledger, &procedures, watch)?;
    ledger::record_procedures(session, &procedures)?;
    ledger.procedures.extend(procedures.iter().map(|procedure| (procedure.name.to_string(), crate::bundle::hex(&procedure.script.sha256))));

    if let (Some(admin), Some(kept)) = (&bundle.admin, &kept)
        && admin::current(session, admin)?.as_ref() != Some(kept)
    {
        admin::set(session, admin, kept, true)?;
    }
    let set = set_admin_email(run, session, &ledger, !seeds.is_empty())?;
    // What `prepare` has to make is for the next start, which must not take the bundle for wholly applied.
    let lacks_ground = unprepared.is_some_and(|found| prepare::is_due(bundle, &found, Some(&ledger)));
    let digest = (!lacks_ground && ledger.is_complete(bundle)).then(|| bundle.digest());
    if !seeds.is_empty() || !procedures.is_empty() || set || ledger.digest != digest || ledger.revision != Some(bundle.revision) {
        ledger::record_state(session, bundle.revision, digest.as_deref(), run.wanted.filter(|_| set))?;
    }
    transaction.commit()?;
    Ok(None)
}

/// The seeds of a start: those that have to run by themselves, and those whose SQL reads what one of these writes.
fn due<'b>(bundle: &'b Bundle, ledger: &Ledger) -> Vec<&'b Seed> {
    let mut written: HashSet<(&str, &str)> = HashSet::new();
    let mut due = Vec::new();
    for seed in bundle.seeds.iter() {
        let ran_before = ledger.seeds.contains_key(&*seed.name);
        let by_itself = match seed.run {
            crate::bundle::Run::Always => true,
            crate::bundle::Run::Once | crate::bundle::Run::Changed => !ledger.has_seed(seed),
        };
        let stays = seed.run == crate::bundle::Run::Once && ran_before;
        if by_itself || (!stays && names(&seed.reads).any(|name| written.contains(&name))) {
            written.extend(names(&seed.writes));
            due.push(seed);
        }
    }
    due
}

fn names(relations: &[Relation]) -> impl Iterator<Item = (&str, &str)> {
    relations.iter().map(|relation| (&*relation.schema, &*relation.name))
}

/// Every seed of a start is in the report, those that had nothing to do too.
fn note_skipped(run: &mut Run<'_, '_>, due: &[&Seed]) {
    if run.chosen.is_some() {
        return;
    }
    let due: HashSet<&str> = due.iter().map(|seed| &*seed.name).collect();
    for seed in run.bundle.seeds.iter().filter(|seed| !due.contains(&*seed.name)) {
        let action = if seed.run == crate::bundle::Run::Once { Action::RanOnce } else { Action::Unchanged };
        run.steps.push(Step { kind: StepKind::Seed, name: seed.name.to_string(), action, rows: None, elapsed: Duration::ZERO });
    }
}

/// Empties all listed tables at once: with one statement no order matters, and no table outside the list is reached.
///
/// Everybody queues behind it who reads one of them, so it waits no longer than a statement of a migration does.
fn truncate(run: &mut Run<'_, '_>, session: &Session, watch: &mut Watch<'_>) -> Result<()> {
    let started = Instant::now();
    let tables: Vec<String> = run.bundle.truncate.iter().map(Relation::quoted).collect();
    let name = if tables.len() == 1 { "1 table".to_owned() } else { format!("{} tables", tables.len()) };
    (run.observer)(&Event::Started { kind: StepKind::Truncate, name: &name, done: 0, total: 1 });
    let limit = script::limit_waiting(watch.lock_timeout);
    let sql = format!("{limit}TRUNCATE {} RESTART IDENTITY;\nSET LOCAL lock_timeout TO DEFAULT", tables.join(", "));
    watch.over(|| session.run(&sql)).map_err(|error| error.during("emptying the tables that [truncate] lists".to_owned()))?;
    run.finished(Step { kind: StepKind::Truncate, name, action: Action::Applied, rows: None, elapsed: started.elapsed() });
    Ok(())
}

/// Takes out of the ledger what the truncate undid and this run does not bring back, so that the next start does.
fn forget(bundle: &Bundle, session: &Session, ledger: &mut Ledger, coming: &[&Seed]) -> Result<()> {
    let emptied = emptied(bundle, session)?;
    let is_emptied = |table: &Relation| emptied.contains(&(table.schema.to_string(), table.name.to_string()));
    // What a seed writes is not always seen from outside, as in a DO block; then it may be gone too.
    let is_undone = |seed: &Seed| seed.writes.is_empty() || seed.writes.iter().any(is_emptied);
    let undone: Vec<&str> = bundle
        .seeds
        .iter()
        .filter(|seed| is_undone(seed) && ledger.seeds.contains_key(&*seed.name) && !coming.iter().any(|coming| coming.name == seed.name))
        .map(|seed| &*seed.name)
        .collect();
    let address = bundle.admin.as_ref().is_some_and(|admin| is_emptied(&admin.table));
    ledger::forget(session, &undone, address)?;
    for name in undone {
        ledger.seeds.remove(name);
    }
    if address {
        ledger.admin_email = None;
    }
    Ok(())
}

/// The listed tables, their partitions and children, of which a TRUNCATE takes the rows too, and what has lost rows as
/// these are a part of it: schema and name of each.
fn emptied(bundle: &Bundle, session: &Session) -> Result<HashSet<(String, String)>> {
    let sql = "\
        WITH RECURSIVE below (oid) AS (\
        SELECT c.oid FROM unnest($1, $2) AS listed (schema, name) JOIN pg_catalog.pg_namespace AS n ON n.nspname = listed.schema \
        JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = listed.name \
        UNION SELECT i.inhrelid FROM below AS b JOIN pg_catalog.pg_inherits AS i ON i.inhparent = b.oid), \
        touched (oid) AS (\
        SELECT oid FROM below \
        UNION SELECT i.inhparent FROM touched AS t JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = t.oid) \
        SELECT n.nspname::text, c.relname::text FROM touched AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.oid \
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace";
    let schemas: Vec<&str> = bundle.truncate.iter().map(|table| &*table.schema).collect();
    let names: Vec<&str> = bundle.truncate.iter().map(|table| &*table.name).collect();
    let rows = session.query(sql, &[(&schemas, Type::TEXT_ARRAY), (&names, Type::TEXT_ARRAY)])?;
    let text = |row: &Row, index: usize| row.try_get::<_, String>(index).map_err(|error| Error::statement(error, sql));
    rows.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?))).collect()
}

/// Runs the seeds, many small ones to a round trip.
fn run_all(run: &mut Run<'_, '_>, session: &Session, seeds: &[&Seed], watch: &mut Watch<'_>) -> Result<Vec<Done>> {
    let total = seeds.len();
    let mut done = Vec::with_capacity(total);
    while done.len() < total {
        let waiting = &seeds[done.len()..];
        (run.observer)(&Event::Started { kind: StepKind::Seed, name: &waiting[0].name, done: done.len(), total });
        let finished = run_next(run.bundle, session, waiting, watch)?;
        for (seed, done) in waiting.iter().zip(&finished) {
            let elapsed = Duration::from_secs_f64((done.milliseconds / 1000.0).max(0.0));
            let (name, rows) = (seed.name.to_string(), Some(done.rows));
            run.finished(Step { kind: StepKind::Seed, name, action: Action::Applied, rows, elapsed });
        }
        done.extend(finished);
    }
    Ok(done)
}

/// Runs the first of the seeds, and those behind it that travel with it.
///
/// Seeds whose statements make others queue while they wait for a lock travel by themselves, and wait no longer than a migration.
fn run_next(bundle: &Bundle, session: &Session, waiting: &[&Seed], watch: &mut Watch<'_>) -> Result<Vec<Done>> {
    let Some(first) = waiting.first() else { return Ok(Vec::new()) };
    let step = |seed: &Seed| format!("seed {}", seed.name);
    if let Some(file) = bundle.files.large(&first.script.path) {
        return large::run(session, bundle, &first.script, file, &step(first), watch).map(|done| vec![done]);
    }
    let makes_others_queue = script::makes_others_queue(bundle, &first.script);
    let mut batch = if makes_others_queue { Batch::new(bundle).limited(watch.lock_timeout) } else { Batch::new(bundle) };
    for seed in waiting {
        let travels = bundle.files.large(&seed.script.path).is_none()
            && batch.takes(&seed.script)
            && script::makes_others_queue(bundle, &seed.script) == makes_others_queue;
        if !travels {
            break;
        }
        batch.push(&seed.script, step(seed));
    }
    if makes_others_queue { watch.over(|| batch.run(session)) } else { batch.run(session) }
}

/// The administrator's address that seeds must not undo: the row's own, once the environment has set one, unless it sets
/// one now or the row is being made again.
fn address_to_keep(run: &Run<'_, '_>, session: &Session, ledger: &Ledger, seeding: bool) -> Result<Option<String>> {
    match &run.bundle.admin {
        // Of a row that a reset has emptied away the ledger has no address any more.
        Some(admin) if seeding && run.wanted.is_none() && ledger.admin_email.is_some() => admin::current(session, admin),
        _ => Ok(None),
    }
}

/// Sets the address when it is wanted and not there yet, or when seeds ran that may have brought the row.
fn set_admin_email(run: &mut Run<'_, '_>, session: &Session, ledger: &Ledger, seeded: bool) -> Result<bool> {
    let (Some(admin), Some(wanted)) = (&run.bundle.admin, run.wanted) else { return Ok(false) };
    if !seeded && ledger.admin_email.as_deref() == Some(wanted) {
        return Ok(false);
    }
    let started = Instant::now();
    // A run of chosen seeds need not have brought the row; a whole one has.
    let changed = admin::set(session, admin, wanted, run.chosen.is_some())?;
    if changed {
        run.finished(Step {
            kind: StepKind::AdminEmail,
            name: admin.table.shown(),
            action: Action::Applied,
            rows: None,
            elapsed: started.elapsed(),
        });
    }
    Ok(changed)
}
