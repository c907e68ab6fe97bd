//! What a catalog knows of the relations that are made from queries, beyond their columns.

use super::{Catalog, Table};
use crate::diagnostic::Diagnostics;

/// What followed from a relation's query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Derived {
    /// For each column whether no row has a null in it.
    pub(crate) proven_not_null: Vec<bool>,
    /// Why the columns are not known.
    pub(crate) errors: Option<Diagnostics>,
}

impl Table {
    /// Whether no row of a view can have a null in the column, which follows from its query; `not_null` is false for all columns of a view.
    ///
    /// ```
    /// use elyos_schema::{Catalog, Source};
    ///
    /// let text = "create table users (id int primary key, email text); create view known as select id, email from users where email > '';";
    /// let catalog = Catalog::load(&[Source::new("schema.sql", text)])?;
    /// let known = catalog.table("public", "known").expect("it was just created");
    /// assert!(known.proven_not_null("id") && known.proven_not_null("email"));
    /// assert!(!known.columns[0].not_null);
    /// # Ok::<(), elyos_schema::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn proven_not_null(&self, column: &str) -> bool {
        let index = self.columns.iter().position(|known| known.name == column);
        index.and_then(|index| self.derived.proven_not_null.get(index)).copied().unwrap_or(false)
    }

    /// Why the columns of a view are not known, where they are not.
    #[must_use]
    pub fn unresolved(&self) -> Option<&Diagnostics> {
        self.derived.errors.as_ref()
    }
}

impl Catalog {
    /// Forgets what was proven of all views: a table that they read may have nulls now where it had none.
    pub(crate) fn doubt_views(&mut self) {
        // Many statements in a row weaken something, as in a dump all that attach partitions, and the first has done it.
        if !std::mem::take(&mut self.any_proven) {
            return;
        }
        for table in self.schemas.values_mut().flat_map(|schema| schema.tables.values_mut_but_references()) {
            table.derived.proven_not_null.clear();
        }
    }
}
