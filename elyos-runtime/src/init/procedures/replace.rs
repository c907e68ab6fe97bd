//! Drops the functions whose signatures change and makes them again, with what was granted on them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::super::run::Run;
use super::super::script::{Batch, Done, limit_waiting, place_in_statement};
use super::super::transaction::pin;
use super::kept::{self, Kept};
use super::record::Recorded;
use super::routine::{self, Routine, Routines};
use super::{Attempt, Cause, Ground, Made, in_use, started, step};
use crate::bundle::{Bundle, Procedure};
use crate::error::{Error, Kind, Result};
use crate::session::Session;

/// One attempt with the functions dropped first that are known to be in the way.
pub(super) fn attempt(
    run: &mut Run<'_, '_>,
    session: &Session,
    ground: &Ground,
    recorded: &[Recorded],
    due: &[&Procedure],
    drops: &BTreeMap<String, Cause>,
) -> Result<Attempt> {
    let bundle = run.bundle;
    let causes = with_dependents(session, bundle, ground, recorded, due, drops)?;
    let dropped: Vec<Routine> = causes.keys().filter_map(|oid| ground.before.get(oid)).cloned().collect();
    let limit = run.migration_lock_timeout;
    let kept = drop_all(session, &dropped, limit)?;

    let mut made = Made::default();
    let mut known = ground.before.clone();
    for (at, procedure) in due.iter().enumerate() {
        started(run, due, at);
        let makes_again = dropped.iter().any(|old| procedure.creates.iter().any(|written| old.is_named(written, &ground.first_schema)));
        let finished = if makes_again {
            by_statement(session, bundle, procedure, &Dropped { functions: &dropped, kept: &kept, known: &known }, limit)?
        } else {
            alone(session, bundle, procedure, limit)?
        };
        match finished {
            Ok(done) => made.note(done, &mut known)?,
            Err((statement, error)) => return Ok(Attempt::Stopped { made, procedure: at, statement, error }),
        }
    }
    // What depended on a dropped one is dropped as well only because its file makes it again.
    for routine in dropped.iter().filter(|routine| !drops.contains_key(&routine.oid)) {
        if !made.created.iter().flatten().any(|created| created.identity == routine.identity) {
            let cause = causes[&routine.oid];
            let of = drops.keys().find_map(|oid| ground.before.get(oid)).map_or("", |routine| &routine.identity);
            return Err(in_use(bundle, due, cause, of, vec![format!("function {}", routine::shown(&routine.identity))]));
        }
    }
    made.dropped = dropped;
    Ok(Attempt::Made(made))
}

/// Drops the functions, and gives what is to outlive them.
fn drop_all(session: &Session, functions: &[Routine], limit: Duration) -> Result<BTreeMap<String, Kept>> {
    if functions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let oids: Vec<&str> = functions.iter().map(|routine| &*routine.oid).collect();
    let kept = kept::read(session, &oids)?;
    let identities: Vec<&str> = functions.iter().map(|routine| &*routine.identity).collect();
    let identities = identities.join(", ");
    session
        .run(&format!("{}DROP ROUTINE {identities}", limit_waiting(limit)))
        .map_err(|error| error.during(format!("dropping {identities}")))?;
    Ok(kept)
}

/// A file whose statement failed: which one, and how.
type Stopped = (usize, Error);

/// A file in one message.
fn alone(session: &Session, bundle: &Bundle, procedure: &Procedure, limit: Duration) -> Result<Result<Done, Stopped>> {
    let mut batch = Batch::new(bundle).limited(limit);
    batch.push_asking(&procedure.script, step(procedure), &routine::question(&routine::names(procedure)));
    match batch.send(session)? {
        Ok(mut done) => done.pop().map(Ok).ok_or_else(|| Error::new(Kind::Unexpected { what: "the end of a script" })),
        Err(failure) => {
            let statement = batch.statement(&failure).map_or(0, |(_, statement)| statement);
            Ok(Err((statement, batch.failure(failure))))
        }
    }
}

/// What the server had before the files ran.
struct Dropped<'d> {
    /// The functions that were dropped, and what is to outlive them.
    functions: &'d [Routine],
    kept: &'d BTreeMap<String, Kept>,
    /// All that it had by the time that a file runs.
    known: &'d Routines,
}

/// A file one statement after the other, so that a function has what its predecessor had before the file's next statement grants or
/// revokes.
fn by_statement(
    session: &Session,
    bundle: &Bundle,
    procedure: &Procedure,
    old: &Dropped<'_>,
    limit: Duration,
) -> Result<Result<Done, Stopped>> {
    let started = Instant::now();
    let question = routine::question(&routine::names(procedure));
    let ask = || -> Result<String> {
        let answer = session.run(&question)?.pop().and_then(|answer| answer.row);
        Ok(answer.and_then(|row| row.get(0).map(str::to_owned)).unwrap_or_default())
    };
    let mut seen: BTreeSet<String> = old.known.keys().cloned().collect();
    let text = bundle.text(&procedure.script);
    session.run(&format!("{}{}", pin(bundle), limit_waiting(limit)))?;
    for (statement, range) in procedure.script.statements_run().enumerate() {
        if let Err(failure) = session.script(&text[range.clone()]) {
            let place = Some(place_in_statement(bundle, &procedure.script, range, 0, &failure.error));
            return Ok(Err((statement, Error::new(Kind::Step { step: step(procedure), place, error: failure.error }))));
        }
        if procedure.creates.iter().any(|written| written.statement == statement) {
            for new in routine::answered(&ask()?)?.values().filter(|routine| seen.insert(routine.oid.clone())) {
                if let Some(kept) = routine::predecessor(new, old.functions.iter()).and_then(|dropped| old.kept.get(&dropped.oid)) {
                    kept::restore(session, kept, new)?;
                }
            }
        }
    }
    let answer = Some(ask()?);
    session.run(&pin(bundle))?;
    Ok(Ok(Done { rows: 0, milliseconds: started.elapsed().as_secs_f64() * 1000.0, answer }))
}

/// Something that depends on a function.
#[derive(Deserialize)]
struct Dependent {
    /// The oid of the function it depends on.
    of: String,
    /// Its own oid, where it is a function too.
    routine: Option<String>,
    /// How PostgreSQL describes it.
    shown: String,
}

/// A view depends by its rule, which has a name that nobody gave it.
const DEPENDENTS: &str = "\
SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('of', f.of, 'routine', f.routine, 'shown', f.shown) ORDER BY f.shown), '[]') \
FROM (SELECT DISTINCT d.refobjid::text AS of, CASE WHEN d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN d.objid::text END AS routine, \
CASE WHEN w.rulename = '_RETURN' THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, w.ev_class, 0) \
ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS shown \
FROM pg_catalog.pg_depend AS d LEFT JOIN pg_catalog.pg_rewrite AS w \
ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid \
WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid::text IN (";

/// What depends on the functions of these oids. Nothing is in the search path meanwhile, so that every name is told with its schema.
fn dependents(session: &Session, bundle: &Bundle, oids: &[&str]) -> Result<Vec<Dependent>> {
    let sql = format!("SET LOCAL search_path TO '';\n{DEPENDENTS}'{}')) AS f;\n{}", oids.join("', '"), pin(bundle));
    let unexpected = || Error::new(Kind::Unexpected { what: "what depends on a function" });
    let row = session.run(&sql)?.into_iter().nth(1).and_then(|answer| answer.row).ok_or_else(unexpected)?;
    serde_json::from_str(row.get(0).unwrap_or_default()).map_err(|_| unexpected())
}

/// The functions to drop, and those of this run's own files that depend on them and are made again.
///
/// # Errors
///
/// When anything else depends on one.
fn with_dependents(
    session: &Session,
    bundle: &Bundle,
    ground: &Ground,
    recorded: &[Recorded],
    due: &[&Procedure],
    drops: &BTreeMap<String, Cause>,
) -> Result<BTreeMap<String, Cause>> {
    let is_made_again = |oid: &String| {
        let recorded = recorded.iter().find(|recorded| recorded.oid.as_ref() == Some(oid));
        let procedure = recorded.and_then(|recorded| recorded.procedure.as_deref());
        ground.before.contains_key(oid) && procedure.is_some_and(|name| due.iter().any(|procedure| procedure.name == name))
    };
    let mut all = drops.clone();
    let mut latest: Vec<String> = drops.keys().cloned().collect();
    while !latest.is_empty() {
        let oids: Vec<&str> = latest.iter().map(String::as_str).collect();
        let found = dependents(session, bundle, &oids)?;
        let (again, others): (Vec<_>, Vec<_>) = found
            .into_iter()
            .filter(|dependent| dependent.routine.as_ref().is_none_or(|oid| !all.contains_key(oid)))
            .partition(|dependent| dependent.routine.as_ref().is_some_and(is_made_again));
        if let Some(first) = others.first() {
            let shown = others.iter().filter(|other| other.of == first.of).map(|other| other.shown.clone()).collect();
            let routine = ground.before.get(&first.of).map_or("", |routine| &routine.identity);
            return Err(in_use(bundle, due, all[&first.of], routine, shown));
        }
        latest.clear();
        for dependent in again {
            let cause = all[&dependent.of];
            if let Some(oid) = dependent.routine
                && all.insert(oid.clone(), cause).is_none()
            {
                latest.push(oid);
            }
        }
    }
    Ok(all)
}
