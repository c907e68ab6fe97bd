//! Rows by key or by a unique constraint, and counting.

use std::borrow::Cow;
use std::marker::PhantomData;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Keyed, Repository};
use crate::error::{Error, Kind, Result};
use crate::page::containing;
use crate::query::{FromRow, Query, Statement, read};

/// The first row, if there is one.
pub(super) fn first<R: Repository>(rows: &[Row]) -> Result<Option<R::Row>> {
    rows.first().map(|row| R::Row::from_row(row, 0)).transpose()
}

/// The first row; there has to be one.
pub(super) fn the_row<R: Repository>(rows: &[Row]) -> Result<R::Row> {
    first::<R>(rows)?.ok_or_else(|| Error::new(Kind::NotFound { table: R::TABLE.to_owned() }))
}

pub(super) struct FindByKey<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for FindByKey<'_, R> {
    type Output = Option<R::Row>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: R::FIND.into(), values: R::key_values(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        first::<R>(&rows)
    }
}

pub(super) struct GetByKey<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for GetByKey<'_, R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: R::FIND.into(), values: R::key_values(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

/// A row by the values of a unique constraint; for generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Lookup<R, V> {
    sql: &'static str,
    values: V,
    of: PhantomData<fn() -> R>,
}

impl<R, V> Lookup<R, V> {
    /// The whole statement, and its values as a tuple.
    pub fn new(sql: &'static str, values: V) -> Self {
        Self { sql, values, of: PhantomData }
    }
}

impl<R: Repository, V: Values> Query for Lookup<R, V> {
    type Output = Option<R::Row>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.sql.into(), values: self.values.list() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        first::<R>(&rows)
    }
}

/// A tuple of bound values: as many as a unique constraint of PostgreSQL's can have columns.
#[doc(hidden)]
pub trait Values: Send + Sync {
    fn list(&self) -> Vec<&(dyn ToSql + Sync)>;
}

macro_rules! values {
    () => {};
    ($first:ident $($more:ident)*) => {
        impl<$first: ToSql + Send + Sync, $($more: ToSql + Send + Sync),*> Values for ($first, $($more,)*) {
            #[allow(non_snake_case, reason = "a value is called after its type")]
            fn list(&self) -> Vec<&(dyn ToSql + Sync)> {
                let ($first, $($more,)*) = self;
                vec![$first, $($more),*]
            }
        }
        values!($($more)*);
    };
}

values!(V32 V31 V30 V29 V28 V27 V26 V25 V24 V23 V22 V21 V20 V19 V18 V17 V16 V15 V14 V13 V12 V11 V10 V9 V8 V7 V6 V5 V4 V3 V2 V1);

/// `WHERE` with the searched columns against `$1`.
pub(super) fn write_search<R: Repository>(sql: &mut String) {
    sql.push_str(" WHERE (");
    for (index, column) in R::SEARCH.iter().enumerate() {
        if index > 0 {
            sql.push_str(" OR ");
        }
        sql.push_str(column);
        sql.push_str("::text ILIKE $1");
    }
    sql.push(')');
}

pub(super) struct CountAll<R> {
    pattern: Option<String>,
    of: PhantomData<fn() -> R>,
}

impl<R> CountAll<R> {
    pub(super) fn new(search: Option<&str>) -> Self {
        Self { pattern: search.filter(|text| !text.is_empty()).map(containing), of: PhantomData }
    }
}

impl<R: Repository> Query for CountAll<R> {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT count(*) FROM {}", R::QUOTED);
        let mut values: Vec<&(dyn ToSql + Sync)> = Vec::new();
        if let Some(pattern) = &self.pattern {
            write_search::<R>(&mut sql);
            values.push(pattern);
        }
        Statement { sql: Cow::Owned(sql), values }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| read(row, 0))
    }
}
