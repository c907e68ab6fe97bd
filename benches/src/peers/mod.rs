//! The libraries that are measured, each doing the same in the way that its own documentation shows as the best one.

pub(crate) mod by_hand;
pub(crate) mod by_hand_async;
pub(crate) mod cases;
pub(crate) mod diesel_async_peer;
pub(crate) mod diesel_peer;
pub(crate) mod elyos;
pub(crate) mod elyos_async;
pub(crate) mod report;
pub(crate) mod rows;
pub(crate) mod sea_orm_peer;
pub(crate) mod sqlx_peer;
mod tables;

use std::time::{Duration, Instant};

use elyos_benches::Result;
use rows::{Lines, NewItem};

/// How long something took, and what came back where that was to be looked at.
pub(crate) struct Run {
    pub(crate) time: Duration,
    pub(crate) lines: Vec<String>,
}

/// Whether what comes back is looked at, which is no part of the time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    At,
    Away,
}

/// The time from here to the rows, which are dropped behind it.
pub(crate) fn measured<T: Lines>(look: Look, work: impl FnOnce() -> Result<T>) -> Result<Run> {
    let started = Instant::now();
    let rows = work()?;
    let time = started.elapsed();
    Ok(Run { time, lines: if look == Look::At { rows.lines() } else { Vec::new() } })
}

/// A page that is asked for, and how many rows there are in all.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// What the name contains, in any case.
    pub(crate) text: &'static str,
    /// From 1.
    pub(crate) page: u32,
    pub(crate) size: u32,
}

impl Wanted {
    /// As `ILIKE` has it.
    pub(crate) fn pattern(self) -> String {
        format!("%{}%", self.text)
    }

    pub(crate) fn offset(self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.size)
    }
}

/// A library on a connection of its own.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;
    /// The row of few columns with that key.
    fn by_key(&mut self, id: i64, look: Look) -> Result<Run>;
    /// The first so many rows of few columns.
    fn narrow(&mut self, count: u32, look: Look) -> Result<Run>;
    /// The first so many rows of many columns.
    fn wide(&mut self, count: u32, look: Look) -> Result<Run>;
    /// The rows of a page of those whose name contains a text, and how many contain it.
    fn page(&mut self, wanted: Wanted, look: Look) -> Result<Run>;
    /// The row that was made of it.
    fn insert(&mut self, new: NewItem, look: Look) -> Result<Run>;
    /// The rows that were made of them.
    fn insert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run>;
    /// The same, where the rows that are there are changed.
    fn upsert_many(&mut self, new: Vec<NewItem>, look: Look) -> Result<Run>;
    /// All users, with the name of each group of theirs, or without one.
    fn left_join(&mut self, look: Look) -> Result<Run>;
    /// All authors, with their books, with their chapters.
    fn tree(&mut self, look: Look) -> Result<Run>;
    /// A user, the user's groups and the user's roles.
    fn user(&mut self, id: i32, look: Look) -> Result<Run>;
}

/// A runtime of this thread alone, as all asynchronous libraries are given one.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
