//! How a command can end badly, and the exit code that says so.

use std::fmt;
use std::io;
use std::path::Path;

use crate::cluster;

/// Drift was found, or the bundle is not in order.
pub(crate) const FINDINGS: u8 = 1;
/// The command was used in a wrong way.
pub(crate) const USAGE: u8 = 2;
/// There is no database to work on.
pub(crate) const NO_DATABASE: u8 = 3;
/// The database refused.
pub(crate) const REFUSED: u8 = 4;
/// The database is done, and files are not.
pub(crate) const FILES: u8 = 5;

/// What a command failed with.
///
/// Its text is a sentence, followed by the place in a file where there is one, and by what can be done. Neither the
/// text nor the `Debug` form (which is the same text) holds a password.
pub struct Error(Kind);

enum Kind {
    /// The runtime's work failed.
    Runtime(elyos_runtime::Error),
    /// The bundle of the folder is not in order.
    Bundle(elyos_schema::Diagnostics),
    /// The private PostgreSQL could not be had.
    Cluster(cluster::Error),
    /// What was asked for cannot be done: an option, a folder or a file is at fault.
    Usage { what: String, help: &'static str },
    /// There is no database to work on.
    NoDatabase(String),
    /// The database refused.
    Refused(String),
    /// Files could not be removed or written, after all else was done.
    Files(String),
}

impl Error {
    /// What was asked for cannot be done, and what can.
    pub(crate) fn usage(what: impl Into<String>, help: &'static str) -> Self {
        Self(Kind::Usage { what: what.into(), help })
    }

    /// A file or folder of a bundle cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::usage(
            format!("{} cannot be read: {error}", path.display()),
            "it has to be there, and this user has to have the right to read it; a link has to lead to a file",
        )
    }

    /// There is no database to work on.
    pub(crate) fn no_database(text: &str) -> Self {
        Self(Kind::NoDatabase(text.to_owned()))
    }

    /// The database refused.
    pub(crate) fn refused(text: String) -> Self {
        Self(Kind::Refused(text))
    }

    /// Files could not be removed or written, after all else was done.
    pub(crate) fn files(text: String) -> Self {
        Self(Kind::Files(text))
    }

    /// Was something wrong with what was asked for, so that nothing was begun?
    pub(crate) fn is_usage(&self) -> bool {
        self.exit_code() == USAGE
    }

    /// The exit code that says it: 1 drift or findings, 2 wrong usage, 3 no database, 4 the database refused, 5 files
    /// could not be removed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match &self.0 {
            Kind::Runtime(error) if error.is_usage() => USAGE,
            Kind::Runtime(error) if error.is_drift() || error.is_not_up_to_date() => FINDINGS,
            Kind::Runtime(error) if error.is_connection() => NO_DATABASE,
            Kind::Runtime(_) | Kind::Refused(_) => REFUSED,
            Kind::Bundle(_) => FINDINGS,
            Kind::Cluster(_) | Kind::NoDatabase(_) => NO_DATABASE,
            Kind::Usage { .. } => USAGE,
            Kind::Files(_) => FILES,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Runtime(error) => error.fmt(f),
            Kind::Bundle(error) => error.fmt(f),
            Kind::Cluster(error) => fmt::Display::fmt(error, f),
            Kind::Usage { what, help } => write!(f, "{what}\n  = help: {help}"),
            Kind::NoDatabase(text) | Kind::Refused(text) | Kind::Files(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Runtime(error) => error.source(),
            Kind::Cluster(error) => error.source(),
            Kind::Bundle(_) | Kind::Usage { .. } | Kind::NoDatabase(_) | Kind::Refused(_) | Kind::Files(_) => None,
        }
    }
}

impl From<elyos_runtime::Error> for Error {
    fn from(error: elyos_runtime::Error) -> Self {
        Self(Kind::Runtime(error))
    }
}

impl From<elyos_schema::Diagnostics> for Error {
    fn from(error: elyos_schema::Diagnostics) -> Self {
        Self(Kind::Bundle(error))
    }
}

impl From<cluster::Error> for Error {
    fn from(error: cluster::Error) -> Self {
        Self(Kind::Cluster(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_a_sentence_with_what_to_do_and_an_exit_code() {
        let error = Error::unreadable(Path::new("a.sql"), &io::Error::other("no"));
        let text = error.to_string();
        assert_eq!(
            text,
            "a.sql cannot be read: no\n  = help: it has to be there, and this user has to have the right to read it; \
             a link has to lead to a file"
        );
        assert_eq!((format!("{error:?}"), error.exit_code()), (text, USAGE));
    }
}
