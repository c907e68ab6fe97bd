//! Repositories: what a table offers, written once for all tables over what the derive emits for each.

mod lookup;
mod paginate;
mod write;

use std::fmt::Debug;

use crate::executor::Executor;
use crate::page::{Page, PageRequest};
use crate::query::{FromRow, Record, Value};

pub use lookup::Lookup;
use lookup::{CountAll, FindByKey, GetByKey};
use paginate::{FindPage, Paginate};
use write::{Delete, Insert, Update};

/// A table and its rows.
///
/// Implement it with `#[derive(Repository)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a repository",
    note = "`#[derive(Repository)]` with `#[repository(table = \"schema.table\")]` makes a unit struct one"
)]
pub trait Repository: Sized + 'static {
    /// A row with every column.
    type Row: FromRow + Send + Debug + 'static;

    /// The table's name as people write it.
    const TABLE: &'static str;
    /// The table's name, quoted.
    #[doc(hidden)]
    const QUOTED: &'static str;
    /// The columns of a row, quoted, in order.
    #[doc(hidden)]
    const COLUMNS: &'static str;
    /// The columns of the key, quoted; none where the table has none.
    #[doc(hidden)]
    const KEY: &'static [&'static str];
    /// The columns that a search looks into, quoted.
    #[doc(hidden)]
    const SEARCH: &'static [&'static str];

    /// How many rows the table has.
    fn count_all<'a, E: Executor + 'a>(ex: E) -> E::Output<'a, i64> {
        ex.run(CountAll::<Self>::new(None))
    }

    /// How many rows a search finds; see [`PageRequest::search`].
    fn count_matching<'a, E: Executor + 'a>(ex: E, text: &str) -> E::Output<'a, i64>
    where
        Self: Searchable,
    {
        ex.run(CountAll::<Self>::new(Some(text)))
    }

    /// The rows of a page.
    fn find_many_paginated<'a, E: Executor + 'a>(ex: E, request: PageRequest<Self>) -> E::Output<'a, Vec<Self::Row>> {
        ex.run(FindPage::new(request))
    }

    /// The rows of a page and the number of all rows, in one round trip.
    fn paginate<'a, E: Executor + 'a>(ex: E, request: PageRequest<Self>) -> E::Output<'a, Page<Self::Row>> {
        ex.run(Paginate::new(request))
    }
}

/// A repository of which columns are searched: `#[repository(search(…))]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` names no columns to search",
    note = "name them: `#[repository(table = \"…\", search(column, …))]`"
)]
pub trait Searchable: Repository {}

/// A repository of a table with a primary key, by which its rows are found.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no primary key",
    label = "a row is found by its primary key",
    note = "add one to the table in schema.sql; without one its rows can be listed, counted and inserted"
)]
pub trait Keyed: Repository {
    /// The key: the column's type, or a tuple of them in the key's order. Text is borrowed.
    type Key<'k>: Send + Sync;

    /// `SELECT … WHERE "id" = $1`
    #[doc(hidden)]
    const FIND: &'static str;
    /// `DELETE … WHERE "id" = $1 RETURNING true`
    #[doc(hidden)]
    const DELETE: &'static str;
    /// `"id" = $1`
    #[doc(hidden)]
    const KEY_IS: &'static str;

    /// The key's values.
    #[doc(hidden)]
    fn key_values<'v>(key: &'v Self::Key<'_>) -> Vec<Value<'v>>;

    /// The row with that key, if there is one.
    fn find_by_id<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, Option<Self::Row>> {
        ex.run(FindByKey::<'a, Self>(key))
    }

    /// The row with that key.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none.
    fn get_by_id<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, Self::Row> {
        ex.run(GetByKey::<'a, Self>(key))
    }
}

/// A repository whose table takes rows.
#[diagnostic::on_unimplemented(message = "`{Self}` takes no rows")]
pub trait Insertable: Repository {
    /// What an insert says: required columns as fields, the others in `optional`.
    type New: Record + 'static;

    /// Inserts a row and gives it back as the database made it.
    fn insert<'a, E: Executor + 'a>(ex: E, new: Self::New) -> E::Output<'a, Self::Row> {
        ex.run(Insert::<Self>(new))
    }
}

/// A repository whose rows can be changed and removed, each by its primary key.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no primary key",
    label = "a row is changed or removed by its primary key",
    note = "add one to the table in schema.sql; without one its rows can be listed, counted and inserted"
)]
pub trait Editable: Keyed {
    /// What an update says: a [`Field`](crate::Field) for each column.
    type Patch: Record + 'static;

    /// Changes the row with that key and gives it back as it is then. A patch that says nothing changes nothing.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none.
    fn update<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>, patch: Self::Patch) -> E::Output<'a, Self::Row> {
        ex.run(Update::<'a, Self> { key, patch })
    }

    /// Removes the row with that key; false where there is none.
    fn delete<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, bool> {
        ex.run(Delete::<'a, Self>(key))
    }
}
