//! What rows are ordered by.

use std::fmt;
use std::marker::PhantomData;

use super::fragment::{Fragment, Piece};
use super::{Has, Sort, Table};

/// An expression to order by, the direction, and where nulls go.
pub struct Order<S> {
    pub(crate) sql: Fragment,
    of: PhantomData<fn() -> S>,
}

impl<S> Order<S> {
    pub(crate) fn new(sql: Fragment, descending: bool) -> Self {
        Self { sql: if descending { sql.then(" DESC") } else { sql }, of: PhantomData }
    }

    /// Nulls before all other values.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { sql: self.sql.then(" NULLS FIRST"), of: PhantomData }
    }

    /// Nulls behind all other values.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { sql: self.sql.then(" NULLS LAST"), of: PhantomData }
    }
}

impl<S> Clone for Order<S> {
    fn clone(&self) -> Self {
        Self { sql: self.sql.clone(), of: PhantomData }
    }
}

impl<S> fmt::Debug for Order<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql.to_sql())
    }
}

impl<R: Table> Sort<R> {
    fn sql(self) -> Fragment {
        let column = Fragment::column(R::NAME, self.def);
        if self.descending { column.then(" DESC") } else { column }
    }

    /// Nulls before all other values.
    #[must_use]
    pub fn nulls_first<S: Has<R, I>, I>(self) -> Order<S> {
        Order { sql: self.sql().then(" NULLS FIRST"), of: PhantomData }
    }

    /// Nulls behind all other values.
    #[must_use]
    pub fn nulls_last<S: Has<R, I>, I>(self) -> Order<S> {
        Order { sql: self.sql().then(" NULLS LAST"), of: PhantomData }
    }
}

/// What a query over the tables `S` can be ordered by: `users::EMAIL.asc()`, `expression.desc()`, or several: a tuple, or a
/// `Vec` of what is put together at run time.
#[diagnostic::on_unimplemented(
    message = "a query cannot be ordered by `{Self}`",
    label = "not an order",
    note = "write `.asc()` or `.desc()` behind the column or the expression"
)]
pub trait Ordering<S, I> {
    /// Appends it, with a comma before it where it is not the first.
    #[doc(hidden)]
    fn order(self, to: &mut Ordered);
}

/// A list of what rows are ordered by.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Ordered(pub(crate) Fragment);

impl Ordered {
    pub(crate) fn add(&mut self, sql: Fragment) {
        if !self.0.is_empty() {
            self.0.push(Piece::Comma);
        }
        self.0.append(sql);
    }
}

impl fmt::Debug for Ordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_sql())
    }
}

impl<S: Has<R, I>, R: Table, I> Ordering<S, I> for Sort<R> {
    fn order(self, to: &mut Ordered) {
        to.add(self.sql());
    }
}

impl<S> Ordering<S, ()> for Order<S> {
    fn order(self, to: &mut Ordered) {
        to.add(self.sql);
    }
}

impl<S, O: Ordering<S, I>, I> Ordering<S, I> for Vec<O> {
    fn order(self, to: &mut Ordered) {
        for part in self {
            part.order(to);
        }
    }
}

impl<R: Table> From<Sort<R>> for Order<R> {
    fn from(sort: Sort<R>) -> Self {
        Self { sql: sort.sql(), of: PhantomData }
    }
}

/// A tuple is each of its parts in turn.
macro_rules! tuples {
    ($trait:ident $method:ident: $($($part:ident $index:ident),*;)*) => {
        $(impl<S, $($index, $part: $trait<S, $index>),*> $trait<S, ($($index,)*)> for ($($part,)*) {
            #[allow(non_snake_case, reason = "a part is called after its type")]
            fn $method(self, to: &mut Ordered) {
                let ($($part,)*) = self;
                $($part.$method(to);)*
            }
        })*
    };
}

tuples! {
    Ordering order:
    A1 I1;
    A1 I1, A2 I2;
    A1 I1, A2 I2, A3 I3;
    A1 I1, A2 I2, A3 I3, A4 I4;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6;
}

/// Expressions side by side, to group by or to be distinct on: one, or a tuple of several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no expression over the tables of this query",
    label = "a column or an expression, or a tuple of them, is wanted"
)]
pub trait Expressions<S, I> {
    /// Appends them, apart by commas.
    #[doc(hidden)]
    fn list(self, to: &mut Ordered);
}

impl<S: Has<R, I>, R: Table, T, N: super::Nullness, I> Expressions<S, I> for super::Column<R, T, N> {
    fn list(self, to: &mut Ordered) {
        to.add(self.expression::<S>().sql);
    }
}

impl<S, T, N> Expressions<S, ()> for super::Expr<S, T, N> {
    fn list(self, to: &mut Ordered) {
        to.add(self.sql);
    }
}

tuples! {
    Expressions list:
    A1 I1;
    A1 I1, A2 I2;
    A1 I1, A2 I2, A3 I3;
    A1 I1, A2 I2, A3 I3, A4 I4;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8;
}
