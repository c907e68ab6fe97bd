//! `elyos status`: how far the database has what the bundle describes.

use elyos_runtime::Init;

use super::with_timeouts;
use crate::arguments::{self, Arguments};
use crate::database;
use crate::failure::{FINDINGS, Failure, NO_DATABASE};
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &arguments::Status, output: &Output) -> Result<u8, Failure> {
    let project = Project::find(arguments.project.as_deref())?;
    let Some(url) = database::running(&project.folder)? else {
        let text = "there is no database: DATABASE_URL is not set, and the project's private PostgreSQL is not running\n  \
                    = help: `elyos init` starts it";
        output.note(text);
        if !options.url {
            output.result(&serde_json::json!({ "running": false }), "not running");
        }
        return Ok(NO_DATABASE);
    };
    if options.url {
        println!("{url}");
        return Ok(0);
    }
    output.bundle(&project.shown());
    let status = with_timeouts(Init::new(&project.bundle).database_url(url), arguments).status()?;
    output.result(&status, &status.to_string());
    Ok(if status.up_to_date || status.ahead { 0 } else { FINDINGS })
}
