//! What a database has of a bundle, without changing anything.
//!
//! `item` is one step and how far it is, `history` what the ledger tells of its last time, `steps` each step of the
//! bundle held against both, `text` all of it as people read it.

mod history;
mod item;
mod steps;
mod text;

use serde::Serialize;

use super::survey::{self, Survey};
use super::{compare, lock, stepwise};
use crate::bundle::{Bundle, Migration};
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::ledger::{self, AppliedStatement, Ledger};
use crate::session::Session;
use history::History;
pub use item::{ItemState, ItemStatus, Pending};

/// How far a database has what a bundle describes.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own, by whose name programs read it")]
pub struct Status {
    /// Where it was looked: the URL without its password.
    pub database: String,
    /// The server's version as it names itself.
    pub server_version: String,
    /// The version of the ledger's tables, where there is a ledger. An older one is upgraded by the next start that writes.
    pub ledger_version: Option<i32>,
    /// The revision that the database was written by, where it was written by one.
    pub database_revision: Option<i64>,
    /// The bundle's revision.
    pub bundle_revision: i64,
    /// Would an `init` have nothing to do?
    pub up_to_date: bool,
    /// Has a newer release written the database?
    pub ahead: bool,
    /// Would a start that only verifies succeed? On a database that a newer release has written, one that is to go on.
    pub verifies: bool,
    /// The first thing that a start would refuse, if there is one.
    pub conflict: Option<String>,
    /// Who holds the lock of a run at this moment: its pid, `application_name` and last query.
    pub lock_holder: Option<String>,
    /// The variable that sets the administrator's address, where the bundle names one.
    pub admin_variable: Option<String>,
    /// The address that was last set for the administrator.
    pub admin_email: Option<String>,
    /// Is another address wanted than the one that was last set?
    pub admin_pending: bool,
    /// Each schema that is made before the migrations.
    pub schemas: Vec<ItemStatus>,
    /// Each extension, and by whom it is provided.
    pub extensions: Vec<ItemStatus>,
    /// Each migration; after the bundle's own, those that only the database knows.
    pub migrations: Vec<ItemStatus>,
    /// Each seed, in the order in which they run.
    pub seeds: Vec<ItemStatus>,
    /// Each procedure.
    pub procedures: Vec<ItemStatus>,
}

pub(super) fn take(bundle: &Bundle, settings: &Settings, session: &Session, wanted: Option<&str>) -> Result<Status> {
    let survey = Survey::take(session)?;
    let ledger = survey.ledger(session)?.unwrap_or_default();
    let (glance, history) =
        if survey.has_ledger() { (survey::glance(session)?, History::read(session)?) } else { (None, History::default()) };
    let interrupted = interrupted(bundle, session, &ledger)?;
    let is_of_another = compare::is_of_another(bundle, &ledger);
    let ahead = !is_of_another && compare::is_ahead(bundle, &ledger);
    let admin_pending = wanted.is_some_and(|wanted| ledger.admin_email.as_deref() != Some(wanted));
    let up_to_date = !admin_pending
        && glance.is_some_and(|glance| glance.digest.as_deref() == Some(&*bundle.digest()) && glance.revision == Some(bundle.revision));
    let conflict = if is_of_another {
        Some(Error::new(Kind::AnotherBundle))
    } else if ahead {
        None
    } else {
        compare::pending(bundle, &ledger, session).and_then(|_| obstacle(bundle, session, &interrupted)).err()
    };
    Ok(Status {
        database: settings.to_string(),
        server_version: survey.server_version.clone(),
        ledger_version: survey.has_ledger().then_some(ledger.version),
        database_revision: ledger.revision,
        bundle_revision: bundle.revision,
        up_to_date,
        ahead,
        verifies: up_to_date || ahead,
        conflict: conflict.map(|error| error.to_string()),
        lock_holder: lock::holder(session)?,
        admin_variable: bundle.admin.as_ref().map(|admin| admin.variable.to_string()),
        admin_email: ledger.admin_email.clone(),
        admin_pending,
        schemas: steps::schemas(bundle, &survey),
        extensions: steps::extensions(bundle, &survey, &ledger, &history),
        migrations: steps::migrations(bundle, &ledger, &interrupted, &history),
        seeds: steps::seeds(bundle, &ledger, &history, up_to_date),
        procedures: steps::procedures(bundle, &ledger, &history),
    })
}

/// A migration that is not one transaction and has not come to its end, with its statements as they were recorded.
struct Interrupted<'b> {
    migration: &'b Migration,
    statements: Vec<AppliedStatement>,
}

fn interrupted<'b>(bundle: &'b Bundle, session: &Session, ledger: &Ledger) -> Result<Vec<Interrupted<'b>>> {
    let begun = ledger.migrations.iter().filter(|applied| !applied.finished);
    let known = begun.filter_map(|applied| bundle.migrations.iter().find(|migration| migration.position == applied.position));
    known.map(|migration| Ok(Interrupted { migration, statements: ledger::statements(session, migration.position)? })).collect()
}

/// What would keep a start from going on with a migration that was interrupted.
fn obstacle(bundle: &Bundle, session: &Session, interrupted: &[Interrupted<'_>]) -> Result<()> {
    interrupted.iter().try_for_each(|one| stepwise::obstacle(bundle, session, one.migration, &one.statements))
}
