//! How a query is run, and how many rows it may have.

use std::borrow::Cow;
use std::fmt;

use tokio_postgres::Row;

use super::super::fragment::Numbers;
use super::super::relation::Levels;
use super::super::{Each, Gather, Gathered, Inner, Left, Query, Reading, Statement, Table, read};
use super::{AS_READ, Select, Shown};
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;

/// A query over these tables runs by itself: it uses none around it.
#[diagnostic::on_unimplemented(
    message = "a sub-query does not run by itself",
    label = "begin it with `select()`, which is of its own tables alone, and not with `subquery()`"
)]
pub trait Closed {}

impl<R: Table> Closed for R {}
impl<S: Closed, R> Closed for Inner<S, R> {}
impl<S: Closed, R> Closed for Left<S, R> {}

impl<S, O> Select<S, O> {
    /// The statement of which each row is one of the query's.
    pub(crate) fn statement(&self) -> Statement<'_> {
        Statement { sql: Cow::Owned(self.row_by_row()), params: self.body.params(AS_READ) }
    }

    /// The table's name as people write it, for errors.
    fn shown(&self) -> String {
        self.body.base.replace('"', "")
    }
}

impl<S, O: Reading> Select<S, O> {
    pub(crate) fn read_row(&self, row: &Row) -> Result<O::Output> {
        self.reading.read(row, 0)
    }
}

/// A query whose rows are read when all are there, so that those of a tree may come level by level.
struct Whole<S, O> {
    select: Select<S, O>,
    levels: Option<Levels>,
}

impl<S, O> Whole<S, O> {
    fn new(select: Select<S, O>) -> Self {
        Self { levels: Levels::of(&select.body), select }
    }

    fn statement(&self) -> Statement<'_> {
        let Some(Levels { sql, .. }) = &self.levels else { return self.select.statement() };
        let mut params = Vec::new();
        sql.params(&mut params, &mut Numbers::default());
        Statement { sql: Cow::Owned(sql.to_sql()), params }
    }
}

impl<S, O: Reading> Whole<S, O> {
    fn read(&self, rows: &[Row]) -> Result<Vec<O::Output>> {
        match &self.levels {
            Some(levels) => levels.read(rows, &self.select.reading),
            None => rows.iter().map(|row| self.select.read_row(row)).collect(),
        }
    }

    /// The row, if there is one.
    fn single(&self, rows: &[Row]) -> Result<Option<O::Output>> {
        let mut read = self.read(rows)?;
        let row = read.pop();
        if read.is_empty() { Ok(row) } else { Err(Error::new(Kind::Several { table: self.select.shown() })) }
    }
}

impl<S, O> fmt::Debug for Whole<S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.select)
    }
}

impl<S: Closed, O: Reading> Select<S, O> {
    /// All rows.
    pub fn all<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Vec<O::Output>>
    where
        S: 'a,
    {
        ex.run(All(Whole::new(self)))
    }

    /// The first row, if there is one; the server makes no more.
    pub fn first<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Option<O::Output>>
    where
        S: 'a,
    {
        ex.run(First(Whole::new(self.at_most(1))))
    }

    /// The one row.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) where there is none, and [`is_several`](Error::is_several) where there are several.
    pub fn one<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, O::Output>
    where
        S: 'a,
    {
        ex.run(One(Whole::new(self.at_most(2))))
    }

    /// The one row, if there is one.
    ///
    /// # Errors
    ///
    /// [`is_several`](Error::is_several) where there are several.
    pub fn optional<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Option<O::Output>>
    where
        S: 'a,
    {
        ex.run(Optional(Whole::new(self.at_most(2))))
    }

    /// Hands each row to the closure as it comes from the server: of any number of rows no more than a few are in memory. An error of the
    /// closure's ends it. The connection does nothing else meanwhile.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{UserRepository, users};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// UserRepository::select().columns((users::ID, users::EMAIL)).each(&db, |(id, email)| {
    ///     println!("{id}: {email}");
    ///     Ok(())
    /// })?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The closure's own, and those of the query.
    pub fn each<'a, E: Executor + 'a, F>(self, ex: E, each: F) -> E::Output<'a, ()>
    where
        S: 'a,
        F: FnMut(O::Output) -> Result<()> + Send + 'a,
    {
        ex.transfer(Each::new(self, each))
    }

    /// How many rows there are.
    pub fn count<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, i64>
    where
        S: 'a,
    {
        ex.run(Count(self))
    }

    /// Whether there is a row.
    pub fn exists<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, bool>
    where
        S: 'a,
    {
        ex.run(Exists(self))
    }
}

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident($of:ident))*) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub struct $name<S, O>($of<S, O>);)*
    };
}

queries! {
    /// All rows of a query.
    All(Whole)
    /// The first row of a query.
    First(Whole)
    /// The one row of a query.
    One(Whole)
    /// The one row of a query, if there is one.
    Optional(Whole)
    /// The number of a query's rows.
    Count(Select)
    /// Whether a query has a row.
    Exists(Select)
}

impl<S, O> All<S, O> {
    /// Of this query: what `.all(…)` runs.
    #[must_use]
    pub fn new(query: Select<S, O>) -> Self {
        Self(Whole::new(query))
    }
}

impl<S, O: Reading> Query for All<S, O> {
    type Output = Vec<O::Output>;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        self.0.read(&rows)
    }

    /// Rows of levels are read with the others.
    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        if self.0.levels.is_some() {
            return None;
        }
        let reading = self.0.select.reading.clone();
        Some(Gathered::boxed(move |row| reading.read(row, 0)))
    }
}

macro_rules! of_rows {
    ($($name:ident, $output:ty, |$whole:ident, $rows:ident| $read:expr;)*) => {
        $(impl<S, O: Reading> Query for $name<S, O> {
            type Output = $output;

            fn statement(&self) -> Statement<'_> {
                self.0.statement()
            }

            fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
                let ($whole, $rows) = (&self.0, &rows);
                $read
            }
        })*
    };
}

of_rows! {
    First, Option<O::Output>, |whole, rows| whole.single(rows);
    Optional, Option<O::Output>, |whole, rows| whole.single(rows);
    One, O::Output, |whole, rows| {
        whole.single(rows)?.ok_or_else(|| Error::new(Kind::NotFound { table: whole.select.shown() }))
    };
}

impl<S, O: Reading> Query for Count<S, O> {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        let mut sql = String::with_capacity(256);
        self.0.body.write(Shown::Count, &mut sql);
        Statement { sql: Cow::Owned(sql), params: self.0.body.params(Shown::Count) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| read(row, 0))
    }
}

impl<S, O: Reading> Query for Exists<S, O> {
    type Output = bool;

    fn statement(&self) -> Statement<'_> {
        let mut sql = String::from("SELECT EXISTS (");
        self.0.body.write(AS_READ, &mut sql);
        sql.push(')');
        Statement { sql: Cow::Owned(sql), params: self.0.body.params(AS_READ) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<bool> {
        rows.first().map_or(Ok(false), |row| read(row, 0))
    }
}
