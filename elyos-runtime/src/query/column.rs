//! Typed handles of columns.

use std::fmt;
use std::marker::PhantomData;

/// A column of the table that `R` is the repository of, whose values are `T`.
///
/// The derive emits one for every column, under the table's name: `users::EMAIL`.
pub struct Column<R, T> {
    name: &'static str,
    quoted: &'static str,
    of: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Column<R, T> {
    /// For generated code: the name, and the name quoted.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, quoted: &'static str) -> Self {
        Self { name, quoted, of: PhantomData }
    }

    /// The column's name in the schema.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Smallest first; nulls last, as PostgreSQL sorts them.
    #[must_use]
    pub const fn asc(self) -> Sort<R> {
        Sort { quoted: self.quoted, descending: false, of: PhantomData }
    }

    /// Greatest first; nulls first, as PostgreSQL sorts them.
    #[must_use]
    pub const fn desc(self) -> Sort<R> {
        Sort { quoted: self.quoted, descending: true, of: PhantomData }
    }
}

// Derived implementations would ask the same of `R` and `T`.
impl<R, T> Clone for Column<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Column<R, T> {}

impl<R, T> fmt::Debug for Column<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({})", self.name)
    }
}

/// A column to order by, and the direction.
pub struct Sort<R> {
    pub(crate) quoted: &'static str,
    pub(crate) descending: bool,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Sort<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Sort<R> {}

impl<R> fmt::Debug for Sort<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.quoted, if self.descending { "DESC" } else { "ASC" })
    }
}
