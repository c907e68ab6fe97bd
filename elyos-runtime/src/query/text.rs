//! A statement written as SQL, with its values and what its rows become.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSqlOwned, ToSql};

#[cfg(feature = "elyos")]
use super::Many;
use super::{Cells as _, FromRow, Param, Query, Statement, Travel, read_exactly};
use crate::error::Result;
use crate::types::Exactly;

/// A value that the query owns.
enum Owned {
    One(Box<dyn ToSql + Send + Sync>),
    #[cfg(feature = "elyos")]
    Many(Vec<Box<dyn ToSql + Send + Sync>>),
}

/// A statement as text. What its rows become is `A`'s matter.
#[doc(hidden)]
pub struct Text<A> {
    sql: Cow<'static, str>,
    values: Vec<(Owned, Travel)>,
    of: PhantomData<fn() -> A>,
}

impl<A> Text<A> {
    pub fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), values: Vec::new(), of: PhantomData }
    }

    /// The next number's value.
    #[must_use]
    pub fn bind(mut self, value: impl ToSql + Send + Sync + 'static, travel: Travel) -> Self {
        self.values.push((Owned::One(Box::new(value)), travel));
        self
    }

    /// The next number's values, as one array.
    #[must_use]
    #[cfg(feature = "elyos")]
    pub(crate) fn bind_all<T: ToSql + Send + Sync + 'static>(mut self, values: impl IntoIterator<Item = T>, travel: Travel) -> Self {
        let values = values.into_iter().map(|value| Box::new(value) as Box<dyn ToSql + Send + Sync>).collect();
        self.values.push((Owned::Many(values), travel));
        self
    }
}

/// For callers of functions: more of the call, by name.
impl<A> Text<A> {
    /// Adds an argument by its name, cast to its type where that is said.
    pub fn argument(&mut self, separator: &str, name: &str, value: impl ToSql + Send + Sync + 'static, travel: Travel, cast: &str) {
        let number = self.values.len() + 1;
        // The first one may be behind others that were left out.
        let separator = if self.sql.ends_with('(') {
            ""
        } else if separator.is_empty() {
            ", "
        } else {
            separator
        };
        let sql = self.sql.to_mut();
        // Writing to a String cannot fail.
        let _ = write!(sql, "{separator}{name} => ${number}{cast}");
        self.values.push((Owned::One(Box::new(value)), travel));
    }

    /// Adds what stands behind the arguments.
    #[must_use]
    pub fn ending(mut self, text: &str) -> Self {
        self.sql.to_mut().push_str(text);
        self
    }
}

/// What the rows of a statement become.
#[doc(hidden)]
pub trait Answer {
    /// What they become.
    type Output: Send;

    /// Reads them.
    fn read(rows: &[Row]) -> Result<Self::Output>;
}

impl<A: Answer> Query for Text<A> {
    type Output = A::Output;

    fn statement(&self) -> Statement<'_> {
        let params = self.values.iter().map(|(value, travel)| match value {
            Owned::One(value) => Param::new(&**value, *travel),
            #[cfg(feature = "elyos")]
            Owned::Many(values) => {
                let mut many = Many::with_capacity(values.len());
                for value in values {
                    many.push(&**value);
                }
                Param::many(many, *travel)
            }
        });
        Statement { sql: Cow::Borrowed(&self.sql), params: params.collect() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<A::Output> {
        A::read(&rows)
    }
}

/// Every row.
#[doc(hidden)]
#[derive(Debug)]
pub struct All<T>(PhantomData<T>);

impl<T: FromRow + Send> Answer for All<T> {
    type Output = Vec<T>;

    fn read(rows: &[Row]) -> Result<Vec<T>> {
        rows.iter().map(|row| T::from_row(row, 0)).collect()
    }
}

/// The first row, if there is one.
#[doc(hidden)]
#[derive(Debug)]
pub struct First<T>(PhantomData<T>);

impl<T: FromRow + Send> Answer for First<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map(|row| T::from_row(row, 0)).transpose()
    }
}

/// The first column of the first row, if there is one.
#[cfg(feature = "elyos")]
pub(crate) struct Single<T>(PhantomData<T>);

#[cfg(feature = "elyos")]
impl<T: FromSqlOwned + Send> Answer for Single<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map(|row| row.cell(0)).transpose()
    }
}

/// The one number, or zero.
#[cfg(feature = "elyos")]
pub(crate) struct Number;

#[cfg(feature = "elyos")]
impl Answer for Number {
    type Output = i64;

    fn read(rows: &[Row]) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| row.cell(0))
    }
}

/// Whether there is a row.
#[cfg(feature = "elyos")]
pub(crate) struct Any;

#[cfg(feature = "elyos")]
impl Answer for Any {
    type Output = bool;

    fn read(rows: &[Row]) -> Result<bool> {
        Ok(!rows.is_empty())
    }
}

/// The one truth, or false.
#[cfg(feature = "elyos")]
pub(crate) struct Truth;

#[cfg(feature = "elyos")]
impl Answer for Truth {
    type Output = bool;

    fn read(rows: &[Row]) -> Result<bool> {
        rows.first().map_or(Ok(false), |row| row.cell(0))
    }
}

/// Nothing.
#[doc(hidden)]
#[derive(Debug)]
pub struct Done;

impl Answer for Done {
    type Output = ();

    fn read(_: &[Row]) -> Result<()> {
        Ok(())
    }
}

/// The first column of the one row; null is none.
#[doc(hidden)]
#[derive(Debug)]
pub struct Value<T>(PhantomData<T>);

impl<T: FromSqlOwned + Send> Answer for Value<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map_or(Ok(None), |row| row.cell(0))
    }
}

/// The first column of every row.
#[doc(hidden)]
#[derive(Debug)]
pub struct Values<T>(PhantomData<T>);

impl<T: FromSqlOwned + Send> Answer for Values<T> {
    type Output = Vec<T>;

    fn read(rows: &[Row]) -> Result<Vec<T>> {
        rows.iter().map(|row| row.cell(0)).collect()
    }
}

/// [`Value`], read without taking one value for another.
#[doc(hidden)]
#[derive(Debug)]
pub struct ExactValue<T>(PhantomData<T>);

impl<T: Exactly + Send> Answer for ExactValue<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map_or(Ok(None), |row| read_exactly(row, 0))
    }
}

/// [`Values`], read without taking one value for another.
#[doc(hidden)]
#[derive(Debug)]
pub struct ExactValues<T>(PhantomData<T>);

impl<T: Exactly + Send> Answer for ExactValues<T> {
    type Output = Vec<T>;

    fn read(rows: &[Row]) -> Result<Vec<T>> {
        rows.iter().map(|row| read_exactly(row, 0)).collect()
    }
}

impl<A> fmt::Debug for Text<A> {
    /// Without the values, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.sql)
    }
}
