//! The form in which `elyos inspect` prints a schema. Lists of things are sorted by schema and name, columns are in their order.

use serde::Serialize;

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The names of the schemas, PostgreSQL's own aside.
    pub schemas: Vec<String>,
    /// The extensions.
    pub extensions: Vec<Extension>,
    /// Tables: ordinary, partitioned, partitions, foreign.
    pub tables: Vec<Table>,
    /// Enums.
    pub enums: Vec<Enum>,
    /// Domains.
    pub domains: Vec<Domain>,
    /// Composite types of their own.
    pub composites: Vec<Composite>,
    /// Range types.
    pub ranges: Vec<Range>,
    /// Views and materialized views.
    pub views: Vec<View>,
    /// Sequences.
    pub sequences: Vec<Sequence>,
    /// Functions and procedures.
    pub functions: Vec<Function>,
}

/// An extension. Where it is depends on the server, so only its name is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Extension {
    /// Its name.
    pub name: String,
}

/// A table.
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `partitioned` or `foreign`.
    pub kind: &'static str,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// Its columns; null where they come from a query that is not resolved.
    pub columns: Option<Vec<Column>>,
    /// The primary key.
    pub primary_key: Option<Key>,
    /// The unique constraints.
    pub unique: Vec<Key>,
    /// The foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// The checks.
    pub checks: Vec<Check>,
    /// The exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// The indexes that no constraint made.
    pub indexes: Vec<Index>,
    /// The tables it inherits from, or the one it is a partition of.
    pub inherits: Vec<String>,
    /// Whether it is a partition.
    pub partition: bool,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether it holds for the owner too.
    pub force_row_security: bool,
    /// The policies.
    pub policies: Vec<Policy>,
    /// The triggers, those that come with a partitioned table aside.
    pub triggers: Vec<Trigger>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as `format_type` prints it with an empty `search_path`.
    #[serde(rename = "type")]
    pub ty: String,
    /// `pg_attribute.attnotnull`.
    pub not_null: bool,
    /// The default's SQL text.
    pub default: Option<String>,
    /// `always` or `by default`.
    pub identity: Option<&'static str>,
    /// The SQL text of a generated column.
    pub generated: Option<String>,
    /// `COLLATE` of a table's column, where it is not the type's own.
    pub collation: Option<String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
}

/// A primary key or a unique constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// The constraint's name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The columns of `INCLUDE`.
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// What it points to.
    pub references: References,
    /// `no action`, `restrict`, `cascade`, `set null` or `set default`.
    pub on_delete: &'static str,
    /// The same, when the key changes.
    pub on_update: &'static str,
    /// The columns of `ON DELETE SET NULL (…)`.
    pub on_delete_columns: Vec<String>,
    /// `full` or `simple`.
    #[serde(rename = "match")]
    pub matching: &'static str,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// Whether the rows from before it are known to keep it.
    pub validated: bool,
}

/// What a foreign key points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct References {
    /// The schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The columns.
    pub columns: Vec<String>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The condition.
    pub expression: String,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Whether the rows from before it are known to keep it.
    pub validated: bool,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The constraint's name.
    pub name: String,
    /// The access method.
    pub method: String,
    /// What it is over.
    pub columns: Vec<IndexColumn>,
    /// The operator of each.
    pub operators: Vec<String>,
    /// Its condition.
    pub predicate: Option<String>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// The access method.
    pub method: String,
    /// What it is over.
    pub columns: Vec<IndexColumn>,
    /// The columns of `INCLUDE`.
    pub include: Vec<String>,
    /// Its condition.
    pub predicate: Option<String>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
}

/// A column or an expression of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexColumn {
    /// The column, null for an expression.
    pub column: Option<String>,
    /// The expression, null for a column.
    pub expression: Option<String>,
    /// The collation, where it is not the column's.
    pub collation: Option<String>,
    /// The operator class, where it is not the type's.
    pub operator_class: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Whether it allows (or restricts).
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Whom it is for.
    pub roles: Vec<String>,
    /// `USING`.
    pub using: Option<String>,
    /// `WITH CHECK`.
    pub with_check: Option<String>,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The name of the function it calls, without its schema.
    pub function: String,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enum {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its values in order.
    pub values: Vec<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type it is over.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether it refuses null.
    pub not_null: bool,
    /// The collation, where it is not that of what it is over.
    pub collation: Option<String>,
    /// The default's SQL text.
    pub default: Option<String>,
    /// The checks.
    pub checks: Vec<Check>,
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composite {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type of its bounds.
    pub subtype: String,
    /// Its multirange type.
    pub multirange: String,
}

/// A view or a materialized view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether it is materialized.
    pub materialized: bool,
    /// Its columns; null where its query is not resolved.
    pub columns: Option<Vec<Column>>,
    /// The indexes of a materialized view.
    pub indexes: Vec<Index>,
    /// `COMMENT ON VIEW`.
    pub comment: Option<String>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `smallint`, `integer` or `bigint`.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// The first number.
    pub start: i64,
    /// From one to the next.
    pub increment: i64,
    /// The smallest.
    pub min: i64,
    /// The largest.
    pub max: i64,
    /// How many a session takes at once.
    pub cache: i64,
    /// Whether it begins anew at its end.
    pub cycle: bool,
    /// The column it goes with.
    pub owned_by: Option<Owner>,
    /// Whether that is an identity column.
    pub identity: bool,
}

/// The column that a sequence goes with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// The schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// A function or a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Function {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `function`, `procedure` or `window`.
    pub kind: &'static str,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// What `pg_get_function_result` prints; null for a procedure.
    pub returns: Option<String>,
    /// The language.
    pub language: String,
    /// `immutable`, `stable` or `volatile`.
    pub volatility: &'static str,
    /// Whether a null argument makes the result null.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// Its name.
    pub name: Option<String>,
    /// `in`, `out`, `inout`, `variadic` or `table`.
    pub mode: &'static str,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
}
