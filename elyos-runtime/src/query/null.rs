//! Whether a value may be null, as a type.

use tokio_postgres::types::WasNull;

use crate::types::BoxError;

/// Never null: read as the value itself.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// May be null: read as an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum Null {}

/// [`NotNull`] or [`Null`].
pub trait Nullness: Copy + Send + Sync + 'static {
    /// As what a value of `T` is read.
    type Of<T: Send + 'static>: Send + 'static;

    /// The value, where there has to be one or may be one.
    #[doc(hidden)]
    fn of<T: Send + 'static>(value: Option<T>) -> Result<Self::Of<T>, BoxError>;
}

impl Nullness for NotNull {
    type Of<T: Send + 'static> = T;

    fn of<T: Send + 'static>(value: Option<T>) -> Result<T, BoxError> {
        value.ok_or_else(|| WasNull.into())
    }
}

impl Nullness for Null {
    type Of<T: Send + 'static> = Option<T>;

    fn of<T: Send + 'static>(value: Option<T>) -> Result<Option<T>, BoxError> {
        Ok(value)
    }
}

/// Null where either is.
pub trait Either<N: Nullness>: Nullness {
    /// The one of the two that both fit into.
    type Output: Nullness;
}

impl<N: Nullness> Either<N> for NotNull {
    type Output = N;
}

impl<N: Nullness> Either<N> for Null {
    type Output = Self;
}

/// Whether a column's nullness covers what a left join does to its table.
#[diagnostic::on_unimplemented(
    message = "this column is null where the left join finds no row of its table",
    label = "write `.nullable()` behind it: it is an `Option` then"
)]
pub trait Covers<Far>: Nullness {}

impl Covers<NotNull> for NotNull {}
// Were there one implementation only, the compiler would tell of two types that are not one, and not of this trait.
impl Covers<Unsaid> for NotNull {}
impl<Far> Covers<Far> for Null {}

/// What no column is.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Unsaid {}
