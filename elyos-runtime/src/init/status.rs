//! What a database has of a bundle, without changing anything.

use std::fmt;

use serde::Serialize;

use super::survey::{self, Survey};
use super::{compare, stepwise};
use crate::bundle::{Bundle, Run, Script, hex};
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::ledger::{self, Ledger};
use crate::session::Session;

/// How far a database has what a bundle describes.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// Where it was looked: the URL without its password.
    pub database: String,
    /// The server's version as it names itself.
    pub server_version: String,
    /// The revision that the database was written by, where it was written by one.
    pub database_revision: Option<i64>,
    /// The bundle's revision.
    pub bundle_revision: i64,
    /// Would an `init` have nothing to do?
    pub up_to_date: bool,
    /// Has a newer release written the database?
    pub ahead: bool,
    /// The first thing that a start would refuse, if there is one.
    pub conflict: Option<String>,
    /// The address that was last set for the administrator.
    pub admin_email: Option<String>,
    /// Each extension, and by whom it is provided.
    pub extensions: Vec<ItemStatus>,
    /// Each migration.
    pub migrations: Vec<ItemStatus>,
    /// Each seed, in the order in which they run.
    pub seeds: Vec<ItemStatus>,
    /// Each procedure.
    pub procedures: Vec<ItemStatus>,
}

/// One item of a bundle.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ItemStatus {
    /// Its name in the bundle.
    pub name: String,
    /// How far it is.
    pub state: ItemState,
}

/// How far an item of a bundle is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemState {
    /// Applied, with the text that it has now.
    Applied,
    /// Applied, with another text than it has now.
    Changed,
    /// A migration that is not one transaction, of which a part is applied: it is under way, or was interrupted.
    Interrupted,
    /// Not applied.
    Pending,
    /// An extension that the server provides.
    FromServer,
    /// An extension that the bundle stands in for.
    FromBundle,
}

pub(super) fn take(bundle: &Bundle, settings: &Settings, session: &Session, wanted: Option<&str>) -> Result<Status> {
    let survey = Survey::take(session)?;
    let ledger = survey.ledger(session)?;
    let empty = Ledger::default();
    let known = ledger.as_ref().unwrap_or(&empty);
    let glance = if survey.has_ledger() { survey::glance(session)? } else { None };
    let digest = bundle.digest();
    let state = |applied: Option<&String>, script: &Script, once: bool| match applied {
        None => ItemState::Pending,
        Some(hash) if once || *hash == hex(&script.sha256) => ItemState::Applied,
        Some(_) => ItemState::Changed,
    };
    let item = |name: &str, state: ItemState| ItemStatus { name: name.to_owned(), state };
    let is_of_another = compare::is_of_another(bundle, known);
    let ahead = !is_of_another && compare::is_ahead(bundle, known);
    let conflict = if is_of_another {
        Some(Error::new(Kind::AnotherBundle))
    } else if ahead {
        None
    } else {
        compare::pending(bundle, known, session).and_then(|_| obstacle(bundle, session, known)).err()
    };
    let conflict = conflict.map(|error| error.to_string());
    Ok(Status {
        database: settings.to_string(),
        server_version: survey.server_version.clone(),
        database_revision: known.revision,
        bundle_revision: bundle.revision,
        up_to_date: glance.is_some_and(|glance| {
            glance.digest.as_deref() == Some(&*digest)
                && glance.revision == Some(bundle.revision)
                && wanted.is_none_or(|wanted| glance.admin_email.as_deref() == Some(wanted))
        }),
        ahead,
        conflict,
        admin_email: known.admin_email.clone(),
        extensions: bundle
            .extensions
            .iter()
            .map(|extension| {
                let provided = known.extensions.get(&*extension.name).map(String::as_str);
                let state = if survey.extensions.contains(&*extension.name) {
                    ItemState::FromServer
                } else if provided.is_some_and(|hash| !hash.is_empty()) {
                    ItemState::FromBundle
                } else {
                    ItemState::Pending
                };
                item(&extension.name, state)
            })
            .collect(),
        migrations: bundle
            .migrations
            .iter()
            .map(|migration| {
                let applied = known.migrations.iter().find(|applied| applied.position == migration.position);
                let interrupted = applied.is_some_and(|applied| !applied.finished);
                let state = || state(applied.map(|applied| &applied.sha256), &migration.script, false);
                item(&migration.name, if interrupted { ItemState::Interrupted } else { state() })
            })
            .collect(),
        seeds: bundle
            .seeds
            .iter()
            .map(|seed| item(&seed.name, state(known.seeds.get(&*seed.name), &seed.script, seed.run != Run::Changed)))
            .collect(),
        procedures: bundle
            .procedures
            .iter()
            .map(|procedure| item(&procedure.name, state(known.procedures.get(&*procedure.name), &procedure.script, false)))
            .collect(),
    })
}

/// What would keep a start from going on with a migration that was interrupted.
fn obstacle(bundle: &Bundle, session: &Session, known: &Ledger) -> Result<()> {
    let interrupted = known.migrations.iter().filter(|applied| !applied.finished);
    let migrations = interrupted.filter_map(|applied| bundle.migrations.iter().find(|migration| migration.position == applied.position));
    migrations.into_iter().try_for_each(|migration| {
        let statements = ledger::statements(session, migration.position)?;
        stepwise::obstacle(bundle, session, migration, &statements)
    })
}

impl fmt::Display for ItemState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Applied => "applied",
            Self::Changed => "changed since it was applied",
            Self::Interrupted => "under way or interrupted",
            Self::Pending => "pending",
            Self::FromServer => "provided by the server",
            Self::FromBundle => "stood in for by the bundle",
        })
    }
}

impl fmt::Display for Status {
    /// One line for each kind, and one for each item that is not as it should be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "database    {}, PostgreSQL {}", self.database, self.server_version)?;
        match self.database_revision {
            Some(revision) => writeln!(f, "revision    {revision} in the database, {} in the bundle", self.bundle_revision)?,
            None => writeln!(f, "revision    none in the database, {} in the bundle", self.bundle_revision)?,
        }
        if let Some(address) = &self.admin_email {
            writeln!(f, "admin       {address}")?;
        }
        for extension in &self.extensions {
            writeln!(f, "extension   {} is {}", extension.name, extension.state)?;
        }
        for (kind, items) in [("migrations", &self.migrations), ("seeds", &self.seeds), ("procedures", &self.procedures)] {
            let applied = items.iter().filter(|item| item.state == ItemState::Applied).count();
            writeln!(f, "{kind:<11} {applied} of {} applied", items.len())?;
            for item in items.iter().filter(|item| item.state != ItemState::Applied) {
                writeln!(f, "            {} is {}", item.name, item.state)?;
            }
        }
        if let Some(conflict) = &self.conflict {
            writeln!(f, "conflict    {conflict}")?;
        }
        f.write_str(if self.ahead {
            "a newer release has written this database"
        } else if self.up_to_date {
            "up to date"
        } else if self.conflict.is_some() {
            "not up to date, and `elyos init` refuses to go on until the conflict is settled"
        } else {
            "not up to date: run `elyos init`"
        })
    }
}
