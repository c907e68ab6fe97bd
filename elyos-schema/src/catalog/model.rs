//! What a catalog holds: tables with their columns, keys, checks and indexes; enums, domains, extensions.

use std::ops::Range;

use super::types::Type;
use crate::source::Source;

/// A relation's full name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationName {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for RelationName {
    /// `schema.name`, quoted where SQL needs it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", super::names::quote(&self.schema), super::names::quote(&self.name))
    }
}

/// What kind of relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// An ordinary table, or a partition that has none of its own.
    Table,
    /// `PARTITION BY`.
    Partitioned,
    /// `CREATE FOREIGN TABLE`.
    Foreign,
    /// `CREATE VIEW`.
    View,
    /// `CREATE MATERIALIZED VIEW`.
    MaterializedView,
}

/// A table or a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What kind of relation.
    pub kind: TableKind,
    /// Its columns in order. Empty where `columns_known` is false.
    pub columns: Vec<Column>,
    /// False where the columns come from a query (views, `CREATE TABLE AS`), which is not resolved yet.
    pub columns_known: bool,
    /// The primary key.
    pub primary_key: Option<Key>,
    /// The unique constraints, in order of their creation.
    pub unique: Vec<Key>,
    /// The foreign keys, in order of their creation.
    pub foreign_keys: Vec<ForeignKey>,
    /// The check constraints, in order of their creation.
    pub checks: Vec<Check>,
    /// The names of the exclusion constraints.
    pub exclusions: Vec<String>,
    /// The indexes that no constraint made.
    pub indexes: Vec<Index>,
    /// The tables it inherits from, or the one it is a partition of.
    pub parents: Vec<RelationName>,
    /// Whether `parents` is the table it is a partition of.
    pub is_partition: bool,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
    /// The text it was created in.
    pub source: Source,
    /// The bytes of the statement that created it.
    pub range: Range<usize>,
    pub(crate) derived: super::Derived,
}

impl Table {
    /// Its full name.
    #[must_use]
    pub fn full_name(&self) -> RelationName {
        RelationName { schema: self.schema.clone(), name: self.name.clone() }
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether at most one row can have the same values in these columns, in any order: by the primary key, a unique constraint, or a
    /// unique index over plain columns and all rows.
    #[must_use]
    pub fn is_unique(&self, columns: &[&str]) -> bool {
        let same = |key: &[String]| key.len() == columns.len() && key.iter().all(|column| columns.contains(&column.as_str()));
        self.primary_key.iter().chain(&self.unique).any(|key| same(&key.columns))
            || self.indexes.iter().any(|index| index.unique && !index.partial && index.columns.as_deref().is_some_and(same))
    }

    pub(crate) fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// `NOT NULL`, said or implied by a primary key, an identity or `serial`. A domain that refuses null is a fact of the domain.
    pub not_null: bool,
    /// The default's SQL text, as written; for `serial` what PostgreSQL makes of it.
    pub default: Option<String>,
    /// `GENERATED … AS IDENTITY`.
    pub identity: Option<Identity>,
    /// The SQL text of `GENERATED ALWAYS AS (…)`.
    pub generated: Option<String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
    /// The sequence that `serial` or an identity made for it.
    pub sequence: Option<RelationName>,
    /// Whether it only came from a parent table.
    pub inherited: bool,
    /// The text it was defined in.
    pub source: Source,
    /// The bytes of its definition.
    pub range: Range<usize>,
}

/// Whether an identity column takes a value from an insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Only with `OVERRIDING SYSTEM VALUE`.
    Always,
    /// It does.
    ByDefault,
}

/// A primary key or a unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The constraint's name, which is its index's too.
    pub name: String,
    /// The columns in the key's order.
    pub columns: Vec<String>,
    /// The columns the index carries beside them (`INCLUDE`).
    pub include: Vec<String>,
    /// Whether two nulls are the same (`NULLS NOT DISTINCT`).
    pub nulls_not_distinct: bool,
    /// Whether it may be checked at the end of a transaction.
    pub deferrable: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table's schema.
    pub references_schema: String,
    /// The referenced table.
    pub references_table: String,
    /// The referenced columns, one for each of `columns`.
    pub references_columns: Vec<String>,
    /// What happens when the referenced row is deleted.
    pub on_delete: Action,
    /// What happens when the referenced key changes.
    pub on_update: Action,
    /// Whether it may be checked at the end of a transaction.
    pub deferrable: bool,
}

/// What a foreign key does when the row it points to goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An error, at the end of the statement or transaction.
    NoAction,
    /// An error at once.
    Restrict,
    /// The referencing row goes too.
    Cascade,
    /// The referencing columns become null.
    SetNull,
    /// The referencing columns become their defaults.
    SetDefault,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The columns in it.
    pub columns: Vec<String>,
    /// The condition's SQL text, as written.
    pub expression: String,
}

/// An index that no constraint made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// Its columns; None where one of them is an expression.
    pub columns: Option<Vec<String>>,
    /// All columns that it mentions anywhere.
    pub mentions: Vec<String>,
    /// Whether it has a `WHERE`.
    pub partial: bool,
    /// Whether two nulls are the same.
    pub nulls_not_distinct: bool,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its values in their order.
    pub values: Vec<String>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type it restricts.
    pub base: Type,
    /// Whether it refuses null.
    pub not_null: bool,
    /// Its default's SQL text.
    pub default: Option<String>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<String>,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The schema its statement puts it in.
    pub schema: Option<String>,
}

/// A type that the user created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserType {
    Enum(Enum),
    Domain(Domain),
    /// Composite, range, base and shell types: known by name only.
    Other {
        schema: String,
        name: String,
        composite: bool,
    },
}

impl UserType {
    pub(crate) fn moved(self, schema: &str, name: &str) -> Self {
        let (schema, name) = (schema.to_owned(), name.to_owned());
        match self {
            Self::Enum(it) => Self::Enum(Enum { schema, name, ..it }),
            Self::Domain(it) => Self::Domain(Domain { schema, name, ..it }),
            Self::Other { composite, .. } => Self::Other { schema, name, composite },
        }
    }
}

/// A sequence, and the column it goes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub owner: Option<(RelationName, String)>,
}
