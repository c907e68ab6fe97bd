//! A start that only looks: for a role that may read the ledger and write nothing.

use serde::Serialize;

use super::prepare;
use super::report::{Outcome, StepKind};
use super::run::Run;
use super::status::{self, ItemState, ItemStatus, Status};
use super::survey::{Glance, Survey};
use crate::error::{Error, Kind, Result};
use crate::session::Session;

/// A step of the bundle that the database lacks, as [`Error::missing`] lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Missing {
    /// What it is.
    pub kind: StepKind,
    /// Its name in the bundle.
    pub name: String,
    /// Was it applied with another text than it has now?
    pub changed: bool,
}

/// Is every step of the bundle applied? An error says which are not.
pub(super) fn run(run: &Run<'_, '_>, session: &Session, glance: Result<Option<Glance>>) -> Result<Outcome> {
    glance
        .and_then(|glance| look(run, session, glance))
        .map_err(|error| if error.is_insufficient_privilege() { unreadable(error, session) } else { error })
}

fn look(run: &Run<'_, '_>, session: &Session, glance: Option<Glance>) -> Result<Outcome> {
    if let Some(outcome) = run.settled_at(glance, session)? {
        return Ok(outcome);
    }
    let ledger = Survey::take(session)?.ledger(session)?;
    if let Some(outcome) = prepare::check(run, session, ledger.as_ref())? {
        return Ok(outcome);
    }
    let status = status::take(run.bundle, run.settings, session, run.wanted)?;
    // Somebody else may have finished meanwhile.
    if status.up_to_date {
        return Ok(Outcome::NothingToDo);
    }
    Err(Error::new(Kind::NotUpToDate { missing: missing(run, &status), revision: run.bundle.revision }))
}

fn missing(run: &Run<'_, '_>, status: &Status) -> Vec<Missing> {
    let kinds: [(StepKind, &[ItemStatus]); 5] = [
        (StepKind::Schema, &status.schemas),
        (StepKind::Extension, &status.extensions),
        (StepKind::Migration, &status.migrations),
        (StepKind::Seed, &status.seeds),
        (StepKind::Procedure, &status.procedures),
    ];
    let mut missing = Vec::new();
    for (kind, items) in kinds {
        let lacking = items.iter().filter(|item| matches!(item.state, ItemState::Pending | ItemState::Changed | ItemState::Interrupted));
        missing.extend(lacking.map(|item| Missing { kind, name: item.name.clone(), changed: item.state == ItemState::Changed }));
    }
    if let (Some(wanted), Some(admin)) = (run.wanted, &run.bundle.admin)
        && status.admin_email.as_deref() != Some(wanted)
    {
        missing.push(Missing { kind: StepKind::AdminEmail, name: admin.table.shown(), changed: status.admin_email.is_some() });
    }
    missing
}

/// Says what the role needs. Who it is, the server knows: the URL may not say, or name a pooler's.
fn unreadable(error: Error, session: &Session) -> Error {
    let answers = session.script("SELECT pg_catalog.quote_ident(current_user)").unwrap_or_default();
    let role = answers.into_iter().find_map(|answer| answer.row).and_then(|row| row.get(0).map(str::to_owned));
    let role = role.unwrap_or_else(|| "the role".to_owned());
    match error.into_driver_error() {
        Ok(error) => Error::new(Kind::LedgerUnreadable { role, error }),
        Err(error) => error,
    }
}
