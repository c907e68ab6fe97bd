//! `elyos inspect`: what a schema is, of files or of a live database.

use std::time::Duration;

use crate::arguments::{self, Arguments};
use crate::failure::Error;
use crate::inspect::{self, files, live};
use crate::output::Output;

pub(super) fn run(arguments: &Arguments, options: &arguments::Inspect, output: &Output) -> Result<u8, Error> {
    let document = match &options.database {
        Some(url) => {
            let mut config: postgres::Config = url.parse().map_err(|_| {
                // The parser's own message may repeat a part of the URL, and so of the password.
                let what = "the database URL cannot be used: it does not have the form of a PostgreSQL URL";
                Error::usage(what, "the form is postgresql://user:password@host:5432/database, with special characters percent-encoded")
            })?;
            config.connect_timeout(Duration::from_secs(arguments.connect_timeout));
            let mut client = config.connect(postgres::NoTls).map_err(|error| Error::no_database(no_database(&error)))?;
            live::read(&mut client).map_err(|error| Error::refused(format!("the database cannot be read: {}", told(&error))))?
        }
        None => inspect::from_catalog(&files::read(&options.files)?),
    };
    output.result(&document, &document.to_string());
    Ok(0)
}

fn no_database(error: &postgres::Error) -> String {
    format!("there is no database to read: {}", told(error))
}

/// What went wrong and why, which is the part that helps.
fn told(error: &postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
