//! One run, from the connection to the report.

use std::time::{Duration, Instant};

use super::observer::{Event, Observer};
use super::report::{Outcome, Report, Step};
use super::selection::Chosen;
use super::survey::{self, Glance, Survey};
use super::{OnAhead, compare, identity, lock, migrations, opening, prepare, seeds, verify};
use crate::bundle::Bundle;
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::ledger::Ledger;
use crate::session::Session;

/// What a run needs to know, and what it has done so far.
pub(super) struct Run<'r, 'o> {
    pub(super) bundle: &'r Bundle,
    /// The application's own connection, which looks.
    pub(super) settings: &'r Settings,
    /// The connection that works, where it is another one.
    pub(super) migration: Option<&'r Settings>,
    /// The administrator's address, if one is wanted.
    pub(super) wanted: Option<&'r str>,
    /// The seeds and procedures asked for by name; none in an `init`.
    pub(super) chosen: Option<&'r Chosen<'r>>,
    pub(super) truncate: bool,
    pub(super) verify_only: bool,
    pub(super) on_ahead: OnAhead,
    pub(super) connect_timeout: Duration,
    pub(super) lock_timeout: Duration,
    /// How long a statement of a migration waits for a lock, and how long it is tried again.
    pub(super) migration_lock_timeout: Duration,
    pub(super) migration_lock_deadline: Duration,
    pub(super) minimum_server: u32,
    pub(super) observer: &'r mut Observer<'o>,
    pub(super) steps: Vec<Step>,
}

impl<'r> Run<'r, '_> {
    pub(super) fn execute(mut self) -> Result<Report> {
        let started = Instant::now();
        let (session, glance) = self.connect(self.settings, survey::glance)?;
        if self.verify_only {
            let outcome = verify::run(&self, &session, glance)?;
            return Ok(self.report(outcome, started));
        }
        let settled = match glance.and_then(|glance| self.settled_at(glance, &session)) {
            // Who works may read what the application may not.
            Err(error) if error.is_insufficient_privilege() && self.migration.is_some() => None,
            settled => settled?,
        };
        if let Some(outcome) = settled {
            return Ok(self.report(outcome, started));
        }
        let (session, found) = self.connect_to_work(session)?;
        (self.observer)(&Event::Connected { server_version: &found.server_version });
        found.check_fitness(self.minimum_server)?;

        let lock = lock::acquire(self.work_settings(), self.connect_timeout, &session, self.lock_timeout, self.observer)?;
        // Whoever held the lock may have done the work meanwhile.
        if let Some(outcome) = self.settled(&session)? {
            return Ok(self.report(outcome, started));
        }
        let found = Survey::take(&session)?;
        let outcome = self.work(&session, &found)?;
        drop(lock);
        Ok(self.report(outcome, started))
    }

    /// The steps that write, each only if no newer release has been at work before it.
    fn work(&mut self, session: &Session, found: &Survey) -> Result<Outcome> {
        if let Some(outcome) = prepare::upgrade_ledger(self, session, found)? {
            return Ok(outcome);
        }
        // Who asks for seeds gets seeds; what they need is to be there.
        if self.chosen.is_none() {
            if let Some(outcome) = prepare::run(self, session, found)? {
                return Ok(outcome);
            }
            if let Some(outcome) = migrations::run(self, session)? {
                return Ok(outcome);
            }
        }
        if let Some(outcome) = seeds::run(self, session)? {
            return Ok(outcome);
        }
        Ok(if self.steps.iter().any(Step::is_applied) { Outcome::Applied } else { Outcome::NothingToDo })
    }

    /// Where the work is done.
    pub(super) fn work_settings(&self) -> &'r Settings {
        self.migration.unwrap_or(self.settings)
    }

    /// The connection for the work, with the rights that it needs, and what is found over it.
    fn connect_to_work(&mut self, own: Session) -> Result<(Session, Survey)> {
        let Some(migration) = self.migration else {
            let found = Survey::take(&own)?;
            return Ok((own, found));
        };
        if self.settings.leads_to_the_same_as(migration) {
            // The user may have one connection only, and where it leads is known.
            drop(own);
            let (work, found) = self.connect(migration, Survey::take)?;
            return Ok((work, found?));
        }
        let (work, found) = self.connect(migration, Survey::take)?;
        let found = found?;
        identity::check(self.settings, &own, migration, &work)?;
        Ok((work, found))
    }

    fn connect<T>(&mut self, settings: &Settings, first: impl Fn(&Session) -> Result<T>) -> Result<(Session, Result<T>)> {
        let observer = &mut *self.observer;
        opening::answered(settings, self.connect_timeout, |error| (observer)(&Event::Waiting { reason: error.to_string() }), first)
    }

    /// [`settled_at`](Self::settled_at) of what is there now.
    fn settled(&self, session: &Session) -> Result<Option<Outcome>> {
        self.settled_at(survey::glance(session)?, session)
    }

    /// The fast path: is there nothing to do, as far as the ledger's one row tells?
    pub(super) fn settled_at(&self, glance: Option<Glance>, session: &Session) -> Result<Option<Outcome>> {
        let Some(glance) = glance else { return Ok(None) };
        if glance.revision.is_some_and(|revision| revision > self.bundle.revision) {
            return self.stands_back(&Ledger::read(session)?);
        }
        let admin_is_set = self.wanted.is_none_or(|wanted| glance.admin_email.as_deref() == Some(wanted));
        let same = glance.digest.as_deref() == Some(&self.bundle.digest()) && glance.revision == Some(self.bundle.revision);
        let asked = self.chosen.is_some() || self.truncate;
        Ok((same && admin_is_set && !asked).then_some(Outcome::NothingToDo))
    }

    /// Has a newer release written the database? Asked again in each transaction, as the lock can be lost with its connection.
    pub(super) fn stands_back(&self, ledger: &Ledger) -> Result<Option<Outcome>> {
        if compare::is_of_another(self.bundle, ledger) {
            return Err(Error::new(Kind::AnotherBundle));
        }
        if !compare::is_ahead(self.bundle, ledger) {
            return Ok(None);
        }
        self.ahead(ledger.revision.unwrap_or_default()).map(Some)
    }

    /// An older binary writes nothing. A start goes on; who asked for a particular write is told that it did not happen.
    fn ahead(&self, revision: i64) -> Result<Outcome> {
        if self.chosen.is_some() || self.truncate || self.on_ahead == OnAhead::Refuse {
            return Err(Error::new(Kind::DatabaseAhead { database: revision, bundle: self.bundle.revision }));
        }
        Ok(Outcome::DatabaseAhead)
    }

    fn report(self, outcome: Outcome, started: Instant) -> Report {
        Report { outcome, steps: self.steps, elapsed: started.elapsed() }
    }

    /// Notes a step that is done and tells the observer.
    pub(super) fn finished(&mut self, step: Step) {
        (self.observer)(&Event::Finished { step: &step });
        self.steps.push(step);
    }
}
