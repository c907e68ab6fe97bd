//! Joins the server of a test run, or starts it.
//!
//! Each start makes a folder of its own in the place's state folder, with data, log, socket and the watcher's pipe. So a
//! server that is being stopped and removed by its watcher is in nobody's way, and the watcher needs no lock: who finds
//! no server to join starts another.

use std::{
    env, fs,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::{
    KEEP_VARIABLE,
    watcher::{self, Pipe},
};
use crate::cluster::{
    Cluster,
    binaries::Binaries,
    canonical,
    error::Error,
    folder,
    place::Place,
    place::Purpose,
    record::Record,
    server::{Server, fresh_name},
};

/// Keeps the server of a test run alive until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Membership {
    pub cluster: Cluster,
    #[expect(dead_code, reason = "open, it tells the watcher that somebody is here")]
    seat: File,
}

impl Membership {
    /// Joins the server of the workspace that is being tested, or starts it.
    pub(super) fn take() -> Result<Self, Error> {
        let workspace = canonical(&workspace()?)?;
        let linger = watcher::linger()?;
        let place = Place::establish(&workspace, Purpose::Tests)?;
        let _lock = place.lock()?;
        let recorded = Record::read(&place).map(|record| record.binaries());
        let folders = folders(&place)?;
        for folder in &folders {
            if let Some(membership) = Self::join(&place, folder, recorded.as_deref(), &linger)? {
                return Ok(membership);
            }
        }
        for folder in &folders {
            sweep(&place, folder)?;
        }
        Self::start(&place, &workspace, recorded.as_deref(), &linger)
    }

    /// Joins the server in `folder`, or `None` when it is not to be joined any more.
    fn join(place: &Place, folder: &Path, binaries: Option<&Path>, linger: &str) -> Result<Option<Self>, Error> {
        let server = Server::new(place, folder.to_owned());
        let seat = match watcher::open(folder)? {
            Pipe::Watched(seat) => Some(seat),
            // Its watcher was killed, or left because the databases were to be kept.
            Pipe::Unwatched => None,
            Pipe::Missing => return Ok(None),
        };
        let Some(version) = server.running()? else {
            return Ok(None);
        };
        let binaries = match binaries {
            Some(binaries) => binaries.to_owned(),
            None => Binaries::find(server.data_version()?, None, &server.data())?.folder,
        };
        let seat = if let Some(seat) = seat {
            seat
        } else {
            watcher::spawn(place, folder, server.socket(), &binaries, linger)?;
            watcher::wait_for(folder)?
        };
        watcher::announce(&seat, folder, keep())?;
        Ok(Some(Self { cluster: Cluster::of(&server, place, binaries, version), seat }))
    }

    fn start(place: &Place, workspace: &Path, known: Option<&Path>, linger: &str) -> Result<Self, Error> {
        let folder = place.state().join(fresh_name());
        let server = Server::new(place, folder.clone());
        let binaries = Binaries::find(None, known, &server.data())?;
        folder::ensure_for_server(&folder, &place.accounts)?;
        // The watcher comes first, so that whatever happens to this process is cleaned up after.
        watcher::make_pipe(place, &folder)?;
        watcher::spawn(place, &folder, server.socket(), &binaries.folder, linger)?;
        let seat = watcher::wait_for(&folder)?;
        watcher::announce(&seat, &folder, keep())?;
        server.initialise(&binaries)?;
        let version = server.start(&binaries)?;
        Record::new(workspace, place, &binaries).write(place)?;
        Ok(Self { cluster: Cluster::of(&server, place, binaries.folder, version), seat })
    }
}

fn keep() -> bool {
    env::var_os(KEEP_VARIABLE).is_some()
}

/// The folders of all servers of this place that run, are being removed, or were left behind.
fn folders(place: &Place) -> Result<Vec<PathBuf>, Error> {
    let state = place.state();
    let read = || fs::read_dir(&state)?.map(|entry| Ok(entry?.path())).collect();
    let folders: io::Result<_> = read();
    folders.map_err(|source| Error::io("read the folder", &state, source))
}

/// Removes what a server has left whose watcher is gone too, as after a restart of the machine.
fn sweep(place: &Place, folder: &Path) -> Result<(), Error> {
    if watcher::is_alive(folder)? {
        return Ok(());
    }
    let server = Server::new(place, folder.to_owned());
    server.kill()?;
    folder::remove(folder)?;
    if server.socket().starts_with(folder) { Ok(()) } else { folder::remove(server.socket()) }
}

/// The workspace that is being tested: cargo says which package it runs; the nearest folder upwards whose `Cargo.toml`
/// has a `[workspace]` is its workspace, or the package is one by itself.
fn workspace() -> Result<PathBuf, Error> {
    let package = match env::var_os("CARGO_MANIFEST_DIR") {
        Some(package) => PathBuf::from(package),
        // A test binary run by hand.
        None => env::current_dir().map_err(|source| Error::io("find", Path::new("the working folder"), source))?,
    };
    Ok(workspace_of(&package).unwrap_or(&package).to_owned())
}

fn workspace_of(package: &Path) -> Option<&Path> {
    package.ancestors().find(|folder| {
        fs::read_to_string(folder.join("Cargo.toml"))
            .ok()
            .and_then(|manifest| manifest.parse::<toml::Table>().ok())
            .is_some_and(|manifest| manifest.contains_key("workspace"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_workspace_is_the_one() {
        let root = env::temp_dir().join(format!("elyos-workspace-{}", std::process::id()));
        let package = root.join("crates/one");
        fs::create_dir_all(&package).unwrap();
        fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = [\"crates/*\"]\n").unwrap();
        fs::write(package.join("Cargo.toml"), "[package]\nname = \"one\" # [workspace]\n").unwrap();
        assert_eq!(workspace_of(&package), Some(root.as_path()));
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(workspace_of(&package), None);
    }
}
