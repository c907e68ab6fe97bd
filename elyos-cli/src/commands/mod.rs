//! The commands, one file each.

mod demo_reset;
mod init;
mod inspect;
mod reset;
mod seed;
mod sql;
mod status;
mod stop;

use std::time::Duration;

use elyos_runtime::Init;

use crate::arguments::{Arguments, Command};
use crate::database;
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

/// Runs the command and gives its exit code.
pub(crate) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    match &arguments.command {
        Command::Init(options) => init::run(arguments, options, output),
        Command::Seed(options) => seed::run(arguments, options, output),
        Command::Reset => reset::run(arguments, output),
        Command::Sql(options) => sql::run(arguments, options, output),
        Command::DemoReset => demo_reset::run(arguments, output),
        Command::Inspect(options) => inspect::run(arguments, options, output),
        Command::Status(options) => status::run(arguments, options, output),
        Command::Stop => stop::run(arguments, output),
    }
}

/// The project's run on its database, with progress told.
fn start<'a>(arguments: &Arguments, project: &'a Project, output: &'a Output) -> Result<Init<'a>, Error> {
    output.bundle(&project.shown());
    let url = database::ready(&project.folder, output)?;
    Ok(with_timeouts(Init::new(&project.bundle).database_url(url), arguments).observe(|event| output.event(event)))
}

fn with_timeouts<'a>(init: Init<'a>, arguments: &Arguments) -> Init<'a> {
    init.connect_timeout(Duration::from_secs(arguments.connect_timeout)).lock_timeout(Duration::from_secs(arguments.lock_timeout))
}
