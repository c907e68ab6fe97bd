//! Expressions: SQL that is a value of a known type over known tables.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

use super::fragment::{Bind, Fragment};
use super::selection::{Item, Selected, Selection};
use super::{Column, Covers, Filter, Form, Has, NotNull, Null, Nullness, SqlType, Table};

/// SQL over the tables `S`, whose value is a `T`, or [`Null`] where `N` says so.
pub struct Expr<S, T, N = NotNull> {
    pub(crate) sql: Fragment,
    pub(crate) form: Form<T>,
    /// The column that it is made of, for errors of values that are compared with it.
    pub(crate) column: Option<&'static str>,
    of: PhantomData<fn() -> (S, N)>,
}

impl<S, T, N> Expr<S, T, N> {
    pub(crate) fn new(sql: Fragment, form: Form<T>) -> Self {
        Self { sql, form, column: None, of: PhantomData }
    }

    /// The same of a column's value.
    pub(crate) fn named(self, column: Option<&'static str>) -> Self {
        Self { column, ..self }
    }

    /// Other SQL around it, whose value is of the same type.
    pub(crate) fn around<M>(self, sql: impl FnOnce(Fragment) -> Fragment) -> Expr<S, T, M> {
        Expr { sql: sql(self.sql), form: self.form, column: self.column, of: PhantomData }
    }

    /// Other SQL around it, whose value is of another type.
    pub(crate) fn into_form<U, M>(self, form: Form<U>, sql: impl FnOnce(Fragment) -> Fragment) -> Expr<S, U, M> {
        Expr { sql: sql(self.sql), form, column: self.column, of: PhantomData }
    }

    /// As a side of a comparison.
    pub(crate) fn into_compared(self) -> Fragment {
        let (mark, ty) = self.form.compared.relabel();
        if ty.is_empty() { self.sql } else { self.sql.then(mark).then(ty) }
    }

    /// As an `Option`.
    #[must_use]
    pub fn nullable(self) -> Expr<S, T, Null> {
        self.around(|sql| sql)
    }

    /// As what is never null: for what is known of the rows and cannot be seen from the types, such as the greatest value of a group.
    ///
    /// # Errors
    ///
    /// When it is null after all, reading the row is an error that says so.
    #[must_use]
    pub fn never_null(self) -> Expr<S, T, NotNull> {
        self.around(|sql| sql)
    }

    /// Smallest first; nulls last, as PostgreSQL sorts them.
    #[must_use]
    pub fn asc(self) -> super::Order<S> {
        super::Order::new(self.sql, false)
    }

    /// Greatest first; nulls first, as PostgreSQL sorts them.
    #[must_use]
    pub fn desc(self) -> super::Order<S> {
        super::Order::new(self.sql, true)
    }

    /// The expression as SQL, with a `$n` for every value.
    #[must_use]
    pub fn to_sql(&self) -> String {
        self.sql.to_sql()
    }
}

impl<S, T, N> Clone for Expr<S, T, N> {
    fn clone(&self) -> Self {
        Self { sql: self.sql.clone(), form: self.form, column: self.column, of: PhantomData }
    }
}

impl<S, T, N> fmt::Debug for Expr<S, T, N> {
    /// Without its values, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.to_sql())
    }
}

impl<R: Table, T, N: Nullness> Column<R, T, N> {
    /// The column in a query over the tables `S`, for conditions: those of a row that a left join did not find do not hold.
    pub(crate) fn expression<S>(self) -> Expr<S, T, N> {
        Expr::new(Fragment::column(R::NAME, self.def()), self.form()).named(Some(self.def().name()))
    }
}

/// An expression of a known type over the tables `S`: a column, or what is made of columns and values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no expression over the tables of this query",
    label = "a column of a table of the query, or an expression of such columns, is wanted"
)]
pub trait Expression<S, I>: Sized {
    /// The type of its values.
    type Type;
    /// Whether they may be null.
    type Null: Nullness;

    /// As an [`Expr`].
    fn expr(self) -> Expr<S, Self::Type, Self::Null>;
}

impl<S, R: Table, T, I> Expression<S, I> for Column<R, T, NotNull>
where
    S: Has<R, I>,
    NotNull: Covers<<S as Has<R, I>>::Far>,
{
    type Type = T;
    type Null = NotNull;

    fn expr(self) -> Expr<S, T, NotNull> {
        self.expression()
    }
}

impl<S: Has<R, I>, R: Table, T, I> Expression<S, I> for Column<R, T, Null> {
    type Type = T;
    type Null = Null;

    fn expr(self) -> Expr<S, T, Null> {
        self.expression()
    }
}

impl<S, T, N: Nullness> Expression<S, ()> for Expr<S, T, N> {
    type Type = T;
    type Null = N;

    fn expr(self) -> Self {
        self
    }
}

/// What an expression of `T` is compared or computed with in a query over the tables `S`: a value (`&str` for text), a column of
/// that type, or an expression.
#[diagnostic::on_unimplemented(
    message = "a column of `{T}` cannot be compared with `{Self}`",
    label = "not a `{T}`",
    note = "the type of a value or of another column has to be the column's; `None` is asked about with `is_null()`, and `cast` makes a column one of another type"
)]
pub trait Operand<S, T, I>: Sized {
    /// As SQL; values are bound as the form says.
    #[doc(hidden)]
    fn operand(self, form: &Form<T>, column: Option<&'static str>) -> Operation;
}

/// SQL of one side of an operator.
#[doc(hidden)]
pub struct Operation(pub(crate) Fragment);

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_sql())
    }
}

/// A bound value of that form.
pub(crate) fn bound<V: ToSql + Send + Sync + 'static, T>(value: V, form: &Form<T>, column: Option<&'static str>) -> Fragment {
    Fragment::value(Arc::new(value), Bind { travel: form.travel, cast: form.bound, column })
}

impl<S, T: ToSql + Send + Sync + 'static> Operand<S, T, ()> for T {
    fn operand(self, form: &Form<T>, column: Option<&'static str>) -> Operation {
        Operation(bound(self, form, column))
    }
}

impl<S> Operand<S, String, ()> for &str {
    fn operand(self, form: &Form<String>, column: Option<&'static str>) -> Operation {
        Operation(bound(self.to_owned(), form, column))
    }
}

impl<S, T: ToSql + Clone + Send + Sync + 'static> Operand<S, T, ()> for &T {
    fn operand(self, form: &Form<T>, column: Option<&'static str>) -> Operation {
        Operation(bound(self.clone(), form, column))
    }
}

impl<S: Has<R, I>, R: Table, T, N: Nullness, I> Operand<S, T, I> for Column<R, T, N> {
    fn operand(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.expression::<S>().into_compared())
    }
}

impl<S, T, N: Nullness> Operand<S, T, ()> for Expr<S, T, N> {
    fn operand(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.into_compared())
    }
}

/// What a value is made of: a value, a column or an expression of `T`, whose nulls are the answer's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands for no `{T}` here",
    label = "not a `{T}`",
    note = "the type of a value or of another column has to be the column's; `cast` makes a column one of another type"
)]
pub trait Argument<S, T, I>: Sized {
    /// Whether it may be null.
    type Null: Nullness;

    /// As SQL; values are bound as the form says.
    #[doc(hidden)]
    fn argument(self, form: &Form<T>, column: Option<&'static str>) -> Operation;
}

impl<S, T: ToSql + Send + Sync + 'static> Argument<S, T, ()> for T {
    type Null = NotNull;

    fn argument(self, form: &Form<T>, column: Option<&'static str>) -> Operation {
        Operation(bound(self, form, column))
    }
}

impl<S> Argument<S, String, ()> for &str {
    type Null = NotNull;

    fn argument(self, form: &Form<String>, column: Option<&'static str>) -> Operation {
        Operation(bound(self.to_owned(), form, column))
    }
}

impl<S, T: ToSql + Clone + Send + Sync + 'static> Argument<S, T, ()> for &T {
    type Null = NotNull;

    fn argument(self, form: &Form<T>, column: Option<&'static str>) -> Operation {
        Operation(bound(self.clone(), form, column))
    }
}

impl<S, R: Table, T, I> Argument<S, T, I> for Column<R, T, NotNull>
where
    S: Has<R, I>,
    NotNull: Covers<<S as Has<R, I>>::Far>,
{
    type Null = NotNull;

    fn argument(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.expression::<S>().sql)
    }
}

impl<S: Has<R, I>, R: Table, T, I> Argument<S, T, I> for Column<R, T, Null> {
    type Null = Null;

    fn argument(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.expression::<S>().sql)
    }
}

impl<S, T, N: Nullness> Argument<S, T, ()> for Expr<S, T, N> {
    type Null = N;

    fn argument(self, _: &Form<T>, _: Option<&'static str>) -> Operation {
        Operation(self.sql)
    }
}

/// A value as an expression, bound like every value: `value(7)`.
#[must_use]
pub fn value<S, T: SqlType + ToSql + Send + Sync>(value: T) -> Expr<S, T> {
    value_as(value, T::FORM)
}

/// A value of a type that Rust's does not say by itself, as a range of the schema's: `value_as(range, Form::cast("schema.type"))`.
#[must_use]
pub fn value_as<S, T: ToSql + Send + Sync + 'static>(value: T, form: Form<T>) -> Expr<S, T> {
    // Where nothing beside it says the type, the server is told.
    Expr::new(bound(value, &form, None).then("::").then(form.ty), form)
}

/// A condition's value: true, false, or null where it is undecided.
impl<S> Filter<S> {
    /// As an expression.
    #[must_use]
    pub fn expr(self) -> Expr<S, bool, Null> {
        Expr::new(self.into_fragment().between("(", ")"), bool::FORM)
    }

    /// Whether it is true; what is undecided is not.
    #[must_use]
    pub fn is_true(self) -> Expr<S, bool> {
        Expr::new(self.into_fragment().between("((", ") IS TRUE)"), bool::FORM)
    }
}

macro_rules! selected {
    ($([$($generics:tt)*] $ty:ty, $index:ty;)*) => {
        $(impl<$($generics)*> Selection<S, $index> for $ty
        where
            $ty: Expression<S, $index, Type = T>,
            T: Send + 'static,
        {
            type Reading = Item<T, <$ty as Expression<S, $index>>::Null>;

            fn select(self) -> (Selected, Self::Reading) {
                let Expr { sql, form, .. } = self.expr();
                (Selected::item(sql, &form), Item::new(form.one))
            }
        })*
    };
}

selected! {
    [S, R: Table, T, N, I] Column<R, T, N>, I;
    [S, T, N: Nullness] Expr<S, T, N>, ();
}
