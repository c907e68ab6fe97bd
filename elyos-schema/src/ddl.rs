//! What a DDL statement says, in our own words: the hand-over from `parse` to `apply`. Names are folded and cut, expressions are text.

use std::ops::Range;

use crate::{
    catalog::{Mode, SequenceOptions, Volatility},
    query::Query,
};

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
    /// `table.column%TYPE`: the type of that column.
    pub of_column: Option<(Qualified, Name)>,
}

/// An expression's text, and the plain names in it, which may be columns.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub text: String,
    pub names: Vec<String>,
    /// Those of them that can be nothing but columns of the table it is about.
    pub columns: Vec<Name>,
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
    pub partition_key: Option<PartitionKey>,
    pub partition_bound: Option<String>,
    pub of_type: Option<Qualified>,
    pub inherits: Vec<Qualified>,
    pub elements: Vec<TableElement>,
}

#[derive(Clone, Debug)]
pub(crate) struct PartitionKey {
    pub text: String,
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
    /// Ownership, storage, statistics and the like: nothing a catalog here holds.
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnChange {
    SetNotNull,
    DropNotNull,
    SetDefault(Expression),
    DropDefault,
    SetType { ty: TypeName, collation: Option<Qualified> },
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
    AddCheck { name: Option<Name>, check: Expression, not_valid: bool },
    Validate(Name),
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
    AddAttribute { name: Name, ty: TypeName },
    DropAttribute { name: Name, if_exists: bool },
    AlterAttribute { name: Name, ty: TypeName },
    RenameAttribute { name: Name, to: Name },
    RenameTo(Name),
    SetSchema(Name),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeDefinition {
    Enum(Vec<String>),
    Composite(Vec<(Name, TypeName)>),
    Range { subtype: Option<Box<TypeName>>, multirange: Option<Qualified> },
    Base,
    Shell,
}

/// An argument of a function.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub name: Option<Name>,
    pub mode: Mode,
    pub ty: TypeName,
    pub default: Option<Expression>,
}

/// What `CREATE` and `ALTER` say of a function beside its signature.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunctionOptions {
    pub language: Option<String>,
    pub volatility: Option<Volatility>,
    pub strict: Option<bool>,
    pub security_definer: Option<bool>,
    pub window: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct CreateFunction {
    pub name: Qualified,
    pub or_replace: bool,
    pub procedure: bool,
    pub arguments: Vec<Argument>,
    pub returns: Option<TypeName>,
    pub returns_set: bool,
    pub options: FunctionOptions,
}

/// What `DROP` and `ALTER` may mean by a name with arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoutineKind {
    Function,
    Procedure,
    Routine,
}

/// A function as `DROP` and `ALTER` name it; no arguments: the only one of its name.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub kind: RoutineKind,
    pub name: Qualified,
    pub arguments: Option<Vec<Argument>>,
}

#[derive(Clone, Debug)]
pub(crate) enum FunctionChange {
    RenameTo(Name),
    SetSchema(Name),
    Options(FunctionOptions),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct CreateTrigger {
    pub name: Name,
    pub or_replace: bool,
    pub table: Qualified,
    pub function: Qualified,
    pub columns: Vec<Name>,
}

#[derive(Clone, Debug)]
pub(crate) struct CreatePolicy {
    pub name: Name,
    pub table: Qualified,
    pub permissive: bool,
    pub command: String,
    pub roles: Vec<String>,
    pub using: Option<Expression>,
    pub with_check: Option<Expression>,
}

#[derive(Clone, Debug)]
pub(crate) enum PolicyChange {
    RenameTo(Name),
    Set { roles: Option<Vec<String>>, using: Option<Expression>, with_check: Option<Expression> },
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

/// Something carried whole: its kind in SQL's words, and what is written behind them.
#[derive(Clone, Debug)]
pub(crate) struct CarriedName {
    pub kind: &'static str,
    pub name: Qualified,
    /// Arguments or types that tell it from others of its name.
    pub arguments: Option<String>,
    pub table: Option<Qualified>,
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
    Column {
        table: Qualified,
        column: Name,
    },
    Schema(Name),
    Type(Qualified),
    /// A constraint, an index's constraint or none: `on` a table.
    Constraint {
        table: Qualified,
        name: Name,
    },
    DomainConstraint {
        domain: Qualified,
        name: Name,
    },
    Index(Qualified),
    Sequence(Qualified),
    Function(Signature),
    Trigger {
        table: Qualified,
        name: Name,
    },
    Policy {
        table: Qualified,
        name: Name,
    },
    Extension(Name),
    Carried(CarriedName),
}

/// What the columns of a relation made from a query follow from.
#[derive(Clone, Debug, Default)]
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
    AlterExtensionSchema {
        name: Name,
        schema: Name,
    },
    CreateTable(Box<CreateTable>),
    CreateRelation(Box<CreateRelation>),
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
        cascade: bool,
    },
    AttachIndex {
        parent: Qualified,
        index: Qualified,
    },
    CreateSequence {
        name: Qualified,
        if_not_exists: bool,
        persistence: Persistence,
        options: SequenceOptions,
        owned_by: Option<Owner>,
    },
    AlterSequence {
        name: Qualified,
        if_exists: bool,
        rename: Option<Name>,
        schema: Option<Name>,
        options: SequenceOptions,
        owned_by: Option<Owner>,
    },
    DropSequences {
        names: Vec<Qualified>,
        if_exists: bool,
        cascade: bool,
    },
    CreateFunction(Box<CreateFunction>),
    AlterFunction {
        function: Signature,
        change: FunctionChange,
    },
    DropFunctions {
        functions: Vec<Signature>,
        if_exists: bool,
        cascade: bool,
    },
    CreateTrigger(Box<CreateTrigger>),
    RenameTrigger {
        name: Name,
        table: Qualified,
        to: Name,
    },
    DropTrigger {
        name: Name,
        table: Qualified,
        if_exists: bool,
    },
    CreatePolicy(Box<CreatePolicy>),
    AlterPolicy {
        name: Name,
        table: Qualified,
        change: PolicyChange,
    },
    DropPolicy {
        name: Name,
        table: Qualified,
        if_exists: bool,
    },
    Carry {
        what: CarriedName,
        or_replace: bool,
        if_not_exists: bool,
        text: String,
    },
    ChangeCarried {
        what: CarriedName,
        text: String,
    },
    DropCarried {
        what: Vec<CarriedName>,
        if_exists: bool,
    },
    Grant {
        text: String,
    },
    CreateType {
        name: Qualified,
        definition: TypeDefinition,
    },
    AlterType {
        name: Qualified,
        changes: Vec<TypeChange>,
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
        /// `DROP DOMAIN`, which drops no other type.
        domains: bool,
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

impl Ddl {
    /// Takes the foreign keys out of a `CREATE TABLE`, as a statement that adds them.
    pub(crate) fn take_references(&mut self) -> Option<Self> {
        let Self::CreateTable(create) = self else { return None };
        let mut changes = Vec::new();
        let mut take = |constraint: &Constraint, behind: Option<&Name>| {
            let Rule::References(reference) = &constraint.rule else { return false };
            let mut reference = reference.clone();
            if reference.columns.is_empty() {
                reference.columns.extend(behind.cloned());
            }
            changes.push(TableChange::AddConstraint(Box::new(Constraint { rule: Rule::References(reference), ..constraint.clone() })));
            true
        };
        create.elements.retain_mut(|element| match element {
            TableElement::Column(column) => {
                let name = column.name.clone();
                column.constraints.retain(|constraint| !take(constraint, Some(&name)));
                true
            }
            TableElement::Constraint(constraint) => !take(constraint, None),
            TableElement::Like { .. } => true,
        });
        if changes.is_empty() {
            return None;
        }
        Some(Self::AlterTable { table: create.name.clone(), kind: RelationKind::Table, if_exists: false, only: false, changes })
    }
}
