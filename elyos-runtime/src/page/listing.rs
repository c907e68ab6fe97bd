//! Parts of an order of rows, each from where the last one ended.

use std::fmt;

use super::{Cursor, containing};
use crate::query::Sort;
use crate::repository::Searchable;

/// Which part of a table's rows, searched and sorted how.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::{UserRepository, users};
///
/// # fn all(db: &Db) -> Result<(), Error> {
/// let request = ListRequest::new(100).sort(users::CREATED_AT.desc());
/// let mut part = UserRepository::list_after(db, request.clone())?;
/// while let Some(next) = part.next {
///     part = UserRepository::list_after(db, request.clone().after(next))?;
/// }
/// # Ok(())
/// # }
/// # }
/// ```
pub struct ListRequest<R> {
    size: u32,
    search: Option<String>,
    sort: Vec<Sort<R>>,
    after: Option<Cursor>,
}

impl<R> ListRequest<R> {
    /// So many rows at most, from the beginning. Zero is taken as one.
    #[must_use]
    pub fn new(size: u32) -> Self {
        Self { size: size.max(1), search: None, sort: Vec::new(), after: None }
    }

    /// Orders the rows; later calls decide between rows that earlier ones find equal. The key decides last.
    #[must_use]
    pub fn sort(mut self, by: Sort<R>) -> Self {
        self.sort.push(by);
        self
    }

    /// As [`PageRequest::search`](crate::PageRequest::search).
    #[must_use]
    pub fn search(mut self, text: impl Into<String>) -> Self
    where
        R: Searchable,
    {
        self.search = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// From the place on where another part ended.
    #[must_use]
    pub fn after(mut self, place: impl Into<Option<Cursor>>) -> Self {
        self.after = place.into();
        self
    }

    pub(crate) fn size(&self) -> u32 {
        self.size
    }

    pub(crate) fn pattern(&self) -> Option<String> {
        self.search.as_deref().map(containing)
    }

    pub(crate) fn sorts(&self) -> &[Sort<R>] {
        &self.sort
    }

    pub(crate) fn cursor(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }
}

impl<R> Clone for ListRequest<R> {
    fn clone(&self) -> Self {
        Self { size: self.size, search: self.search.clone(), sort: self.sort.clone(), after: self.after.clone() }
    }
}

impl<R> fmt::Debug for ListRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListRequest")
            .field("size", &self.size)
            .field("search", &self.search)
            .field("sort", &self.sort)
            .field("after", &self.after)
            .finish()
    }
}

/// A part of an order of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next part begins; none where there are no more rows.
    pub next: Option<Cursor>,
}
