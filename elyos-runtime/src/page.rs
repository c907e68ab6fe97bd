//! Pages of rows: what is asked for, and what comes back.

use std::fmt;

use crate::query::Sort;
use crate::repository::Searchable;

/// Which page of a table's rows, searched and sorted how.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::users;
///
/// let request = PageRequest::new(2, 20).search("admin").sort(users::CREATED_AT.desc());
/// assert_eq!(request.offset(), 20);
/// # }
/// ```
pub struct PageRequest<R> {
    page: u32,
    size: u32,
    search: Option<String>,
    sort: Vec<Sort<R>>,
}

impl<R> PageRequest<R> {
    /// The page of that number, counted from 1, of that many rows. Zero is taken as one, for both.
    #[must_use]
    pub fn new(page: u32, size: u32) -> Self {
        Self { page: page.max(1), size: size.max(1), search: None, sort: Vec::new() }
    }

    /// Orders the rows; later calls decide between rows that earlier ones find equal. The key decides last.
    #[must_use]
    pub fn sort(mut self, by: Sort<R>) -> Self {
        self.sort.push(by);
        self
    }

    /// Only rows in which one of the table's searched columns contains the text, in any case.
    ///
    /// The text is data: `%` and `_` in it match themselves. An empty one finds everything.
    #[must_use]
    pub fn search(mut self, text: impl Into<String>) -> Self
    where
        R: Searchable,
    {
        self.search = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// How many rows come before the page; where that is more than fits, more than any table has.
    #[must_use]
    pub fn offset(&self) -> i64 {
        i64::from(self.page - 1).saturating_mul(i64::from(self.size))
    }

    /// The most rows that the page holds.
    #[must_use]
    pub fn limit(&self) -> i64 {
        i64::from(self.size)
    }

    pub(crate) fn pattern(&self) -> Option<String> {
        self.search.as_deref().map(containing)
    }

    pub(crate) fn sorts(&self) -> &[Sort<R>] {
        &self.sort
    }

    pub(crate) fn numbers(&self) -> (u32, u32) {
        (self.page, self.size)
    }
}

impl<R> Clone for PageRequest<R> {
    fn clone(&self) -> Self {
        Self { page: self.page, size: self.size, search: self.search.clone(), sort: self.sort.clone() }
    }
}

impl<R> fmt::Debug for PageRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageRequest")
            .field("page", &self.page)
            .field("size", &self.size)
            .field("search", &self.search)
            .field("sort", &self.sort)
            .finish()
    }
}

/// A pattern for LIKE that finds the text anywhere, as it is.
///
/// Source: PostgreSQL, "Pattern Matching": the escape character is a backslash unless said otherwise.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// A page of rows, and how many rows there are on all pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The page's rows.
    pub rows: Vec<T>,
    /// The rows on all pages.
    pub total: i64,
    /// The page's number, from 1.
    pub page: u32,
    /// The most rows that a page holds.
    pub page_size: u32,
}

impl<T> Page<T> {
    /// How many pages there are: none for no rows.
    ///
    /// ```
    /// let page = elyos_runtime::Page { rows: vec![1, 2], total: 5, page: 1, page_size: 2 };
    /// assert_eq!(page.pages(), 3);
    /// ```
    #[must_use]
    pub fn pages(&self) -> i64 {
        let size = i64::from(self.page_size.max(1));
        self.total / size + i64::from(self.total % size > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_never_overflow() {
        let request = PageRequest::<()>::new(u32::MAX, u32::MAX);
        assert_eq!(request.offset(), i64::MAX);
        let request = PageRequest::<()>::new(0, 0);
        assert_eq!((request.offset(), request.limit()), (0, 1));
    }

    #[test]
    fn a_search_is_data() {
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
    }
}
