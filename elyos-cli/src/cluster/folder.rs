//! Makes and verifies folders at names that others could have guessed.
//!
//! The name of a cluster's folder follows from the project's path, and part of the machine's folders can be written by
//! anybody. So nothing is used because it is there: it must be a real folder (no link), belong to the right user, and be
//! closed to others. What fails that is refused and left as it is.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown},
    path::Path,
};

use nix::unistd::Uid;

use super::{
    account::{Account, Accounts, said},
    error::Error,
};

/// May be written by group or others.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// Only an entry's owner may remove or rename it, as in /tmp.
const STICKY: u32 = 0o1000;

/// Makes a folder that only `owner` can enter, or verifies that the one that is there is such a folder.
///
/// Only root can make a folder for somebody else.
pub(super) fn ensure(path: &Path, owner: &Account) -> Result<(), Error> {
    if let Err(source) = DirBuilder::new().mode(0o700).create(path)
        && source.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(Error::io("make the folder", path, source));
    }
    let me = Uid::effective().as_raw();
    let found = real_folder(path)?;
    // Made by us a moment ago, or by a process of ours that was killed before it came to the next line.
    if found.uid() == me && owner.uid != me {
        lchown(path, Some(owner.uid), Some(owner.gid)).map_err(|source| Error::io("hand over the folder", path, source))?;
    }
    verify(path, owner.uid)
}

/// Makes a folder that only the server's user can enter, or verifies that the one that is there is such a folder, below
/// a folder that the server's user can write to.
///
/// It is made by a program that runs as that user: did root make it and hand it over, the server's user could exchange it
/// for a file of root's in between.
pub(super) fn ensure_for_server(path: &Path, accounts: &Accounts) -> Result<(), Error> {
    if accounts.differ() && fs::symlink_metadata(path).is_err() {
        let output = accounts.run(accounts.command("mkdir", Path::new("/")).args(["-m", "700"]).arg(path))?;
        // What counts is what is there now.
        if !output.status.success() && fs::symlink_metadata(path).is_err() {
            return Err(Error::io("make the folder", path, io::Error::other(said(&output))));
        }
        return verify(path, accounts.server.uid);
    }
    if accounts.differ() {
        return verify(path, accounts.server.uid);
    }
    ensure(path, &accounts.server)
}

/// Verifies that `path` is a folder of user `owner` that nobody else can write to.
pub(super) fn verify(path: &Path, owner: u32) -> Result<(), Error> {
    let found = real_folder(path)?;
    if found.uid() != owner {
        return Err(Error::refused(path, format!("it belongs to user id {} and not to {owner}, so somebody else made it", found.uid())));
    }
    if found.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(Error::refused(path, format!("other users can write to it (mode {:o})", found.mode() & 0o7777)));
    }
    Ok(())
}

/// Verifies that what is in `path` cannot be replaced by a third user: it belongs to root or to this user, and either
/// nobody else can write to it or it is sticky.
pub(super) fn verify_parent(path: &Path) -> Result<(), Error> {
    // A link is fine here (macOS' /var is one), as long as it leads to a folder with these properties.
    let found = fs::metadata(path).map_err(|source| Error::io("look at the folder", path, source))?;
    let me = Uid::effective().as_raw();
    if !found.is_dir() {
        return Err(Error::refused(path, "it is not a folder"));
    }
    if found.uid() != me && found.uid() != 0 {
        return Err(Error::refused(path, format!("it belongs to user id {}, who could replace what is in it", found.uid())));
    }
    if found.mode() & WRITABLE_BY_OTHERS != 0 && found.mode() & STICKY == 0 {
        return Err(Error::refused(path, format!("other users can replace what is in it (mode {:o})", found.mode() & 0o7777)));
    }
    Ok(())
}

/// Opens a folder of ours to the group of the server's user, for passing through, when that is somebody else.
pub(super) fn open_to(path: &Path, server: &Account, differ: bool) -> Result<(), Error> {
    let failed = |source| Error::io("set the permissions of", path, source);
    if !differ {
        return fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed);
    }
    lchown(path, None, Some(server.gid)).map_err(failed)?;
    fs::set_permissions(path, Permissions::from_mode(0o710)).map_err(failed)
}

/// Who may read a file of ours.
#[derive(Clone, Copy, Debug)]
pub(super) enum Readers {
    /// The group with this id, besides its owner.
    Group(u32),
    /// Everybody who can reach it.
    All,
}

/// Replaces a file of ours as a whole, so that nobody ever reads half of it.
///
/// `path` must be in a folder that only this user can write to.
pub(super) fn write(path: &Path, text: &str, readers: Readers) -> Result<(), Error> {
    let unfinished = path.with_extension("new");
    let write = || {
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        let mode = match readers {
            Readers::Group(gid) => {
                fchown(&file, None, Some(gid))?;
                0o640
            }
            Readers::All => 0o644,
        };
        file.set_permissions(Permissions::from_mode(mode))?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|source| Error::io("write", path, source))
}

/// Removes a folder with all that is in it. That it is gone already, or goes while this runs, is as good.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let mut last = Ok(());
    // A server that is on its way out may still write a file while its folder is emptied.
    for _ in 0..20 {
        match fs::remove_dir_all(path) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.exists() => {
                return Ok(());
            }
            Err(error) => last = Err(error),
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    last.map_err(|source| Error::io("remove", path, source))
}

fn real_folder(path: &Path) -> Result<fs::Metadata, Error> {
    let found = fs::symlink_metadata(path).map_err(|source| Error::io("look at the folder", path, source))?;
    if found.is_symlink() {
        return Err(Error::refused(path, "it is a symbolic link, which could lead anywhere"));
    }
    if !found.is_dir() {
        return Err(Error::refused(path, "it is not a folder"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, path::PathBuf};

    use super::*;
    use crate::cluster::testing::acts_as_others;

    fn fresh(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("elyos-folder-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn a_folder_is_made_for_its_owner_alone_and_found_again() {
        let parent = fresh("made");
        let owner = Accounts::detect().unwrap().server;
        let path = parent.join("folder");
        ensure(&path, &owner).unwrap();
        ensure(&path, &owner).unwrap();
        let found = fs::metadata(&path).unwrap();
        assert_eq!((found.uid(), found.mode() & 0o7777), (owner.uid, 0o700));
        remove(&parent).unwrap();
    }

    #[test]
    fn links_files_and_folders_open_to_others_are_refused() {
        let parent = fresh("refused");
        let me = Accounts::detect().unwrap().me;
        symlink("/etc", parent.join("link")).unwrap();
        fs::write(parent.join("file"), "").unwrap();
        fs::create_dir(parent.join("open")).unwrap();
        fs::set_permissions(parent.join("open"), Permissions::from_mode(0o777)).unwrap();
        for name in ["link", "file", "open"] {
            let error = ensure(&parent.join(name), &me).unwrap_err();
            assert!(error.is_refused_place(), "{name}: {error}");
        }
        assert!(verify_parent(&parent.join("open")).unwrap_err().is_refused_place());
        assert!(verify_parent(Path::new("/tmp")).is_ok());
        remove(&parent).unwrap();
    }

    #[test]
    fn a_folder_of_another_user_is_refused() {
        if !acts_as_others() {
            return;
        }
        let accounts = Accounts::detect().unwrap();
        assert!(accounts.differ());
        let parent = fresh("foreign");
        ensure(&parent.join("theirs"), &accounts.server).unwrap();
        let error = ensure(&parent.join("theirs"), &accounts.me).unwrap_err();
        assert!(error.is_refused_place() && error.to_string().contains("belongs to"), "{error}");
        remove(&parent).unwrap();
    }
}
