//! From a struct of values to the column list and values of an insert or update.

use std::fmt::Write as _;

use tokio_postgres::types::ToSql;

use super::{ArrayLiteral, ColumnDef, Field, Param, Value};

/// A struct that says values for columns: what is inserted, or what is changed.
pub trait Record: Send + Sync {
    /// Adds each column that has something said about it.
    fn assign<'v>(&'v self, to: &mut Assignments<'v>);
}

/// Columns, and the value that is said of each.
#[derive(Debug, Default)]
pub struct Assignments<'v> {
    said: Vec<Said<'v>>,
}

/// What is said of a column.
#[derive(Clone, Copy)]
pub(crate) struct Said<'v> {
    pub(crate) column: &'static ColumnDef,
    pub(crate) value: Value<'v>,
    /// Of an array: as which it travels beside others.
    pub(crate) literal: Option<&'v (dyn ArrayLiteral + Sync)>,
}

impl std::fmt::Debug for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The value may be a secret.
        f.write_str(self.column.quoted())
    }
}

impl<'v> Assignments<'v> {
    /// What a record says.
    pub(crate) fn of<R: Record + ?Sized>(record: &'v R) -> Self {
        let mut assignments = Self::default();
        record.assign(&mut assignments);
        assignments
    }

    /// What a record says, with room for so many columns.
    pub(crate) fn with_room<R: Record + ?Sized>(record: &'v R, columns: usize) -> Self {
        let mut assignments = Self { said: Vec::with_capacity(columns) };
        record.assign(&mut assignments);
        assignments
    }

    /// Adds a column with its value.
    pub fn set<T: ToSql + Sync>(&mut self, column: &'static ColumnDef, value: &'v T) {
        self.said.push(Said { column, value, literal: None });
    }

    /// Adds a column of arrays with its value.
    pub fn set_array<T: ToSql + ArrayLiteral + Sync>(&mut self, column: &'static ColumnDef, value: &'v T) {
        self.said.push(Said { column, value, literal: Some(value) });
    }

    /// Adds a column where the field says something.
    pub fn field<T: ToSql + Sync>(&mut self, column: &'static ColumnDef, field: &'v Field<T>) {
        if let Some(value) = field.as_set() {
            self.set(column, value);
        }
    }

    /// Adds a column of arrays where the field says something.
    pub fn array_field<T: ToSql + ArrayLiteral + Sync>(&mut self, column: &'static ColumnDef, field: &'v Field<T>) {
        if let Some(value) = field.as_set() {
            self.set_array(column, value);
        }
    }

    /// What the records say, one after the other, and where what each of them says ends.
    pub(crate) fn of_all<R: Record>(records: &'v [R]) -> (Vec<Said<'v>>, Vec<usize>) {
        let (mut assignments, mut ends) = (Self::default(), Vec::with_capacity(records.len()));
        for record in records {
            record.assign(&mut assignments);
            if ends.is_empty() {
                // The others say as much most often.
                assignments.said.reserve(assignments.said.len() * (records.len() - 1));
            }
            ends.push(assignments.said.len());
        }
        (assignments.said, ends)
    }

    pub(crate) fn said(&self) -> &[Said<'v>] {
        &self.said
    }

    /// Whether something is said of the column.
    pub(crate) fn says(&self, column: &ColumnDef) -> bool {
        self.said.iter().any(|said| said.column.name() == column.name())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    pub(crate) fn params(&self) -> impl Iterator<Item = Param<'v>> {
        self.said.iter().map(|said| Param::of(said.column, said.value))
    }

    /// ` ("a", "b") VALUES ($1, $2)`, the numbers following those that are taken, or ` DEFAULT VALUES` when nothing is said.
    pub(crate) fn write_insert(&self, sql: &mut String, taken: usize) {
        if self.is_empty() {
            sql.push_str(" DEFAULT VALUES");
            return;
        }
        let mut separator = " (";
        for said in &self.said {
            sql.push_str(separator);
            sql.push_str(said.column.quoted());
            separator = ", ";
        }
        let mut separator = ") VALUES (";
        for (index, said) in self.said.iter().enumerate() {
            sql.push_str(separator);
            write_bound(sql, said.column, taken + index + 1);
            separator = ", ";
        }
        sql.push(')');
    }

    /// `"a" = $2, "b" = $3`, the numbers following those that are taken.
    pub(crate) fn write_update(&self, sql: &mut String, taken: usize) {
        for (index, said) in self.said.iter().enumerate() {
            if index > 0 {
                sql.push_str(", ");
            }
            sql.push_str(said.column.quoted());
            sql.push_str(" = ");
            write_bound(sql, said.column, taken + index + 1);
        }
    }
}

/// The place of a value of the column: `$1`, or `$1::"auth"."mood"`. Each insert and update writes a text of these, and the machinery
/// of `write!` would be a good part of that.
fn write_bound(sql: &mut String, column: &ColumnDef, number: usize) {
    sql.push('$');
    match u8::try_from(number) {
        Ok(digit @ 0..10) => sql.push(char::from(b'0' + digit)),
        // Writing to a String cannot fail.
        _ => drop(write!(sql, "{number}")),
    }
    let (mark, ty) = column.bound();
    sql.push_str(mark);
    sql.push_str(ty);
}
