//! The folder of uploaded files that a demonstration is put back to its beginning with.
//!
//! `Uploads` is the folder, opened once and held: all that follows (`keep`: what stays, `clear`: what goes, `record`: the
//! line in its log) starts from that handle and goes down by handles, never by a path from outside and never through a
//! link. So a folder that is swapped for a link in the middle of the work leads nowhere.

mod clear;
mod keep;
mod record;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{self, OFlag};
use nix::sys::stat::{self, Mode};

use crate::failure::Error;

pub(crate) use clear::Cleared;
pub(crate) use keep::Kept;
pub(crate) use record::{Record, Status};

/// The variable that names the folder.
pub(crate) const FOLDER_VARIABLE: &str = "UPLOADS_DIR";

/// The variable that names what stays in it, paths in the folder with commas between them.
pub(crate) const KEEP_VARIABLE: &str = "DEMO_RESET_UPLOADS_KEEP";

/// The file that keeps an empty folder in git, which stays.
const GITKEEP: &str = ".gitkeep";

const OWN_FOLDER: &str = "name the folder that holds uploaded files and nothing else, as in UPLOADS_DIR=/srv/app/uploads";

/// How a folder is opened: never through a link in its last name.
const FOLDER: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// The folder, held open.
#[derive(Debug)]
pub(crate) struct Uploads {
    path: PathBuf,
    handle: OwnedFd,
}

impl Uploads {
    /// Opens the folder at a path, which must hold none of the folders in `apart`.
    ///
    /// # Errors
    ///
    /// When the path is empty, does not end in a folder's own name (`/`, `.`, `a/..`), leads to a link, to something that is
    /// no folder or to nothing, and when one of `apart` is the folder or lies in it.
    pub(crate) fn open(named: Option<OsString>, apart: &[&Path]) -> Result<Self, Error> {
        let Some(named) = named.filter(|named| !named.is_empty()) else {
            return Err(Error::usage(format!("{FOLDER_VARIABLE} is not set, which names the folder to clear"), OWN_FOLDER));
        };
        let refused = |why: &str| Error::usage(format!("{FOLDER_VARIABLE} is {}, which {why}", shown(&named)), OWN_FOLDER);
        // A slash or a dot behind the name of a link would lead through it.
        let path: PathBuf = Path::new(&named).components().collect();
        match path.components().next_back() {
            Some(Component::Normal(_)) => {}
            Some(Component::RootDir) => return Err(refused("is the root of the file system")),
            _ => return Err(refused("does not end in the name of a folder")),
        }
        let handle = fcntl::open(&path, FOLDER, Mode::empty()).map_err(|errno| match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => refused("is a link, and a link is not followed"),
            Ok(found) if !found.is_dir() => refused("is no folder"),
            _ if errno == Errno::ENOENT => refused("does not exist"),
            _ => refused(&format!("cannot be opened: {}", io::Error::from(errno))),
        })?;
        let own = stat::fstat(&handle).map_err(|errno| refused(&format!("cannot be read: {}", io::Error::from(errno))))?;
        for folder in apart {
            // Where a link leads to it, the folders of its name are not all that hold it.
            let real = folder.canonicalize().unwrap_or_default();
            let within = folder.ancestors().chain(real.ancestors()).filter_map(|ancestor| fs::metadata(ancestor).ok());
            if within.into_iter().any(|found| (found.dev(), found.ino()) == (own.st_dev, own.st_ino)) {
                return Err(refused(&format!("holds {}", shown(folder.as_os_str()))));
            }
        }
        Ok(Self { path, handle })
    }

    /// The path that was named.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A path as people are shown it: in quotes, with line ends and what is not Unicode escaped.
#[expect(clippy::unnecessary_debug_formatting, reason = "a name's line end would read as one of the message's")]
fn shown(path: &OsStr) -> String {
    format!("{path:?}")
}

#[cfg(test)]
mod tests;
