//! Tables with their columns, keys, foreign keys and checks.

use std::{collections::BTreeMap, ops::Range};

use super::{
    index::{Exclusion, Index},
    security::{Policy, Trigger},
    types::Type,
    view::ViewQuery,
};
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
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
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
    /// The NOT NULLs that were added under a name, which PostgreSQL keeps since 18.
    pub(crate) not_nulls: Vec<NotNull>,
    /// The exclusion constraints, in order of their creation.
    pub exclusions: Vec<Exclusion>,
    /// The indexes that no constraint made.
    pub indexes: Vec<Index>,
    /// The tables it inherits from, or the one it is a partition of.
    pub parents: Vec<RelationName>,
    /// Whether `parents` is the table it is a partition of.
    pub is_partition: bool,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// What stands behind `PARTITION BY`, as written.
    pub partition_key: Option<String>,
    /// `FOR VALUES …` or `DEFAULT` of a partition, as written.
    pub partition_bound: Option<String>,
    /// The composite type of `CREATE TABLE … OF`.
    pub of_type: Option<RelationName>,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether it holds for the table's owner too.
    pub force_row_security: bool,
    /// The policies, in order of their creation.
    pub policies: Vec<Policy>,
    /// The triggers, in order of their creation.
    pub triggers: Vec<Trigger>,
    /// The query of a view or a `CREATE TABLE AS`.
    pub query: Option<ViewQuery>,
    /// What its constraints are commented with, by name.
    pub comments: BTreeMap<String, String>,
    /// What its indexes are commented with, by name; the index of a constraint has a comment of its own.
    pub index_comments: BTreeMap<String, String>,
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
    /// `COLLATE`, with its schema where it is not PostgreSQL's own.
    pub collation: Option<String>,
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
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
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
    /// Whether it is, unless the transaction says otherwise.
    pub initially_deferred: bool,
    /// Whether it came with the table this one is a partition of.
    pub inherited: bool,
    /// The names of the index's columns, which no rename of the table's reaches.
    pub(crate) labels: Vec<String>,
    /// Whether its index is a part of an index of the partitioned table.
    pub(crate) attached: bool,
}

/// A foreign key.
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
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
    /// The columns that `SET NULL (…)` or `SET DEFAULT (…)` names; empty for all.
    pub on_delete_columns: Vec<String>,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// Whether it may be checked at the end of a transaction.
    pub deferrable: bool,
    /// Whether it is, unless the transaction says otherwise.
    pub initially_deferred: bool,
    /// `NOT VALID`: rows from before it may break it.
    pub not_valid: bool,
    /// Whether it came with the table this one is a partition of.
    pub inherited: bool,
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

/// A NOT NULL under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotNull {
    pub(crate) name: String,
    pub(crate) column: String,
}

/// A check constraint.
#[allow(clippy::struct_excessive_bools, reason = "four facts that are independent of each other")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The columns in it.
    pub columns: Vec<String>,
    /// The condition's SQL text, as written.
    pub expression: String,
    /// `NO INHERIT`: not for the tables below.
    pub no_inherit: bool,
    /// `NOT VALID`: rows from before it may break it.
    pub not_valid: bool,
    /// Whether a parent table has it, so that it cannot be dropped here.
    pub inherited: bool,
    /// Whether the table itself says it, so that it stays when a parent's goes.
    pub local: bool,
}
