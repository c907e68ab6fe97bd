//! `elyos demo-reset`: the database reset, then the folder of uploaded files cleared, and a line in the folder's log.

use std::env;
use std::path::PathBuf;

use elyos_runtime::Report;
use serde::Serialize;

use super::reset::reset;
use crate::arguments::Arguments;
use crate::failure::Error;
use crate::folder::Folder;
use crate::output::Output;
use crate::project::Project;
use crate::uploads::{Cleared, FOLDER_VARIABLE, KEEP_VARIABLE, Kept, Record, Status, Uploads};

/// Folders in a project's folder that are certain to hold other things than uploaded files.
const OF_THE_PROJECT: [&str; 7] = ["seeds", "migrations", "procedures", "extensions", "src", ".git", ".elyos"];

/// What was done, as data.
#[derive(Serialize)]
struct Done<'a> {
    database: &'a Report,
    uploads: Cleared,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<u8, Error> {
    let uploads = open(arguments)?;
    let record = Record::open(&uploads)?;
    match work(arguments, &uploads, output) {
        Ok((report, cleared)) => {
            record.append(Status::Success, None)?;
            let text = format!("{cleared} in {}", uploads.path().display());
            output.report_and(&report, &Done { database: &report, uploads: cleared }, &text);
            Ok(0)
        }
        Err((status, error)) => {
            // That the log could not be written is the smaller of the two troubles, and is told beside the other.
            if let Err(unwritten) = record.append(status, Some(&error.to_string())) {
                output.note(&unwritten.to_string());
            }
            Err(error)
        }
    }
}

/// The folder that the environment names, which must not be one that the project or the user lives in, nor one of the
/// bundle's own.
fn open(arguments: &Arguments) -> Result<Uploads, Error> {
    let project = Folder::find(arguments.project.as_deref())?.path;
    let mut apart: Vec<PathBuf> = OF_THE_PROJECT.iter().map(|name| project.join(name)).filter(|folder| folder.is_dir()).collect();
    apart.insert(0, project);
    apart.extend(env::current_dir());
    apart.extend(env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from));
    let apart: Vec<_> = apart.iter().map(PathBuf::as_path).collect();
    Uploads::open(env::var_os(FOLDER_VARIABLE), &apart)
}

/// The database first: should it refuse, the files of the rows that are still there are, too.
fn work(arguments: &Arguments, uploads: &Uploads, output: &Output) -> Result<(Report, Cleared), (Status, Error)> {
    let refused = |error| (Status::Refused, error);
    let kept = Kept::parse(&env::var_os(KEEP_VARIABLE).unwrap_or_default()).map_err(refused)?;
    kept.check(uploads).map_err(refused)?;
    let project = Project::find(arguments.project.as_deref()).map_err(refused)?;
    let report = reset(arguments, &project, output)
        .map_err(|error| (if error.is_usage() { Status::Refused } else { Status::DatabaseFailed }, error))?;
    output.busy("clearing the uploaded files");
    let cleared = uploads.clear(&kept).map_err(|failures| {
        let text = format!(
            "the database was reset, and {} could not be cleared: {failures}\n  = help: give this user the right to remove what is in it, and run `elyos demo-reset` again",
            uploads.path().display()
        );
        (Status::FilesFailed, Error::files(text))
    })?;
    Ok((report, cleared))
}
