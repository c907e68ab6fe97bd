//! The folder's log of resets: one line of JSON for each.

use std::fs::File;
use std::io::{self, Write as _};

use elyos_runtime::chrono::{SecondsFormat, Utc};
use nix::fcntl::{self, OFlag};
use nix::sys::stat::{self, Mode, SFlag};
use serde::Serialize;

use super::Uploads;
use crate::failure::Error;

/// The log's name in the folder.
pub(super) const LOG: &str = ".demo-reset.log";

/// How a reset ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// The database and the folder are as at the beginning.
    Success,
    /// Something was wrong with what was asked for; nothing was touched.
    Refused,
    /// The database was not reset; no file was touched.
    DatabaseFailed,
    /// The database was reset, and files could not be removed.
    FilesFailed,
}

#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    status: Status,
    error: Option<&'a str>,
}

/// The log, open to be appended to.
#[derive(Debug)]
pub(crate) struct Record(pub(super) File);

impl Record {
    /// Opens the folder's log, which is made where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be written, and when it is not a file of its own: a link, hard or symbolic, would have the line
    /// written outside of the folder, and a pipe would keep the reset waiting.
    pub(crate) fn open(uploads: &Uploads) -> Result<Self, Error> {
        const HELP: &str =
            "the log is a file of the uploads folder: remove what is there in its place, or give this user the right to write it";
        let refused = |why: &str| Error::usage(format!("the log {} {why}", uploads.path.join(LOG).display()), HELP);
        let flags = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let cannot = |errno| match errno {
            nix::errno::Errno::ELOOP => refused("is a link, and a link is not followed"),
            errno => refused(&format!("cannot be written: {}", io::Error::from(errno))),
        };
        let handle = fcntl::openat(&uploads.handle, LOG, flags, Mode::from_bits_truncate(0o644)).map_err(cannot)?;
        let found = stat::fstat(&handle).map_err(cannot)?;
        if found.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFREG.bits() {
            return Err(refused("is no file"));
        }
        if found.st_nlink != 1 {
            return Err(refused("has another name elsewhere, and would be written there too"));
        }
        Ok(Self(File::from(handle)))
    }

    /// Appends a line that says how it ended. Written with one call, it stays whole beside those of others.
    pub(crate) fn append(mut self, status: Status, error: Option<&str>) -> Result<(), Error> {
        let timestamp = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let line = serde_json::to_string(&Line { timestamp, status, error }).map_err(io::Error::from);
        line.and_then(|line| self.0.write_all(format!("{line}\n").as_bytes()))
            .map_err(|error| Error::files(format!("the log {LOG} cannot be written: {error}")))
    }
}
