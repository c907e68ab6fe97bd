//! Aggregates: one value of many rows.

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;

use super::super::expression::{Argument, Expr, Expression, Operand, Operation};
use super::super::fragment::Fragment;
use super::super::list::{List, Shape};
use super::super::order::{Ordered, Ordering};
use super::super::selection::{Fills, Item, Reading, Selected, Selection};
use super::super::{Column, Compared, Filter, Form, Has, NotNull, Null, Nullness, SqlType, Table};
use crate::types::{Clock, Inet, Interval, PgLsn, TimeTz};

/// An aggregate, which may be narrowed by a condition: `users::ID.count().filter(users::IS_ACTIVE.eq(true))`. It is one of values, or of
/// rows, as `count()` is, of which each is there once and none is before another.
pub struct Aggregate<S, T, N = Null, V = OfValues> {
    value: Expr<S, T, N>,
    /// What stands behind the function's name and its parenthesis.
    arguments: Fragment,
    is_distinct: bool,
    order: Ordered,
    filter: Option<Filter<S>>,
    of: PhantomData<fn() -> V>,
}

/// An aggregate of values.
#[derive(Debug, Clone, Copy)]
pub enum OfValues {}

/// An aggregate of rows.
#[derive(Debug, Clone, Copy)]
pub enum OfRows {}

/// An aggregate is one of values.
#[diagnostic::on_unimplemented(
    message = "`count()` counts rows, not values",
    label = "of a column, `users::ID.count()`, values are counted, which may be `distinct()`"
)]
pub trait Valued {}

impl Valued for OfValues {}

/// How many rows there are.
#[must_use]
pub fn count<S>() -> Aggregate<S, i64, NotNull, OfRows> {
    Aggregate::new(Fragment::aggregate("count("), Fragment::text("*"), i64::FORM)
}

impl<S, T, N, V> Aggregate<S, T, N, V> {
    fn new(function: Fragment, arguments: Fragment, form: Form<T>) -> Self {
        Self { value: Expr::new(function, form), arguments, is_distinct: false, order: Ordered::default(), filter: None, of: PhantomData }
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
    pub fn distinct(self) -> Self
    where
        V: Valued,
    {
        Self { is_distinct: true, ..self }
    }

    /// Of the values in that order; behind what they are ordered by already. Of each value once, the order is one of the values.
    #[must_use]
    pub fn order_by<O: Ordering<S, I>, I>(mut self, order: O) -> Self
    where
        V: Valued,
    {
        order.order(&mut self.order);
        self
    }

    fn into_expr(self) -> Expr<S, T, N> {
        let Self { value, arguments, is_distinct, order, filter, .. } = self;
        value.around(|sql| {
            let sql = if is_distinct { sql.then("DISTINCT ") } else { sql }.with(arguments);
            let sql = if order.0.is_empty() { sql } else { sql.then(" ORDER BY ").with(order.0) }.then(")");
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
        impl<S, T, N: Nullness, V> Aggregate<S, T, N, V> {
            $($(#[$doc])*
            pub fn $name<W: Operand<S, T, J>, J>(self, other: W) -> Filter<S> {
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

impl<S, T, N: Nullness, V> Aggregate<S, T, N, V> {
    /// The value, or the other where there is none.
    #[must_use]
    pub fn or_else<W: Argument<S, T, J>, J>(self, other: W) -> Expr<S, T, W::Null> {
        self.into_expr().or_else(other)
    }
}

impl<S, T, N: Nullness, V> Expression<S, ()> for Aggregate<S, T, N, V> {
    type Type = T;
    type Null = N;

    fn expr(self) -> Expr<S, T, N> {
        self.into_expr()
    }
}

impl<S, T, N: Nullness, V> Operand<S, T, ()> for Aggregate<S, T, N, V> {
    fn operand(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.into_expr().into_compared())
    }
}

impl<S, T, N: Nullness, V> Argument<S, T, ()> for Aggregate<S, T, N, V> {
    type Null = N;

    fn argument(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.into_expr().sql)
    }
}

impl<S, T: Send + 'static, N: Nullness, V> Selection<S, ()> for Aggregate<S, T, N, V> {
    type Reading = Item<T, N>;

    fn select(self) -> (Selected, Item<T, N>) {
        self.into_expr().select()
    }
}

impl<S, T: Send + 'static, V> Fills<T, S, ()> for Aggregate<S, T, NotNull, V> {
    type Reading = Item<T, NotNull>;

    fn fill(self) -> (Selected, Self::Reading) {
        self.select()
    }
}

impl<S, T: Send + 'static, V> Fills<Option<T>, S, ()> for Aggregate<S, T, Null, V>
where
    Item<T, Null>: Reading<Output = Option<T>>,
{
    type Reading = Item<T, Null>;

    fn fill(self) -> (Selected, Self::Reading) {
        self.select()
    }
}

/// A type of values of which the server finds the smallest and the greatest: of truths, of `uuid` and of JSON it does not. A type of a
/// program's own for text or numbers says so by an implementation without a body.
///
/// Source: PostgreSQL, "Aggregate Functions".
#[diagnostic::on_unimplemented(
    message = "of values of `{Self}` the server finds no smallest and no greatest",
    label = "numbers, text, dates and times, enums, addresses and arrays have one",
    note = "`order_by` and `first` find it where rows can be ordered by it"
)]
pub trait Ranked {}

macro_rules! ranked {
    ($($ty:ty),*) => { $(impl Ranked for $ty {})* };
}

ranked!(i16, i32, i64, u32, f32, f64, Decimal, String, std::net::IpAddr, Interval, Inet, PgLsn);
ranked!(chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);

#[cfg(feature = "time")]
ranked!(::time::Date, ::time::Time, ::time::PrimitiveDateTime, ::time::OffsetDateTime);

#[cfg(feature = "jiff")]
ranked!(jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp);

impl<C: Clock> Ranked for TimeTz<C> {}
impl<E> Ranked for Vec<Option<E>> {}

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

/// The smallest or the greatest of values, as their type has them: of one of an extension's, the function stands beside its operators.
fn extreme<S, T, N>(this: Expr<S, T, N>, function: &'static str) -> Aggregate<S, T> {
    let form = this.form;
    let function = Fragment::aggregate(function);
    let called = match form.compared.operators {
        Some(schema) => Fragment::text(schema).then(".").with(function),
        None => function,
    };
    Aggregate::new(called, this.into_compared(), form)
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
    fn count<>(this) -> Aggregate<S, i64, NotNull> { Aggregate::new(Fragment::aggregate("count("), this.sql, i64::FORM) }

    /// The sum; null of no rows.
    fn sum<>(this) -> Aggregate<S, T::Sum> where [T: Summed] { Aggregate::new(Fragment::aggregate("sum("), this.sql, T::Sum::FORM) }

    /// The mean; null of no rows.
    fn avg<>(this) -> Aggregate<S, T::Mean> where [T: Averaged] { Aggregate::new(Fragment::aggregate("avg("), this.sql, T::Mean::FORM) }

    /// The smallest; null of no rows.
    fn min<>(this) -> Aggregate<S, T> where [T: Ranked] { extreme(this, "min(") }

    /// The greatest; null of no rows.
    fn max<>(this) -> Aggregate<S, T> where [T: Ranked] { extreme(this, "max(") }

    /// All of them, nulls too; null of no rows.
    fn array_agg<>(this) -> Aggregate<S, Vec<Option<T>>> where [T: tokio_postgres::types::FromSqlOwned] {
        let form = this.form;
        let many = super::super::form::plain;
        if form.travel.is_array {
            // PostgreSQL makes no array of arrays, but one of records that hold an array each.
            let (ty, travel) = ("record[]", form.travel);
            let array = Form { travel, ty, bound: "", read_as: None, in_array: false, compared: Compared::plainly(ty), one: form.many, many };
            let record = List::value(this.sql, &form).fragment(Shape::AsRead).between("ROW(", ")");
            return Aggregate::new(Fragment::aggregate("array_agg("), record, array);
        }
        let travel = form.travel.in_arrays();
        let array = Form { travel, one: form.many, many, ty: form.ty, bound: "", read_as: form.read_as, in_array: true, compared: Compared::plainly(form.ty) };
        Aggregate::new(Fragment::aggregate("array_agg("), this.sql, array)
    }
}

impl<S, T, N, V> Clone for Aggregate<S, T, N, V> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            arguments: self.arguments.clone(),
            is_distinct: self.is_distinct,
            order: self.order.clone(),
            filter: self.filter.clone(),
            of: PhantomData,
        }
    }
}

impl<S, T, N, V> fmt::Debug for Aggregate<S, T, N, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aggregate({})", self.clone().into_expr().to_sql())
    }
}
