//! Rows by key or by a unique constraint, and counting.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::marker::PhantomData;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Keyed, Repository};
use crate::error::{Error, Kind, Result};
use crate::page::containing;
use crate::query::{ColumnDef, FromRow, Gather, Gathered, Many, Param, Query, Statement, Travel, read};

/// The first row, if there is one.
pub(super) fn first<R: Repository>(rows: &[Row]) -> Result<Option<R::Row>> {
    rows.first().map(|row| R::Row::from_row(row, 0)).transpose()
}

/// The first row; there has to be one.
pub(super) fn the_row<R: Repository>(rows: &[Row]) -> Result<R::Row> {
    first::<R>(rows)?.ok_or_else(|| Error::new(Kind::NotFound { table: R::TABLE.to_owned() }))
}

/// The row that was inserted, which the server gives back but where something has left it out.
pub(super) fn inserted_row<R: Repository>(rows: &[Row]) -> Result<R::Row> {
    first::<R>(rows)?.ok_or_else(|| Error::new(Kind::NotReturned { table: R::TABLE }))
}

/// All rows.
pub(super) fn every_row<R: Repository>(rows: &[Row]) -> Result<Vec<R::Row>> {
    rows.iter().map(|row| R::Row::from_row(row, 0)).collect()
}

/// What reads every row as it comes.
pub(super) fn gather_rows<R: Repository>() -> Box<dyn Gather<Output = Vec<R::Row>>> {
    Gathered::boxed(|row| R::Row::from_row(row, 0))
}

/// The values of a key, which are `$1` and those behind it.
pub(super) fn key_params<'v, R: Keyed>(key: &'v R::Key<'_>) -> Vec<Param<'v>> {
    R::KEY.iter().zip(R::key_values(key)).map(|(column, value)| Param::of(column, value)).collect()
}

pub(super) struct FindByKey<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for FindByKey<'_, R> {
    type Output = Option<R::Row>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: R::FIND.into(), params: key_params::<R>(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        first::<R>(&rows)
    }
}

pub(super) struct GetByKey<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for GetByKey<'_, R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: R::FIND.into(), params: key_params::<R>(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

pub(super) struct Exists<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for Exists<'_, R> {
    type Output = bool;

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT EXISTS (SELECT FROM {} WHERE {}", R::QUOTED, R::KEY_IS);
        super::write::write_visible::<R>(&mut sql);
        sql.push(')');
        Statement { sql: Cow::Owned(sql), params: key_params::<R>(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<bool> {
        rows.first().map_or(Ok(false), |row| read(row, 0))
    }
}

pub(super) struct FindByKeys<'k, R: Keyed>(pub(super) Vec<R::Key<'k>>);

impl<R: Keyed> Query for FindByKeys<'_, R> {
    type Output = Vec<R::Row>;

    fn is_needless(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys are a table of their own, an array for each column, whose numbers give the order. What is selected is named without its table:
    /// the names of that one are such as no column is likely to have.
    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT {} FROM unnest(", R::SELECT);
        let separator = |index| if index == 0 { "" } else { ", " };
        for index in 0..R::KEY.len() {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}${}", separator(index), index + 1);
        }
        sql.push_str(") WITH ORDINALITY AS wanted(");
        for index in 0..R::KEY.len() {
            let _ = write!(sql, "\"elyos key {}\", ", index + 1);
        }
        let _ = write!(sql, "\"elyos place\") JOIN {} AS found ON ", R::QUOTED);
        for (index, column) in R::KEY.iter().enumerate() {
            // Cast only here: an array of composites would be taken apart into their fields.
            let ((mark, ty), (relabel, base)) = (column.bound(), column.compared().relabel());
            let and = if index == 0 { "" } else { " AND " };
            let _ = write!(sql, "{and}found.{}{relabel}{base} {} ", column.quoted(), column.operator("="));
            let _ = write!(sql, "wanted.\"elyos key {}\"{mark}{ty}", index + 1);
        }
        if !R::VISIBLE.is_empty() {
            let _ = write!(sql, " AND {}", R::VISIBLE);
        }
        sql.push_str(" ORDER BY wanted.\"elyos place\"");
        let mut columns: Vec<Many<'_>> = R::KEY.iter().map(|_| Many::with_capacity(self.0.len())).collect();
        for key in &self.0 {
            columns.iter_mut().zip(R::key_values(key)).for_each(|(column, value)| column.push(value));
        }
        let params =
            R::KEY.iter().zip(columns).map(|(column, values)| Param::many(values, column.travel()).named(Some(column.name()))).collect();
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        every_row::<R>(&rows)
    }

    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        Some(gather_rows::<R>())
    }
}

pub(super) struct FindAll<R>(PhantomData<fn() -> R>);

impl<R> FindAll<R> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R: Repository> Query for FindAll<R> {
    type Output = Vec<R::Row>;

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT {} FROM {}", R::SELECT, R::QUOTED);
        if !R::VISIBLE.is_empty() {
            sql.push_str(" WHERE ");
            sql.push_str(R::VISIBLE);
        }
        for (index, column) in R::KEY.iter().enumerate() {
            sql.push_str(if index == 0 { " ORDER BY " } else { ", " });
            // With its table: alone it would mean what is selected, which may be its text.
            let _ = write!(sql, "{}.{}", R::QUOTED, column.quoted());
        }
        Statement { sql: Cow::Owned(sql), params: Vec::new() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        every_row::<R>(&rows)
    }

    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        Some(gather_rows::<R>())
    }
}

/// A row by the values of a unique constraint; for generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Lookup<R, V> {
    sql: &'static str,
    columns: &'static [&'static ColumnDef],
    values: V,
    of: PhantomData<fn() -> R>,
}

impl<R, V> Lookup<R, V> {
    /// The whole statement, the columns of its values, and the values as a tuple.
    pub fn new(sql: &'static str, columns: &'static [&'static ColumnDef], values: V) -> Self {
        Self { sql, columns, values, of: PhantomData }
    }
}

impl<R: Repository, V: Values> Query for Lookup<R, V> {
    type Output = Option<R::Row>;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.sql.into(), params: params(self.columns, &self.values) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        first::<R>(&rows)
    }
}

/// The rows with the values of a foreign key; for generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct ListBy<R, V>(Lookup<R, V>);

impl<R, V> ListBy<R, V> {
    /// The whole statement, the columns of its values, and the values as a tuple.
    pub fn new(sql: &'static str, columns: &'static [&'static ColumnDef], values: V) -> Self {
        Self(Lookup::new(sql, columns, values))
    }
}

impl<R: Repository, V: Values> Query for ListBy<R, V> {
    type Output = Vec<R::Row>;

    fn statement(&self) -> Statement<'_> {
        self.0.statement()
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        every_row::<R>(&rows)
    }

    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        Some(gather_rows::<R>())
    }
}

fn params<'v>(columns: &[&ColumnDef], values: &'v impl Values) -> Vec<Param<'v>> {
    columns.iter().zip(values.list()).map(|(column, value)| Param::of(column, value)).collect()
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

/// ` WHERE` with what holds of the rows that are seen: not hidden, and the searched columns against `$1`.
pub(super) fn write_where<R: Repository>(sql: &mut String, searched: bool) {
    let mut word = " WHERE ";
    if !R::VISIBLE.is_empty() {
        sql.push_str(word);
        sql.push_str(R::VISIBLE);
        word = " AND ";
    }
    if !searched {
        return;
    }
    sql.push_str(word);
    sql.push('(');
    for (index, column) in R::SEARCH.iter().enumerate() {
        if index > 0 {
            sql.push_str(" OR ");
        }
        sql.push_str(column.quoted());
        sql.push_str("::text");
        sql.push_str(column.collation_of_patterns());
        sql.push_str(" ILIKE $1");
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
        write_where::<R>(&mut sql, self.pattern.is_some());
        let params = self.pattern.iter().map(|pattern| Param::new(pattern, Travel::TEXT)).collect();
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        rows.first().map_or(Ok(0), |row| read(row, 0))
    }
}
