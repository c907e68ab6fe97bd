//! The schemas of the tests: a file, a folder of migrations, or a folder with a file a table.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use elyos_cli::inspect::files;

use crate::cluster;

/// The schemas in a folder, by name; a folder may be missing.
///
/// # Panics
///
/// When an entry of the folder cannot be read.
#[must_use]
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it is readable").path()).collect();
    found.retain(|path| path.is_dir() || path.extension().is_some_and(|it| it == "sql"));
    found.sort();
    found
}

/// Loads the files as a user would; of a folder, those that need another one wait for it. Says what the server did not take.
///
/// # Panics
///
/// When the files cannot be read or written down for `psql`.
#[must_use]
pub fn load(url: &str, path: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut waiting: Vec<PathBuf> = Vec::new();
    for (number, source) in files::sources(path).expect("the files are readable").iter().enumerate() {
        let file = folder.path().join(format!("{number:04}.sql"));
        fs::write(&file, source.text()).expect("the folder is writable");
        waiting.push(file);
    }
    loop {
        let mut refused = Vec::new();
        let mut why = String::new();
        let count = waiting.len();
        for file in waiting {
            let transaction: &[&str] = if count > 1 { &["--single-transaction"] } else { &[] };
            let error = psql(url, &[transaction, &["-f", &file.display().to_string()]].concat());
            if !error.is_empty() {
                why.push_str(&error);
                refused.push(file);
            }
        }
        if refused.is_empty() || refused.len() == count {
            return why;
        }
        waiting = refused;
    }
}

fn psql(url: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(cluster().program("psql"));
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]).args(arguments);
    let output = command.output().expect("psql comes with PostgreSQL");
    if output.status.success() { String::new() } else { String::from_utf8_lossy(&output.stderr).into_owned() }
}
