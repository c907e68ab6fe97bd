//! Which database a command works on.

use std::env;
use std::path::Path;

use crate::arguments::Arguments;
use crate::cluster::{self, Cluster};
use crate::failure::Error;
use crate::output::Output;

/// The URL in `DATABASE_URL`, if there is one.
pub(crate) fn given() -> Option<String> {
    variable("DATABASE_URL")
}

/// The URL of the same database for the work that needs rights, if there is one.
pub(crate) fn migration(arguments: &Arguments) -> Option<String> {
    arguments.migration_database_url.clone().or_else(|| variable("MIGRATION_DATABASE_URL"))
}

fn variable(name: &str) -> Option<String> {
    // What is not Unicode is no URL either; the runtime says what is wrong with what is made of it here.
    env::var_os(name).map(|url| url.to_string_lossy().into_owned()).filter(|url| !url.trim().is_empty())
}

/// The database that `DATABASE_URL` names, else that of the project's private PostgreSQL, which is started.
///
/// Who gives only the URL for the work means that one.
pub(crate) fn ready(folder: &Path, arguments: &Arguments, output: &Output) -> Result<String, Error> {
    if let Some(url) = given().or_else(|| migration(arguments)) {
        return Ok(url);
    }
    output.busy("starting a private PostgreSQL");
    let started = Cluster::start(folder)?;
    output.started(&started);
    let cluster = &started.cluster;
    cluster.create_database(cluster::PROJECT_DATABASE)?;
    Ok(cluster.url(cluster::PROJECT_DATABASE))
}

/// As [`ready`], without starting anything: none where there is no database to look at.
pub(crate) fn running(folder: &Path, arguments: &Arguments) -> Result<Option<String>, Error> {
    match given().or_else(|| migration(arguments)) {
        Some(url) => Ok(Some(url)),
        None => private(folder),
    }
}

/// The database of the project's private PostgreSQL, if that runs.
pub(crate) fn private(folder: &Path) -> Result<Option<String>, Error> {
    Ok(cluster::project_url(folder)?)
}
