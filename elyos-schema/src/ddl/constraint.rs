//! Constraints and indexes.

use std::ops::Range;

use super::{Expression, Name, Qualified, TypeName};
use crate::catalog::SequenceOptions;

#[allow(clippy::struct_excessive_bools, reason = "the words of the statement are independent of each other")]
#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    pub name: Option<Name>,
    pub rule: Rule,
    pub deferrable: bool,
    pub initially_deferred: bool,
    pub no_inherit: bool,
    pub not_valid: bool,
    pub range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum Rule {
    NotNull {
        column: Option<Name>,
    },
    Null,
    Default(Expression),
    /// A default with something in it that PostgreSQL takes there in parentheses alone.
    NoDefault {
        what: String,
        place: Range<usize>,
    },
    Identity {
        always: bool,
        sequence: Option<Qualified>,
        options: SequenceOptions,
    },
    Generated(Expression),
    Check(Expression),
    /// No columns: those of the column definition it stands in.
    PrimaryKey(KeyDefinition),
    Unique(KeyDefinition),
    Exclude(Exclude),
    References(Reference),
}

#[derive(Clone, Debug)]
pub(crate) struct KeyDefinition {
    pub columns: Vec<Name>,
    pub include: Vec<Name>,
    pub nulls_not_distinct: bool,
    pub using_index: Option<Name>,
}

#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// No columns: the one of the column definition it stands in.
    pub columns: Vec<Name>,
    pub table: Qualified,
    pub referenced: Vec<Name>,
    pub on_delete: Action,
    pub on_delete_columns: Vec<Name>,
    pub on_update: Action,
    pub match_full: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Exclude {
    pub method: Option<String>,
    pub elements: Vec<(IndexItem, String)>,
    pub predicate: Option<Expression>,
}

#[allow(clippy::enum_variant_names, reason = "NO ACTION is SQL's name for it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// A column of an index: a plain name, or an expression with the name that PostgreSQL would give it.
#[derive(Clone, Debug)]
pub(crate) enum IndexColumn {
    Column(Name),
    Expression {
        name: Option<String>,
        expression: Expression,
        /// `column::type`, which is the column where it has that type already.
        cast: Option<(Name, Box<TypeName>)>,
    },
}

/// A column of an index and how it is sorted.
#[derive(Clone, Debug)]
pub(crate) struct IndexItem {
    pub column: IndexColumn,
    pub collation: Option<String>,
    pub operator_class: Option<String>,
    pub descending: bool,
    pub nulls_first: Option<bool>,
}

#[allow(clippy::struct_excessive_bools, reason = "the words of the statement are independent of each other")]
#[derive(Clone, Debug)]
pub(crate) struct CreateIndex {
    pub name: Option<Name>,
    pub if_not_exists: bool,
    pub table: Qualified,
    /// `ON ONLY`: not its partitions.
    pub only: bool,
    pub unique: bool,
    pub method: Option<String>,
    pub items: Vec<IndexItem>,
    pub include: Vec<Name>,
    pub nulls_not_distinct: bool,
    pub predicate: Option<Expression>,
}
