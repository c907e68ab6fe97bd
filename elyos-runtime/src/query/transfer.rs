//! Rows one after the other: as they come from the server, and as they are copied in and out.

use std::borrow::Cow;
use std::marker::PhantomData;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use super::cells::{Bytes, Raw};
use super::select::Select;
use super::{Cells, ColumnDef, Fields, FromRow, Param, Reading, Statement};
use crate::error::{Error, Kind, Result};
use crate::repository::Repository;
use crate::types::BoxError;

/// What is asked of the server.
#[derive(Debug)]
pub enum Request<'t> {
    /// The rows of a statement.
    Rows(Statement<'t>),
    /// `COPY … FROM STDIN` in binary; the values are encoded as these types.
    CopyIn(Cow<'t, str>, Vec<Type>),
    /// `COPY … TO STDOUT` in binary; the values are decoded as these types.
    CopyOut(Cow<'t, str>, Vec<Type>),
}

/// Rows that pass one at a time, so that no more than a few are in memory.
pub trait Transfer: Send {
    /// What it gives in the end.
    type Output: Send;

    /// What is asked of the server.
    ///
    /// # Errors
    ///
    /// When the rows cannot be transferred in that way.
    fn request(&self) -> Result<Request<'_>>;

    /// A row has come.
    fn row(&mut self, _: &Row) -> Result<()> {
        Ok(())
    }

    /// A row has been copied out.
    fn copied(&mut self, _: &Copied<'_>) -> Result<()> {
        Ok(())
    }

    /// The values of the next row to copy in.
    fn next(&mut self) -> Option<Vec<Param<'_>>> {
        None
    }

    /// All rows have passed; so many were copied in.
    fn finish(self, rows: u64) -> Self::Output;
}

/// A row that has been copied out.
#[derive(Clone, Copy)]
pub struct Copied<'r> {
    row: &'r tokio_postgres::binary_copy::BinaryCopyOutRow,
    types: &'r [Type],
}

impl<'r> Copied<'r> {
    pub(crate) fn new(row: &'r tokio_postgres::binary_copy::BinaryCopyOutRow, types: &'r [Type]) -> Self {
        Self { row, types }
    }
}

impl std::fmt::Debug for Copied<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Copied({} columns)", self.types.len())
    }
}

impl Cells for Copied<'_> {
    fn cell<'c, T: FromSql<'c>>(&'c self, index: usize) -> Result<T> {
        self.row.try_get(index).map_err(|error| {
            let text = error.to_string();
            self.wrong(index, error.into_source().unwrap_or_else(|| text.into()))
        })
    }

    fn raw(&self, index: usize) -> Result<Raw<'_>> {
        let Bytes(raw) = self.cell(index)?;
        let ty = self.types.get(index).ok_or_else(|| self.wrong(index, "there is no such column".into()))?;
        Ok(Raw(ty, raw))
    }

    fn wrong(&self, index: usize, error: BoxError) -> Error {
        Error::new(Kind::Decode { column: format!("number {}", index + 1), error })
    }
}

/// The rows of a query, each handed to a closure.
pub struct Each<S, O, F> {
    query: Select<S, O>,
    each: F,
}

impl<S, O, F> Each<S, O, F> {
    pub(crate) fn new(query: Select<S, O>, each: F) -> Self {
        Self { query, each }
    }
}

impl<S, O, F> std::fmt::Debug for Each<S, O, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Each({:?})", self.query)
    }
}

impl<S, O: Reading, F: FnMut(O::Output) -> Result<()> + Send> Transfer for Each<S, O, F> {
    type Output = ();

    fn request(&self) -> Result<Request<'_>> {
        Ok(Request::Rows(self.query.statement()))
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        let value = self.query.read_row(row)?;
        (self.each)(value)
    }

    fn finish(self, _: u64) {}
}

/// All rows of a table, copied out.
pub(crate) struct CopyOut<R, F> {
    each: F,
    of: PhantomData<fn() -> R>,
}

impl<R, F> CopyOut<R, F> {
    pub(crate) fn new(each: F) -> Self {
        Self { each, of: PhantomData }
    }
}

impl<R: Repository, F: FnMut(R::Row) -> Result<()> + Send> Transfer for CopyOut<R, F> {
    type Output = ();

    fn request(&self) -> Result<Request<'_>> {
        let visible = if R::VISIBLE.is_empty() { String::new() } else { format!(" WHERE {}", R::VISIBLE) };
        let sql = format!("COPY (SELECT {} FROM {}{visible}) TO STDOUT (FORMAT binary)", R::SELECT, R::QUOTED);
        Ok(Request::CopyOut(sql.into(), R::COLUMNS.iter().map(travelling).collect()))
    }

    fn copied(&mut self, row: &Copied<'_>) -> Result<()> {
        let row = R::Row::from_row(row, 0)?;
        (self.each)(row)
    }

    fn finish(self, _: u64) {}
}

/// The type that a column's values have for the server while they travel.
fn travelling(column: &ColumnDef) -> Type {
    Type::from_oid(column.travel().oid).unwrap_or(Type::UNKNOWN)
}

/// Rows copied into a table.
pub(crate) struct CopyIn<R: Repository, I> {
    rows: I,
    current: Option<R::Row>,
}

impl<R: Repository, I> CopyIn<R, I> {
    pub(crate) fn new(rows: I) -> Self {
        Self { rows, current: None }
    }
}

fn copied_columns<R: Repository>() -> impl Iterator<Item = (usize, &'static ColumnDef)> {
    R::COLUMNS.iter().enumerate().filter(|(_, column)| !column.is_generated())
}

impl<R: Repository, I: Iterator<Item = R::Row> + Send> Transfer for CopyIn<R, I> {
    type Output = u64;

    fn request(&self) -> Result<Request<'_>> {
        if let Some((_, column)) = copied_columns::<R>().find(|(_, column)| !column.takes_binary()) {
            return Err(Error::new(Kind::NotCopied { column: column.name(), ty: column.ty(), table: R::TABLE }));
        }
        let names: Vec<&str> = copied_columns::<R>().map(|(_, column)| column.quoted()).collect();
        let sql = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", R::QUOTED, names.join(", "));
        Ok(Request::CopyIn(sql.into(), copied_columns::<R>().map(|(_, column)| travelling(column)).collect()))
    }

    fn next(&mut self) -> Option<Vec<Param<'_>>> {
        self.current = self.rows.next();
        let row = self.current.as_ref()?;
        Some(copied_columns::<R>().map(|(place, column)| Param::of(column, row.field(place))).collect())
    }

    fn finish(self, rows: u64) -> u64 {
        rows
    }
}
