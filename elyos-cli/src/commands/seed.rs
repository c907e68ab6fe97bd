//! `elyos seed`: seeds and procedures that are asked for.

use elyos_runtime::Selection;

use super::start;
use crate::arguments::{Arguments, Seed};
use crate::failure::Failure;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &Seed, output: &Output) -> Result<u8, Failure> {
    let project = Project::find(arguments.project.as_deref())?;
    let report = start(arguments, &project, output)?.seed(&selection(options))?;
    output.report(&report);
    Ok(0)
}

fn selection(options: &Seed) -> Selection {
    let named = |names: &[String]| names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect::<Vec<_>>();
    let mut selection = Selection::all().with_dependencies(options.with_dependencies).truncate(options.truncate);
    if let Some(names) = &options.only {
        selection = selection.only_seeds(named(names));
    }
    if let Some(names) = &options.only_procedures {
        selection = selection.only_procedures(named(names));
    }
    selection
}
