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
    constraint: C,
}

impl<C> NamedConstraint<C> {
    /// The names as the catalog has them, without quotes.
    pub const fn new(schema: &'static str, table: &'static str, name: &'static str, constraint: C) -> Self {
        Self { schema, table, name, constraint }
    }
}

impl Error {
    /// The constraint of that repository's table which was violated, if it is one of that table's: one of the same name of
    /// another table's is not.
    ///
    /// A row that others refer to is removed against a constraint of their table, not of its own.
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
        R::CONSTRAINTS.iter().find(|known| (known.schema, known.table, known.name) == (schema, table, name)).map(|known| known.constraint)
    }
}
