//! Which constraint of a repository's table was violated.

use std::fmt::Debug;

use super::Error;
use crate::repository::Repository;

/// A repository that knows the constraints of its table.
///
/// `#[derive(Repository)]` implements it, with an enum that has a variant for each.
pub trait Constrained: Repository {
    /// One of the constraints.
    type Constraint: Copy + Debug + Eq + 'static;

    /// Each of them by its name in the database, which is unique only within a table. Unique indexes are among them; where
    /// the table is partitioned, so are those of its partitions.
    #[doc(hidden)]
    const CONSTRAINTS: &'static [NamedConstraint<Self::Constraint>];
}

/// A constraint's name in the database; for generated code.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct NamedConstraint<C> {
    schema: &'static str,
    table: &'static str,
    name: &'static str,
    /// What it is called by in a partition of which the program knows nothing.
    elsewhere: Elsewhere,
    constraint: C,
}

/// What a constraint of a partitioned table is called by in a partition.
#[derive(Debug, Clone, Copy)]
enum Elsewhere {
    /// There is none, or its name is not known.
    Unknown,
    /// By the same name, as checks and foreign keys are.
    Same,
    /// By the partition's name and this behind it, as the indexes of keys are.
    Behind(&'static str),
}

impl<C: Copy> NamedConstraint<C> {
    /// The names as the catalog has them, without quotes.
    pub const fn new(schema: &'static str, table: &'static str, name: &'static str, constraint: C) -> Self {
        Self { schema, table, name, elsewhere: Elsewhere::Unknown, constraint }
    }

    /// In partitions it is called the same.
    #[must_use]
    pub const fn same_in_partitions(self) -> Self {
        Self { elsewhere: Elsewhere::Same, ..self }
    }

    /// In partitions it is called by the partition's name and this behind it.
    #[must_use]
    pub const fn in_partitions(self, suffix: &'static str) -> Self {
        Self { elsewhere: Elsewhere::Behind(suffix), ..self }
    }

    /// Whether it may be that constraint of a table of which the program knows nothing.
    fn may_be(&self, table: &str, name: &str) -> bool {
        match self.elsewhere {
            Elsewhere::Unknown => false,
            Elsewhere::Same => self.name == name,
            // A long name is cut in its middle: then it is not known.
            Elsewhere::Behind(suffix) => name.strip_suffix(suffix).is_some_and(|of| of == table),
        }
    }
}

impl Error {
    /// The constraint of that repository's table which was violated, if it is one of that table's: one of the same name of
    /// another table's is not.
    ///
    /// A row that others refer to is removed against a constraint of their table, not of its own. Of a partitioned table's partition that
    /// was made later than the schema's text, as one for each month is, the constraint is known by the name that PostgreSQL has given it.
    ///
    /// ```
    /// use elyos_runtime::{Constrained, Error, prelude::*};
    ///
    /// fn tell<R: Constrained>(error: &Error) -> String {
    ///     match error.violates::<R>() {
    ///         Some(constraint) => format!("{constraint:?} of {}", R::TABLE),
    ///         None => error.to_string(),
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn violates<R: Constrained>(&self) -> Option<R::Constraint> {
        let db = self.db_error()?;
        let (schema, table, name) = (db.schema()?, db.table()?, db.constraint()?);
        let is_known = |known: &&NamedConstraint<_>| (known.schema, known.table) == (schema, table);
        let mut known = R::CONSTRAINTS.iter().filter(is_known).peekable();
        let found = if known.peek().is_some() {
            known.find(|known| known.name == name)
        } else {
            R::CONSTRAINTS.iter().find(|known| known.may_be(table, name))
        };
        found.map(|known| known.constraint)
    }
}
