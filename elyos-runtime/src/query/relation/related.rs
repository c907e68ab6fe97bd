//! Which of the related rows are loaded, in what order, and what of each.

use std::fmt;

use super::super::expression::Expr;
use super::super::list::List;
use super::super::select::Body;
use super::super::selection::{Fills, Reading, Selected};
use super::super::{Filter, Has, NotNull, Ordering, Select, Selection, SqlType, Table};
use super::branch::{self, Branch, Way};
use super::{Cardinality, Grow, Relation, Whole};
use crate::repository::Repository;

/// Rows that a relation leads to, narrowed, ordered, limited for each row, or with their own relations.
#[must_use = "it is selected with `.with(…)`, or in `.columns(…)`"]
pub struct Related<P, C, O, N> {
    pub(super) relation: Relation<P, C, N>,
    pub(super) select: Select<C, O>,
}

impl<P, C: Repository, O, N> Related<P, C, O, N> {
    pub(super) fn new(relation: Relation<P, C, N>, select: Select<C, O>) -> Self {
        Self { relation, select }
    }

    /// Those that meet the condition.
    pub fn filter(self, filter: Filter<C>) -> Self {
        Self { select: self.select.filter(filter), ..self }
    }

    /// Those that meet the condition, where there is one.
    pub fn filter_if(self, filter: Option<Filter<C>>) -> Self {
        Self { select: self.select.filter_if(filter), ..self }
    }

    /// In that order; without one they are in that of their key.
    pub fn order_by<B: Ordering<C, I>, I>(self, by: B) -> Self {
        Self { select: self.select.order_by(by), ..self }
    }

    /// So many at most for each row.
    pub fn limit(self, rows: u32) -> Self {
        Self { select: self.select.limit(rows), ..self }
    }

    /// Without the first so many for each row.
    pub fn offset(self, rows: u32) -> Self {
        Self { select: self.select.offset(rows), ..self }
    }

    /// Also those that are hidden.
    pub fn with_hidden(self) -> Self {
        Self { select: self.select.with_hidden(), ..self }
    }

    /// With what they are related to themselves.
    pub fn with<L: Selection<C, I>, I>(self, related: L) -> Related<P, C, O::Grown, N>
    where
        O: Grow<L::Reading>,
    {
        Related { relation: self.relation, select: self.select.with(related) }
    }

    /// These of their columns only.
    pub fn columns<L: Selection<C, I>, I>(self, columns: L) -> Related<P, C, L::Reading, N> {
        Related { relation: self.relation, select: self.select.columns(columns) }
    }

    /// Which rows they are, in the order of their key where no other is said, and one where there is one at most.
    pub(super) fn body(&self) -> Body {
        let mut body = self.select.body().clone();
        body.order_by_key::<C>();
        if matches!(self.relation.way, Way::Parent { once: false, .. }) {
            body.at_most(1);
        }
        body
    }
}

impl<P: Table, C: Repository, O, N: Cardinality> Related<P, C, O, N> {
    /// Whether there is such a row: as a condition.
    pub fn any<S: Has<P, I>, I>(self) -> Filter<S> {
        let source = self.relation.source_of_table();
        Filter::new(branch::any(self.body(), source))
    }

    /// How many such rows there are.
    #[must_use]
    pub fn count<S: Has<P, I>, I>(self) -> Expr<S, i64, NotNull> {
        let source = self.relation.source_of_table();
        Expr::new(branch::count(self.body(), source), i64::FORM)
    }
}

impl<P: Table, C: Repository, N: Cardinality> Relation<P, C, N> {
    /// Whether there is such a row: as a condition.
    pub fn any<S: Has<P, I>, I>(self) -> Filter<S> {
        self.related().any()
    }

    /// How many such rows there are.
    #[must_use]
    pub fn count<S: Has<P, I>, I>(self) -> Expr<S, i64, NotNull> {
        self.related().count()
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, O: Reading, N: Cardinality, I> Selection<S, I> for Related<P, C, O, N> {
    type Reading = N::Reading<O>;

    fn select(self) -> (Selected, Self::Reading) {
        let reading = N::reading(self.select.reading().clone());
        let branch = Branch::new(self.relation.path(), P::NAME, self.body());
        (Selected(List::related(branch)), reading)
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, N: Cardinality, I> Selection<S, I> for Relation<P, C, N> {
    type Reading = N::Reading<Whole<C>>;

    fn select(self) -> (Selected, Self::Reading) {
        <_ as Selection<S, I>>::select(self.related())
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, O: Reading, I> Fills<Vec<O::Output>, S, I> for Related<P, C, O, super::ToMany> {
    type Reading = super::Rows<O>;

    fn fill(self) -> (Selected, Self::Reading) {
        <_ as Selection<S, I>>::select(self)
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, O: Reading, I> Fills<Option<O::Output>, S, I> for Related<P, C, O, super::ToOne> {
    type Reading = super::FirstOf<O>;

    fn fill(self) -> (Selected, Self::Reading) {
        <_ as Selection<S, I>>::select(self)
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, I> Fills<Vec<C::Row>, S, I> for Relation<P, C, super::ToMany> {
    type Reading = super::Rows<Whole<C>>;

    fn fill(self) -> (Selected, Self::Reading) {
        <_ as Selection<S, I>>::select(self)
    }
}

impl<S: Has<P, I>, P: Table, C: Repository, I> Fills<Option<C::Row>, S, I> for Relation<P, C, super::ToOne> {
    type Reading = super::FirstOf<Whole<C>>;

    fn fill(self) -> (Selected, Self::Reading) {
        <_ as Selection<S, I>>::select(self)
    }
}

impl<P, C, O: Clone, N> Clone for Related<P, C, O, N> {
    fn clone(&self) -> Self {
        Self { relation: self.relation, select: self.select.clone() }
    }
}

impl<P, C: Repository, O, N> fmt::Debug for Related<P, C, O, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Related({:?}, {})", self.relation, self.select.to_sql())
    }
}
