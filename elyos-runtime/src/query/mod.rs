//! Queries as values: a statement's text, its bound values, and how its rows are read.

mod assign;
mod cells;
mod column;
mod expression;
mod field;
mod filter;
mod form;
mod fragment;
mod gather;
mod list;
mod literal;
mod many;
mod nul;
mod null;
mod operators;
mod order;
mod relation;
mod scope;
mod select;
mod selection;
mod sql_type;
pub(crate) mod text;
mod transfer;
mod travel;

use std::borrow::Cow;
use std::fmt;

use tokio_postgres::types::{FromSql, ToSql, Type};

pub use tokio_postgres::Row;

pub(crate) use assign::Said;
pub use assign::{Assignments, Record};
pub use cells::{Cells, Raw as RawCell, Records};
pub use column::{Column, ColumnDef, Sort};
pub use expression::{Argument, Expr, Expression, Operand, Operation, value, value_as};
pub use field::Field;
pub use filter::Filter;
pub(crate) use form::Compared;
pub use form::Form;
pub(crate) use fragment::{Fragment, Numbers};
pub use gather::Gather;
pub(crate) use gather::Gathered;
pub(crate) use list::Shape;
pub(crate) use literal::write_element;
pub use literal::{ArrayLiteral, Literal};
pub(crate) use many::Many;
pub use null::{Covers, Either, NotNull, Null, Nullness, Unsaid};
pub use operators::{
    Aggregate, Arguments, ArrayColumn, Averaged, Call, Case, Cases, DatePart, Element, Fraction, Instant, JsonColumn, Number, OfRows,
    OfValues, Present, Ranked, Raw, Remainder, Summed, TextColumn, Valued, array, case, case_as, coalesce, count, current_date,
    current_date_as, exists, now, now_as, raw,
};
pub use order::{Expressions, Order, Ordering};
pub use relation::{Cardinality, ForeignKey, Grow, Load, Related, Relation, ToMany, ToOne, Tree, With, column_of, key_to};
pub use scope::{Around, Before, Has, Here, Inner, Last, Left, Sub, Table, Within, is_plain_name};
pub use select::{All, Closed, Count, Exists, First, One, Optional, Select, select_of, subquery_of};
pub use selection::{Fills, FirstOf, Item, Made, Reading, Rows, Selected, Selection, Whole, row_of};
pub use sql_type::{SqlElement, SqlType, sql_type};
pub use transfer::{Copied, Each, Request, Transfer};
pub(crate) use transfer::{CopyIn, CopyOut};
pub use travel::Travel;

pub use crate::repository::excluded;

use crate::error::Result;

/// A value to be bound.
pub type Value<'v> = &'v (dyn ToSql + Sync);

/// A bound value, and the type that it has for the server.
///
/// Its `Debug` says of which column it is, and not the value: the driver writes those of a statement to the program's log.
pub struct Param<'v> {
    bound: Bound<'v>,
    oid: u32,
    /// The column that it is a value of, where it is one's.
    column: Option<&'static str>,
}

enum Bound<'v> {
    Value(Value<'v>),
    Many(Many<'v>),
}

impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param").field("column", &self.column).field("type", &self.ty().name()).finish_non_exhaustive()
    }
}

impl<'v> Param<'v> {
    /// A value of one of PostgreSQL's own types.
    ///
    /// ```
    /// use elyos_runtime::query::{Param, Travel};
    ///
    /// let id = 7;
    /// let param = Param::new(&id, Travel::INT4);
    /// # drop(format!("{param:?}"));
    /// ```
    #[must_use]
    pub fn new(value: Value<'v>, travel: Travel) -> Self {
        Self { bound: Bound::Value(value), oid: travel.oid, column: None }
    }

    /// Values as one array.
    pub(crate) fn many(values: Many<'v>, travel: Travel) -> Self {
        Self { bound: Bound::Many(values), oid: travel.array, column: None }
    }

    /// The same of that column, if it is one's.
    pub(crate) fn named(self, column: Option<&'static str>) -> Self {
        Self { column, ..self }
    }

    /// A value of a column.
    #[must_use]
    pub fn of(column: &ColumnDef, value: Value<'v>) -> Self {
        Self { column: Some(column.name()), ..Self::new(value, column.travel()) }
    }

    /// The column that it is a value of, where it is one's.
    pub(crate) fn column(&self) -> Option<&'static str> {
        self.column
    }

    /// The value, checked when it is encoded.
    pub(crate) fn value(&self) -> &(dyn ToSql + Sync) {
        self
    }

    /// Whether a statement that takes that type takes it: one of no known type may be any.
    pub(crate) fn may_be(&self, ty: &Type) -> bool {
        self.oid == ty.oid() || self.ty() == Type::UNKNOWN
    }

    /// The type; its OID is one of PostgreSQL's own.
    pub(crate) fn ty(&self) -> Type {
        Type::from_oid(self.oid).unwrap_or(Type::UNKNOWN)
    }
}

/// SQL text with a `$n` for every value, and the values.
#[derive(Debug)]
pub struct Statement<'s> {
    /// The text. The same text is prepared once a connection.
    pub sql: Cow<'s, str>,
    /// The values, in the order of their numbers.
    pub params: Vec<Param<'s>>,
}

/// One SQL statement that yields an [`Output`](Query::Output): one round trip by construction.
pub trait Query: Send {
    /// What the rows become.
    type Output: Send;

    /// The statement to run.
    fn statement(&self) -> Statement<'_>;

    /// Whether the answer is known without asking, as that of inserting no rows: [`read`](Self::read) is given no rows then.
    fn is_needless(&self) -> bool {
        false
    }

    /// Reads the answer.
    fn read(&self, rows: Vec<Row>) -> Result<Self::Output>;

    /// What reads the rows as they come, in place of [`read`](Self::read), where each can be read without the others.
    #[doc(hidden)]
    fn gather(&self) -> Option<Box<dyn Gather<Output = Self::Output>>> {
        None
    }
}

/// A struct with a field for each column of a select list.
pub trait FromRow: Sized {
    /// How many columns it takes.
    const WIDTH: usize;

    /// Reads the columns from the given place on.
    fn from_row<C: Cells>(cells: &C, first: usize) -> Result<Self>;
}

/// The fields of a row by the places of their columns.
pub trait Fields {
    /// The field of the column at that place.
    ///
    /// # Panics
    ///
    /// When the row has no such place.
    fn field(&self, place: usize) -> Value<'_>;
}

/// For generated code, where a row is asked for a column that it has not.
#[doc(hidden)]
#[cold]
#[must_use]
pub fn no_such_field<T>(place: usize) -> T {
    panic!("the row has no column at place {place}")
}

/// Reads one column; an error names it.
///
/// For generated code, which knows that the index exists.
#[doc(hidden)]
pub fn read<'r, T: FromSql<'r>>(cells: &'r impl Cells, index: usize) -> Result<T> {
    cells.cell(index)
}

/// [`read`] without taking one value for another, of the types of which the driver does.
#[doc(hidden)]
pub fn read_exactly<T: crate::types::Exactly>(cells: &impl Cells, index: usize) -> Result<T> {
    cells.cell(index).map(T::of)
}
