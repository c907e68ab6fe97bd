//! What is emitted, decided: names, types and keys, with nothing left to check.

use syn::{Ident, Visibility};

use crate::types::{DomainOver, OperatorsIn, RustType};

/// A repository and its table.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The name that its structs are called after, such as `User`.
    pub(crate) base: String,
    /// What the column handles are constants of.
    pub(crate) handles: Ident,
    /// As people write it: `auth.users`.
    pub(crate) shown: String,
    /// As SQL has it: `"auth"."users"`.
    pub(crate) quoted: String,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<ColumnModel>,
    /// Places of the key's columns.
    pub(crate) key: Vec<usize>,
    pub(crate) uniques: Vec<Unique>,
    /// The foreign keys that rows are listed by.
    pub(crate) references: Vec<Unique>,
    /// All foreign keys: to what other rows this table's lead.
    pub(crate) foreign_keys: Vec<ForeignKeyModel>,
    /// What the user calls relations.
    pub(crate) relations: Vec<RelationModel>,
    /// All constraints, with the names that the database has for each.
    pub(crate) constraints: Vec<Constraint>,
    /// What an insert can meet a row by.
    pub(crate) targets: Vec<Target>,
    /// Places of the searched columns.
    pub(crate) search: Vec<usize>,
    /// How rows are hidden, where they are.
    pub(crate) soft_delete: Option<SoftDelete>,
    /// Place of the column that an update sets to the time.
    pub(crate) touched: Option<usize>,
    /// Whether it takes rows: a view does not.
    pub(crate) writable: bool,
    /// Which writes may leave out rows, by triggers of the table's.
    pub(crate) leaves_out: LeavesOut,
}

impl Model {
    /// A column's place among the table's.
    pub(crate) fn place(&self, column: &ColumnModel) -> usize {
        self.columns.iter().position(|other| other.name == column.name).unwrap_or_default()
    }
}

impl ColumnModel {
    /// What a value that is compared with it is cast to, without the checks of a domain: what no row can hold is found in none.
    pub(crate) fn base(&self) -> &str {
        self.domain_over.as_ref().map_or(&self.sql_type, |domain| &domain.base)
    }
}

/// Which writes may leave out rows.
#[derive(Clone, Copy)]
pub(crate) struct LeavesOut {
    pub(crate) inserts: bool,
    pub(crate) updates: bool,
}

/// A column and its field.
pub(crate) struct ColumnModel {
    pub(crate) name: String,
    pub(crate) quoted: String,
    pub(crate) field: Ident,
    pub(crate) constant: Ident,
    pub(crate) ty: RustType,
    /// The type as SQL has it.
    pub(crate) sql_type: String,
    /// What stands for it in a row that says nothing of it, where an expression means the same in any statement.
    pub(crate) default: Option<String>,
    /// What its type is over, where it is a domain.
    pub(crate) domain_over: Option<DomainOver>,
    /// Where its type's operators are, where that is an extension's own schema.
    pub(crate) operators_in: Option<OperatorsIn>,
    /// Whether it has a collation of the schema's.
    pub(crate) collated: bool,
    /// What there is to know for copying values in.
    pub(crate) copied: Copied,
    /// Whether its values are shown to nobody.
    pub(crate) secret: bool,
    pub(crate) nullable: bool,
    pub(crate) insert: OnInsert,
    pub(crate) doc: String,
}

/// How a column's values are copied in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    /// As the type travels.
    Plainly,
    /// As the text of a label: its type is an enum.
    AsLabel,
    /// Not at all: the database makes the value from others.
    Never,
}

/// What an insert says of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnInsert {
    /// It has to say a value.
    Required,
    /// It may leave the column to its default, or to null.
    Optional,
    /// The database makes the value: generated, or identity always.
    Absent,
}

/// A foreign key.
pub(crate) struct ForeignKeyModel {
    /// Places of the referring columns.
    pub(crate) columns: Vec<usize>,
    /// The table referred to, as SQL has it.
    pub(crate) table: String,
    /// Its columns, quoted.
    pub(crate) to: Vec<String>,
}

/// What rows of this table lead to.
pub(crate) struct RelationModel {
    pub(crate) constant: Ident,
    /// The repository of the other table.
    pub(crate) other: syn::Path,
    pub(crate) way: Way,
}

/// How they lead there.
pub(crate) enum Way {
    /// By the other table's foreign key of these columns; of none: the only one.
    Children(Vec<String>),
    /// By these columns of the other table, which mean this one's, quoted.
    ChildrenOn(Vec<(String, String)>),
    /// By what of a table between refers to this one and to the other.
    Through { link: syn::Path, near: End, far: End },
    /// By this table's foreign key of these columns; of none: the only one.
    Parent(Vec<String>),
    /// By columns of this table, by their places, which mean the other's.
    ParentOn(Vec<(usize, String)>),
}

/// How a table between refers to one of the two that it connects.
pub(crate) enum End {
    /// By its foreign key of these columns; of none: the only one.
    Key(Vec<String>),
    /// By these of its columns, which mean those.
    On(Vec<(String, String)>),
}

/// A constraint as a variant of the table's enum of them.
pub(crate) struct Constraint {
    pub(crate) variant: Ident,
    pub(crate) doc: String,
    /// Schema, table and name: its own, and those of the partitions' parts of it.
    pub(crate) names: Vec<[String; 3]>,
    /// What it is called by in partitions that are not in the schema's text.
    pub(crate) elsewhere: Option<Elsewhere>,
}

/// What a constraint of a partitioned table is called by in a partition.
///
/// Source: PostgreSQL, "Table Partitioning": checks and foreign keys are passed on with their names; `ChooseIndexName` in its source.
pub(crate) enum Elsewhere {
    Same,
    /// By the partition's name and this behind it.
    Behind(String),
}

/// A key or unique constraint as a variant of the table's enum of them.
pub(crate) struct Target {
    pub(crate) variant: Ident,
    pub(crate) doc: String,
    pub(crate) columns: Vec<usize>,
    /// Of which rows it holds, as the index says it, where it is not all.
    pub(crate) predicate: Option<String>,
}

/// How rows are hidden, as SQL.
pub(crate) struct SoftDelete {
    /// The column's name in quotes.
    pub(crate) column: String,
    pub(crate) visible: String,
    pub(crate) hidden: String,
    pub(crate) hide: String,
    pub(crate) show: String,
    /// By a time; else by a flag.
    pub(crate) is_time: bool,
    pub(crate) is_nullable: bool,
}

/// A constraint that rows are found by.
pub(crate) struct Unique {
    pub(crate) name: String,
    /// The method that finds them.
    pub(crate) method: Ident,
    pub(crate) columns: Vec<usize>,
    /// What its index says of its rows, where the server cannot know that it holds of those that are seen.
    pub(crate) predicate: Option<String>,
}
