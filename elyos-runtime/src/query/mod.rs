//! Queries as values: a statement's text, its bound values, and how its rows are read.

mod assign;
mod column;
mod field;

use std::borrow::Cow;

use tokio_postgres::types::{FromSql, ToSql};

pub use tokio_postgres::Row;

pub use assign::{Assignments, Record};
pub use column::{Column, Sort};
pub use field::Field;

use crate::error::{Error, Kind, Result};

/// A bound value.
pub type Value<'v> = &'v (dyn ToSql + Sync);

/// SQL text with a `$n` for every value, and the values.
#[derive(Debug)]
pub struct Statement<'s> {
    /// The text. The same text is prepared once a connection.
    pub sql: Cow<'s, str>,
    /// The values, in the order of their numbers.
    pub values: Vec<Value<'s>>,
}

/// One SQL statement that yields an [`Output`](Query::Output): one round trip by construction.
pub trait Query: Send {
    /// What the rows become.
    type Output: Send;

    /// The statement to run.
    fn statement(&self) -> Statement<'_>;

    /// Reads the answer.
    fn read(&self, rows: Vec<Row>) -> Result<Self::Output>;
}

/// A struct with a field for each column of a select list.
pub trait FromRow: Sized {
    /// How many columns it takes.
    const WIDTH: usize;

    /// Reads the columns from the given index on.
    fn from_row(row: &Row, first: usize) -> Result<Self>;
}

/// Reads one column; an error names it.
///
/// For generated code, which knows that the index exists.
#[doc(hidden)]
pub fn read<'r, T: FromSql<'r>>(row: &'r Row, index: usize) -> Result<T> {
    row.try_get(index).map_err(|error| {
        let column = row.columns().get(index).map_or_else(|| format!("number {}", index + 1), |column| column.name().to_owned());
        let error = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Error::new(Kind::Decode { column, error: error.into() })
    })
}
