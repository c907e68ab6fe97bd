//! What a DDL statement says, in our own words: the hand-over from `parse` to `apply`. Names are folded and cut, expressions are text.

use std::ops::Range;

use crate::query::Query;

/// A name as PostgreSQL reads it (folded, unquoted, cut to 63 bytes), and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub text: String,
    pub range: Range<usize>,
}

/// A name that may carry its schema.
#[derive(Clone, Debug)]
pub(crate) struct Qualified {
    pub schema: Option<String>,
    pub name: String,
    pub range: Range<usize>,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    pub name: Qualified,
    pub modifiers: Vec<i64>,
    pub array_dimensions: u32,
    /// Spelt with PostgreSQL's own keywords (`integer`, `timestamp with time zone`): `name` is the internal name, nothing to look up.
    pub built_in: bool,
}

/// An expression's text, and the plain names in it, which may be columns.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub text: String,
    pub names: Vec<String>,
}

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
    pub inherits: Vec<Qualified>,
    pub elements: Vec<TableElement>,
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
}

#[derive(Clone, Debug)]
pub(crate) struct ColumnDefinition {
    pub name: Name,
    /// None in a partition or typed table, where a column only gets constraints.
    pub ty: Option<TypeName>,
    pub constraints: Vec<Constraint>,
    pub range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    pub name: Option<Name>,
    pub rule: Rule,
    pub deferrable: bool,
    pub range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum Rule {
    NotNull {
        column: Option<Name>,
    },
    Null,
    Default(Expression),
    Identity {
        always: bool,
        sequence: Option<Qualified>,
    },
    Generated(Expression),
    Check(Expression),
    /// No columns: those of the column definition it stands in.
    PrimaryKey(KeyDefinition),
    Unique(KeyDefinition),
    Exclude(Vec<IndexColumn>),
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
    pub on_update: Action,
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
    Expression { name: String, names: Vec<String> },
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
    pub columns: Vec<IndexColumn>,
    pub include: Vec<Name>,
    pub nulls_not_distinct: bool,
    pub predicate: Option<Expression>,
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
    AddConstraint(Constraint),
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
    },
    RenameTo(Name),
    SetSchema(Name),
    AttachPartition(Qualified),
    DetachPartition(Qualified),
    Inherit(Qualified),
    NoInherit(Qualified),
    /// Ownership, storage, triggers, row security and the like: nothing a catalog here holds.
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnChange {
    SetNotNull,
    DropNotNull,
    SetDefault(Expression),
    DropDefault,
    SetType(TypeName),
    AddIdentity { always: bool, sequence: Option<Qualified> },
    SetIdentity { always: Option<bool> },
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

#[derive(Clone, Debug)]
pub(crate) enum ValuePlace {
    End,
    Before(String),
    After(String),
}

#[derive(Clone, Debug)]
pub(crate) enum DomainChange {
    SetNotNull,
    DropNotNull,
    SetDefault(Expression),
    DropDefault,
    AddCheck { name: Option<Name>, check: Expression },
    AddNotNull,
    DropConstraint { name: Name, if_exists: bool },
    RenameConstraint { name: Name, to: Name },
    RenameTo(Name),
    SetSchema(Name),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeChange {
    AddValue { value: String, place: ValuePlace, if_not_exists: bool },
    RenameValue { from: String, to: String },
    RenameTo(Name),
    SetSchema(Name),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeDefinition {
    Enum(Vec<String>),
    Composite,
    Other,
}

/// `OWNED BY`.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    Column(Qualified, Name),
    None,
}

#[derive(Clone, Debug)]
pub(crate) enum Commented {
    Relation(Qualified),
    Column { table: Qualified, column: Name },
    Schema(Name),
    Type(Qualified),
}

/// What the columns of a relation made from a query follow from.
#[derive(Clone, Debug)]
pub(crate) struct RelationDefinition {
    /// None for what the query model has not, and for `EXECUTE`.
    pub(crate) query: Option<Query>,
    /// The names written before the query, for the first of its columns.
    pub(crate) columns: Vec<Name>,
}

/// The statements that can change a [`Catalog`](crate::Catalog).
#[derive(Clone, Debug)]
pub(crate) enum Ddl {
    CreateSchema {
        name: Name,
        if_not_exists: bool,
        elements: Vec<Ddl>,
    },
    RenameSchema {
        name: Name,
        to: Name,
    },
    DropSchema {
        names: Vec<Name>,
        if_exists: bool,
        cascade: bool,
    },
    CreateExtension {
        name: Name,
        if_not_exists: bool,
        schema: Option<Name>,
    },
    DropExtension {
        names: Vec<Name>,
        if_exists: bool,
    },
    CreateTable(Box<CreateTable>),
    /// A relation whose columns come from a query.
    CreateRelation {
        name: Qualified,
        kind: RelationKind,
        if_not_exists: bool,
        or_replace: bool,
        temporary: bool,
        definition: Box<RelationDefinition>,
    },
    AlterTable {
        table: Qualified,
        kind: RelationKind,
        if_exists: bool,
        only: bool,
        changes: Vec<TableChange>,
    },
    DropRelations {
        names: Vec<Qualified>,
        kind: RelationKind,
        if_exists: bool,
        cascade: bool,
    },
    CreateIndex(Box<CreateIndex>),
    RenameIndex {
        name: Qualified,
        to: Name,
        if_exists: bool,
    },
    DropIndexes {
        names: Vec<Qualified>,
        if_exists: bool,
    },
    CreateSequence {
        name: Qualified,
        if_not_exists: bool,
        temporary: bool,
        owned_by: Option<Owner>,
    },
    AlterSequence {
        name: Qualified,
        if_exists: bool,
        rename: Option<Name>,
        schema: Option<Name>,
        owned_by: Option<Owner>,
    },
    DropSequences {
        names: Vec<Qualified>,
        if_exists: bool,
    },
    CreateType {
        name: Qualified,
        definition: TypeDefinition,
    },
    AlterType {
        name: Qualified,
        change: TypeChange,
    },
    CreateDomain {
        name: Qualified,
        base: TypeName,
        constraints: Vec<Constraint>,
    },
    AlterDomain {
        name: Qualified,
        change: DomainChange,
    },
    DropTypes {
        names: Vec<Qualified>,
        if_exists: bool,
        cascade: bool,
    },
    Comment {
        on: Commented,
        text: Option<String>,
    },
    /// None: back to the default.
    SetSearchPath(Option<Vec<String>>),
}
