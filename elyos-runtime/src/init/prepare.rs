//! Steps 2 and 3: the ledger, the schemas, the extensions; what is missing of them, in one transaction.

use std::time::Instant;

use super::blockers::Blocked;
use super::observer::Event;
use super::report::{Action, Outcome, Step, StepKind};
use super::run::Run;
use super::script;
use super::survey::Survey;
use super::transaction::Transaction;
use super::{blockers, compare};
use crate::bundle::{Bundle, Extension, hex};
use crate::error::{Error, Kind, Result};
use crate::ledger::{self, Ledger};
use crate::session::Session;
use crate::sql::quote_identifier;

/// Where extensions are created, unless the bundle or their control file says where.
pub(super) const EXTENSIONS: &str = "extensions";

/// Upgrades a ledger of an earlier version, in a transaction of its own, which waits for nobody who reads the ledger for
/// long: every start that comes after it would wait too.
///
/// Some outcome where nothing was to be written after all.
pub(super) fn upgrade_ledger(run: &mut Run<'_, '_>, session: &Session, found: &Survey) -> Result<Option<Outcome>> {
    if !found.has_ledger() || found.has_current_ledger() {
        return Ok(None);
    }
    if let Some(outcome) = check(run, session, found.ledger(session)?.as_ref())? {
        return Ok(Some(outcome));
    }
    blockers::insist(run, Blocked::Ledger, |run| {
        let mut seen = Vec::new();
        let result = (|| {
            let transaction = Transaction::begin(run, session)?;
            let found = Survey::take(session)?;
            if let Some(outcome) = check(run, session, found.ledger(session)?.as_ref())? {
                return Ok(Some(outcome));
            }
            session.run(&script::limit_waiting(run.migration_lock_timeout))?;
            let (upgraded, blockers) = blockers::watch(run.work_settings(), transaction.pid, run.migration_lock_timeout, || {
                found.upgrade_ledger(session, run.bundle)
            });
            seen = blockers;
            upgraded?;
            transaction.commit()?;
            Ok(None)
        })();
        (result, seen)
    })
}

/// Some outcome where nothing was to be written after all.
pub(super) fn run(run: &mut Run<'_, '_>, session: &Session, found: &Survey) -> Result<Option<Outcome>> {
    let bundle = run.bundle;
    let ledger = found.ledger(session)?;
    if let Some(outcome) = check(run, session, ledger.as_ref())? {
        return Ok(Some(outcome));
    }
    if found.has_current_ledger() && !is_due(bundle, found, ledger.as_ref()) {
        return Ok(None);
    }

    let transaction = Transaction::begin(run, session)?;
    // Another worker may have made all of it while this one waited to begin.
    let found = Survey::take(session)?;
    let ledger = found.ledger(session)?;
    if let Some(outcome) = check(run, session, ledger.as_ref())? {
        return Ok(Some(outcome));
    }
    found.ensure_ledger(session)?;
    let schemas = missing_schemas(bundle, &found);
    let total = schemas.len();
    for (done, schema) in schemas.into_iter().enumerate() {
        let started = Instant::now();
        (run.observer)(&Event::Started { kind: StepKind::Schema, name: schema, done, total });
        let sql = format!("CREATE SCHEMA {}", quote_identifier(schema));
        session.run(&sql).map_err(|error| error.during(format!("creating the schema {schema}")))?;
        run.finished(step(StepKind::Schema, schema, Action::Applied, started));
    }
    let extensions = missing_extensions(bundle, &found, ledger.as_ref());
    let total = extensions.len();
    for (done, extension) in extensions.into_iter().enumerate() {
        let started = Instant::now();
        (run.observer)(&Event::Started { kind: StepKind::Extension, name: &extension.name, done, total });
        let action = create(run, session, extension)?;
        run.finished(step(StepKind::Extension, &extension.name, action, started));
    }
    transaction.commit()?;
    Ok(None)
}

/// A database that contradicts the bundle, or that a newer release has written, is left before the first thing is
/// created in it.
pub(super) fn check(run: &Run<'_, '_>, session: &Session, ledger: Option<&Ledger>) -> Result<Option<Outcome>> {
    let Some(ledger) = ledger else { return Ok(None) };
    if let Some(outcome) = run.stands_back(ledger)? {
        return Ok(Some(outcome));
    }
    compare::pending(run.bundle, ledger, session).map(|_| None)
}

/// The schemas that have to be there before the extensions and the migrations.
pub(super) fn schemas(bundle: &Bundle) -> Vec<&str> {
    let mut schemas: Vec<&str> = bundle.schemas.iter().map(|schema| &**schema).collect();
    // What stands in for an extension is written for this schema.
    let is_for_it =
        |extension: &Extension| extension.schema.as_ref().is_none_or(|schema| schema == EXTENSIONS) || extension.stand_in.is_some();
    if bundle.extensions.iter().any(is_for_it) && !schemas.contains(&EXTENSIONS) {
        schemas.push(EXTENSIONS);
    }
    schemas
}

/// Is a schema or an extension still to be made?
pub(super) fn is_due(bundle: &Bundle, found: &Survey, ledger: Option<&Ledger>) -> bool {
    !missing_schemas(bundle, found).is_empty() || !missing_extensions(bundle, found, ledger).is_empty()
}

fn missing_schemas<'b>(bundle: &'b Bundle, found: &Survey) -> Vec<&'b str> {
    let mut schemas = schemas(bundle);
    schemas.retain(|schema| !found.schemas.contains(*schema));
    schemas
}

/// Those that neither the server has nor the ledger records with the text that would stand in for them now.
fn missing_extensions<'b>(bundle: &'b Bundle, found: &Survey, ledger: Option<&Ledger>) -> Vec<&'b Extension> {
    let is_recorded = |extension: &Extension| {
        let recorded = ledger.and_then(|ledger| ledger.extensions.get(&*extension.name));
        recorded.is_some_and(|hash| extension.stand_in.as_ref().is_none_or(|script| *hash == hex(&script.sha256)))
    };
    bundle.extensions.iter().filter(|extension| !found.extensions.contains(&*extension.name) && !is_recorded(extension)).collect()
}

fn step(kind: StepKind, name: &str, action: Action, started: Instant) -> Step {
    Step { kind, name: name.to_owned(), action, rows: None, elapsed: started.elapsed() }
}

/// Creates the extension where the server offers it, else runs what the bundle brings in its place.
fn create(run: &Run<'_, '_>, session: &Session, extension: &Extension) -> Result<Action> {
    let name = &*extension.name;
    // The control file of some extensions fixes the schema; to name another one is an error, which is the bundle's to make.
    let sql = "SELECT v.schema::text FROM pg_catalog.pg_available_extensions AS e \
               JOIN pg_catalog.pg_available_extension_versions AS v ON v.name = e.name AND v.version = e.default_version \
               WHERE e.name = $1::text";
    let offered = session.query(sql, &[(&name, tokio_postgres::types::Type::TEXT)])?;
    if let Some(row) = offered.first() {
        let fixed: Option<String> = row.try_get(0).map_err(|error| Error::statement(error, sql))?;
        let schema = extension.schema.as_deref().or(fixed.as_deref()).unwrap_or(EXTENSIONS);
        let sql = format!("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE", quote_identifier(name), quote_identifier(schema));
        session.run(&sql).map_err(|error| error.during(format!("creating the extension {name}")))?;
        ledger::record_extension(session, name, None)?;
        return Ok(Action::Applied);
    }
    let Some(stand_in) = &extension.stand_in else {
        return Err(Error::new(Kind::ExtensionMissing { name: name.to_owned() }));
    };
    script::run_alone(session, run.bundle, stand_in, &format!("the stand-in for the extension {name}"))?;
    ledger::record_extension(session, name, Some(stand_in))?;
    Ok(Action::StoodIn)
}
