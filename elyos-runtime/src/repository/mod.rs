//! Repositories: what a table offers, written once for all tables over what the derive emits for each.

mod after;
mod filtered;
mod lookup;
mod many;
mod paginate;
mod upsert;
mod write;
mod writing;

use std::fmt::Debug;

use crate::error::Result;
use crate::executor::Executor;
use crate::page::{ListRequest, Listing, Page, PageRequest};
use crate::query::{
    Closed, ColumnDef, CopyIn, CopyOut, Fields, Filter, ForeignKey, FromRow, Reading, Record, Select, Sub, Value, Whole, row_of, select_of,
    subquery_of,
};

use after::ListAfter;
use filtered::{CountWhere, DeleteWhere, UpdateWhere};
use lookup::{CountAll, Exists, FindAll, FindByKey, FindByKeys, GetByKey};
pub use lookup::{ListBy, Lookup};
use many::InsertMany;
use paginate::{FindPage, Paginate};
pub use upsert::{OnConflict, Target};
use upsert::{Upsert, UpsertMany};
use write::{Delete, Insert, Restore, Update};
pub use writing::{
    ColumnsOf, Conditioned, Deleting, Inserting, InsertingFrom, Keeping, Merges, Merging, Returning, Said, Takes, TakesRows, Unconditioned,
    Updating, Writing, excluded,
};

/// A table and its rows.
///
/// Implement it with `#[derive(Repository)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a repository",
    note = "`#[derive(Repository)]` with `#[repository(table = \"schema.table\")]` makes a unit struct one"
)]
pub trait Repository: Sized + 'static {
    /// A row with every column.
    type Row: FromRow + Fields + Send + Sync + Debug + 'static;

    /// The table's name as people write it.
    const TABLE: &'static str;
    /// The table's name, quoted.
    #[doc(hidden)]
    const QUOTED: &'static str;
    /// The columns of a row, in order.
    #[doc(hidden)]
    const COLUMNS: &'static [ColumnDef];
    /// The columns of a row as they are selected.
    #[doc(hidden)]
    const SELECT: &'static str;
    /// The columns of the key; none where the table has none.
    #[doc(hidden)]
    const KEY: &'static [&'static ColumnDef] = &[];
    /// The columns that a search looks into.
    #[doc(hidden)]
    const SEARCH: &'static [&'static ColumnDef] = &[];
    /// What holds of the rows that are not hidden, beginning with the column's name; empty where none ever are.
    #[doc(hidden)]
    const VISIBLE: &'static str = "";
    /// The table's foreign keys.
    #[doc(hidden)]
    const FOREIGN_KEYS: &'static [ForeignKey] = &[];

    /// Begins a query of this table's rows, to be narrowed, joined and ordered.
    fn select() -> Select<Self, Whole<Self>> {
        select_of()
    }

    /// Begins a query that stands inside of another one, whose tables it may use too.
    ///
    /// ```
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::query::exists;
    /// use elyos_runtime::repositories::{UserGroupRepository, UserRepository, user_groups, users};
    ///
    /// let in_no_group = exists(UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID))).not();
    /// let query = UserRepository::select().filter(in_no_group);
    /// # drop(query);
    /// # }
    /// ```
    fn subquery<O>() -> Select<Sub<O, Self>, Whole<Self>> {
        subquery_of()
    }

    /// All columns as the row, to be selected beside others.
    #[must_use]
    fn row() -> Whole<Self> {
        row_of()
    }

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

    /// How many rows meet the condition.
    fn count_where<'a, E: Executor + 'a>(ex: E, filter: Filter<Self>) -> E::Output<'a, i64> {
        ex.run(CountWhere(filter))
    }

    /// All rows, by their key.
    fn find_all<'a, E: Executor + 'a>(ex: E) -> E::Output<'a, Vec<Self::Row>> {
        ex.run(FindAll::<Self>::new())
    }

    /// Hands each row of the table to the closure, copied out in binary: the quickest way to all of a large table, in no order. No more
    /// than a few rows are in memory. An error of the closure's ends it.
    ///
    /// # Errors
    ///
    /// The closure's own, and those of the copy.
    fn copy_out<'a, E: Executor + 'a, F>(ex: E, each: F) -> E::Output<'a, ()>
    where
        F: FnMut(Self::Row) -> Result<()> + Send + 'a,
    {
        ex.transfer(CopyOut::<Self, F>::new(each))
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

    /// The rows with those keys, in the order of the keys; for a key without a row there is none. One statement for any number.
    fn find_by_ids<'a, E: Executor + 'a>(ex: E, keys: &[Self::Key<'a>]) -> E::Output<'a, Vec<Self::Row>>
    where
        Self::Key<'a>: Clone,
    {
        ex.run(FindByKeys::<'a, Self>(keys.to_vec()))
    }

    /// Whether there is a row with that key.
    fn exists<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, bool> {
        ex.run(Exists::<'a, Self>(key))
    }

    /// The rows behind a place in the order: the thousandth part costs what the first does.
    fn list_after<'a, E: Executor + 'a>(ex: E, request: ListRequest<Self>) -> E::Output<'a, Listing<Self::Row>> {
        ex.run(ListAfter::new(request))
    }
}

/// Which writes of a table may leave out rows, by triggers that are called before a row is written; for generated code.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct LeavesOut {
    pub inserts: bool,
    pub updates: bool,
}

/// A repository whose table takes rows.
#[diagnostic::on_unimplemented(message = "`{Self}` takes no rows", note = "a view is only read")]
pub trait Insertable: Repository {
    /// What an insert says: required columns as fields, the others in `optional`.
    type New: Record + 'static;

    /// Which writes may leave out rows, as the schema says.
    #[doc(hidden)]
    const LEAVES_OUT: LeavesOut = LeavesOut { inserts: false, updates: false };

    /// Inserts a row and gives it back as the database made it.
    fn insert<'a, E: Executor + 'a>(ex: E, new: Self::New) -> E::Output<'a, Self::Row> {
        ex.run(Insert::<Self>(new))
    }

    /// Inserts any number of rows in one statement and gives them back in the same order. Of no rows there is no statement.
    ///
    /// Default, null and a value are told apart for each row. Where some rows say a column and others leave it to a default that only
    /// the server can work out, such as a serial key, those that do are inserted before or after those that do not.
    ///
    /// A row that a trigger leaves out does not come back; the others are in their order all the same. Only where the schema has no such
    /// trigger and the database has, and for more than a hundred runs of rows that say other columns than their neighbours, those that say
    /// the same columns come together.
    fn insert_many<'a, E: Executor + 'a>(ex: E, new: Vec<Self::New>) -> E::Output<'a, Vec<Self::Row>> {
        ex.run(InsertMany::<Self>(new))
    }

    /// Copies rows in, in binary, with every value that they have, keys too; gives how many. The quickest way for very many rows, of which no
    /// more than a few are in memory: all of them are written, or none.
    ///
    /// # Errors
    ///
    /// Where the table has a column of a type of the schema's or of an extension's that is no enum and no domain: its binary form is not known.
    fn copy_in<'a, E: Executor + 'a, I>(ex: E, rows: I) -> E::Output<'a, u64>
    where
        I: IntoIterator<Item = Self::Row>,
        I::IntoIter: Send + 'a,
    {
        ex.transfer(CopyIn::<Self, _>::new(rows.into_iter()))
    }

    /// Begins an insert of rows that says what happens where one is there already, and what comes back of each.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{NewUserGroup, UserGroupRepository, user_groups};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// let new = [2, 3].map(|group_id| NewUserGroup { user_id: 1, group_id, optional: default() });
    /// let joined: Vec<i32> = UserGroupRepository::inserting(new).or_nothing().returning(user_groups::GROUP_ID).all(&db)?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    fn inserting(new: impl IntoIterator<Item = Self::New>) -> Inserting<Self> {
        Inserting::new(new.into_iter().collect())
    }

    /// Begins an insert of what a query selects, into these columns.
    fn inserting_from<C: TakesRows<Self, O>, S: Closed, O: Reading>(columns: C, query: Select<S, O>) -> InsertingFrom<Self> {
        InsertingFrom::new(&columns, query)
    }
}

/// A repository of whose rows at most one holds the same values in some columns, by which an insert meets the row that is there.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no key and no unique constraint",
    note = "an upsert needs one to meet the row that is there"
)]
pub trait Upsertable: Insertable {
    /// The table's keys and unique constraints.
    type Target: Target;

    /// What an upsert changes beside what is said.
    #[doc(hidden)]
    const ON_CONFLICT: OnConflict;

    /// Inserts a row; where one with the same values in the target's columns is there, changes it to what is said. Gives the row
    /// as it is then.
    fn upsert<'a, E: Executor + 'a>(ex: E, new: Self::New, on: Self::Target) -> E::Output<'a, Self::Row> {
        ex.run(Upsert::<Self> { new, on })
    }

    /// [`upsert`](Self::upsert) for any number of rows in one statement, which gives them back in the same order. Of no rows
    /// there is no statement.
    ///
    /// # Errors
    ///
    /// Where two of the rows have the same values in the target's columns: PostgreSQL changes no row twice in a statement.
    fn upsert_many<'a, E: Executor + 'a>(ex: E, new: Vec<Self::New>, on: Self::Target) -> E::Output<'a, Vec<Self::Row>> {
        ex.run(UpsertMany::<Self> { new, on })
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

    /// The column that an update sets to the time, unless it is said.
    #[doc(hidden)]
    const TOUCHED: Option<&'static ColumnDef> = None;
    /// What hides a row, as an assignment; empty where `delete` removes it.
    #[doc(hidden)]
    const HIDE: &'static str = "";

    /// Changes the row with that key and gives it back as it is then. A patch that says nothing changes nothing.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none.
    fn update<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>, patch: Self::Patch) -> E::Output<'a, Self::Row> {
        ex.run(Update::<'a, Self> { key, patch })
    }

    /// Changes all rows that meet the condition; gives how many. A patch that says nothing is no statement and changes none.
    ///
    /// # Errors
    ///
    /// [`is_of_every_row`](crate::Error::is_of_every_row) where the condition leaves out no row because nothing was asked for, as
    /// [`Filter::all_of`] of no conditions: `updating(…).every_row()` says that every row is meant.
    fn update_where<'a, E: Executor + 'a>(ex: E, filter: Filter<Self>, patch: Self::Patch) -> E::Output<'a, i64> {
        ex.run(UpdateWhere::<Self> { filter, patch })
    }

    /// Begins an update of rows that says which, and what comes back of each: `.filter(…)` or `.every_row()` has to be said.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{UserPatch, UserRepository, users};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// let locked = UserRepository::updating(UserPatch { is_active: Set(false), ..default() })
    ///     .filter(users::EMAIL_VERIFIED.eq(false))
    ///     .returning((users::ID, users::EMAIL))
    ///     .all(&db)?;
    /// # drop(locked);
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    fn updating(patch: Self::Patch) -> Updating<Self> {
        Updating::new(patch)
    }

    /// Begins a delete of rows that says which, and what comes back of each: `.filter(…)` or `.every_row()` has to be said. With
    /// `soft_delete` it hides them.
    fn deleting() -> Deleting<Self> {
        Deleting::new()
    }

    /// Removes the row with that key; false where there is none. With `soft_delete` it hides the row.
    fn delete<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, bool> {
        ex.run(Delete::<'a, Self>::new(key, false))
    }

    /// Removes all rows that meet the condition; gives how many. With `soft_delete` it hides them.
    ///
    /// # Errors
    ///
    /// [`is_of_every_row`](crate::Error::is_of_every_row) where the condition leaves out no row because nothing was asked for, as
    /// [`Filter::all_of`] of no conditions: `deleting().every_row()` says that every row is meant.
    fn delete_where<'a, E: Executor + 'a>(ex: E, filter: Filter<Self>) -> E::Output<'a, i64> {
        ex.run(DeleteWhere::<Self>(filter))
    }
}

/// A repository whose rows are hidden rather than removed: `#[repository(soft_delete = deleted_at)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` hides no rows",
    note = "name the column that says so: `#[repository(table = \"…\", soft_delete = deleted_at)]`"
)]
pub trait SoftDelete: Editable {
    /// What brings a hidden row back, as an assignment.
    #[doc(hidden)]
    const SHOW: &'static str;
    /// What holds of the rows that are hidden.
    #[doc(hidden)]
    const HIDDEN: &'static str;

    /// Brings the hidden row with that key back and gives it.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) where there is none that is hidden.
    fn restore<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, Self::Row> {
        ex.run(Restore::<'a, Self>(key))
    }

    /// Removes the row with that key, hidden or not; false where there is none.
    fn delete_permanently<'a, E: Executor + 'a>(ex: E, key: Self::Key<'a>) -> E::Output<'a, bool> {
        ex.run(Delete::<'a, Self>::new(key, true))
    }
}
