//! Columns of arrays.

use tokio_postgres::types::ToSql;

use super::super::expression::{Expr, Operand, Operation, bound};
use super::super::{Filter, Null, SqlType};
use super::{conditions, values};

/// A type of values that are arrays of one dimension.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is no array", label = "only columns of arrays have elements")]
pub trait ArrayColumn {
    /// An element.
    type Element;
}

impl<E> ArrayColumn for Vec<Option<E>> {
    type Element = E;
}

/// An array of these values, none of them null, as a column of arrays holds it: `posts::TAGS.overlaps(array(["a", "b"]))`.
#[must_use]
pub fn array<E, V: Into<E>>(values: impl IntoIterator<Item = V>) -> Vec<Option<E>> {
    values.into_iter().map(|value| Some(value.into())).collect()
}

fn compare<S, T, N, J>(left: Expr<S, T, N>, operator: &'static str, right: impl Operand<S, T, J>) -> Filter<S> {
    let Operation(right) = right.operand(&left.form, left.column);
    Filter::new(left.into_compared().then(operator).with(right))
}

conditions! {
    [T: ArrayColumn]
    /// Holds every element of the other.
    fn contains_all<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " @> ", other) }

    /// Holds no element that the other does not.
    fn is_within<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " <@ ", other) }

    /// Holds an element of the other.
    fn overlaps<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " && ", other) }

    /// Holds the value.
    fn has<V>(this, value: V) where [T: ArrayColumn, V: Into<T::Element>, T::Element: ToSql + Send + Sync + 'static] {
        // As an array of one, for which an index is used.
        let value = bound(vec![Some(value.into())], &this.form, this.column);
        Filter::new(this.into_compared().then(" @> ").with(value))
    }
}

values! {
    [T: ArrayColumn]
    /// How many elements it has.
    fn cardinality<>(this) -> Expr<S, i32, N> { this.into_form(i32::FORM, |sql| sql.between("cardinality(", ")")) }

    /// The element at that place, from 1; null where there is none.
    fn element<E>(this, place: i32) -> Expr<S, E, Null> where [T: ArrayColumn<Element = E>, E: SqlType] {
        let place = bound(place, &i32::FORM, None);
        this.into_form(E::FORM, |sql| sql.between("(", ")[").with(place).then("]"))
    }
}
