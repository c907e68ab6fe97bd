//! The way out: SQL as the program writes it, with columns and bound values in it.

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::super::expression::{Expr, Expression, bound};
use super::super::fragment::Fragment;
use super::super::{Filter, Form, Null, SqlType};

/// SQL that the program writes itself; see [`raw`].
pub struct Raw<S> {
    sql: Fragment,
    of: PhantomData<fn() -> S>,
}

/// SQL as it stands in the program, for what there is no method for. Values and columns are put into it by [`bind`](Raw::bind) and
/// [`put`](Raw::put), never by making a text of them: the text has to be one that the program has from the beginning.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::query::raw;
/// use elyos_runtime::repositories::{UserRepository, users};
///
/// let query = UserRepository::select().filter(raw("length(").put(users::FULL_NAME).sql(") > ").bind(10).condition());
/// assert!(query.to_sql().ends_with(r#"AND (length("auth"."users"."full_name") > $1)"#));
/// # }
/// ```
#[must_use]
pub fn raw<S>(sql: &'static str) -> Raw<S> {
    Raw { sql: Fragment::text(sql), of: PhantomData }
}

impl<S> Raw<S> {
    /// More SQL.
    #[must_use]
    pub fn sql(mut self, sql: &'static str) -> Self {
        self.sql.add(sql);
        self
    }

    /// A value.
    #[must_use]
    pub fn bind<T: SqlType + ToSql + Send + Sync>(mut self, value: T) -> Self {
        self.sql.append(bound(value, &T::FORM, None));
        self
    }

    /// A value of a type that Rust's does not say by itself.
    #[must_use]
    pub fn bind_as<T: ToSql + Send + Sync + 'static>(mut self, value: T, form: Form<T>) -> Self {
        self.sql.append(bound(value, &form, None));
        self
    }

    /// A column, or an expression.
    #[must_use]
    pub fn put<E: Expression<S, I>, I>(mut self, expression: E) -> Self {
        self.sql.append(expression.expr().sql);
        self
    }

    /// As a condition.
    pub fn condition(self) -> Filter<S> {
        Filter::new(self.sql.between("(", ")"))
    }

    /// As a value of a type, or null.
    #[must_use]
    pub fn value<T: SqlType>(self) -> Expr<S, T, Null> {
        self.value_as(T::FORM)
    }

    /// As a value of a type that Rust's does not say by itself, or null.
    #[must_use]
    pub fn value_as<T>(self, form: Form<T>) -> Expr<S, T, Null> {
        Expr::new(self.sql.between("(", ")"), form)
    }
}

impl<S> Clone for Raw<S> {
    fn clone(&self) -> Self {
        Self { sql: self.sql.clone(), of: PhantomData }
    }
}

impl<S> fmt::Debug for Raw<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql.to_sql())
    }
}
