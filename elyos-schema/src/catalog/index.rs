//! Indexes, and the exclusion constraints that are made of them.

/// An index that no constraint made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// The access method: `btree`, `gin`.
    pub method: String,
    /// What it is over, in order.
    pub parts: Vec<IndexPart>,
    /// Its columns; None where one of them is an expression.
    pub columns: Option<Vec<String>>,
    /// The columns it carries beside them (`INCLUDE`).
    pub include: Vec<String>,
    /// The condition's SQL text, as written.
    pub predicate: Option<String>,
    /// All columns that it mentions anywhere.
    pub mentions: Vec<String>,
    /// Whether it has a `WHERE`.
    pub partial: bool,
    /// Whether two nulls are the same.
    pub nulls_not_distinct: bool,
    /// The index of the partitioned table that it is a part of, by name.
    pub parent: Option<String>,
    /// The names of all columns of the index itself, which no rename of the table's reaches; those carried are the last.
    pub(crate) labels: Vec<String>,
}

/// A column or an expression of an index, and how it is sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexPart {
    /// The column; None for an expression.
    pub column: Option<String>,
    /// The SQL text of an expression, as written.
    pub expression: Option<String>,
    /// The name PostgreSQL gives the index's own column.
    pub label: String,
    /// `COLLATE`, as written.
    pub collation: Option<String>,
    /// The operator class, where one is written, with its parameters.
    pub operator_class: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// Whether nulls come first: said, or implied by `DESC`.
    pub nulls_first: bool,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The constraint's name, which is its index's too.
    pub name: String,
    /// The access method, `btree` unless said.
    pub method: String,
    /// What it is over, each with its operator.
    pub elements: Vec<(IndexPart, String)>,
    /// The condition's SQL text, as written.
    pub predicate: Option<String>,
    /// All columns that it mentions anywhere.
    pub mentions: Vec<String>,
    /// Whether it may be checked at the end of a transaction.
    pub deferrable: bool,
    /// Whether it is, unless the transaction says otherwise.
    pub initially_deferred: bool,
}
