//! What a query returns, inside the resolver.

use std::ops::Range;

use super::snapshot::Oid;

/// A column of a query's result.
#[derive(Clone, Debug)]
pub(super) struct RowColumn {
    pub(super) name: String,
    pub(super) ty: Oid,
    pub(super) modifiers: Vec<i64>,
    pub(super) not_null: bool,
}

/// A query's result.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: Vec<RowColumn>,
    /// Whether it is one row whatever the tables hold.
    pub(super) exactly_one: bool,
    /// Whether something selected gives rows of its own.
    pub(super) multiplies: bool,
    /// The columns that are a literal or a parameter alone, whose type a set operation around may still choose, and where they stand.
    pub(super) open: Vec<(usize, Range<usize>)>,
}
