//! The statements themselves.

use std::ops::Range;

use super::{
    Block, Call, Constraint, CreateFunction, CreateIndex, CreatePolicy, CreateRelation, CreateTable, CreateTrigger, Definition,
    DomainChange, FunctionChange, Name, Persistence, PolicyChange, Qualified, RelationKind, Rule, Signature, TableChange, TableElement,
    TypeChange, TypeDefinition, TypeName,
};
use crate::catalog::SequenceOptions;

/// Something carried whole: its kind in SQL's words, and what is written behind them.
#[derive(Clone, Debug)]
pub(crate) struct CarriedName {
    pub kind: &'static str,
    pub name: Qualified,
    /// Arguments or types that tell it from others of its name.
    pub arguments: Option<String>,
    pub table: Option<Qualified>,
    /// The table's columns it is about, where it is said plainly.
    pub columns: Vec<Name>,
}

/// `OWNED BY`.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    Column(Qualified, Name),
    None,
}

#[derive(Clone, Debug)]
pub(crate) enum Commented {
    /// A table or view, and what the statement calls it.
    Relation(Qualified, RelationKind),
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
        cascade: bool,
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
        definition: Option<Box<Definition>>,
    },
    ChangeCarried {
        what: CarriedName,
        /// Whether it gets another name or schema.
        moves: bool,
        text: String,
    },
    DropCarried {
        what: Vec<CarriedName>,
        if_exists: bool,
        cascade: bool,
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
        collation: Option<Qualified>,
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
    Block(Box<Block>),
    /// Functions and procedures that may do something, too.
    Calls(Vec<Call>),
    /// A text that is run as it was put together at its place.
    Text {
        text: String,
        range: Range<usize>,
    },
    /// What only a server can know, and why.
    Unknown {
        range: Range<usize>,
        what: &'static str,
    },
    /// Until the transaction ends.
    SetLocalSearchPath(Option<Vec<String>>),
}

impl Ddl {
    /// The names it gives to something new that other statements may name.
    pub(crate) fn made_names(&self) -> Vec<&str> {
        match self {
            Self::CreateSchema { name, elements, .. } => {
                std::iter::once(name.text.as_str()).chain(elements.iter().flat_map(Self::made_names)).collect()
            }
            Self::CreateTable(create) => vec![&create.name.name],
            Self::CreateRelation(create) => vec![&create.name.name],
            Self::CreateFunction(create) => vec![&create.name.name],
            Self::CreateSequence { name, .. } | Self::CreateType { name, .. } | Self::CreateDomain { name, .. } => vec![&name.name],
            _ => Vec::new(),
        }
    }

    /// The tables that the foreign keys point to which it adds by `ALTER TABLE`.
    pub(crate) fn referenced_names(&self) -> Vec<&str> {
        let Self::AlterTable { changes, .. } = self else { return Vec::new() };
        let rules = changes.iter().filter_map(|change| match change {
            TableChange::AddConstraint(constraint) => Some(&constraint.rule),
            _ => None,
        });
        let tables = rules.filter_map(|rule| match rule {
            Rule::References(reference) => Some(reference.table.name.as_str()),
            _ => None,
        });
        tables.collect()
    }

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
