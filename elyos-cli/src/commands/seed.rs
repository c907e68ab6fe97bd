//! `elyos seed`: seeds and procedures that are asked for.

use elyos_runtime::Selection;

use super::start;
use crate::arguments::{Arguments, Seed};
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &Seed, output: &Output) -> Result<u8, Error> {
    let selection = selection(options)?;
    let project = Project::find(arguments.project.as_deref())?;
    let report = start(arguments, &project, output)?.seed(&selection)?;
    output.report(&report);
    Ok(0)
}

fn selection(options: &Seed) -> Result<Selection, Error> {
    let mut selection = Selection::all().with_dependencies(options.with_dependencies).truncate(options.truncate);
    if let Some(names) = &options.only {
        let error = || Error::usage("--only names no seed", "name some, as in `--only users,roles`, or leave it out");
        selection = selection.only_seeds(named(names).ok_or_else(error)?);
    }
    if let Some(names) = &options.only_procedures {
        let help = "name some, as in `--only-procedures get_groups`, or leave it out";
        let error = || Error::usage("--only-procedures names no procedure", help);
        selection = selection.only_procedures(named(names).ok_or_else(error)?);
    }
    Ok(selection)
}

/// The names in what was written between commas; none where there is none.
fn named(written: &[String]) -> Option<Vec<&str>> {
    let names: Vec<&str> = written.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then_some(names)
}
