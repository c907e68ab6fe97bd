//! `elyos reset`: the listed tables emptied and every seed run again, in one transaction.

use elyos_runtime::Selection;

use super::start;
use crate::arguments::Arguments;
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    let project = Project::find(arguments.project.as_deref())?;
    let report = start(arguments, &project, output)?.seed(&Selection::all().truncate(true))?;
    output.report(&report);
    Ok(0)
}
