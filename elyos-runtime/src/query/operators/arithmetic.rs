//! Arithmetic of numbers.

use rust_decimal::Decimal;

use super::super::Either;
use super::super::expression::{Argument, Expr, Operation};
use super::values;

/// A type of values that are numbers.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is no number", label = "only numbers are computed with")]
pub trait Number {}

macro_rules! numbers {
    ($($ty:ty)*) => { $(impl Number for $ty {})* };
}

numbers!(i16 i32 i64 f32 f64 Decimal);

/// A type of numbers of whose division something is left.
#[diagnostic::on_unimplemented(
    message = "the server computes no remainder of `{Self}`",
    label = "whole numbers and `numeric` have one: `cast(sql_type::<Decimal>())`"
)]
pub trait Remainder {}

macro_rules! remainders {
    ($($ty:ty)*) => { $(impl Remainder for $ty {})* };
}

remainders!(i16 i32 i64 Decimal);

/// Both sides of an operator, in parentheses. The server would make a wider type of two narrow ones in no case.
pub(super) fn computed<S, T, N, V, J>(left: Expr<S, T, N>, operator: &'static str, right: V) -> Expr<S, T, <N as Either<V::Null>>::Output>
where
    V: Argument<S, T, J>,
    N: Either<V::Null>,
{
    let Operation(right) = right.argument(&left.form, left.column);
    left.around(|sql| sql.between("(", operator).with(right).then(")"))
}

values! {
    [T: Number]
    /// The sum.
    fn plus<V, J>(this, other: V) -> Expr<S, T, <N as Either<V::Null>>::Output> where [V: Argument<S, T, J>, N: Either<V::Null>] {
        computed(this, " + ", other)
    }

    /// The difference.
    fn minus<V, J>(this, other: V) -> Expr<S, T, <N as Either<V::Null>>::Output> where [V: Argument<S, T, J>, N: Either<V::Null>] {
        computed(this, " - ", other)
    }

    /// The product.
    fn times<V, J>(this, other: V) -> Expr<S, T, <N as Either<V::Null>>::Output> where [V: Argument<S, T, J>, N: Either<V::Null>] {
        computed(this, " * ", other)
    }

    /// The quotient; of whole numbers a whole one. The server refuses to divide by zero.
    fn divided_by<V, J>(this, other: V) -> Expr<S, T, <N as Either<V::Null>>::Output> where [V: Argument<S, T, J>, N: Either<V::Null>] {
        computed(this, " / ", other)
    }

    /// What is left of a division of whole numbers or of `numeric`.
    fn modulo<V, J>(this, other: V) -> Expr<S, T, <N as Either<V::Null>>::Output>
    where [T: Remainder, V: Argument<S, T, J>, N: Either<V::Null>] {
        computed(this, " % ", other)
    }

    /// Without its sign.
    fn abs<>(this) -> Expr<S, T, N> { this.around(|sql| sql.between("abs(", ")")) }

    /// With the other sign.
    fn negated<>(this) -> Expr<S, T, N> { this.around(|sql| sql.between("(- ", ")")) }
}

values! {
    [T: Fraction]
    /// Rounded to whole numbers.
    fn round<>(this) -> Expr<S, T, N> { this.around(|sql| sql.between("round(", ")")) }

    /// The greatest whole number that is not greater.
    fn floor<>(this) -> Expr<S, T, N> { this.around(|sql| sql.between("floor(", ")")) }

    /// The smallest whole number that is not smaller.
    fn ceil<>(this) -> Expr<S, T, N> { this.around(|sql| sql.between("ceil(", ")")) }
}

/// A type of numbers that are not all whole, and that rounding does not change.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is not rounded", label = "`numeric` and `double precision` are")]
pub trait Fraction {}

impl Fraction for f64 {}
impl Fraction for Decimal {}
