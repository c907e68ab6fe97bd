//! `elyos inspect`: what a schema is, of files or of a live database.

use std::time::Duration;

use crate::arguments::{self, Arguments};
use crate::failure::Error;
use crate::inspect::{self, files, live};
use crate::output::Output;

pub(super) fn run(arguments: &Arguments, options: &arguments::Inspect, output: &Output) -> Result<u8, Error> {
    let document = match &options.database {
        Some(url) => {
            let patience = Duration::from_secs(arguments.connect_timeout);
            let mut client = elyos_runtime::connect_client(url, patience, |event| output.event(event))?;
            live::read(&mut client).map_err(|error| Error::refused(format!("the database cannot be read: {}", told(&error))))?
        }
        // A file that cannot be read is named in the error, and a URL may hold a password.
        None if options.files.iter().any(|file| arguments::is_url(file.as_os_str())) => {
            return Err(Error::usage("a URL stands where a file is to be named", "a database is inspected by `--database URL`"));
        }
        None => inspect::from_catalog(&files::read(&options.files)?),
    };
    output.result(&document, &document.to_string());
    Ok(0)
}

/// What went wrong and why, which is the part that helps.
fn told(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
