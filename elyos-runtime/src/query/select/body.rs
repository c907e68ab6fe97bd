//! What a query is made of, whatever its rows become.

use std::sync::Arc;

use super::super::fragment::{Bind, Fragment, Owned};
use super::super::list::List;
use super::super::order::Ordered;
use super::super::{Table, Travel};
use crate::repository::Repository;

/// The parts of a query.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) list: List,
    pub(super) distinct: Distinct,
    pub(crate) from: Fragment,
    /// What holds of the rows that are not hidden.
    pub(super) visible: Fragment,
    pub(super) with_hidden: bool,
    pub(super) conditions: Fragment,
    pub(super) groups: Ordered,
    pub(super) having: Fragment,
    pub(crate) order: Ordered,
    pub(super) limit: Option<(u32, Fragment)>,
    pub(super) offset: Option<Fragment>,
    pub(super) lock: Option<Lock>,
    /// The first table, as a lock names it.
    pub(super) base: &'static str,
}

#[derive(Clone)]
pub(super) enum Distinct {
    No,
    Rows,
    On(Fragment),
}

#[derive(Clone, Copy)]
pub(super) struct Lock {
    pub(super) strength: &'static str,
    pub(super) wait: &'static str,
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
fn visible<A: Table>() -> Fragment {
    let mut sql = Fragment::default();
    if !A::Repository::VISIBLE.is_empty() {
        sql.add(A::NAME);
        sql.add(".");
        sql.add(A::Repository::VISIBLE);
    }
    sql
}

pub(super) fn number(value: u32) -> Fragment {
    Fragment::value(Arc::new(i64::from(value)) as Owned, Bind { travel: Travel::INT8, cast: "", column: None })
}

/// Behind what there is, with `AND`.
pub(super) fn add_condition(to: &mut Fragment, condition: Fragment) {
    if !to.is_empty() {
        to.add(" AND ");
    }
    to.append(condition);
}

impl Body {
    pub(super) fn of<A: Table>() -> Self {
        Self {
            list: List::row(A::NAME, A::Repository::COLUMNS),
            distinct: Distinct::No,
            from: source::<A>(),
            visible: visible::<A>(),
            with_hidden: false,
            conditions: Fragment::default(),
            groups: Ordered::default(),
            having: Fragment::default(),
            order: Ordered::default(),
            limit: None,
            offset: None,
            lock: None,
            base: A::NAME,
        }
    }

    pub(super) fn join<A: Table>(&mut self, how: &'static str, on: Fragment) {
        self.from.add(how);
        self.from.append(source::<A>());
        self.from.add(" ON ");
        self.from.append(on);
        let visible = visible::<A>();
        if !self.with_hidden && !visible.is_empty() {
            self.from.add(" AND ");
            self.from.append(visible);
        }
    }

    /// Whether it is of each row of its tables that meets the conditions, one by one, and as it finds them.
    pub(crate) fn is_row_by_row(&self) -> bool {
        !self.list.is_aggregate()
            && matches!(self.distinct, Distinct::No)
            && self.groups.0.is_empty()
            && self.having.is_empty()
            && self.lock.is_none()
    }

    /// Whether it takes a part of the rows only.
    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// So many rows at most, if not fewer were asked for.
    pub(crate) fn at_most(&mut self, rows: u32) {
        if self.limit.as_ref().is_none_or(|(limit, _)| *limit > rows) {
            self.limit = Some((rows, number(rows)));
        }
    }

    /// Only those of its rows of which this holds as well.
    pub(crate) fn require(&mut self, mut condition: Fragment) {
        if !self.conditions.is_empty() {
            condition.add(" AND ");
        }
        condition.append(std::mem::take(&mut self.conditions));
        self.conditions = condition;
    }

    /// In the order of these columns, where no other is said. Of all rows in one there is none.
    pub(crate) fn order_by_key<A: Table>(&mut self) {
        if self.order.0.is_empty() && !self.list.is_aggregate() {
            for column in A::Repository::KEY {
                self.order.add(Fragment::column(A::NAME, column));
            }
        }
    }
}
