//! How a command can end badly, and the exit code that says so.

use std::fmt;

use crate::cluster;

/// Drift was found, or the bundle is not in order.
pub(crate) const FINDINGS: u8 = 1;
/// The command was used in a wrong way.
pub(crate) const USAGE: u8 = 2;
/// There is no database to work on.
pub(crate) const NO_DATABASE: u8 = 3;
/// The database refused.
pub(crate) const REFUSED: u8 = 4;

/// What a command failed with.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The runtime's work failed.
    Runtime(elyos_runtime::Error),
    /// The bundle of the folder is not in order.
    Bundle(elyos_schema::Diagnostics),
    /// The private PostgreSQL could not be had.
    Cluster(cluster::Error),
    /// There is no database at the URL given.
    NoDatabase(String),
    /// The database refused.
    Refused(String),
    /// A folder or file could not be read.
    Files(String),
}

impl Failure {
    /// The exit code that says it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Runtime(error) if error.is_usage() => USAGE,
            Self::Runtime(error) if error.is_drift() => FINDINGS,
            Self::Runtime(error) if error.is_connection() => NO_DATABASE,
            Self::Runtime(_) | Self::Refused(_) => REFUSED,
            Self::Bundle(_) => FINDINGS,
            Self::Cluster(_) | Self::NoDatabase(_) => NO_DATABASE,
            Self::Files(_) => USAGE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Runtime(error) => error.fmt(f),
            Self::Bundle(error) => error.fmt(f),
            Self::Cluster(error) => error.fmt(f),
            Self::Files(error) | Self::NoDatabase(error) | Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

impl From<elyos_runtime::Error> for Failure {
    fn from(error: elyos_runtime::Error) -> Self {
        Self::Runtime(error)
    }
}

impl From<elyos_schema::Diagnostics> for Failure {
    fn from(error: elyos_schema::Diagnostics) -> Self {
        Self::Bundle(error)
    }
}

impl From<cluster::Error> for Failure {
    fn from(error: cluster::Error) -> Self {
        Self::Cluster(error)
    }
}
