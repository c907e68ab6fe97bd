//! What is done to a start.

use std::fmt;

use elyos_tests::bouncer::Bouncer;

/// A way to disturb a start, at one of its messages to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The process is killed before the server gets the message.
    KilledBefore,
    /// The process is killed while the server works on the message.
    KilledAfter,
    /// The connection is cut before the server gets the message.
    CutBefore,
    /// The connection is cut while the server works on the message.
    CutAfter,
    /// The server is killed with -9.
    ServerKilled,
    /// The server is stopped in its fast mode.
    ServerStopped,
    /// The statement runs into the server's time-out.
    TimedOut,
    /// A stranger holds every table, for longer than a start waits for another.
    Locked,
    /// The statement fails as it does on a full disk.
    DiskFull,
    /// The connections go through pgbouncer, which pools transactions, and the process is killed.
    Pooled,
}

impl Fault {
    pub(super) const ALL: [Self; 10] = [
        Self::KilledBefore,
        Self::KilledAfter,
        Self::CutBefore,
        Self::CutAfter,
        Self::ServerKilled,
        Self::ServerStopped,
        Self::TimedOut,
        Self::Locked,
        Self::DiskFull,
        Self::Pooled,
    ];

    /// Whether the fault is one of a statement, and not of any message.
    pub(super) fn is_of_a_statement(self) -> bool {
        matches!(self, Self::TimedOut | Self::DiskFull)
    }

    /// What the server is asked in place of the statement, for the faults that are its errors.
    pub(super) fn replacement(self) -> Option<&'static str> {
        match self {
            Self::TimedOut => Some("SET statement_timeout = 1; SELECT pg_catalog.pg_sleep(60)"),
            Self::DiskFull => {
                Some("DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$")
            }
            _ => None,
        }
    }

    /// Whether what it takes is on this machine; says so where it is not, and insists on it in CI.
    pub(super) fn can_be_tried(self) -> bool {
        self != Self::Pooled || Bouncer::is_installed()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KilledBefore => "killed before a message",
            Self::KilledAfter => "killed after a message",
            Self::CutBefore => "connection cut before a message",
            Self::CutAfter => "connection cut after a message",
            Self::ServerKilled => "server killed with -9",
            Self::ServerStopped => "server stopped in fast mode",
            Self::TimedOut => "statement time-out",
            Self::Locked => "lock held by a stranger",
            Self::DiskFull => "disk full",
            Self::Pooled => "pgbouncer between, and killed",
        })
    }
}
