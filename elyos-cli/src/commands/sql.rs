//! `elyos sql`: what `init` does, as one file for psql.

use std::fs;

use elyos_runtime::Init;

use super::with_timeouts;
use crate::arguments::{self, Arguments};
use crate::failure::Error;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &arguments::Sql, output: &Output) -> Result<u8, Error> {
    let project = Project::find(arguments.project.as_deref())?;
    let mut init = with_timeouts(Init::new(&project.bundle), arguments);
    if let Some(address) = &options.admin_email {
        init = init.admin_email(address);
    }
    let script = init.psql_script()?;
    output.bundle(&project.shown());
    if let Some(path) = &options.output {
        fs::write(path, script).map_err(|error| {
            Error::usage(
                format!("{} cannot be written: {error}", path.display()),
                "its folder has to be there, and this user has to have the right to write in it",
            )
        })?;
        output.note(&format!("wrote {}", path.display()));
    } else {
        // For programs too it is the file itself, whole: JSON holds it as a text.
        output.result(&serde_json::json!({ "sql": script }), script.trim_end());
    }
    Ok(0)
}
