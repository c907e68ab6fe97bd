//! What runs queries: one trait, whose answer is a `Result` or a future.

use crate::query::{Query, Transfer};

/// A connection, transaction or pool that can run a query; always passed by shared reference (`&db`, `tx`, `&pool`).
///
/// `Output` is what makes one method serve both worlds: for [`Db`](crate::Db), its transactions and a
/// [`Pool`](crate::Pool) it is `Result<T, Error>`, for `AsyncDb`, its transactions and an `AsyncPool` a future of it.
///
/// ```no_run
/// use elyos_runtime::prelude::*;
/// # #[cfg(feature = "elyos")]
/// use elyos_runtime::repositories::{UserRepository, UserRow};
///
/// # #[cfg(feature = "elyos")]
/// fn first_user<'a, E: Executor + 'a>(ex: E) -> E::Output<'a, Option<UserRow>> {
///     UserRepository::find_by_id(ex, 1)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run queries",
    label = "pass a shared reference to a connection or transaction: `&db`, `tx`"
)]
pub trait Executor {
    /// What running a query that yields a `T` gives.
    type Output<'a, T>
    where
        Self: 'a,
        T: 'a;

    /// Runs the query.
    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a;

    /// Hands rows over one at a time, or takes them.
    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a;
}
