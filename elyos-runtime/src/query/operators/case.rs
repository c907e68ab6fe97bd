//! `CASE`: one value or another, by conditions.

use std::fmt;

use super::super::expression::{Argument, Expr, Operation};
use super::super::fragment::Fragment;
use super::super::{Either, Filter, Form, Null, Nullness, SqlType};

/// A `CASE` without a value yet.
#[derive(Debug, Clone, Copy)]
pub struct Cases;

/// `CASE WHEN … THEN …`: `case().when(users::IS_ACTIVE.eq(true), "active").otherwise("locked")`.
#[must_use]
pub fn case() -> Cases {
    Cases
}

impl Cases {
    /// The value where the condition holds.
    #[must_use]
    pub fn when<S, T: SqlType, V: Argument<S, T, J>, J>(self, holds: Filter<S>, value: V) -> Case<S, T, V::Null> {
        self.when_as(T::FORM, holds, value)
    }

    /// The value where the condition holds, of a type that Rust's does not say by itself: `when_as(Form::cast("shop.mood"), …)`.
    #[must_use]
    pub fn when_as<S, T, V: Argument<S, T, J>, J>(self, form: Form<T>, holds: Filter<S>, value: V) -> Case<S, T, V::Null> {
        Case::<S, T, Null> { value: Expr::new(Fragment::text("CASE"), form) }.with(holds, value)
    }
}

/// A `CASE` with a value or more.
pub struct Case<S, T, N> {
    value: Expr<S, T, N>,
}

impl<S, T, N: Nullness> Case<S, T, N> {
    fn with<V: Argument<S, T, J>, J, M>(self, holds: Filter<S>, value: V) -> Case<S, T, M> {
        let Operation(value) = value.argument(&self.value.form, None);
        let holds = holds.into_fragment();
        let ty = self.value.form.ty;
        // Of values alone the server would not know the type.
        let typed = |sql: Fragment| sql.then(" WHEN ").with(holds).then(" THEN CAST(").with(value).then(" AS ").then(ty).then(")");
        Case { value: self.value.around(typed) }
    }

    /// The value where this condition holds and none before it does.
    #[must_use]
    pub fn when<V: Argument<S, T, J>, J>(self, holds: Filter<S>, value: V) -> Case<S, T, <N as Either<V::Null>>::Output>
    where
        N: Either<V::Null>,
    {
        self.with(holds, value)
    }

    /// The value where no condition holds.
    #[must_use]
    pub fn otherwise<V: Argument<S, T, J>, J>(self, value: V) -> Expr<S, T, <N as Either<V::Null>>::Output>
    where
        N: Either<V::Null>,
    {
        let Operation(value) = value.argument(&self.value.form, None);
        let ty = self.value.form.ty;
        self.value.around(|sql| sql.then(" ELSE CAST(").with(value).then(" AS ").then(ty).then(") END"))
    }

    /// Null where no condition holds.
    #[must_use]
    pub fn or_null(self) -> Expr<S, T, Null> {
        self.value.around(|sql| sql.then(" END"))
    }
}

impl<S, T, N> Clone for Case<S, T, N> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone() }
    }
}

impl<S, T, N> fmt::Debug for Case<S, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({})", self.value.to_sql())
    }
}

/// A condition that decides between two values.
impl<S> Filter<S> {
    /// The one value where the condition holds, the other where it does not.
    #[must_use]
    pub fn then_else<T: SqlType, V: Argument<S, T, J>, W: Argument<S, T, K>, J, K>(
        self,
        then: V,
        otherwise: W,
    ) -> Expr<S, T, <V::Null as Either<W::Null>>::Output>
    where
        V::Null: Either<W::Null>,
    {
        case().when(self, then).otherwise(otherwise)
    }
}
