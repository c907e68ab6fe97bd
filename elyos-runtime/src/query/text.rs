//! A statement written as SQL, with its values and what its rows become.

use std::borrow::Cow;
use std::marker::PhantomData;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSqlOwned, ToSql};

use super::{Cells as _, FromRow, Many, Param, Query, Statement, Travel};
use crate::error::Result;

/// A value that the query owns.
enum Owned {
    One(Box<dyn ToSql + Send + Sync>),
    Many(Vec<Box<dyn ToSql + Send + Sync>>),
}

/// A statement as text. What its rows become is `A`'s matter.
pub(crate) struct Text<A> {
    sql: Cow<'static, str>,
    values: Vec<(Owned, Travel)>,
    of: PhantomData<fn() -> A>,
}

impl<A> Text<A> {
    pub(crate) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), values: Vec::new(), of: PhantomData }
    }

    /// The next number's value.
    pub(crate) fn bind(mut self, value: impl ToSql + Send + Sync + 'static, travel: Travel) -> Self {
        self.values.push((Owned::One(Box::new(value)), travel));
        self
    }

    /// The next number's values, as one array.
    pub(crate) fn bind_all<T: ToSql + Send + Sync + 'static>(mut self, values: impl IntoIterator<Item = T>, travel: Travel) -> Self {
        let values = values.into_iter().map(|value| Box::new(value) as Box<dyn ToSql + Send + Sync>).collect();
        self.values.push((Owned::Many(values), travel));
        self
    }
}

/// What the rows of a statement become.
pub(crate) trait Answer {
    type Output: Send;

    fn read(rows: &[Row]) -> Result<Self::Output>;
}

impl<A: Answer> Query for Text<A> {
    type Output = A::Output;

    fn statement(&self) -> Statement<'_> {
        let params = self.values.iter().map(|(value, travel)| match value {
            Owned::One(value) => Param::new(&**value, *travel),
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
pub(crate) struct All<T>(PhantomData<T>);

impl<T: FromRow + Send> Answer for All<T> {
    type Output = Vec<T>;

    fn read(rows: &[Row]) -> Result<Vec<T>> {
        rows.iter().map(|row| T::from_row(row, 0)).collect()
    }
}

/// The first row, if there is one.
pub(crate) struct First<T>(PhantomData<T>);

impl<T: FromRow + Send> Answer for First<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map(|row| T::from_row(row, 0)).transpose()
    }
}

/// The first column of the first row, if there is one.
pub(crate) struct Single<T>(PhantomData<T>);

impl<T: FromSqlOwned + Send> Answer for Single<T> {
    type Output = Option<T>;

    fn read(rows: &[Row]) -> Result<Option<T>> {
        rows.first().map(|row| row.cell(0)).transpose()
    }
}

/// The one number, or zero.
pub(crate) struct Number;

impl Answer for Number {
    type Output = i64;

    fn read(rows: &[Row]) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| row.cell(0))
    }
}

/// Whether there is a row.
pub(crate) struct Any;

impl Answer for Any {
    type Output = bool;

    fn read(rows: &[Row]) -> Result<bool> {
        Ok(!rows.is_empty())
    }
}

/// The one truth, or false.
pub(crate) struct Truth;

impl Answer for Truth {
    type Output = bool;

    fn read(rows: &[Row]) -> Result<bool> {
        rows.first().map_or(Ok(false), |row| row.cell(0))
    }
}
