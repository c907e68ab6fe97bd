//! A piece of SQL with the values in it, before anybody knows their numbers.

use std::fmt::Write as _;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

use super::{ColumnDef, Many, Param, Travel, Value};
use crate::sql::{quote_identifier, quote_literal};

/// A value that a piece of SQL owns; pieces are cloned with the queries that hold them.
pub(crate) type Owned = Arc<dyn ToSql + Send + Sync>;

/// What is bound at a place, and what makes it a value of the type that it is meant to be.
#[derive(Clone, Copy)]
pub(crate) struct Bind {
    pub(crate) travel: Travel,
    /// The type that it is cast to; empty where the server takes it as it travels.
    pub(crate) cast: &'static str,
    /// The column that it is compared with or written to, for errors.
    pub(crate) column: Option<&'static str>,
}

#[derive(Clone)]
pub(crate) enum Piece {
    Text(&'static str),
    /// A name that is not quoted yet.
    Name(&'static str),
    /// A text that stands in the statement: settings of the program's own, never a value.
    Literal(&'static str),
    /// A column, behind the name of the table that it is of.
    Column {
        of: &'static str,
        def: &'static ColumnDef,
    },
    /// All columns of a table as they are selected.
    Row {
        of: &'static str,
        columns: &'static [ColumnDef],
    },
    /// A number in a name or a list.
    Number(usize),
    Value {
        value: Owned,
        bind: Bind,
    },
    Many {
        values: Vec<Owned>,
        bind: Bind,
    },
}

/// SQL as pieces: joining two is appending, and the text is made in one go.
#[derive(Clone, Default)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
}

impl Fragment {
    pub(crate) fn text(text: &'static str) -> Self {
        Self { pieces: vec![Piece::Text(text)] }
    }

    pub(crate) fn column(of: &'static str, def: &'static ColumnDef) -> Self {
        // Room for an operator and a value, which most columns are followed by.
        let mut pieces = Vec::with_capacity(3);
        pieces.push(Piece::Column { of, def });
        Self { pieces }
    }

    pub(crate) fn value(value: Owned, bind: Bind) -> Self {
        Self { pieces: vec![Piece::Value { value, bind }] }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(crate) fn add(&mut self, text: &'static str) {
        self.pieces.push(Piece::Text(text));
    }

    pub(crate) fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.pieces.append(&mut other.pieces);
    }

    /// With the text behind it.
    pub(crate) fn then(mut self, text: &'static str) -> Self {
        self.add(text);
        self
    }

    /// With the other behind it.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.append(other);
        self
    }

    /// Between two texts.
    pub(crate) fn between(self, before: &'static str, behind: &'static str) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + 2);
        pieces.push(Piece::Text(before));
        pieces.extend(self.pieces);
        pieces.push(Piece::Text(behind));
        Self { pieces }
    }

    /// All of them with a text between each two, in parentheses.
    pub(crate) fn list(fragments: impl IntoIterator<Item = Self>, joint: &'static str) -> Self {
        let mut list = Self::text("(");
        for (index, fragment) in fragments.into_iter().enumerate() {
            if index > 0 {
                list.add(joint);
            }
            list.append(fragment);
        }
        list.then(")")
    }

    /// Appends the text, its numbers following those that are taken.
    pub(crate) fn write(&self, sql: &mut String, taken: &mut usize) {
        for piece in &self.pieces {
            piece.write(sql, taken);
        }
    }

    /// Adds the values, in the order of their numbers.
    pub(crate) fn params<'f>(&'f self, params: &mut Vec<Param<'f>>) {
        for piece in &self.pieces {
            match piece {
                Piece::Value { value, bind } => params.push(Param::new(plain(value), bind.travel).named(bind.column)),
                Piece::Many { values, bind } => {
                    let mut many = Many::with_capacity(values.len());
                    for value in values {
                        many.push(plain(value));
                    }
                    params.push(Param::many(many, bind.travel).named(bind.column));
                }
                _ => {}
            }
        }
    }

    /// The text alone.
    pub(crate) fn to_sql(&self) -> String {
        let mut sql = String::new();
        self.write(&mut sql, &mut 0);
        sql
    }
}

/// Without the guarantee that it can be sent, which a bound value need not have.
fn plain(value: &Owned) -> Value<'_> {
    &**value
}

impl Piece {
    fn write(&self, sql: &mut String, taken: &mut usize) {
        match self {
            Self::Text(text) => sql.push_str(text),
            Self::Name(name) => sql.push_str(&quote_identifier(name)),
            Self::Literal(text) => sql.push_str(&quote_literal(text)),
            Self::Column { of, def } => write_column(of, def, sql),
            Self::Row { of, columns } => {
                for (index, def) in columns.iter().enumerate() {
                    if index > 0 {
                        sql.push_str(", ");
                    }
                    write_column(of, def, sql);
                    if let Some(read_as) = def.recorded_as() {
                        sql.push_str("::");
                        sql.push_str(read_as);
                    }
                }
            }
            // Writing to a String cannot fail.
            Self::Number(number) => drop(write!(sql, "{number}")),
            Self::Value { bind, .. } => {
                write_number(sql, taken);
                if !bind.cast.is_empty() {
                    sql.push_str("::");
                    sql.push_str(bind.cast);
                }
            }
            Self::Many { bind, .. } => {
                write_number(sql, taken);
                if !bind.cast.is_empty() {
                    sql.push_str("::");
                    sql.push_str(bind.cast);
                    sql.push_str("[]");
                }
            }
        }
    }
}

fn write_number(sql: &mut String, taken: &mut usize) {
    *taken += 1;
    let _ = write!(sql, "${taken}");
}

fn write_column(of: &str, def: &ColumnDef, sql: &mut String) {
    sql.push_str(of);
    sql.push('.');
    sql.push_str(def.quoted());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_those_that_are_taken() {
        let bind = |cast| Bind { travel: Travel::TEXT, cast, column: None };
        let fragment = Fragment::value(Arc::new(1), bind("")).then(" + ").with(Fragment::value(Arc::new(2), bind("\"a\".\"b\"")));
        let (mut sql, mut taken) = (String::new(), 4);
        fragment.write(&mut sql, &mut taken);
        assert_eq!((sql.as_str(), taken), ("$5 + $6::\"a\".\"b\"", 6));
    }
}
