//! Writes that are put together: what is changed, of which rows, and what comes back of them.

mod conditions;
mod conflict;
mod deleting;
mod inserting;
mod updating;

use std::borrow::Cow;
use std::fmt;

use tokio_postgres::Row;

pub use conditions::{Conditioned, Said, Unconditioned};
use conditions::{Rows, conditioned};
pub use conflict::excluded;
pub use deleting::Deleting;
pub use inserting::{ColumnsOf, Inserting, InsertingFrom, Keeping, Merges, Merging, TakesRows};
pub use updating::{Takes, Updating};

use super::Repository;
use super::many::in_places;
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;
use crate::query::{Fragment, Numbers, Param, Query, Reading, Selected, Selection, Shape, Statement, read};

/// A statement that writes rows.
#[doc(hidden)]
pub trait Writing: Send + Sync {
    type Repository: Repository;

    /// Whether it would write nothing.
    fn is_needless(&self) -> bool {
        false
    }

    /// Whether no row comes back where nothing is written.
    fn is_silent(&self) -> bool {
        self.is_needless()
    }

    /// Why it is not sent, where something is wrong with it.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The whole statement with what comes back.
    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>);

    /// The whole statement with the number of rows that were written, `one` being what comes back of each.
    fn write_counted<'s>(&'s self, one: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        sql.push_str("WITH changed AS (");
        self.write(one, sql, params);
        sql.push_str(") SELECT count(*) FROM changed");
    }

    /// How many columns stand before those that come back, and where each row belongs, if not where it is.
    fn places(&self, _: &[Row]) -> Result<(usize, Option<Vec<usize>>)> {
        Ok((0, None))
    }
}

/// Appends a fragment and its values.
fn put<'s>(fragment: &'s Fragment, sql: &mut String, params: &mut Vec<Param<'s>>) {
    let taken = params.len();
    fragment.write(sql, &mut Numbers::behind(taken));
    fragment.params(params, &mut Numbers::behind(taken));
}

/// Appends a select list and its values.
fn put_list<'s>(list: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
    let taken = params.len();
    list.0.write(Shape::AsRead, sql, &mut Numbers::behind(taken));
    list.0.params(params, &mut Numbers::behind(taken));
}

/// A write, and what comes back of each row that it wrote.
#[must_use = "it writes nothing until it runs: `.all(&db)`, `.one(&db)`, `.optional(&db)`"]
pub struct Returning<W, O> {
    what: W,
    list: Selected,
    reading: O,
}

impl<W: Writing, O: Reading> Returning<W, O> {
    fn new<C: Selection<W::Repository, I, Reading = O>, I>(what: W, columns: C) -> Self {
        let (list, reading) = columns.select();
        Self { what, list, reading }
    }

    /// Runs it; of each row that it wrote.
    pub fn all<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Vec<O::Output>>
    where
        W: 'a,
    {
        ex.run(All(self))
    }

    /// Runs it; of the one row that it wrote.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) where it wrote none, and [`is_several`](Error::is_several) where it wrote several, which it
    /// did all the same: in a transaction that can be undone.
    pub fn one<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, O::Output>
    where
        W: 'a,
    {
        ex.run(One(self))
    }

    /// Runs it; of the one row that it wrote, if it wrote one.
    ///
    /// # Errors
    ///
    /// As [`one`](Self::one).
    pub fn optional<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Option<O::Output>>
    where
        W: 'a,
    {
        ex.run(Optional(self))
    }

    /// The statement as SQL, with a `$n` for every value.
    #[must_use]
    pub fn to_sql(&self) -> String {
        self.statement().sql.into_owned()
    }

    fn statement(&self) -> Statement<'_> {
        let (mut sql, mut params) = (String::with_capacity(256), Vec::new());
        self.what.write(&self.list, &mut sql, &mut params);
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: &[Row]) -> Result<Vec<O::Output>> {
        self.what.check()?;
        let (first, places) = self.what.places(rows)?;
        in_places(places, rows.iter().map(|row| self.reading.read(row, first)))
    }
}

impl<W: Writing, O: Reading> fmt::Debug for Returning<W, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Returning({})", self.to_sql())
    }
}

struct All<W, O>(Returning<W, O>);
struct One<W, O>(Returning<W, O>);
struct Optional<W, O>(Returning<W, O>);

/// The rows, one of which at most was asked for.
fn single<W: Writing, O: Reading>(query: &Returning<W, O>, rows: &[Row]) -> Result<Option<O::Output>> {
    if rows.len() > 1 {
        return Err(Error::new(Kind::Several { table: W::Repository::TABLE.to_owned() }));
    }
    Ok(query.read(rows)?.pop())
}

macro_rules! queries {
    ($($name:ident, $output:ty, |$query:ident, $rows:ident| $read:expr;)*) => {
        $(impl<W: Writing, O: Reading> Query for $name<W, O> {
            type Output = $output;

            fn is_needless(&self) -> bool {
                self.0.what.is_silent() || self.0.what.check().is_err()
            }

            fn statement(&self) -> Statement<'_> {
                self.0.statement()
            }

            fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
                let ($query, $rows) = (&self.0, &rows);
                $read
            }
        })*
    };
}

queries! {
    All, Vec<O::Output>, |query, rows| query.read(rows);
    Optional, Option<O::Output>, |query, rows| single(query, rows);
    One, O::Output, |query, rows| {
        single(query, rows)?.ok_or_else(|| Error::new(Kind::NotFound { table: W::Repository::TABLE.to_owned() }))
    };
}

/// How many rows a write wrote: they are counted at the server.
struct Counted<W> {
    what: W,
    one: Selected,
}

impl<W> Counted<W> {
    fn new(what: W) -> Self {
        Self { what, one: Selected::one() }
    }
}

impl<W: Writing> Query for Counted<W> {
    type Output = i64;

    fn is_needless(&self) -> bool {
        self.what.is_needless() || self.what.check().is_err()
    }

    fn statement(&self) -> Statement<'_> {
        let (mut sql, mut params) = (String::with_capacity(256), Vec::new());
        self.what.write_counted(&self.one, &mut sql, &mut params);
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        self.what.check()?;
        rows.first().map_or(Ok(0), |row| read(row, 0))
    }
}

/// ` RETURNING …`
fn write_returning<'s>(returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
    sql.push_str(" RETURNING ");
    put_list(returning, sql, params);
}
