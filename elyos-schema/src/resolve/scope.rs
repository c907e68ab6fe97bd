//! What names mean where, and what is known of columns not being null.
//!
//! A column may be null because the table lets it, or because an outer join had no row for it. Both are kept apart: when a condition shows
//! that one column of a side is there, the join had a row, and all the side's columns are what they are without the join.

use std::collections::BTreeSet;

use super::snapshot::Oid;

/// A column of one `FROM`, by its number in the resolution.
pub(super) type ColumnId = usize;

/// Columns that are not null if something holds.
pub(super) type Columns = BTreeSet<ColumnId>;

/// What is known of a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Fact {
    /// Whether it is not null where every join below had a row.
    not_null: bool,
    /// The outer joins that make it null where they have no row.
    joins: BTreeSet<usize>,
}

/// The facts of all columns of a resolution.
#[derive(Debug, Default)]
pub(super) struct Facts {
    columns: Vec<Fact>,
    joins: usize,
}

impl Facts {
    pub(super) fn add(&mut self, not_null: bool) -> ColumnId {
        self.columns.push(Fact { not_null, joins: BTreeSet::new() });
        self.columns.len() - 1
    }

    /// The number that the next column gets.
    pub(super) fn next(&self) -> ColumnId {
        self.columns.len()
    }

    /// Whether it is never null.
    pub(super) fn not_null(&self, column: ColumnId) -> bool {
        self.columns.get(column).is_some_and(|fact| fact.not_null && fact.joins.is_empty())
    }

    /// An outer join that may have no row for these columns.
    pub(super) fn make_nullable(&mut self, columns: impl IntoIterator<Item = ColumnId>) {
        let join = self.joins;
        self.joins += 1;
        for column in columns {
            if let Some(fact) = self.columns.get_mut(column) {
                fact.joins.insert(join);
            }
        }
    }

    /// From here on these columns are not null in every row. Only columns from `from` on are of the query at hand: of those outside it,
    /// nothing is learned.
    pub(super) fn hold(&mut self, columns: &Columns, from: ColumnId) {
        let mut had_a_row: BTreeSet<usize> = BTreeSet::new();
        for column in columns.range(from..) {
            if let Some(fact) = self.columns.get_mut(*column) {
                fact.not_null = true;
                had_a_row.append(&mut fact.joins);
            }
        }
        if !had_a_row.is_empty() {
            for fact in self.columns.iter_mut().skip(from) {
                fact.joins.retain(|join| !had_a_row.contains(join));
            }
        }
    }

    /// These columns may be null whatever was known.
    pub(super) fn forget(&mut self, columns: impl IntoIterator<Item = ColumnId>) {
        for column in columns {
            if let Some(fact) = self.columns.get_mut(column) {
                fact.not_null = false;
            }
        }
    }
}

/// A column that a name may mean.
#[derive(Clone, Debug)]
pub(super) struct ScopeColumn {
    pub(super) name: String,
    pub(super) ty: Oid,
    pub(super) modifiers: Vec<i64>,
    pub(super) id: ColumnId,
}

/// A table, alias or other name that qualifies columns.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// The schema, where a table was named without an alias.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) columns: Vec<ScopeColumn>,
    /// Whether it is a table, which has `ctid` and the like too.
    pub(super) table: bool,
    /// The type of a row of it, if that has a name.
    pub(super) row: Option<Oid>,
    /// Whether its name stands for its only column, as of a function that returns one value.
    pub(super) scalar: bool,
    /// A table's primary key, if it cannot be deferred: grouped by these columns, all the others are single values.
    pub(super) key: Vec<ColumnId>,
}

/// An item of `FROM`: the columns of its `*`, and the names that qualify columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) star: Vec<ScopeColumn>,
    pub(super) relations: Vec<Relation>,
}

impl Item {
    pub(super) fn ids(&self) -> BTreeSet<ColumnId> {
        let named = self.relations.iter().flat_map(|relation| &relation.columns);
        self.star.iter().chain(named).map(|column| column.id).collect()
    }
}

/// The clause of a query that is being resolved, by what may stand in it (`ParseExprKind` in PostgreSQL's source).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Clause {
    #[default]
    From,
    /// The condition of a join.
    On,
    Where,
    GroupBy,
    Having,
    /// What is selected, `ORDER BY` and `DISTINCT ON`.
    Targets,
    /// The definition of a window.
    Window,
    /// How far a window's frame goes.
    Frame,
    Limit,
    Values,
    /// `SET`, and the values of an `INSERT`.
    Set,
    Returning,
    // Expressions that are kept with a table or a type.
    Default,
    Generated,
    Check,
    Index,
    IndexCondition,
    PartitionKey,
    Policy,
    Trigger,
    Using,
}

impl Clause {
    /// Its name in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::From => "FROM",
            Self::On => "ON",
            Self::Where => "WHERE",
            Self::GroupBy => "GROUP BY",
            Self::Having => "HAVING",
            Self::Targets => "SELECT",
            Self::Window => "a window's definition",
            Self::Frame => "a window's frame",
            Self::Limit => "LIMIT",
            Self::Values => "VALUES",
            Self::Set => "SET",
            Self::Returning => "RETURNING",
            Self::Default => "DEFAULT",
            Self::Generated => "GENERATED",
            Self::Check => "CHECK",
            Self::Index => "INDEX",
            Self::IndexCondition => "INDEX … WHERE",
            Self::PartitionKey => "PARTITION BY",
            Self::Policy => "POLICY",
            Self::Trigger => "WHEN",
            Self::Using => "USING",
        }
    }

    /// Whether it is of an expression that sees one row and no table.
    pub(super) fn is_of_one_row(self) -> bool {
        self.is_immutable() || matches!(self, Self::Default | Self::Check | Self::Trigger | Self::Using)
    }

    /// Whether the expression must always give the same.
    pub(super) fn is_immutable(self) -> bool {
        matches!(self, Self::Generated | Self::Index | Self::IndexCondition | Self::PartitionKey)
    }

    /// Whether it is of an expression that is kept.
    pub(super) fn is_kept(self) -> bool {
        self.is_of_one_row() || self == Self::Policy
    }
}

/// One level of names: a query's `FROM`, and where in the query the resolution is.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) items: Vec<Item>,
    pub(super) clause: Clause,
    /// What the query groups by.
    pub(super) groups: super::grouped::Groups,
    /// Whether an aggregate is of this query.
    pub(super) aggregated: bool,
    /// Whether a function that returns a set is called in it, so that it has as many rows as that gives it.
    pub(super) multiplied: bool,
}

impl Scope {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items, ..Self::default() }
    }

    /// One without names, for a clause that sees none of its own.
    pub(super) fn nameless(clause: Clause) -> Self {
        Self { clause, ..Self::default() }
    }

    pub(super) fn has(&self, column: ColumnId) -> bool {
        let named = |item: &Item| item.relations.iter().flat_map(|relation| &relation.columns).any(|known| known.id == column);
        self.items.iter().any(|item| item.star.iter().any(|known| known.id == column) || named(item))
    }

    /// The columns that an unqualified name may mean.
    pub(super) fn columns<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ScopeColumn> {
        self.items.iter().flat_map(|item| &item.star).filter(move |column| column.name == name)
    }

    /// The relations of that name.
    pub(super) fn relations<'a>(&'a self, schema: Option<&'a str>, name: &'a str) -> impl Iterator<Item = &'a Relation> {
        let same =
            move |relation: &&Relation| relation.name == name && schema.is_none_or(|schema| relation.schema.as_deref() == Some(schema));
        self.items.iter().flat_map(|item| &item.relations).filter(same)
    }

    /// All names of columns, for what somebody may have meant.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().flat_map(|item| &item.star).map(|column| column.name.as_str())
    }
}
