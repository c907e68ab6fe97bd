//! `elyos reset`: the listed tables emptied and every seed run again, in one transaction.

use elyos_runtime::{Report, Selection};

use super::start;
use crate::arguments::Arguments;
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    let project = Project::find(arguments.project.as_deref())?;
    let report = reset(arguments, &project, output)?;
    output.report(&report);
    Ok(0)
}

/// Empties the project's listed tables and runs every seed and procedure.
pub(super) fn reset(arguments: &Arguments, project: &Project, output: &Output) -> Result<Report, Error> {
    Ok(start(arguments, project, output)?.seed(&Selection::all().truncate(true))?)
}
