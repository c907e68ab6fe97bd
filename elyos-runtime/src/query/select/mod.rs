//! A query as it is put together.

mod body;
mod once;
mod running;
mod write;

use std::fmt;
use std::marker::PhantomData;

use super::list::Shape;
use super::order::{Expressions, Ordered, Ordering};
use super::selection::{Selection, Whole};
use super::{Expr, Filter, Inner, Item, Left, Null, Nullness, Sub, Table, Within};

pub(crate) use body::Body;
use body::{Distinct, Lock, add_condition, number};
pub use running::{All, Closed, Count, Exists, First, One, Optional};
pub(crate) use write::{AS_READ, Shown};

/// A query over the tables `S` whose rows become what `O` reads; `UserRepository::select()` begins one.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::{GroupRepository, UserGroupRepository, UserRepository, groups, user_groups, users};
///
/// let query = UserRepository::select()
///     .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID))
///     .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
///     .filter(users::FULL_NAME.contains("admin"))
///     .columns((users::ID, users::FULL_NAME, groups::NAME.nullable()));
/// println!("{}", query.to_sql());
/// # }
/// ```
#[must_use = "a query does nothing until it runs: `.all(&db)`, `.one(&db)`, `.first(&db)`"]
pub struct Select<S, O> {
    body: Body,
    reading: O,
    of: PhantomData<fn() -> S>,
}

/// A query of a table: of a repository's, what `Repository::select()` begins, or of an alias.
#[doc(hidden)]
pub fn select_of<A: Table>() -> Select<A, Whole<A>> {
    Select { body: Body::of::<A>(), reading: Whole::new(), of: PhantomData }
}

/// A query of a table inside of another over the tables `O`.
#[doc(hidden)]
pub fn subquery_of<O, A: Table>() -> Select<Sub<O, A>, Whole<A>> {
    Select { body: Body::of::<A>(), reading: Whole::new(), of: PhantomData }
}

impl<S, O> Select<S, O> {
    /// The rows that meet the condition; with others, those that meet all of them.
    pub fn filter(mut self, filter: Filter<S>) -> Self {
        add_condition(&mut self.body.conditions, filter.into_fragment());
        self
    }

    /// [`filter`](Self::filter) where there is a condition: for what a caller may or may not ask for.
    ///
    /// ```
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{UserRepository, users};
    ///
    /// # fn example(search: Option<&str>) {
    /// let query = UserRepository::select().filter_if(search.map(|text| users::FULL_NAME.icontains(text)));
    /// # drop(query);
    /// # }
    /// # }
    /// ```
    pub fn filter_if(self, filter: Option<Filter<S>>) -> Self {
        match filter {
            Some(filter) => self.filter(filter),
            None => self,
        }
    }

    /// Also the rows that are hidden by `soft_delete`: of this table, and of those that are joined from here on.
    pub fn with_hidden(mut self) -> Self {
        self.body.with_hidden = true;
        self
    }

    /// Joins another table, whose rows there have to be.
    pub fn join<R: Table>(self, on: Filter<Inner<S, R>>) -> Select<Inner<S, R>, O> {
        self.joined::<R, _>(" JOIN ", on)
    }

    /// Joins another table, of which there may be no row: its columns are `Option`s then, which `.nullable()` says.
    pub fn left_join<R: Table>(self, on: Filter<Left<S, R>>) -> Select<Left<S, R>, O> {
        self.joined::<R, _>(" LEFT JOIN ", on)
    }

    fn joined<R: Table, J>(mut self, how: &'static str, on: Filter<J>) -> Select<J, O> {
        self.body.join::<R>(how, on.into_fragment());
        Select { body: self.body, reading: self.reading, of: PhantomData }
    }

    /// Selects these instead: a column or an expression, a tuple of up to sixteen, whole rows, relations, or a struct that
    /// `#[derive(Columns)]` is on.
    pub fn columns<C: Selection<S, I, Reading = P>, I, P>(mut self, columns: C) -> Select<S, P> {
        let (list, reading) = columns.select();
        self.body.list = list.0;
        self.body.bind_once();
        Select { body: self.body, reading, of: PhantomData }
    }

    /// With what each row is related to, in the same round trip: `.with(users::GROUPS)`. Of each, the row and a tuple of all that it is
    /// selected with become a [`With`](super::With).
    pub fn with<L: Selection<S, I>, I>(mut self, related: L) -> Select<S, O::Grown>
    where
        O: super::Grow<L::Reading>,
    {
        let (list, more) = related.select();
        self.body.list.append(list.0);
        Select { reading: self.reading.grow(more), body: self.body, of: PhantomData }
    }

    /// Each row once.
    pub fn distinct(mut self) -> Self {
        self.body.distinct = Distinct::Rows;
        self.body.bind_once();
        self
    }

    /// Of the rows in which these are the same the first, in the order, which has to begin with them.
    pub fn distinct_on<E: Expressions<S, I>, I>(mut self, expressions: E) -> Self {
        let mut list = Ordered::default();
        expressions.list(&mut list);
        self.body.distinct = Distinct::On(list.0);
        self.body.bind_once();
        self
    }

    /// Orders the rows; behind what they are ordered by already.
    pub fn order_by<B: Ordering<S, I>, I>(mut self, by: B) -> Self {
        by.order(&mut self.body.order);
        self.body.bind_once();
        self
    }

    /// So many rows at most.
    pub fn limit(mut self, rows: u32) -> Self {
        self.body.limit = Some((rows, number(rows)));
        self
    }

    /// As many rows as that at most, or as few as were asked for.
    fn at_most(mut self, rows: u32) -> Self {
        self.body.at_most(rows);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u32) -> Self {
        self.body.offset = Some(number(rows));
        self
    }

    /// One row of all in which these are the same; what is selected beside them are aggregates.
    pub fn group_by<E: Expressions<S, I>, I>(mut self, expressions: E) -> Self {
        expressions.list(&mut self.body.groups);
        self.body.bind_once();
        self
    }

    /// The groups that meet the condition.
    pub fn having(mut self, filter: Filter<S>) -> Self {
        add_condition(&mut self.body.having, filter.into_fragment());
        self.body.bind_once();
        self
    }

    /// Keeps others from changing or locking the rows of the first table until the transaction ends.
    pub fn for_update(self) -> Self {
        self.locked(" FOR UPDATE OF ")
    }

    /// Keeps others from changing the rows of the first table until the transaction ends; others may do the same.
    pub fn for_share(self) -> Self {
        self.locked(" FOR SHARE OF ")
    }

    fn locked(mut self, strength: &'static str) -> Self {
        self.body.lock = Some(Lock { strength, wait: "" });
        self
    }

    /// Without the rows that others have locked. Locks the rows itself, as [`for_update`](Self::for_update) does.
    pub fn skip_locked(self) -> Self {
        self.waiting(" SKIP LOCKED")
    }

    /// An error where others have locked one of the rows, as soon as that is met. Locks the rows itself, as [`for_update`](Self::for_update) does.
    pub fn nowait(self) -> Self {
        self.waiting(" NOWAIT")
    }

    fn waiting(mut self, wait: &'static str) -> Self {
        let strength = self.body.lock.map_or(" FOR UPDATE OF ", |lock| lock.strength);
        self.body.lock = Some(Lock { strength, wait });
        self
    }
}

impl<S, O> Select<S, O> {
    pub(super) fn body(&self) -> &Body {
        &self.body
    }

    pub(super) fn reading(&self) -> &O {
        &self.reading
    }
}

impl<Q, T: Send + 'static, N: Nullness> Select<Q, Item<T, N>> {
    /// The one value that it selects, as a part of another query; null where it finds no row.
    #[must_use]
    pub fn scalar<S>(self, form: super::Form<T>) -> Expr<S, T, Null>
    where
        Q: Within<S>,
    {
        let value = self.into_fragment(Shape::AsTheyAre).between("(", ")");
        // Whatever the value is, it becomes what the form says.
        let is_cast = form.read_as.is_some();
        Expr::new(if is_cast { value.between("CAST(", " AS ").then(form.ty).then(")") } else { value }, form)
    }
}

impl<S, O: Clone> Clone for Select<S, O> {
    fn clone(&self) -> Self {
        Self { body: self.body.clone(), reading: self.reading.clone(), of: PhantomData }
    }
}

impl<S, O> fmt::Debug for Select<S, O> {
    /// Without its values, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Select({})", self.to_sql())
    }
}

const _: fn() = || {
    fn is_send<T: Send + Sync>() {}
    is_send::<Select<(), ()>>();
};
