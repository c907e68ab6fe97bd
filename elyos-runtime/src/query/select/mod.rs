//! A query as it is put together.

mod running;
mod write;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::fragment::{Bind, Fragment, Owned};
use super::order::{Expressions, Ordered, Ordering};
use super::selection::{Selected, Selection, Whole};
use super::{Expr, Filter, Inner, Item, Left, Null, Nullness, Sub, Table, Travel, Within};
use crate::repository::Repository;

pub use running::{All, Closed, Count, Exists, First, One, Optional};

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
    list: Fragment,
    reading: O,
    distinct: Distinct,
    from: Fragment,
    /// What holds of the rows that are not hidden.
    visible: Fragment,
    with_hidden: bool,
    conditions: Fragment,
    groups: Ordered,
    having: Fragment,
    order: Ordered,
    limit: Option<(u32, Fragment)>,
    offset: Option<Fragment>,
    lock: Option<Lock>,
    /// The first table, as a lock names it.
    base: &'static str,
    of: PhantomData<fn() -> S>,
}

#[derive(Clone)]
enum Distinct {
    No,
    Rows,
    On(Fragment),
}

#[derive(Clone, Copy)]
struct Lock {
    strength: &'static str,
    wait: &'static str,
}

/// `"schema"."table" AS "alias"`
fn source<A: Table>() -> Fragment {
    let mut sql = Fragment::text(A::Repository::QUOTED);
    if !A::ALIAS.is_empty() {
        sql.add(" AS ");
        sql.add(A::ALIAS);
    }
    sql
}

/// What holds of the rows that are seen: the condition begins with the column's name.
pub(super) fn visible<A: Table>() -> Fragment {
    let mut sql = Fragment::default();
    if !A::Repository::VISIBLE.is_empty() {
        sql.add(A::NAME);
        sql.add(".");
        sql.add(A::Repository::VISIBLE);
    }
    sql
}

fn number(value: u32) -> Fragment {
    Fragment::value(Arc::new(i64::from(value)) as Owned, Bind { travel: Travel::INT8, cast: "", column: None })
}

impl<A: Table> Select<A, Whole<A>> {
    pub(crate) fn of_table() -> Self {
        Self::begin::<A>()
    }
}

impl<O, A: Table> Select<Sub<O, A>, Whole<A>> {
    pub(crate) fn of_inner_table() -> Self {
        Self::begin::<A>()
    }
}

impl<S, A: Table> Select<S, Whole<A>> {
    fn begin<B: Table>() -> Self {
        Self {
            list: Selected::row::<B>().0,
            reading: Whole::new(),
            distinct: Distinct::No,
            from: source::<B>(),
            visible: visible::<B>(),
            with_hidden: false,
            conditions: Fragment::default(),
            groups: Ordered::default(),
            having: Fragment::default(),
            order: Ordered::default(),
            limit: None,
            offset: None,
            lock: None,
            base: B::NAME,
            of: PhantomData,
        }
    }
}

impl<S, O> Select<S, O> {
    /// The rows that meet the condition; with others, those that meet all of them.
    pub fn filter(mut self, filter: Filter<S>) -> Self {
        add_condition(&mut self.conditions, filter.into_fragment());
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
        self.with_hidden = true;
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
        self.from.add(how);
        self.from.append(source::<R>());
        self.from.add(" ON ");
        self.from.append(on.into_fragment());
        let visible = visible::<R>();
        if !self.with_hidden && !visible.is_empty() {
            self.from.add(" AND ");
            self.from.append(visible);
        }
        self.over()
    }

    /// The same over other tables.
    fn over<J>(self) -> Select<J, O> {
        let Self {
            list,
            reading,
            distinct,
            from,
            visible,
            with_hidden,
            conditions,
            groups,
            having,
            order,
            limit,
            offset,
            lock,
            base,
            of: _,
        } = self;
        let of = PhantomData;
        Select { list, reading, distinct, from, visible, with_hidden, conditions, groups, having, order, limit, offset, lock, base, of }
    }

    /// Selects these instead: a column or an expression, a tuple of up to sixteen, whole rows, relations, or a struct that
    /// `#[derive(Columns)]` is on.
    pub fn columns<C: Selection<S, I, Reading = P>, I, P>(self, columns: C) -> Select<S, P> {
        let (list, reading) = columns.select();
        self.reading(list.0, reading)
    }

    fn reading<P>(self, list: Fragment, reading: P) -> Select<S, P> {
        let Self { distinct, from, visible, with_hidden, conditions, groups, having, order, limit, offset, lock, base, of, .. } = self;
        Select { list, reading, distinct, from, visible, with_hidden, conditions, groups, having, order, limit, offset, lock, base, of }
    }

    /// With what each row is related to, in the same round trip: `.with(users::GROUPS)`. Of each, the row and a tuple of all that it is
    /// selected with become a [`With`](super::With).
    pub fn with<L: Selection<S, I>, I>(self, related: L) -> Select<S, O::Grown>
    where
        O: super::Grow<L::Reading>,
    {
        let (list, more) = related.select();
        let mut whole = self.list.clone();
        whole.add(", ");
        whole.append(list.0);
        let grown = self.reading_with(more);
        self.reading(whole, grown)
    }

    fn reading_with<M>(&self, more: M) -> O::Grown
    where
        O: super::Grow<M>,
    {
        self.reading.grow(more)
    }

    /// Each row once.
    pub fn distinct(mut self) -> Self {
        self.distinct = Distinct::Rows;
        self
    }

    /// Of the rows in which these are the same the first, in the order, which has to begin with them.
    pub fn distinct_on<E: Expressions<S, I>, I>(mut self, expressions: E) -> Self {
        let mut list = Ordered::default();
        expressions.list(&mut list);
        self.distinct = Distinct::On(list.0);
        self
    }

    /// Orders the rows; behind what they are ordered by already.
    pub fn order_by<B: Ordering<S, I>, I>(mut self, by: B) -> Self {
        by.order(&mut self.order);
        self
    }

    /// So many rows at most.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some((rows, number(rows)));
        self
    }

    /// As many rows as that at most, or as few as were asked for.
    fn at_most(self, rows: u32) -> Self {
        if self.limit.as_ref().is_some_and(|(limit, _)| *limit <= rows) { self } else { self.limit(rows) }
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u32) -> Self {
        self.offset = Some(number(rows));
        self
    }

    /// One row of all in which these are the same; what is selected beside them are aggregates.
    pub fn group_by<E: Expressions<S, I>, I>(mut self, expressions: E) -> Self {
        expressions.list(&mut self.groups);
        self
    }

    /// The groups that meet the condition.
    pub fn having(mut self, filter: Filter<S>) -> Self {
        add_condition(&mut self.having, filter.into_fragment());
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
        self.lock = Some(Lock { strength, wait: "" });
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
        let strength = self.lock.map_or(" FOR UPDATE OF ", |lock| lock.strength);
        self.lock = Some(Lock { strength, wait });
        self
    }
}

/// As the rows that another row leads to.
impl<A: Table, O> Select<A, O> {
    /// One column of records, from there; in the order of the key where no other is said.
    pub(super) fn records(mut self, source: Fragment) -> Fragment {
        if self.order.0.is_empty() {
            for column in A::Repository::KEY {
                let mut key = Fragment::text(A::NAME).then(".").then(column.quoted());
                if !self.order.0.is_empty() {
                    key = Fragment::text(", ").with(key);
                }
                self.order.0.append(key);
            }
        }
        self.list = self.list.between("ROW(", ")");
        self.from = source;
        self.into_fragment().between("ARRAY(", ")")
    }

    /// Something else of the rows from there.
    pub(super) fn instead(mut self, list: &'static str, source: Fragment) -> Fragment {
        self.list = Fragment::text(list);
        self.from = source;
        self.order = Ordered::default();
        self.into_fragment()
    }

    pub(super) fn reading_of(&self) -> &O {
        &self.reading
    }
}

/// Behind what there is, with `AND`.
fn add_condition(to: &mut Fragment, condition: Fragment) {
    if !to.is_empty() {
        to.add(" AND ");
    }
    to.append(condition);
}

impl<Q, T: Send + 'static, N: Nullness> Select<Q, Item<T, N>> {
    /// The one value that it selects, as a part of another query; null where it finds no row.
    #[must_use]
    pub fn scalar<S>(self, form: super::Form<T>) -> Expr<S, T, Null>
    where
        Q: Within<S>,
    {
        let value = self.into_fragment().between("(", ")");
        // A query selects a type of the schema's as text.
        let is_cast = form.read_as.is_some();
        Expr::new(if is_cast { value.between("CAST(", " AS ").then(form.ty).then(")") } else { value }, form)
    }
}

impl<S, O: Clone> Clone for Select<S, O> {
    fn clone(&self) -> Self {
        Self {
            list: self.list.clone(),
            reading: self.reading.clone(),
            distinct: self.distinct.clone(),
            from: self.from.clone(),
            visible: self.visible.clone(),
            with_hidden: self.with_hidden,
            conditions: self.conditions.clone(),
            groups: self.groups.clone(),
            having: self.having.clone(),
            order: self.order.clone(),
            limit: self.limit.clone(),
            offset: self.offset.clone(),
            lock: self.lock,
            base: self.base,
            of: PhantomData,
        }
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
