//! The note of where a project's cluster is: `cluster.toml`, beside the cluster and in the project's `.elyos/`.
//!
//! It is for people, and to find a server's binaries again that were named by a variable once. The cluster itself is
//! found by the project's path, so that losing or copying `.elyos/` neither loses nor shares one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    binaries::Binaries,
    error::Error,
    folder::{self, Readers},
    place::Place,
};

/// The folder in a project that holds what is local to one machine.
const LOCAL_FOLDER: &str = ".elyos";

/// Where a cluster is and what serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The project that the cluster is for.
    pub project: String,
    /// The cluster's folder.
    pub directory: String,
    /// The server's version.
    pub version: String,
    /// The folder of the server's programs.
    pub binaries: String,
}

impl Record {
    pub(super) fn new(project: &Path, place: &Place, binaries: &Binaries) -> Self {
        Self {
            project: project.to_string_lossy().into_owned(),
            directory: place.home.to_string_lossy().into_owned(),
            version: binaries.version.to_string(),
            binaries: binaries.folder.to_string_lossy().into_owned(),
        }
    }

    /// Reads the note beside a cluster. One that is missing or cannot be understood is none: it can be done without.
    pub(super) fn read(place: &Place) -> Option<Self> {
        toml::from_str(&fs::read_to_string(file(&place.home)).ok()?).ok()
    }

    /// The folder of the server's programs.
    pub(super) fn binaries(&self) -> PathBuf {
        PathBuf::from(&self.binaries)
    }

    /// Writes the note beside the cluster.
    pub(super) fn write(&self, place: &Place) -> Result<(), Error> {
        write_changed(&file(&place.home), &self.text()?)
    }

    /// Writes the note into the project, with what keeps `.elyos/` out of version control.
    pub(super) fn write_in_project(&self, project: &Path) -> Result<(), Error> {
        let local = project.join(LOCAL_FOLDER);
        fs::create_dir_all(&local).map_err(|source| Error::io("make the folder", &local, source))?;
        write_changed(&local.join(".gitignore"), "*\n")?;
        write_changed(&file(&local), &self.text()?)
    }

    fn text(&self) -> Result<String, Error> {
        let body = toml::to_string(self).map_err(|error| Error::invalid("the record of the cluster", error.to_string()))?;
        Ok(format!("# Where this project's private PostgreSQL is. Written by elyos at each start; not read from .elyos/.\n{body}"))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("cluster.toml")
}

/// Writes a file unless it says this already: a start that changes nothing should touch nothing.
fn write_changed(path: &Path, text: &str) -> Result<(), Error> {
    match fs::read_to_string(path) {
        Ok(found) if found == text => Ok(()),
        Ok(_) => folder::write(path, text, Readers::All),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
            folder::write(path, text, Readers::All)
        }
        Err(error) => Err(Error::io("read", path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_in_a_project_says_where_and_ignores_itself() {
        let project = std::env::temp_dir().join(format!("elyos-record-{}", std::process::id()));
        fs::create_dir_all(&project).unwrap();
        let record = Record {
            project: "/home/a \"b\"/shop".to_owned(),
            directory: "/var/lib/elyos/0123456789abcdef".to_owned(),
            version: "15.13".to_owned(),
            binaries: "/usr/lib/postgresql/15/bin".to_owned(),
        };
        record.write_in_project(&project).unwrap();
        record.write_in_project(&project).unwrap();
        let local = project.join(LOCAL_FOLDER);
        assert_eq!(fs::read_to_string(local.join(".gitignore")).unwrap(), "*\n");
        let text = fs::read_to_string(file(&local)).unwrap();
        assert_eq!(toml::from_str::<Record>(&text).unwrap(), record);
        assert_eq!(fs::read_dir(&local).unwrap().count(), 2);
        fs::remove_dir_all(&project).unwrap();
    }
}
