//! Triggers and row-level security of a table.

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The function it calls: its schema, None where it is not one of this catalog, and its name.
    pub function: (Option<String>, String),
    /// Whether it is called before a row is inserted, which it may leave out.
    pub before_insert: bool,
    /// Whether it is called before a row is updated, which it may leave as it is.
    pub before_update: bool,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<String>,
    /// The columns that its `WHEN` names.
    pub(crate) when: Vec<String>,
    /// The statement that created it.
    pub text: String,
    /// `COMMENT ON TRIGGER`.
    pub comment: Option<String>,
}

/// A policy of row-level security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// `AS PERMISSIVE`, which is so unless said otherwise.
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// The roles it is for; `public` for all.
    pub roles: Vec<String>,
    /// The SQL text of `USING`.
    pub using: Option<String>,
    /// The SQL text of `WITH CHECK`.
    pub with_check: Option<String>,
    /// `COMMENT ON POLICY`.
    pub comment: Option<String>,
    /// The relations that queries in its conditions read.
    pub(crate) reads: Vec<super::RelationName>,
    /// The columns that its conditions read, of its own table too.
    pub(crate) columns_read: Vec<(super::RelationName, String)>,
}
