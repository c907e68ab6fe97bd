//! `elyos init`: all that is left to do.

use super::start;
use crate::arguments::{self, Arguments};
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &arguments::Init, output: &Output) -> Result<u8, Error> {
    let project = Project::find(arguments.project.as_deref())?;
    let report = start(arguments, &project, output)?.reset(options.reset).run()?;
    output.report(&report);
    Ok(0)
}
