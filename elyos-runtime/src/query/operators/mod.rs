//! What columns and expressions are compared and computed with, each once for both.

mod aggregates;
mod arithmetic;
mod arrays;
mod case;
mod compare;
mod dates;
mod function;
mod json;
mod raw;
mod strings;

pub use aggregates::{Aggregate, Averaged, OfRows, OfValues, Ranked, Summed, Valued, count};
pub use arithmetic::{Fraction, Number, Remainder};
pub use arrays::{ArrayColumn, array};
pub use case::{Case, Cases, case, case_as};
pub use compare::{Element, coalesce, exists};
pub use dates::{DatePart, Instant, Present, current_date, current_date_as, now, now_as};
pub use function::{Arguments, Call};
pub use json::JsonColumn;
pub use raw::{Raw, raw};
pub use strings::TextColumn;

/// Methods of a column and of an expression whose answer is a condition: a row that a left join did not find meets none.
macro_rules! conditions {
    ($([$($bounds:tt)*] $($(#[$doc:meta])* fn $name:ident<$($generic:ident),*>($this:ident $(, $argument:ident: $type:ty)*) $(where [$($where:tt)*])? $body:block)*)*) => {
        $(
            impl<R: $crate::query::Table, T, N: $crate::query::Nullness> $crate::query::Column<R, T, N> where $($bounds)* {
                $($(#[$doc])*
                pub fn $name<S, I, $($generic),*>(self $(, $argument: $type)*) -> $crate::query::Filter<S>
                where
                    S: $crate::query::Has<R, I>,
                    $($($where)*)?
                {
                    let $this: $crate::query::Expr<S, T, N> = self.expression();
                    $body
                })*
            }

            impl<S, T, N: $crate::query::Nullness> $crate::query::Expr<S, T, N> where $($bounds)* {
                $($(#[$doc])*
                pub fn $name<$($generic),*>(self $(, $argument: $type)*) -> $crate::query::Filter<S>
                $(where $($where)*)?
                {
                    let $this = self;
                    $body
                })*
            }
        )*
    };
}

/// Methods of a column and of an expression whose answer is a value: a column that a left join makes null has to say so.
macro_rules! values {
    ($([$($bounds:tt)*] $($(#[$doc:meta])* fn $name:ident<$($generic:ident),*>($this:ident $(, $argument:ident: $type:ty)*) -> $answer:ty $(where [$($where:tt)*])? $body:block)*)*) => {
        $(
            impl<R: $crate::query::Table, T, N: $crate::query::Nullness> $crate::query::Column<R, T, N> where $($bounds)* {
                $($(#[$doc])*
                #[must_use]
                pub fn $name<S, I, $($generic),*>(self $(, $argument: $type)*) -> $answer
                where
                    S: $crate::query::Has<R, I>,
                    N: $crate::query::Covers<<S as $crate::query::Has<R, I>>::Far>,
                    $($($where)*)?
                {
                    let $this: $crate::query::Expr<S, T, N> = self.expression();
                    $body
                })*
            }

            impl<S, T, N: $crate::query::Nullness> $crate::query::Expr<S, T, N> where $($bounds)* {
                $($(#[$doc])*
                #[must_use]
                pub fn $name<$($generic),*>(self $(, $argument: $type)*) -> $answer
                $(where $($where)*)?
                {
                    let $this = self;
                    $body
                })*
            }
        )*
    };
}

use {conditions, values};
