//! How a query is run, and how many rows it may have.

use std::borrow::Cow;

use tokio_postgres::Row;

use super::super::{Each, Gather, Gathered, Inner, Left, Query, Reading, Statement, Table, read};
use super::Select;
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
    fn statement(&self) -> Statement<'_> {
        Statement { sql: Cow::Owned(self.to_sql()), params: self.params() }
    }
}

impl<S, O: Reading> Select<S, O> {
    fn read_all(&self, rows: &[Row]) -> Result<Vec<O::Output>> {
        rows.iter().map(|row| self.reading.read(row, 0)).collect()
    }

    fn read_first(&self, rows: &[Row]) -> Result<Option<O::Output>> {
        rows.first().map(|row| self.reading.read(row, 0)).transpose()
    }

    pub(crate) fn read_row(&self, row: &Row) -> Result<O::Output> {
        self.reading.read(row, 0)
    }

    /// The table's name as people write it, for errors.
    fn shown(&self) -> String {
        self.base.replace('"', "")
    }
}

impl<S: Closed, O: Reading> Select<S, O> {
    /// All rows.
    pub fn all<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Vec<O::Output>>
    where
        S: 'a,
    {
        ex.run(All(self))
    }

    /// The first row, if there is one; the server makes no more.
    pub fn first<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Option<O::Output>>
    where
        S: 'a,
    {
        ex.run(First(self.at_most(1)))
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
        ex.run(One(self.at_most(2)))
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
        ex.run(Optional(self.at_most(2)))
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
    ($($(#[$doc:meta])* $name:ident)*) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub struct $name<S, O>(Select<S, O>);)*
    };
}

queries! {
    /// All rows of a query.
    All
    /// The first row of a query.
    First
    /// The one row of a query.
    One
    /// The one row of a query, if there is one.
    Optional
    /// The number of a query's rows.
    Count
    /// Whether a query has a row.
    Exists
}

impl<S, O> All<S, O> {
    /// Of this query: what `.all(…)` runs.
    #[must_use]
    pub const fn new(query: Select<S, O>) -> Self {
        Self(query)
    }

    pub(crate) fn select(&self) -> &Select<S, O> {
        &self.0
    }
}

impl<S, O: Reading> Query for All<S, O> {
    type Output = Vec<O::Output>;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        self.0.read_all(&rows)
    }

    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        let reading = self.0.reading.clone();
        Some(Gathered::boxed(move |row| reading.read(row, 0)))
    }
}

impl<S, O: Reading> Query for First<S, O> {
    type Output = Option<O::Output>;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        self.0.read_first(&rows)
    }
}

impl<S, O: Reading> Query for Optional<S, O> {
    type Output = Option<O::Output>;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        if rows.len() > 1 {
            return Err(Error::new(Kind::Several { table: self.0.shown() }));
        }
        self.0.read_first(&rows)
    }
}

impl<S, O: Reading> Query for One<S, O> {
    type Output = O::Output;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        if rows.len() > 1 {
            return Err(Error::new(Kind::Several { table: self.0.shown() }));
        }
        self.0.read_first(&rows)?.ok_or_else(|| Error::new(Kind::NotFound { table: self.0.shown() }))
    }
}

impl<S, O: Reading> Query for Count<S, O> {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        let mut sql = String::with_capacity(256);
        self.0.write_count(&mut sql);
        Statement { sql: Cow::Owned(sql), params: self.0.count_params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| read(row, 0))
    }
}

impl<S, O: Reading> Query for Exists<S, O> {
    type Output = bool;

    fn statement(&self) -> Statement<'_> {
        let mut sql = String::from("SELECT EXISTS (");
        self.0.write(&mut sql);
        sql.push(')');
        Statement { sql: Cow::Owned(sql), params: self.0.params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<bool> {
        rows.first().map_or(Ok(false), |row| read(row, 0))
    }
}
