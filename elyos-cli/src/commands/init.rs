//! `elyos init`: all that is left to do.

use elyos_runtime::Init;

use super::{start, with_timeouts};
use crate::arguments::{self, Arguments};
use crate::database;
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &arguments::Init, output: &Output) -> Result<u8, Error> {
    let project = Project::find(arguments.project.as_deref())?;
    if options.verify {
        return verify(arguments, options, &project, output);
    }
    let report = start(arguments, &project, output)?.reset(options.reset).on_ahead(options.on_ahead.into()).run()?;
    output.report(&report);
    Ok(0)
}

/// `elyos init --verify`: what it would do, by the application's own URL, with nothing started and nothing written.
fn verify(arguments: &Arguments, options: &arguments::Init, project: &Project, output: &Output) -> Result<u8, Error> {
    let Some(url) = database::running(&project.folder, arguments)? else {
        return Err(Error::no_database(
            "there is no database to verify: DATABASE_URL is not set, and the project's private PostgreSQL is not running\n  \
             = help: set DATABASE_URL, or let `elyos init` start one",
        ));
    };
    output.bundle(&project.shown());
    let init = with_timeouts(Init::new(&project.bundle).database_url(url), arguments).observe(|event| output.event(event));
    output.report(&init.verify_only(true).on_ahead(options.on_ahead.into()).run()?);
    Ok(0)
}
