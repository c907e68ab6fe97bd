//! The folder that a command works on, found without reading what is in it.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::Error;

/// What a folder that cannot be read needs.
const UNREADABLE: &str = "it has to be there, and this user has to have the right to read it";

/// A folder, and whether there is a bundle in it.
pub(crate) struct Folder {
    /// Its canonical path.
    pub(crate) path: PathBuf,
    /// Is there a `seeds/seeds.toml`? If not, the bundle is `ElyOS`.
    pub(crate) has_bundle: bool,
}

impl Folder {
    /// The bundle's folder at or above the one named, else at or above the current one, else the current one.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Error> {
        let here = match named {
            Some(named) => named.to_owned(),
            None => env::current_dir().map_err(|error| Error::usage(format!("the current folder cannot be read: {error}"), UNREADABLE))?,
        };
        let here = here
            .canonicalize()
            .map_err(|error| Error::usage(format!("the folder {} cannot be read: {error}", here.display()), UNREADABLE))?;
        match here.ancestors().find(|folder| folder.join("seeds/seeds.toml").is_file()) {
            Some(folder) => Ok(Self { path: folder.to_owned(), has_bundle: true }),
            None if named.is_some() => Err(Error::usage(
                format!("there is no seeds/seeds.toml in {} or above it", here.display()),
                "a bundle is a folder with schema.sql or migrations/, and seeds/seeds.toml",
            )),
            None => Ok(Self { path: here, has_bundle: false }),
        }
    }
}
