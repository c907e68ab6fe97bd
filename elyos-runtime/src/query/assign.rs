//! From a struct of values to the column list and values of an insert or update.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use super::{Field, Value};

/// A struct that says values for columns: what is inserted, or what is changed.
pub trait Record: Send + Sync {
    /// Adds each column that has something said about it.
    fn assign<'v>(&'v self, to: &mut Assignments<'v>);
}

/// Columns and their values, in the same order.
#[derive(Debug, Default)]
pub struct Assignments<'v> {
    columns: Vec<&'static str>,
    values: Vec<Value<'v>>,
}

impl<'v> Assignments<'v> {
    /// What a record says.
    pub(crate) fn of<R: Record + ?Sized>(record: &'v R) -> Self {
        let mut assignments = Self::default();
        record.assign(&mut assignments);
        assignments
    }

    /// Adds a column, by its quoted name, with its value.
    pub fn set<T: ToSql + Sync>(&mut self, column: &'static str, value: &'v T) {
        self.columns.push(column);
        self.values.push(value);
    }

    /// Adds a column where the field says something.
    pub fn field<T: ToSql + Sync>(&mut self, column: &'static str, field: &'v Field<T>) {
        if let Some(value) = field.as_set() {
            self.set(column, value);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(crate) fn into_values(self) -> Vec<Value<'v>> {
        self.values
    }

    /// ` ("a", "b") VALUES ($1, $2)`, or ` DEFAULT VALUES` when nothing is said.
    pub(crate) fn write_insert(&self, sql: &mut String) {
        if self.is_empty() {
            sql.push_str(" DEFAULT VALUES");
            return;
        }
        sql.push_str(" (");
        sql.push_str(&self.columns.join(", "));
        sql.push_str(") VALUES (");
        for number in 1..=self.columns.len() {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}${number}", if number == 1 { "" } else { ", " });
        }
        sql.push(')');
    }

    /// `"a" = $2, "b" = $3`, the numbers following those that are taken.
    pub(crate) fn write_update(&self, sql: &mut String, taken: usize) {
        for (index, column) in self.columns.iter().enumerate() {
            let _ = write!(sql, "{}{column} = ${}", if index == 0 { "" } else { ", " }, taken + index + 1);
        }
    }
}
