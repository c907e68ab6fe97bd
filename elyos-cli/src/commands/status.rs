//! `elyos status`: how far the database has what the bundle describes.

use elyos_runtime::Init;

use super::{with_rights, with_timeouts};
use crate::arguments::{self, Arguments};
use crate::database;
use crate::failure::{Error, FINDINGS, NO_DATABASE};
use crate::folder::Folder;
use crate::output::Output;
use crate::project::Project;

pub(super) fn run(arguments: &Arguments, options: &arguments::Status, output: &Output) -> Result<u8, Error> {
    if options.url {
        return url(arguments, output);
    }
    let project = Project::find(arguments.project.as_deref())?;
    let Some(url) = database::running(&project.folder, arguments)? else {
        output.note(NONE);
        output.result(&serde_json::json!({ "running": false }), "not running");
        return Ok(NO_DATABASE);
    };
    output.bundle(&project.shown());
    let status = with_rights(with_timeouts(Init::new(&project.bundle).database_url(url), arguments), arguments).status()?;
    output.result(&status, &status.to_string());
    Ok(if status.up_to_date || status.ahead { 0 } else { FINDINGS })
}

/// The remark where there is no database to look at.
const NONE: &str = "there is no database: DATABASE_URL is not set, and the project's private PostgreSQL is not running\n  \
                    = help: `elyos init` starts it";

/// `elyos status --url`: for which the folder is enough, whether or not the bundle in it is in order.
///
/// A URL that the user gave may hold a password, and is never printed; the private PostgreSQL's holds none, so asking
/// again once it has been taken into the environment is no mistake.
fn url(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    let folder = Folder::find(arguments.project.as_deref())?;
    let private = database::private(&folder.path)?;
    if database::given().is_some_and(|given| private.as_ref() != Some(&given)) {
        return Err(Error::usage(
            "DATABASE_URL is set, and `--url` tells the URL of the project's private PostgreSQL only",
            "use DATABASE_URL as it is, or unset it to ask for the private PostgreSQL's",
        ));
    }
    let Some(url) = private else {
        output.note(NONE);
        return Ok(NO_DATABASE);
    };
    output.text(&url);
    Ok(0)
}
