//! What is known of an expression: its type, and when it is null.

use std::ops::Range;

use super::{
    scope::{ColumnId, Columns},
    snapshot::Oid,
    types::BOOL,
};

/// An expression after resolution.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) ty: Oid,
    pub(super) modifiers: Vec<i64>,
    /// Whether it is never null.
    pub(super) not_null: bool,
    /// The columns that are not null if it is not.
    pub(super) needs: Columns,
    /// Beyond those: the columns that are not null if it is true, and if it is false.
    pub(super) when_true: Columns,
    pub(super) when_false: Columns,
    /// The parameter that it is.
    pub(super) parameter: Option<usize>,
    /// What it gives: rows of its own, a value of a group of rows.
    pub(super) makes_rows: bool,
    pub(super) aggregates: bool,
    /// The types of the fields of a row that is written out, literals of no type yet among them.
    pub(super) row: Option<Vec<Value>>,
    pub(super) range: Range<usize>,
}

impl Value {
    pub(super) fn new(ty: Oid, not_null: bool, range: Range<usize>) -> Self {
        Self {
            ty,
            modifiers: Vec::new(),
            not_null,
            needs: Columns::new(),
            when_true: Columns::new(),
            when_false: Columns::new(),
            parameter: None,
            makes_rows: false,
            aggregates: false,
            row: None,
            range,
        }
    }

    pub(super) fn column(ty: Oid, modifiers: Vec<i64>, not_null: bool, id: ColumnId, range: Range<usize>) -> Self {
        Self { modifiers, needs: Columns::from([id]), ..Self::new(ty, not_null, range) }
    }

    /// A value made from these, of which it says nothing but whether they make rows or groups.
    pub(super) fn from_parts<'a>(ty: Oid, not_null: bool, parts: impl IntoIterator<Item = &'a Value>, range: Range<usize>) -> Self {
        let mut value = Self::new(ty, not_null, range);
        for part in parts {
            value.makes_rows |= part.makes_rows;
            value.aggregates |= part.aggregates;
        }
        value
    }

    /// A value that is null if one of its parts is; `total` says that it is null only then.
    pub(super) fn strict<'a>(ty: Oid, total: bool, parts: impl IntoIterator<Item = &'a Value> + Clone, range: Range<usize>) -> Self {
        let not_null = total && parts.clone().into_iter().all(|part| part.not_null);
        let mut value = Self::from_parts(ty, not_null, parts.clone(), range);
        for part in parts {
            value.needs.extend(&part.needs);
        }
        value
    }

    /// Nothing follows from it any more.
    pub(super) fn forget(&mut self) {
        for columns in [&mut self.needs, &mut self.when_true, &mut self.when_false] {
            columns.clear();
        }
    }

    /// The columns that are not null if it is true.
    pub(super) fn if_true(&self) -> Columns {
        self.needs.union(&self.when_true).copied().collect()
    }

    /// The columns that are not null if it is false.
    pub(super) fn if_false(&self) -> Columns {
        self.needs.union(&self.when_false).copied().collect()
    }

    /// A condition of which only this is known.
    pub(super) fn condition(not_null: bool, when_true: Columns, when_false: Columns, range: Range<usize>) -> Self {
        Self { when_true, when_false, ..Self::new(BOOL, not_null, range) }
    }
}
