//! Removing what does not stay, by handles of folders only.

use std::ffi::{CString, OsStr};
use std::fmt;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{self, AtFlags};
use nix::libc::dev_t;
use nix::sys::stat::{self, Mode, SFlag};
use nix::unistd::{self, UnlinkatFlags};
use serde::Serialize;

use super::keep::{Extent, Kept};
use super::{FOLDER, Uploads, shown};

/// How deep folders are gone into, each level with a handle open. One further down is moved to the top first, so that no
/// depth of a tree uses up the handles that a process may have.
const DEEPEST: usize = 64;

/// How often a folder is read again because something new has appeared in it while it was cleared.
const PATIENCE: u32 = 100;

const MOUNTED: &str = "something is mounted there";

/// Opens a folder in another one; `EXDEV` where something else is mounted there, be it a folder of the same file system,
/// whose device is the same.
///
/// Source: Linux, openat2(2), `RESOLVE_NO_XDEV`.
#[cfg(target_os = "linux")]
fn open_below(folder: &OwnedFd, name: &OsStr) -> Result<OwnedFd, Errno> {
    use nix::fcntl::{OpenHow, ResolveFlag};

    let how = OpenHow::new().flags(FOLDER).resolve(ResolveFlag::RESOLVE_NO_XDEV | ResolveFlag::RESOLVE_NO_SYMLINKS);
    match fcntl::openat2(folder, name, how) {
        // A kernel before 5.6, or a sandbox that lets nothing through that it does not know.
        Err(Errno::ENOSYS | Errno::EPERM) => fcntl::openat(folder, name, FOLDER, Mode::empty()),
        opened => opened,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_below(folder: &OwnedFd, name: &OsStr) -> Result<OwnedFd, Errno> {
    fcntl::openat(folder, name, FOLDER, Mode::empty())
}

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Cleared {
    /// Files, links and all else that is no folder.
    pub(crate) files: u64,
    /// Folders.
    pub(crate) folders: u64,
}

impl fmt::Display for Cleared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        write!(f, "removed {} file{} and {} folder{}", self.files, plural(self.files), self.folders, plural(self.folders))
    }
}

/// What could not be removed: the first of it with the reason, and how many there are.
#[derive(Debug)]
pub(crate) struct Failures {
    first: (PathBuf, String),
    count: u64,
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, why) = &self.first;
        write!(f, "{}: {why}", shown(path.as_os_str()))?;
        match self.count - 1 {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl Uploads {
    /// Removes all but what stays. Links are removed and never followed; what cannot be removed does not keep the rest.
    ///
    /// # Errors
    ///
    /// When something could not be removed, and when others keep adding files faster than they can be removed.
    pub(crate) fn clear(&self, kept: &Kept) -> Result<Cleared, Failures> {
        let device = stat::fstat(&self.handle).map_err(|errno| Failures { first: (self.path.clone(), told(errno)), count: 1 })?.st_dev;
        let mut clearing =
            Clearing { top: &self.handle, device, kept, cleared: Cleared::default(), moved: 0, patience: PATIENCE, failures: None };
        clearing.folder(&self.handle, Some(kept), &mut PathBuf::new(), 0);
        match clearing.failures {
            None => Ok(clearing.cleared),
            Some(failures) => Err(failures),
        }
    }
}

/// The work as far as it has come.
struct Clearing<'u> {
    top: &'u OwnedFd,
    device: dev_t,
    kept: &'u Kept,
    cleared: Cleared,
    moved: u64,
    patience: u32,
    failures: Option<Failures>,
}

impl Clearing<'_> {
    /// Clears a folder until there is nothing in it but what stays, and says whether something does.
    fn folder(&mut self, folder: &OwnedFd, kept: Option<&Kept>, path: &mut PathBuf, depth: usize) -> bool {
        let mut first = true;
        loop {
            let names = match names(folder) {
                Ok(names) => names,
                Err(errno) => {
                    self.failed(path, told(errno));
                    return true;
                }
            };
            let (moved, failures) = (self.moved, self.failure_count());
            let (mut stays, mut found) = (false, false);
            for name in &names {
                let name = OsStr::from_bytes(name.as_bytes());
                let extent = kept.and_then(|kept| kept.of(name));
                if matches!(extent, Some(Extent::Whole)) {
                    stays = true;
                    continue;
                }
                path.push(name);
                let below = match extent {
                    Some(Extent::Below(below)) => Some(below),
                    _ => None,
                };
                match self.entry(folder, name, below, path, depth) {
                    Entry::Gone => found = true,
                    Entry::Stays => stays = true,
                }
                path.pop();
            }
            // Read again until nothing is found that has to go: somebody may have added to it meanwhile. What a reading
            // met a failure at, the next would meet it at too.
            if !found || self.failure_count() > failures {
                return stays;
            }
            if !first && self.moved == moved {
                if self.patience == 0 {
                    self.failed(path, "others keep adding files to it".to_owned());
                    return true;
                }
                self.patience -= 1;
            }
            first = false;
        }
    }

    /// Removes one entry, unless something in it stays.
    fn entry(&mut self, folder: &OwnedFd, name: &OsStr, kept: Option<&Kept>, path: &mut PathBuf, depth: usize) -> Entry {
        let outcome = stat::fstatat(folder, name, AtFlags::AT_SYMLINK_NOFOLLOW).and_then(|found| {
            if found.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFDIR.bits() {
                return self.subfolder(folder, name, kept, path, depth);
            }
            unistd::unlinkat(folder, name, UnlinkatFlags::NoRemoveDir)?;
            self.cleared.files += 1;
            Ok(Entry::Gone)
        });
        match outcome {
            Ok(entry) => entry,
            // Somebody was quicker, or has put something else in its place: the next reading of the folder tells.
            Err(Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP | Errno::EISDIR) => Entry::Gone,
            Err(errno) => {
                self.failed(path, told(errno));
                Entry::Stays
            }
        }
    }

    fn subfolder(&mut self, folder: &OwnedFd, name: &OsStr, kept: Option<&Kept>, path: &mut PathBuf, depth: usize) -> Result<Entry, Errno> {
        if depth >= DEEPEST && kept.is_none() {
            return self.move_to_top(folder, name);
        }
        let inner = match open_below(folder, name) {
            Ok(inner) => inner,
            Err(Errno::EXDEV) => {
                self.failed(path, MOUNTED.to_owned());
                return Ok(Entry::Stays);
            }
            // An empty folder can be removed without being read.
            Err(Errno::EACCES) => {
                unistd::unlinkat(folder, name, UnlinkatFlags::RemoveDir).map_err(|_| Errno::EACCES)?;
                self.cleared.folders += 1;
                return Ok(Entry::Gone);
            }
            Err(errno) => return Err(errno),
        };
        if stat::fstat(&inner)?.st_dev != self.device {
            self.failed(path, MOUNTED.to_owned());
            return Ok(Entry::Stays);
        }
        let failures = self.failure_count();
        if self.folder(&inner, kept, path, depth + 1) || self.failure_count() > failures {
            return Ok(Entry::Stays);
        }
        match unistd::unlinkat(folder, name, UnlinkatFlags::RemoveDir) {
            Ok(()) => self.cleared.folders += 1,
            // Something has been added since it was empty.
            Err(Errno::ENOTEMPTY | Errno::EEXIST) => {}
            Err(errno) => return Err(errno),
        }
        Ok(Entry::Gone)
    }

    /// Moves a folder to the top, where the next reading finds it.
    fn move_to_top(&mut self, folder: &OwnedFd, name: &OsStr) -> Result<Entry, Errno> {
        loop {
            self.moved += 1;
            let free = format!(".demo-reset.{}.{}", std::process::id(), self.moved);
            if self.kept.of(OsStr::new(&free)).is_some() {
                continue;
            }
            match fcntl::renameat(folder, name, self.top, OsStr::new(&free)) {
                Ok(()) => return Ok(Entry::Gone),
                Err(Errno::ENOTEMPTY | Errno::EEXIST) => {}
                Err(errno) => return Err(errno),
            }
        }
    }

    fn failed(&mut self, path: &Path, why: String) {
        match &mut self.failures {
            Some(failures) => failures.count += 1,
            none => *none = Some(Failures { first: (path.to_owned(), why), count: 1 }),
        }
    }

    fn failure_count(&self) -> u64 {
        self.failures.as_ref().map_or(0, |failures| failures.count)
    }
}

/// What became of an entry.
enum Entry {
    /// It is gone, or about to: the folder has to be read again.
    Gone,
    /// It or something in it is still there and will be.
    Stays,
}

/// The names in a folder, read through a handle of its own: a handle remembers how far it has been read.
fn names(folder: impl AsFd) -> Result<Vec<CString>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::openat(folder, ".", FOLDER, Mode::empty())?.iter() {
        let name = entry?.file_name().to_owned();
        if !matches!(name.as_bytes(), b"." | b"..") {
            names.push(name);
        }
    }
    Ok(names)
}

fn told(errno: Errno) -> String {
    io::Error::from(errno).to_string()
}
