//! What stays in the folder: paths in it, each with all that is below.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

use nix::errno::Errno;
use nix::fcntl::{self, AtFlags};
use nix::sys::stat::{self, Mode, SFlag};

use super::{FOLDER, GITKEEP, KEEP_VARIABLE, Uploads, record, shown};
use crate::failure::Error;

/// What stays at the top of the folder without being named.
const ALWAYS: [&str; 2] = [GITKEEP, record::LOG];

/// Names in a folder that stay, and what of each.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Kept(BTreeMap<OsString, Extent>);

/// What stays of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// It and all that is below it.
    Whole,
    /// What these names in it say, and the folder itself as long as one of them is there.
    Below(Kept),
}

impl Kept {
    /// Reads paths with commas between them. `.gitkeep` and the log stay without being named.
    ///
    /// # Errors
    ///
    /// When a path is absolute, has `..` in it, or is the folder itself.
    pub(crate) fn parse(written: &OsStr) -> Result<Self, Error> {
        let mut kept = Self::default();
        for name in ALWAYS {
            kept.add(&[OsStr::new(name)]);
        }
        for path in written.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|path| !path.is_empty()) {
            let path = OsStr::from_bytes(path);
            let mut names = Vec::new();
            for component in Path::new(path).components() {
                match component {
                    Component::Normal(name) => names.push(name),
                    Component::CurDir => {}
                    _ => return Err(refused(path, "leads out of the folder")),
                }
            }
            if names.is_empty() {
                return Err(refused(path, "is the whole folder"));
            }
            kept.add(&names);
        }
        Ok(kept)
    }

    fn add(&mut self, names: &[&OsStr]) {
        let [first, rest @ ..] = names else { return };
        if rest.is_empty() {
            self.0.insert((*first).to_owned(), Extent::Whole);
        } else if let Extent::Below(below) = self.0.entry((*first).to_owned()).or_insert_with(|| Extent::Below(Self::default())) {
            below.add(rest);
        }
    }

    /// What stays of a name; none where nothing does.
    pub(super) fn of(&self, name: &OsStr) -> Option<&Extent> {
        self.0.get(name)
    }

    /// Sees to it that no path to be kept goes through a link or ends in one: what is behind it could not be kept.
    ///
    /// # Errors
    ///
    /// When one does, or when a folder on the way cannot be looked into.
    pub(crate) fn check(&self, uploads: &Uploads) -> Result<(), Error> {
        self.check_in(&uploads.handle, Path::new(""))
    }

    fn check_in(&self, folder: impl AsFd, above: &Path) -> Result<(), Error> {
        for (name, extent) in &self.0 {
            // Nobody has named these two: they stay as what they are, and nothing is looked for in them.
            if above == Path::new("") && ALWAYS.iter().any(|always| name == always) {
                continue;
            }
            let path = above.join(name);
            let unreadable = |errno: Errno| refused(path.as_os_str(), &format!("cannot be looked at: {}", io::Error::from(errno)));
            let found = match stat::fstatat(&folder, name.as_os_str(), AtFlags::AT_SYMLINK_NOFOLLOW) {
                Ok(found) => SFlag::from_bits_truncate(found.st_mode & SFlag::S_IFMT.bits()),
                Err(Errno::ENOENT) => continue,
                Err(errno) => return Err(unreadable(errno)),
            };
            if found == SFlag::S_IFLNK {
                return Err(refused(path.as_os_str(), "is a link"));
            }
            if let (Extent::Below(below), SFlag::S_IFDIR) = (extent, found) {
                let inner = fcntl::openat(&folder, name.as_os_str(), FOLDER, Mode::empty()).map_err(unreadable)?;
                below.check_in(inner, &path)?;
            }
        }
        Ok(())
    }
}

fn refused(path: &OsStr, why: &str) -> Error {
    Error::usage(
        format!("{KEEP_VARIABLE} names {}, which {why}", shown(path)),
        "a path to keep is one in the uploads folder, without `..` and links, as in DEMO_RESET_UPLOADS_KEEP=avatars/demo.png,docs",
    )
}
