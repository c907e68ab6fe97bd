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
    let url = database::ready(&project.folder, arguments, output)?;
    Ok(with_rights(with_timeouts(Init::new(&project.bundle).database_url(url), arguments), arguments).observe(|event| output.event(event)))
}

/// Who does the work, where it is not the application's own role.
fn with_rights<'a>(mut init: Init<'a>, arguments: &Arguments) -> Init<'a> {
    // Where there is no other URL, this one is the only one, and then not given twice.
    if let Some(url) = database::migration(arguments).filter(|_| database::given().is_some()) {
        init = init.migration_database_url(url);
    }
    match &arguments.role {
        Some(role) => init.role(role),
        None => init,
    }
}

fn with_timeouts<'a>(init: Init<'a>, arguments: &Arguments) -> Init<'a> {
    init.connect_timeout(Duration::from_secs(arguments.connect_timeout))
        .lock_timeout(Duration::from_secs(arguments.lock_timeout))
        .migration_lock_timeout(Duration::from_secs(arguments.migration_lock_timeout))
        .migration_lock_deadline(Duration::from_secs(arguments.migration_lock_deadline))
}
