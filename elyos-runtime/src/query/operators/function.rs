//! Functions of the schema's own, with their types.

use std::fmt;

use super::super::expression::{Argument, Expr, Operation};
use super::super::fragment::{Fragment, Piece};
use super::super::{Form, Null, SqlType};

/// Declares functions of the database's, with their types, for use in queries: the arguments may be values, columns or expressions.
/// What comes back may be null, as any function may give null.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::{UserRepository, users};
///
/// elyos_runtime::sql_functions! {
///     /// The text from its end to its beginning.
///     fn reverse(text: String) -> String = "pg_catalog"."reverse";
/// }
///
/// let query = UserRepository::select().filter(reverse(users::EMAIL).starts_with("moc.")).columns(users::ID);
/// assert!(query.to_sql().contains(r#""pg_catalog"."reverse"("auth"."users"."email") LIKE $1"#));
/// # }
/// ```
#[macro_export]
macro_rules! sql_functions {
    ($($(#[$doc:meta])* $vis:vis fn $name:ident($($argument:ident: $ty:ty),* $(,)?) -> $answer:ty = $schema:literal.$function:literal;)*) => {
        $($(#[$doc])*
        #[must_use]
        #[allow(non_camel_case_types, reason = "an argument's type is called after it")]
        $vis fn $name<S, $($argument),*, I>($($argument: $argument),*) -> $crate::query::Expr<S, $answer, $crate::query::Null>
        where
            ($($argument,)*): $crate::query::Arguments<S, ($($ty,)*), I>,
        {
            $crate::query::Call::new($schema, $function).of(($($argument,)*))
        })*
    };
}

/// A call of a function; for [`sql_functions!`](crate::sql_functions).
#[doc(hidden)]
pub struct Call {
    sql: Fragment,
    count: usize,
}

impl Call {
    #[must_use]
    pub fn new(schema: &'static str, function: &'static str) -> Self {
        let mut sql = Fragment::default();
        sql.push(Piece::Name(schema));
        sql.add(".");
        sql.push(Piece::Name(function));
        sql.add("(");
        Self { sql, count: 0 }
    }

    fn argument<S, T, J>(&mut self, form: &Form<T>, argument: impl Argument<S, T, J>) {
        if self.count > 0 {
            self.sql.add(", ");
        }
        self.count += 1;
        let Operation(argument) = argument.argument(form, None);
        self.sql.append(argument);
    }

    #[must_use]
    pub fn of<S, T, A: Arguments<S, T, I>, I, R: SqlType>(mut self, arguments: A) -> Expr<S, R, Null> {
        arguments.pass(&mut self);
        Expr::new(self.sql.then(")"), R::FORM)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql.to_sql())
    }
}

/// The arguments of a function, a tuple of values, columns or expressions of the types `T`.
#[doc(hidden)]
pub trait Arguments<S, T, I> {
    fn pass(self, call: &mut Call);
}

impl<S> Arguments<S, (), ()> for () {
    fn pass(self, _: &mut Call) {}
}

macro_rules! tuples {
    ($($($argument:ident $ty:ident $index:ident),*;)*) => {
        $(impl<S, $($argument: Argument<S, $ty, $index>, $ty: SqlType, $index),*> Arguments<S, ($($ty,)*), ($($index,)*)> for ($($argument,)*) {
            #[allow(non_snake_case, reason = "an argument is called after its type")]
            fn pass(self, call: &mut Call) {
                let ($($argument,)*) = self;
                $(call.argument(&$ty::FORM, $argument);)*
            }
        })*
    };
}

tuples! {
    A1 T1 I1;
    A1 T1 I1, A2 T2 I2;
    A1 T1 I1, A2 T2 I2, A3 T3 I3;
    A1 T1 I1, A2 T2 I2, A3 T3 I3, A4 T4 I4;
    A1 T1 I1, A2 T2 I2, A3 T3 I3, A4 T4 I4, A5 T5 I5;
    A1 T1 I1, A2 T2 I2, A3 T3 I3, A4 T4 I4, A5 T5 I5, A6 T6 I6;
}
