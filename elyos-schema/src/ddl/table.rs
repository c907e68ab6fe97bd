//! Tables and other relations: what creates and changes them.

use std::ops::Range;

use super::{Constraint, Expression, Name, Qualified, TypeName};
use crate::catalog::SequenceOptions;
use crate::query::Query;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persistence {
    Permanent,
    Temporary,
    Unlogged,
}

#[derive(Clone, Debug)]
pub(crate) struct CreateTable {
    pub name: Qualified,
    pub if_not_exists: bool,
    pub persistence: Persistence,
    pub foreign: bool,
    pub partitioned: bool,
    pub partition_of: Option<Qualified>,
    pub partition_key: Option<PartitionKey>,
    pub partition_bound: Option<String>,
    pub of_type: Option<Qualified>,
    pub inherits: Vec<Qualified>,
    pub elements: Vec<TableElement>,
}

#[derive(Clone, Debug)]
pub(crate) struct PartitionKey {
    pub text: String,
    pub expressions: Vec<Expression>,
    pub columns: Vec<Name>,
}

#[derive(Clone, Debug)]
pub(crate) enum TableElement {
    Column(ColumnDefinition),
    Constraint(Constraint),
    Like { table: Qualified, options: LikeOptions },
}

/// What `LIKE` takes besides the columns.
#[allow(clippy::struct_excessive_bools, reason = "the options are independent of each other")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LikeOptions {
    pub comments: bool,
    pub constraints: bool,
    pub defaults: bool,
    pub generated: bool,
    pub identity: bool,
    pub indexes: bool,
    pub statistics: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ColumnDefinition {
    pub name: Name,
    /// None in a partition or typed table, where a column only gets constraints.
    pub ty: Option<TypeName>,
    pub collation: Option<Qualified>,
    pub constraints: Vec<Constraint>,
    pub range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum TableChange {
    AddColumn {
        column: ColumnDefinition,
        if_not_exists: bool,
    },
    DropColumn {
        column: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameColumn {
        column: Name,
        to: Name,
    },
    AlterColumn {
        column: Name,
        change: ColumnChange,
    },
    AddConstraint(Box<Constraint>),
    DropConstraint {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameConstraint {
        name: Name,
        to: Name,
    },
    AlterConstraint {
        name: Name,
        deferrable: Option<bool>,
        initially_deferred: Option<bool>,
    },
    ValidateConstraint(Name),
    SetUnlogged(bool),
    RowSecurity {
        enabled: Option<bool>,
        forced: Option<bool>,
    },
    OfType(Option<Qualified>),
    RenameTo(Name),
    SetSchema(Name),
    AttachPartition {
        table: Qualified,
        bound: Option<String>,
    },
    DetachPartition(Qualified),
    Inherit(Qualified),
    NoInherit(Qualified),
    /// What only a table can have and no catalog here holds: whether triggers and rules fire, `CLUSTER`, `REPLICA IDENTITY`.
    OfTablesAlone {
        /// Whether a materialized view can have it too.
        materialized: bool,
        /// Whether a partitioned table can.
        partitioned: bool,
    },
    /// Ownership, storage, statistics and the like: nothing a catalog here holds.
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnChange {
    SetNotNull,
    DropNotNull,
    SetDefault(Expression),
    DropDefault,
    SetType { ty: TypeName, collation: Option<Qualified>, using: Option<Expression> },
    AddIdentity { always: bool, sequence: Option<Qualified>, options: SequenceOptions },
    SetIdentity { always: Option<bool>, options: SequenceOptions },
    DropIdentity { if_exists: bool },
    SetExpression(Expression),
    DropExpression { if_exists: bool },
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelationKind {
    Table,
    ForeignTable,
    View,
    MaterializedView,
}

/// A relation whose columns come from a query.
#[allow(clippy::struct_excessive_bools, reason = "the words of the statement are independent of each other")]
#[derive(Clone, Debug)]
pub(crate) struct CreateRelation {
    pub name: Qualified,
    pub kind: RelationKind,
    pub if_not_exists: bool,
    pub or_replace: bool,
    pub persistence: Persistence,
    pub recursive: bool,
    pub column_names: Vec<Name>,
    pub query: Option<Range<usize>>,
    pub reads: Vec<Qualified>,
    pub definition: RelationDefinition,
}

/// What the columns of a relation made from a query follow from.
#[derive(Clone, Debug, Default)]
pub(crate) struct RelationDefinition {
    /// None for what the query model has not, and for `EXECUTE`.
    pub(crate) query: Option<Query>,
    /// The names written before the query, for the first of its columns.
    pub(crate) columns: Vec<Name>,
}
