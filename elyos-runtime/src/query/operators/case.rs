//! `CASE`: one value or another, by conditions.

use std::fmt;

use super::super::expression::{Argument, Expr, Operation};
use super::super::fragment::Fragment;
use super::super::{Either, Filter, Form, Null, Nullness, SqlType};

/// A `CASE` without a value yet.
#[derive(Debug, Clone, Copy)]
pub struct Cases<T>(Form<T>);

/// `CASE WHEN … THEN …`: `case::<String>().when(users::IS_ACTIVE.eq(true), "active").otherwise("locked")`.
#[must_use]
pub const fn case<T: SqlType>() -> Cases<T> {
    Cases(T::FORM)
}

/// [`case`] of values of a type that Rust's does not say by itself: `case_as(Form::cast("shop.mood"))`.
#[must_use]
pub const fn case_as<T>(form: Form<T>) -> Cases<T> {
    Cases(form)
}

impl<T> Cases<T> {
    /// The value where the condition holds.
    #[must_use]
    pub fn when<S, V: Argument<S, T, J>, J>(self, holds: Filter<S>, value: V) -> Case<S, T, V::Null> {
        Case::<S, T, Null> { value: Expr::new(Fragment::text("(CASE"), self.0) }.with(holds, value)
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
        self.value.around(|sql| sql.then(" ELSE CAST(").with(value).then(" AS ").then(ty).then(") END)"))
    }

    /// Null where no condition holds.
    #[must_use]
    pub fn or_null(self) -> Expr<S, T, Null> {
        self.value.around(|sql| sql.then(" END)"))
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
