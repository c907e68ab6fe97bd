//! A piece of SQL with the values in it, before anybody knows their numbers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql};

use super::list::Shape;
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

impl Bind {
    fn is_like(&self, other: &Self) -> bool {
        self.travel == other.travel && self.cast == other.cast
    }
}

#[derive(Clone)]
pub(crate) enum Piece {
    Text(&'static str),
    /// The name of a function that makes one value of many rows, and its parenthesis.
    Aggregate(&'static str),
    /// What stands between the expressions of a list.
    Comma,
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
        shape: Shape,
    },
    /// A number in a name or a list.
    Number(usize),
    Value {
        value: Owned,
        bind: Bind,
    },
    Many {
        values: Arc<[Owned]>,
        bind: Bind,
    },
}

/// The numbers of values in a statement. A value that stands in it twice, as that of an expression that rows are both grouped by and read
/// from, has one number: with two, the server could not know that both are the same.
#[derive(Default)]
pub(crate) struct Numbers {
    /// How many values there are beside these.
    behind: usize,
    /// Where the values are, in the order of their numbers.
    seen: Vec<*const ()>,
    /// The same by their places, once they are many.
    by_place: HashMap<*const (), usize>,
}

/// So many values are looked through faster than they are hashed.
const FEW: usize = 32;

impl Numbers {
    /// Those that follow so many others.
    pub(crate) fn behind(others: usize) -> Self {
        Self { behind: others, ..Self::default() }
    }

    /// How many numbers are taken.
    pub(crate) fn taken(&self) -> usize {
        self.behind + self.seen.len()
    }

    /// A value's number, and whether it is the first time that it is met.
    fn of<T: ?Sized>(&mut self, value: &Arc<T>) -> (usize, bool) {
        let place = Arc::as_ptr(value).cast::<()>();
        let known = if self.seen.len() <= FEW {
            self.seen.iter().position(|seen| *seen == place)
        } else {
            if self.by_place.is_empty() {
                self.by_place.extend(self.seen.iter().enumerate().map(|(index, seen)| (*seen, index)));
            }
            self.by_place.get(&place).copied()
        };
        if let Some(index) = known {
            return (self.behind + index + 1, false);
        }
        if !self.by_place.is_empty() {
            self.by_place.insert(place, self.seen.len());
        }
        self.seen.push(place);
        (self.taken(), true)
    }
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

    /// The name of an aggregate, and its parenthesis.
    pub(crate) fn aggregate(text: &'static str) -> Self {
        Self { pieces: vec![Piece::Aggregate(text)] }
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

    /// The column that it is, where it is nothing else.
    pub(crate) fn as_column(&self) -> Option<&'static ColumnDef> {
        match self.pieces.as_slice() {
            [Piece::Column { def, .. }] => Some(def),
            _ => None,
        }
    }

    /// Whether it makes one value of many rows.
    pub(crate) fn is_aggregate(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Aggregate(_)))
    }

    /// Whether values are bound in it.
    pub(crate) fn has_values(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Value { .. } | Piece::Many { .. }))
    }

    /// The expressions of a list.
    pub(crate) fn split(&self) -> impl Iterator<Item = Self> {
        self.pieces.split(|piece| matches!(piece, Piece::Comma)).map(|pieces| Self { pieces: pieces.to_vec() })
    }

    /// Where it holds an expression like that, it becomes that one, with its values.
    pub(crate) fn bind_as(&mut self, expression: &Self) {
        let length = expression.pieces.len();
        for start in 0..=self.pieces.len().saturating_sub(length) {
            let Some(place) = self.pieces.get_mut(start..start + length) else { return };
            if place.iter().zip(&expression.pieces).all(|(one, other)| one.is_like(other)) {
                place.clone_from_slice(&expression.pieces);
            }
        }
    }

    /// As a query inside of another: what it makes of its own rows is none of that one's.
    pub(crate) fn of_its_own(mut self) -> Self {
        for piece in &mut self.pieces {
            if let Piece::Aggregate(text) = *piece {
                *piece = Piece::Text(text);
            }
        }
        self
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
    pub(crate) fn write(&self, sql: &mut String, numbers: &mut Numbers) {
        for piece in &self.pieces {
            piece.write(sql, numbers);
        }
    }

    /// Adds the values, in the order of their numbers.
    pub(crate) fn params<'f>(&'f self, params: &mut Vec<Param<'f>>, numbers: &mut Numbers) {
        for piece in &self.pieces {
            match piece {
                Piece::Value { value, bind } if numbers.of(value).1 => {
                    params.push(Param::new(plain(value), bind.travel).named(bind.column));
                }
                Piece::Many { values, bind } if numbers.of(values).1 => {
                    let mut many = Many::with_capacity(values.len());
                    for value in values.iter() {
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
        self.write(&mut sql, &mut Numbers::default());
        sql
    }
}

/// Without the guarantee that it can be sent, which a bound value need not have.
fn plain(value: &Owned) -> Value<'_> {
    &**value
}

/// Whether two values are sent as the same bytes.
fn is_same_value(one: &Owned, other: &Owned, travel: Travel) -> bool {
    let sent = |value: &Owned| {
        let (param, mut bytes) = (Param::new(plain(value), travel), BytesMut::new());
        let null = param.value().to_sql_checked(&param.ty(), &mut bytes).ok()?;
        Some((matches!(null, IsNull::Yes), bytes))
    };
    Arc::ptr_eq(one, other) || sent(one).is_some_and(|one| sent(other).is_some_and(|other| one == other))
}

impl Piece {
    /// Whether it is the same, or a value that is.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other))
            | (Self::Aggregate(one), Self::Aggregate(other))
            | (Self::Name(one), Self::Name(other))
            | (Self::Literal(one), Self::Literal(other)) => one == other,
            (Self::Comma, Self::Comma) => true,
            (Self::Number(one), Self::Number(other)) => one == other,
            (Self::Column { of, def }, Self::Column { of: other_of, def: other }) => of == other_of && def.name() == other.name(),
            (Self::Value { value, bind }, Self::Value { value: other, bind: other_bind }) => {
                bind.is_like(other_bind) && is_same_value(value, other, bind.travel)
            }
            (Self::Many { values, bind }, Self::Many { values: others, bind: other_bind }) => {
                bind.is_like(other_bind)
                    && values.len() == others.len()
                    && values.iter().zip(others.iter()).all(|(one, other)| is_same_value(one, other, bind.travel))
            }
            _ => false,
        }
    }

    pub(super) fn write(&self, sql: &mut String, numbers: &mut Numbers) {
        match self {
            Self::Text(text) | Self::Aggregate(text) => sql.push_str(text),
            Self::Comma => sql.push_str(", "),
            Self::Name(name) => sql.push_str(&quote_identifier(name)),
            Self::Literal(text) => sql.push_str(&quote_literal(text)),
            Self::Column { of, def } => write_column(of, def, sql),
            Self::Row { of, columns, shape } => {
                for (index, def) in columns.iter().enumerate() {
                    if index > 0 {
                        sql.push_str(", ");
                    }
                    write_column(of, def, sql);
                    if let Some(read_as) = def.recorded_as().filter(|_| *shape == Shape::AsRead) {
                        sql.push_str("::");
                        sql.push_str(read_as);
                    }
                }
            }
            // Writing to a String cannot fail.
            Self::Number(number) => drop(write!(sql, "{number}")),
            Self::Value { value, bind } => {
                write_number(numbers.of(value).0, sql);
                if !bind.cast.is_empty() {
                    sql.push_str("::");
                    sql.push_str(bind.cast);
                }
            }
            Self::Many { values, bind } => {
                write_number(numbers.of(values).0, sql);
                if !bind.cast.is_empty() {
                    sql.push_str("::");
                    sql.push_str(bind.cast);
                    sql.push_str("[]");
                }
            }
        }
    }
}

fn write_number(number: usize, sql: &mut String) {
    let _ = write!(sql, "${number}");
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
    fn a_value_has_one_number_behind_those_that_are_taken() {
        let bind = |cast| Bind { travel: Travel::TEXT, cast, column: None };
        let one = Fragment::value(Arc::new(1), bind(""));
        let fragment = one.clone().then(" + ").with(Fragment::value(Arc::new(2), bind("\"a\".\"b\""))).then(" - ").with(one);
        let (mut sql, mut numbers) = (String::new(), Numbers::behind(4));
        fragment.write(&mut sql, &mut numbers);
        assert_eq!((sql.as_str(), numbers.taken()), ("$5 + $6::\"a\".\"b\" - $5", 6));
        let mut params = Vec::new();
        fragment.params(&mut params, &mut Numbers::behind(4));
        assert_eq!(params.len(), 2);
    }
}
