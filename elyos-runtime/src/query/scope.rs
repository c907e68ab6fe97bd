//! Which tables a query is of, as a type: so the compiler knows which columns are in reach, and which a left join makes null.

use std::marker::PhantomData;

use super::{NotNull, Null, Nullness};
use crate::repository::Repository;

/// A table as a query has it: a repository's, or an alias of one.
pub trait Table: Sized + 'static {
    /// Whose rows they are.
    type Repository: Repository;

    /// What stands before its columns.
    #[doc(hidden)]
    const NAME: &'static str;
    /// The alias, quoted; empty where it has none.
    #[doc(hidden)]
    const ALIAS: &'static str;
}

impl<R: Repository> Table for R {
    type Repository = R;

    const NAME: &'static str = R::QUOTED;
    const ALIAS: &'static str = "";
}

/// Another name for a table, to join it with itself, or to look into it from a query of itself: `Namesake::select()` and
/// `Namesake::subquery()` begin queries of it, as those of a repository do.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::{UserRepository, users};
///
/// elyos_runtime::alias!(struct Namesake: UserRepository = "namesake");
///
/// let query = UserRepository::select()
///     .join::<Namesake>(users::FULL_NAME.eq(users::FULL_NAME.of::<Namesake>()).and(users::ID.lt(users::ID.of::<Namesake>())))
///     .columns((users::ID, users::ID.of::<Namesake>()));
/// assert!(query.to_sql().contains(r#" JOIN "auth"."users" AS "namesake" ON "#));
///
/// // Users of a name that nobody had before them.
/// let before = Namesake::subquery()
///     .filter(users::FULL_NAME.of::<Namesake>().eq(users::FULL_NAME).and(users::ID.of::<Namesake>().lt(users::ID)));
/// let query = UserRepository::select().filter(elyos_runtime::query::exists(before).not());
/// assert!(query.to_sql().contains(r#"NOT (EXISTS (SELECT "namesake"."id", "#));
/// # }
/// ```
#[macro_export]
macro_rules! alias {
    ($(#[$doc:meta])* $vis:vis struct $alias:ident: $repository:ty = $name:literal) => {
        $(#[$doc])*
        #[doc = concat!("Another name for the table: `", $name, "`.")]
        #[derive(Debug, Clone, Copy)]
        $vis struct $alias;

        impl $crate::query::Table for $alias {
            type Repository = $repository;

            const NAME: &'static str = const {
                assert!($crate::query::is_plain_name($name), "an alias is of small letters, digits and underscores");
                concat!("\"", $name, "\"")
            };
            const ALIAS: &'static str = <Self as $crate::query::Table>::NAME;
        }

        #[allow(dead_code, reason = "an alias may be joined only, or only stand in a sub-query")]
        impl $alias {
            /// A query of the table under this name.
            $vis fn select() -> $crate::query::Select<Self, $crate::query::Whole<Self>> {
                $crate::query::select_of()
            }

            /// A query of the table under this name that stands inside of another, whose tables it may use: also the same table, which is
            /// called otherwise there.
            $vis fn subquery<O>() -> $crate::query::Select<$crate::query::Sub<O, Self>, $crate::query::Whole<Self>> {
                $crate::query::subquery_of()
            }

            /// The whole row of the table under this name.
            #[must_use]
            $vis fn row() -> $crate::query::Whole<Self> {
                $crate::query::row_of()
            }
        }
    };
}

/// Whether a name needs no thought when it is quoted; for [`alias!`](crate::alias).
#[doc(hidden)]
#[must_use]
pub const fn is_plain_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if !(bytes[index] == b'_' || bytes[index].is_ascii_lowercase() || bytes[index].is_ascii_digit()) {
            return false;
        }
        index += 1;
    }
    !bytes.is_empty() && bytes.len() < 64
}

/// `S` and a table that is joined to it.
#[derive(Debug)]
pub struct Inner<S, R>(PhantomData<(S, R)>);

/// `S` and a table that is joined to it where it has a row.
#[derive(Debug)]
pub struct Left<S, R>(PhantomData<(S, R)>);

/// A table of a sub-query, around which `O` is in reach as well.
#[derive(Debug)]
pub struct Sub<O, R>(PhantomData<(O, R)>);

/// A query over these tables has the columns of `R`; where that is, `I` says, which the compiler finds by itself.
#[diagnostic::on_unimplemented(
    message = "no table of the query has the columns of `{R}`",
    label = "not in reach here: join that table, or begin a sub-query that may use the tables around it with `subquery()`"
)]
pub trait Has<R, I> {
    /// Whether a left join makes them null.
    type Far: Nullness;
}

/// The only table.
#[derive(Debug)]
pub enum Here {}

/// The table that was joined last.
#[derive(Debug)]
pub enum Last {}

/// A table before that.
#[derive(Debug)]
pub struct Before<I>(PhantomData<I>);

/// A table of the query around.
#[derive(Debug)]
pub struct Around<I>(PhantomData<I>);

impl<R: Table> Has<R, Here> for R {
    type Far = NotNull;
}

impl<O, R: Table> Has<R, Here> for Sub<O, R> {
    type Far = NotNull;
}

impl<O: Has<R, I>, R, X, I> Has<R, Around<I>> for Sub<O, X> {
    type Far = O::Far;
}

impl<S, R: Table> Has<R, Last> for Inner<S, R> {
    type Far = NotNull;
}

impl<S: Has<R, I>, R, X, I> Has<R, Before<I>> for Inner<S, X> {
    type Far = S::Far;
}

impl<S, R: Table> Has<R, Last> for Left<S, R> {
    type Far = Null;
}

impl<S: Has<R, I>, R, X, I> Has<R, Before<I>> for Left<S, X> {
    type Far = S::Far;
}

/// A query over these tables may stand inside of one over `O`.
#[diagnostic::on_unimplemented(
    message = "this sub-query cannot stand in that query",
    label = "it uses other tables around it than there are"
)]
pub trait Within<O> {}

impl<O, R: Table> Within<O> for R {}
impl<O, R> Within<O> for Sub<O, R> {}
impl<O, S: Within<O>, R> Within<O> for Inner<S, R> {}
impl<O, S: Within<O>, R> Within<O> for Left<S, R> {}
