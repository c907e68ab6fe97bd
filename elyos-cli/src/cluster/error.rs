//! What can go wrong with a private cluster, and what to do about it.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::binaries::{OLDEST_MAJOR, Version};

/// Why a cluster could not be found, started, stopped or used.
///
/// `Display` says what happened and what to do, in one or a few sentences; the cause, where there is one, is in
/// [`source`](std::error::Error::source) and in the sentence as well. Which kind of failure it was is asked with the
/// `is_…` methods, so that a new kind breaks nobody.
pub struct Error(Box<Kind>);

pub(super) enum Kind {
    /// No server binaries on this machine.
    MissingServer,
    /// `ELYOS_POSTGRES_BIN` names a folder that is not one of a PostgreSQL server.
    NoServerIn { folder: PathBuf, why: String },
    /// The data was written by a major version that is not installed.
    MissingVersion { data: PathBuf, wanted: u32, found: Vec<Version> },
    /// Something at a place of ours is not ours.
    Refused { path: PathBuf, why: String },
    /// The user this process runs as has no passwd entry.
    NoAccount { uid: u32 },
    /// Started by root on a machine that has neither `postgres` nor `nobody`.
    NoServerAccount,
    /// A value of the environment or an argument that cannot be used.
    Invalid { what: String, why: String },
    /// Another process kept the cluster's lock for too long.
    Busy { home: PathBuf, waited: Duration },
    /// The operating system refused something.
    Io { doing: String, path: PathBuf, source: io::Error },
    /// A program of PostgreSQL failed.
    Program { what: String, output: String },
    /// The server did not come up, go down, or answer.
    Server { what: String, log: PathBuf, tail: String },
    /// The server answered, with an error.
    Session { doing: String, source: postgres::Error },
}

impl Error {
    /// Whether this machine has no PostgreSQL server that could be used: none at all, none of the major version that
    /// the data needs, or none where `ELYOS_POSTGRES_BIN` says.
    #[must_use]
    pub fn is_missing_server(&self) -> bool {
        matches!(*self.0, Kind::MissingServer | Kind::NoServerIn { .. } | Kind::MissingVersion { .. })
    }

    /// Whether a folder or file was found where the cluster belongs that was not made by it, or could be changed by
    /// somebody else, and so was not touched.
    #[must_use]
    pub fn is_refused_place(&self) -> bool {
        matches!(*self.0, Kind::Refused { .. })
    }

    /// Whether another process was at work on the same cluster for longer than this one was ready to wait.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(*self.0, Kind::Busy { .. })
    }

    pub(super) fn io(doing: impl Into<String>, path: &Path, source: io::Error) -> Self {
        Kind::Io { doing: doing.into(), path: path.to_owned(), source }.into()
    }

    pub(super) fn refused(path: &Path, why: impl Into<String>) -> Self {
        Kind::Refused { path: path.to_owned(), why: why.into() }.into()
    }

    pub(super) fn invalid(what: impl Into<String>, why: impl Into<String>) -> Self {
        Kind::Invalid { what: what.into(), why: why.into() }.into()
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(Box::new(kind))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::MissingServer => write!(
                f,
                "no PostgreSQL server ({OLDEST_MAJOR} or newer) was found on this machine. Install one (Debian, Ubuntu: \
                 apt install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql@17), \
                 or set ELYOS_POSTGRES_BIN to the folder that holds initdb and postgres, \
                 or set DATABASE_URL to use a server that runs elsewhere"
            ),
            Kind::NoServerIn { folder, why } => write!(
                f,
                "ELYOS_POSTGRES_BIN is {}, which cannot be used: {why}. Set it to the folder that holds initdb, pg_ctl \
                 and postgres, or unset it to have them searched for",
                folder.display()
            ),
            Kind::MissingVersion { data, wanted, found } => {
                write!(f, "the data in {} was made by PostgreSQL {wanted}, which is not installed here any more", data.display())?;
                if !found.is_empty() {
                    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
                    write!(f, " (installed: {})", found.join(", "))?;
                }
                write!(
                    f,
                    ". Install PostgreSQL {wanted} again (Debian, Ubuntu: apt install postgresql-{wanted}; \
                     macOS: brew install postgresql@{wanted}), or remove {} to begin afresh, which loses what is in it",
                    data.display()
                )
            }
            Kind::Refused { path, why } => write!(
                f,
                "{} is not used because {why}. Find out where it comes from; if it is of no use, remove it and try again",
                path.display()
            ),
            Kind::NoAccount { uid } => write!(
                f,
                "user id {uid} has no entry in the user database, and PostgreSQL does not run without one. Add it to \
                 /etc/passwd, or set DATABASE_URL to use a server that runs elsewhere"
            ),
            Kind::NoServerAccount => write!(
                f,
                "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor a user `nobody` \
                 to run it as. Add one (useradd --system postgres), or run this as an ordinary user"
            ),
            Kind::Invalid { what, why } => write!(f, "{what} cannot be used: {why}"),
            Kind::Busy { home, waited } => write!(
                f,
                "another process has been starting or stopping the cluster in {} for more than {} s. Look for it, \
                 end it and try again",
                home.display(),
                waited.as_secs()
            ),
            Kind::Io { doing, path, source } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Kind::Program { what, output } => write!(f, "{what}: {}", or_silence(output)),
            Kind::Server { what, log, tail } => write!(f, "{what}. The end of its log, {}:\n{}", log.display(), or_silence(tail)),
            Kind::Session { doing, source } => {
                write!(f, "cannot {doing}: ")?;
                match source.as_db_error() {
                    Some(db) => {
                        write!(f, "{}", db.message())?;
                        db.detail().map_or(Ok(()), |detail| write!(f, " ({detail})"))?;
                        db.hint().map_or(Ok(()), |hint| write!(f, ". {hint}"))
                    }
                    None => write!(f, "{source}"),
                }
            }
        }
    }
}

/// What a program said, or that it said nothing: a message must not end in an empty quotation.
fn or_silence(said: &str) -> &str {
    match said.trim() {
        "" => "(it said nothing)",
        said => said,
    }
}

impl fmt::Debug for Error {
    /// The sentence itself: `unwrap` and `main` returning `Err` print errors this way, and a reader wants the advice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } => Some(source),
            Kind::Session { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_server_names_the_packages_and_the_way_around() {
        let text = Error::from(Kind::MissingServer).to_string();
        for part in ["apt install postgresql", "dnf install postgresql-server", "brew install", "DATABASE_URL"] {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }

    #[test]
    fn a_missing_version_names_what_is_there_instead() {
        let error = Error::from(Kind::MissingVersion {
            data: "/var/lib/elyos/x/state/data".into(),
            wanted: 14,
            found: Version::parse("postgres (PostgreSQL) 17.2").into_iter().collect(),
        });
        assert!(error.is_missing_server());
        assert!(error.to_string().contains("installed: 17.2") && error.to_string().contains("postgresql-14"));
    }
}
