//! One step of a bundle and how far it is.

use std::fmt;

use serde::Serialize;

/// One step of a bundle, or a migration that only the database knows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemStatus {
    /// Its name in the bundle.
    pub name: String,
    /// How far it is.
    pub state: ItemState,
    /// Why the next start will run it, where it will.
    pub pending: Option<Pending>,
    /// When it was applied last, by the database's clock, as RFC 3339 in UTC.
    pub applied_at: Option<String>,
    /// How long that took.
    pub milliseconds: Option<f64>,
    /// The rows that it inserted, updated or deleted, where it is a seed.
    pub rows: Option<i64>,
    /// How often it has been applied.
    pub times_applied: Option<i64>,
}

/// How far a step of a bundle is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemState {
    /// Applied, with the text that it has now.
    Applied,
    /// Applied, with another text than it has now.
    Changed,
    /// A migration that is not one transaction, of which a part is applied: it is under way, or was interrupted.
    Interrupted,
    /// Not applied.
    Pending,
    /// An extension that the server provides.
    FromServer,
    /// An extension that the bundle stands in for.
    FromBundle,
    /// A migration that the database has and the bundle has not.
    Unknown,
}

/// Why a step will run at the next start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "because")]
#[non_exhaustive]
pub enum Pending {
    /// It has never run.
    New,
    /// Its text has changed since it ran.
    Changed,
    /// It is a migration that is not one transaction: it was interrupted, or is under way, and a start goes on with it.
    #[non_exhaustive]
    Interrupted {
        /// How many of its statements are done.
        done: usize,
        /// How many statements it was begun with.
        statements: usize,
        /// When it was begun, by the database's clock, as RFC 3339 in UTC.
        started_at: Option<String>,
    },
    /// It runs at every start that has anything to do.
    Always,
    /// It reads a table that another seed, which will run, writes.
    #[non_exhaustive]
    Reads {
        /// The table, with its schema.
        table: String,
        /// The seed that writes it.
        written_by: String,
    },
}

impl ItemStatus {
    /// Is it as the bundle has it, with nothing to be done?
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.pending.is_none() && matches!(self.state, ItemState::Applied | ItemState::FromServer | ItemState::FromBundle)
    }
}

impl fmt::Display for ItemState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Applied => "applied",
            Self::Changed => "changed since it was applied",
            Self::Interrupted => "under way or interrupted",
            Self::Pending => "pending",
            Self::FromServer => "provided by the server",
            Self::FromBundle => "stood in for by the bundle",
            Self::Unknown => "not in the bundle",
        })
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("pending: it is new"),
            Self::Changed => f.write_str("pending: it has changed"),
            Self::Interrupted { done, statements, started_at } => {
                write!(f, "under way or interrupted, {done} of {statements} statements done")?;
                started_at.as_ref().map_or(Ok(()), |at| write!(f, ", started {at}"))
            }
            Self::Always => f.write_str("pending: it runs whenever something does"),
            Self::Reads { table, written_by } => write!(f, "pending: it reads {table}, which {written_by} writes"),
        }
    }
}

impl fmt::Display for ItemStatus {
    /// Its name, how far it is and why it will run, and what is known of its last time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<30} ", self.name)?;
        match &self.pending {
            Some(pending) => write!(f, "{pending}")?,
            None => write!(f, "{}", self.state)?,
        }
        if let Some(at) = &self.applied_at {
            write!(f, "{} {at}", if self.pending.is_some() || self.state != ItemState::Applied { ", applied" } else { "" })?;
        }
        if let Some(milliseconds) = self.milliseconds {
            write!(f, ", {milliseconds:.1} ms")?;
        }
        if let Some(rows) = self.rows {
            write!(f, ", {rows} row{}", if rows == 1 { "" } else { "s" })?;
        }
        match self.times_applied {
            Some(times) if times > 1 => write!(f, ", {times} times"),
            _ => Ok(()),
        }
    }
}
