//! Pages of rows: what is asked for, and what comes back.

mod cursor;
mod listing;

use std::fmt;

pub use cursor::Cursor;
pub use listing::{ListRequest, Listing};

use crate::query::Sort;
use crate::repository::Searchable;

/// The rows of a page where the caller says nothing.
const DEFAULT_SIZE: u32 = 20;

/// The most rows of a page that a caller from outside may ask for.
const GREATEST_SIZE: u32 = 100;

/// A page's number and size as they may come from outside, made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaginationParams {
    /// The page's number, from 1.
    pub page: u32,
    /// The most rows that it holds: from 1 to 100.
    pub limit: u32,
    /// How many rows come before it.
    pub offset: i64,
}

/// Makes a page's number and size safe, whatever a request holds: the page counts from 1 and is 1 unless said, a page has
/// 20 rows unless said and 100 at most. What is below the least is the least, what is above the greatest is the greatest.
///
/// ```
/// use elyos_runtime::validate_pagination_params;
///
/// let params = validate_pagination_params(3, 20);
/// assert_eq!((params.page, params.limit, params.offset), (3, 20, 40));
/// let params = validate_pagination_params(None, 1_000_000);
/// assert_eq!((params.page, params.limit, params.offset), (1, 100, 0));
/// ```
#[must_use]
pub fn validate_pagination_params(page: impl Into<Option<i64>>, page_size: impl Into<Option<i64>>) -> PaginationParams {
    let within = |value: i64, greatest: u32| u32::try_from(value.clamp(1, i64::from(greatest))).unwrap_or(greatest);
    let page = within(page.into().unwrap_or(1), u32::MAX);
    let limit = within(page_size.into().unwrap_or(i64::from(DEFAULT_SIZE)), GREATEST_SIZE);
    PaginationParams { page, limit, offset: offset(page, limit) }
}

/// How many rows come before a page; the greatest offset there is, where it would be more.
fn offset(page: u32, size: u32) -> i64 {
    i64::from(page.saturating_sub(1)).saturating_mul(i64::from(size))
}

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

    /// How many rows come before the page; the greatest offset there is, where it would be more.
    #[must_use]
    pub fn offset(&self) -> i64 {
        offset(self.page, self.size)
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

impl<R> From<PaginationParams> for PageRequest<R> {
    fn from(params: PaginationParams) -> Self {
        Self::new(params.page, params.limit)
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
    format!("%{}%", escaped(text))
}

/// The text with every character of it standing for itself in a pattern.
pub(crate) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
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
        assert_eq!(PageRequest::<()>::new(u32::MAX, 20).offset(), (i64::from(u32::MAX) - 1) * 20);
        let request = PageRequest::<()>::new(0, 0);
        assert_eq!((request.offset(), request.limit()), (0, 1));
    }

    #[test]
    fn whatever_is_asked_for_is_a_page_that_exists_in_principle() {
        let edges = [i64::MIN, -1, 0, 1, 2, 19, 20, 21, 99, 100, 101, i64::from(u32::MAX), i64::from(u32::MAX) + 1, i64::MAX - 1, i64::MAX];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Small, large and negative ones alike.
            i64::from_ne_bytes(state.to_ne_bytes()) >> (state % 63)
        };
        let drawn = (0..2_000).map(|_| (random(), random())).collect::<Vec<_>>();
        let pairs = edges.into_iter().flat_map(|page| edges.map(|size| (page, size))).chain(drawn);
        for (page, size) in pairs {
            let params = validate_pagination_params(page, size);
            assert_eq!(i64::from(params.page), page.clamp(1, i64::from(u32::MAX)), "{page} {size}");
            assert_eq!(i64::from(params.limit), size.clamp(1, 100), "{page} {size}");
            assert_eq!(i128::from(params.offset), (i128::from(params.page) - 1) * i128::from(params.limit), "{page} {size}");
            let request = PageRequest::<()>::from(params);
            assert_eq!((request.offset(), request.limit()), (params.offset, i64::from(params.limit)), "{page} {size}");
        }
        let unsaid = validate_pagination_params(None, None);
        assert_eq!((unsaid.page, unsaid.limit, unsaid.offset), (1, 20, 0));
    }

    #[test]
    fn a_search_is_data() {
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
    }
}
