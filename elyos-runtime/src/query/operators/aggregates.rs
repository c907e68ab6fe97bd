//! Aggregates: one value of many rows.

use std::fmt;

use rust_decimal::Decimal;

use super::super::expression::{Argument, Expr, Expression, Operand, Operation};
use super::super::fragment::Fragment;
use super::super::order::{Ordered, Ordering};
use super::super::selection::{Fills, Item, Reading, Selected, Selection};
use super::super::{Column, Filter, Form, Has, NotNull, Null, Nullness, SqlType, Table};
use crate::types::Interval;

/// An aggregate, which may be narrowed by a condition: `users::ID.count().filter(users::IS_ACTIVE.eq(true))`.
pub struct Aggregate<S, T, N = Null> {
    value: Expr<S, T, N>,
    /// What stands behind the function's name and its parenthesis.
    arguments: Fragment,
    filter: Option<Filter<S>>,
}

/// How many rows there are.
#[must_use]
pub fn count<S>() -> Aggregate<S, i64, NotNull> {
    Aggregate::new("count(", Fragment::text("*"), i64::FORM)
}

impl<S, T, N> Aggregate<S, T, N> {
    fn new(function: &'static str, arguments: Fragment, form: Form<T>) -> Self {
        Self { value: Expr::new(Fragment::text(function), form), arguments, filter: None }
    }

    /// Of the rows that meet the condition alone.
    #[must_use]
    pub fn filter(self, filter: Filter<S>) -> Self {
        let filter = match self.filter {
            Some(before) => before.and(filter),
            None => filter,
        };
        Self { filter: Some(filter), ..self }
    }

    /// Of each value once.
    #[must_use]
    pub fn distinct(self) -> Self {
        Self { arguments: Fragment::text("DISTINCT ").with(self.arguments), ..self }
    }

    /// Of the values in that order.
    #[must_use]
    pub fn order_by<O: Ordering<S, I>, I>(self, order: O) -> Self {
        let mut ordered = Ordered::default();
        order.order(&mut ordered);
        Self { arguments: self.arguments.then(" ORDER BY ").with(ordered.0), ..self }
    }

    fn into_expr(self) -> Expr<S, T, N> {
        let Self { value, arguments, filter } = self;
        value.around(|sql| {
            let sql = sql.with(arguments).then(")");
            match filter {
                Some(filter) => sql.then(" FILTER (WHERE ").with(filter.into_fragment()).then(")"),
                None => sql,
            }
        })
    }

    /// As an expression, to compute with or to compare: `count().expr().gt(3)`.
    #[must_use]
    pub fn expr(self) -> Expr<S, T, N> {
        self.into_expr()
    }

    /// As what is never null: for what is known of the rows, as that a group has one.
    #[must_use]
    pub fn never_null(self) -> Expr<S, T, NotNull> {
        self.into_expr().never_null()
    }

    /// Smallest first.
    #[must_use]
    pub fn asc(self) -> super::super::Order<S> {
        self.into_expr().asc()
    }

    /// Greatest first.
    #[must_use]
    pub fn desc(self) -> super::super::Order<S> {
        self.into_expr().desc()
    }
}

macro_rules! compared {
    ($($(#[$doc:meta])* $name:ident)*) => {
        impl<S, T, N: Nullness> Aggregate<S, T, N> {
            $($(#[$doc])*
            pub fn $name<V: Operand<S, T, J>, J>(self, other: V) -> Filter<S> {
                self.into_expr().$name(other)
            })*
        }
    };
}

compared! {
    /// Equal to the value or expression.
    eq
    /// Not equal to the value or expression.
    ne
    /// Smaller than the value or expression.
    lt
    /// Smaller than the value or expression, or equal.
    le
    /// Greater than the value or expression.
    gt
    /// Greater than the value or expression, or equal.
    ge
}

impl<S, T, N: Nullness> Aggregate<S, T, N> {
    /// The value, or the other where there is none.
    #[must_use]
    pub fn or_else<V: Argument<S, T, J>, J>(self, other: V) -> Expr<S, T, V::Null> {
        self.into_expr().or_else(other)
    }
}

impl<S, T, N: Nullness> Expression<S, ()> for Aggregate<S, T, N> {
    type Type = T;
    type Null = N;

    fn expr(self) -> Expr<S, T, N> {
        self.into_expr()
    }
}

impl<S, T, N: Nullness> Operand<S, T, ()> for Aggregate<S, T, N> {
    fn operand(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.into_expr().sql)
    }
}

impl<S, T, N: Nullness> Argument<S, T, ()> for Aggregate<S, T, N> {
    type Null = N;

    fn argument(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.into_expr().sql)
    }
}

impl<S, T: Send + 'static, N: Nullness> Selection<S, ()> for Aggregate<S, T, N> {
    type Reading = Item<T, N>;

    fn select(self) -> (Selected, Item<T, N>) {
        self.into_expr().select()
    }
}

impl<S, T: Send + 'static> Fills<T, S, ()> for Aggregate<S, T, NotNull> {
    type Reading = Item<T, NotNull>;

    fn fill(self) -> (Selected, Self::Reading) {
        self.select()
    }
}

impl<S, T: Send + 'static> Fills<Option<T>, S, ()> for Aggregate<S, T, Null>
where
    Item<T, Null>: Reading<Output = Option<T>>,
{
    type Reading = Item<T, Null>;

    fn fill(self) -> (Selected, Self::Reading) {
        self.select()
    }
}

/// What the sum of a column's values is.
#[diagnostic::on_unimplemented(message = "values of `{Self}` have no sum", label = "numbers and intervals have one")]
pub trait Summed {
    /// The sum's type.
    type Sum: SqlType;
}

/// What the mean of a column's values is.
#[diagnostic::on_unimplemented(message = "values of `{Self}` have no mean", label = "numbers and intervals have one")]
pub trait Averaged {
    /// The mean's type.
    type Mean: SqlType;
}

macro_rules! of_many {
    ($($ty:ty, $sum:ty, $mean:ty;)*) => {
        $(impl Summed for $ty { type Sum = $sum; }
        impl Averaged for $ty { type Mean = $mean; })*
    };
}

// Source: PostgreSQL, "Aggregate Functions".
of_many! {
    i16, i64, Decimal;
    i32, i64, Decimal;
    i64, Decimal, Decimal;
    f32, f32, f64;
    f64, f64, f64;
    Decimal, Decimal, Decimal;
    Interval, Interval, Interval;
}

/// Of a column: nulls count for nothing, so a column of a left join needs no `nullable()`.
macro_rules! aggregates {
    ($($(#[$doc:meta])* fn $name:ident<$($bound:ident)?>($this:ident) -> $answer:ty $(where [$($where:tt)*])? $body:block)*) => {
        impl<R: Table, T, N: Nullness> Column<R, T, N> {
            $($(#[$doc])*
            #[must_use]
            pub fn $name<S, I>(self) -> $answer
            where
                S: Has<R, I>,
                $($($where)*)?
            {
                let $this: Expr<S, T, N> = self.expression();
                $body
            })*
        }

        impl<S, T, N: Nullness> Expr<S, T, N> {
            $($(#[$doc])*
            #[must_use]
            pub fn $name(self) -> $answer $(where $($where)*)? {
                let $this = self;
                $body
            })*
        }
    };
}

aggregates! {
    /// How many rows there are in which it is not null.
    fn count<>(this) -> Aggregate<S, i64, NotNull> { Aggregate::new("count(", this.sql, i64::FORM) }

    /// The sum; null of no rows.
    fn sum<>(this) -> Aggregate<S, T::Sum> where [T: Summed] { Aggregate::new("sum(", this.sql, T::Sum::FORM) }

    /// The mean; null of no rows.
    fn avg<>(this) -> Aggregate<S, T::Mean> where [T: Averaged] { Aggregate::new("avg(", this.sql, T::Mean::FORM) }

    /// The smallest; null of no rows.
    fn min<>(this) -> Aggregate<S, T> { Aggregate::new("min(", this.sql, this.form) }

    /// The greatest; null of no rows.
    fn max<>(this) -> Aggregate<S, T> { Aggregate::new("max(", this.sql, this.form) }

    /// All of them, nulls too; null of no rows.
    fn array_agg<>(this) -> Aggregate<S, Vec<Option<T>>> where [T: tokio_postgres::types::FromSqlOwned] {
        let form = this.form;
        let (travel, many) = (form.travel.in_arrays(), super::super::form::plain);
        let array = Form { travel, ty: form.ty, bound: "", read_as: form.read_as, in_array: true, one: form.many, many };
        Aggregate::new("array_agg(", this.sql, array)
    }
}

impl<S, T, N> Clone for Aggregate<S, T, N> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), arguments: self.arguments.clone(), filter: self.filter.clone() }
    }
}

impl<S, T, N> fmt::Debug for Aggregate<S, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aggregate({})", self.clone().into_expr().to_sql())
    }
}
