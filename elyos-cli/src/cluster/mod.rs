//! A private PostgreSQL for each project.
//!
//! Elyos needs a PostgreSQL to develop and test against, and the developer should not have to set one up. What the
//! machine has installed is run privately: with data of its own, no TCP port, no password, reachable only by the user who
//! started it. [`Cluster`] is the project's; `testing` has one that lives as long as a test run.
//!
//! The modules, in the order a start goes through them: `account` (who runs what), `place`, `folder` and `lock` (where, is
//! that safe, and one at a time), `binaries` and `packaged` (with which programs), `settings`, `server` with
//! `postmaster` and `session` (make, start, stop, ask), `record` (the note for people).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use elyos_runtime::quote_identifier;
use postgres::error::SqlState;

mod account;
mod binaries;
mod error;
mod folder;
mod lock;
mod packaged;
mod place;
mod postmaster;
mod record;
mod server;
mod session;
mod settings;
#[doc(hidden)]
pub mod testing;
mod url;

pub use error::Error;

use binaries::Binaries;
use place::{Place, Purpose};
use record::Record;
use server::Server;

/// The database of a project in its cluster.
pub const PROJECT_DATABASE: &str = "elyos";

/// The longest name PostgreSQL keeps of a database, in bytes; it cuts longer ones off without an error.
const LONGEST_NAME: usize = 63;

/// A PostgreSQL server that runs for one project.
///
/// It goes on running when this value is dropped and when the process ends, until [`stop`](Self::stop) or a restart of
/// the machine. It is a description: should the server be stopped by somebody else, connecting fails.
#[derive(Clone, Debug)]
pub struct Cluster {
    data: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    binaries: PathBuf,
    version: String,
    purpose: Purpose,
}

/// A cluster that runs now, and how it came to.
#[derive(Clone, Debug)]
#[must_use = "it says what was done, which the user should be told"]
pub struct Started {
    /// The running cluster.
    pub cluster: Cluster,
    /// What had to be done.
    pub outcome: Outcome,
}

/// What had to be done to have a running cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran already.
    Running,
    /// It was stopped, or its machine had been, and was started again with its data.
    Restarted,
    /// There was none; it is new and empty.
    Created,
}

impl Cluster {
    /// One of PostgreSQL's programs of the server's own version: `pg_dump`, `psql`.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        let beside = self.binaries.join(name);
        if beside.is_file() { beside } else { PathBuf::from(name) }
    }

    /// Sees to it that the cluster of a project runs: finds the running one, starts a stopped one, or makes one.
    ///
    /// Any number of processes may call this at once; one does the work and the others wait for it and find it done. Being
    /// killed in the middle leaves nothing that the next call does not finish. The place of the cluster follows from the
    /// canonical path of `project`; a note of it is left in the project's `.elyos/`.
    ///
    /// # Errors
    ///
    /// When there is no server on this machine ([`Error::is_missing_server`]), when the cluster's place is not safe to
    /// use ([`Error::is_refused_place`]), and when the server does not start, with the end of its log.
    pub fn start(project: &Path) -> Result<Started, Error> {
        let project = canonical(project)?;
        let place = Place::establish(&project, Purpose::Project)?;
        let _lock = place.lock()?;
        let server = Server::new(&place, place.state());
        let recorded = Record::read(&place);

        if let Some(version) = server.running()?
            && let Some(major) = server.data_version()?
        {
            let record = if let Some(record) = recorded {
                record
            } else {
                // Somebody removed the note. The binaries are looked up again; they serve to write a new one only.
                let binaries = Binaries::find(Some(major), None, &server.data())?;
                Record::new(&project, &place, &binaries)
            };
            record.write(&place)?;
            record.write_in_project(&project)?;
            return Ok(Started { cluster: Self::of(&server, &place, record.binaries(), version), outcome: Outcome::Running });
        }

        let made_by = server.data_version()?;
        let known = recorded.as_ref().map(Record::binaries);
        let binaries = Binaries::find(made_by, known.as_deref(), &server.data())?;
        let outcome = if made_by.is_some() {
            Outcome::Restarted
        } else {
            server.initialise(&binaries)?;
            Outcome::Created
        };
        let version = server.start(&binaries)?;
        let record = Record::new(&project, &place, &binaries);
        record.write(&place)?;
        record.write_in_project(&project)?;
        Ok(Started { cluster: Self::of(&server, &place, binaries.folder, version), outcome })
    }

    /// The cluster of a project if it runs. Starts and changes nothing; waits for a start or stop that is under way.
    ///
    /// # Errors
    ///
    /// When the cluster's place is not safe to use ([`Error::is_refused_place`]), and when a server is there but cannot
    /// be talked to.
    pub fn find(project: &Path) -> Result<Option<Self>, Error> {
        let project = canonical(project)?;
        let Some(place) = Place::locate(&project, Purpose::Project)? else {
            return Ok(None);
        };
        let Some(_lock) = place.lock_shared()? else {
            return Ok(None);
        };
        let server = Server::new(&place, place.state());
        let binaries = Record::read(&place).map(|record| record.binaries());
        Ok(server.running()?.map(|version| Self::of(&server, &place, binaries.unwrap_or_default(), version)))
    }

    /// Stops the cluster of a project, ending all its sessions and writing all its data. `false` when none was running.
    ///
    /// The data stays; [`start`](Self::start) continues with it.
    ///
    /// # Errors
    ///
    /// When the cluster's place is not safe to use ([`Error::is_refused_place`]), and when the server does not stop.
    pub fn stop(project: &Path) -> Result<bool, Error> {
        let project = canonical(project)?;
        let Some(place) = Place::locate(&project, Purpose::Project)? else {
            return Ok(false);
        };
        let _lock = place.lock()?;
        Server::new(&place, place.state()).stop()
    }

    /// The URL of a database in this cluster, for psql, libpq and rust-postgres alike.
    ///
    /// It names the socket's folder as a percent-encoded host and holds no password: the kernel tells the server who
    /// connects. It is the same for as long as the project stays where it is.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        url::of(&self.socket, database)
    }

    /// Creates an empty database if there is none of this name: UTF-8, sorted by code point, so that the same data sorts
    /// the same everywhere.
    ///
    /// # Errors
    ///
    /// When the name is empty, longer than 63 bytes (PostgreSQL would silently cut it), or the server refuses.
    pub fn create_database(&self, name: &str) -> Result<(), Error> {
        if name.is_empty() || name.len() > LONGEST_NAME || name.contains('\0') {
            return Err(Error::invalid(format!("{name:?} as the name of a database"), format!("it must have 1 to {LONGEST_NAME} bytes")));
        }
        let mut create = format!("create database {} template template0 encoding 'UTF8'", quote_identifier(name));
        // Copying files costs two checkpoints, which are nearly free where nothing is synced to disk, as in tests: 11 ms
        // against 28 ms for writing all pages to the log, the default.
        if self.purpose == Purpose::Tests && self.major().is_some_and(|major| major >= 15) {
            create += " strategy file_copy";
        }
        let wanted = name.to_owned();
        session::run(&self.socket, settings::ROLE, move |client| {
            let there = "select from pg_database where datname = $1";
            if client.query_opt(there, &[&wanted])?.is_some() {
                return Ok(());
            }
            match client.batch_execute(&create) {
                // Another process was faster: before our statement began, or while it ran.
                Err(error) if matches!(error.code(), Some(&SqlState::DUPLICATE_DATABASE | &SqlState::UNIQUE_VIOLATION)) => Ok(()),
                result => result,
            }
        })
        .map_err(|failure| failure.into_error(&format!("create the database {name:?}")))
    }

    /// The folder of the data.
    #[must_use]
    pub fn data_directory(&self) -> &Path {
        &self.data
    }

    /// The folder of the socket.
    #[must_use]
    pub fn socket_directory(&self) -> &Path {
        &self.socket
    }

    /// The file that the server logs to.
    #[must_use]
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// The server's version, as it calls itself: `15.13 (Debian 15.13-0+deb12u1)`.
    #[must_use]
    pub fn server_version(&self) -> &str {
        &self.version
    }

    fn major(&self) -> Option<u32> {
        let digits = self.version.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }

    fn of(server: &Server<'_>, place: &Place, binaries: PathBuf, version: String) -> Self {
        Self { data: server.data(), socket: server.socket().to_owned(), log: server.log(), binaries, version, purpose: place.purpose }
    }
}

/// The URL of the database [`PROJECT_DATABASE`] in a project's cluster, or `None` when that does not run.
///
/// Whether the database exists is not asked.
///
/// # Errors
///
/// Those of [`Cluster::find`].
pub fn project_url(project: &Path) -> Result<Option<String>, Error> {
    Ok(Cluster::find(project)?.map(|cluster| cluster.url(PROJECT_DATABASE)))
}

/// The project's path as the system knows it, so that every way of writing it leads to the same cluster.
fn canonical(project: &Path) -> Result<PathBuf, Error> {
    let path = fs::canonicalize(project).map_err(|source| Error::io("find the project", project, source))?;
    if path.is_dir() {
        return Ok(path);
    }
    Err(Error::io("use as a project", &path, io::ErrorKind::NotADirectory.into()))
}
