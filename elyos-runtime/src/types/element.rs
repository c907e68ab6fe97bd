//! What can stand in a range, an array or a composite.

use tokio_postgres::types::{FromSql, ToSql, Type};

use super::{BoxError, ValueError};
use crate::query::Literal;

/// A value that is read from the text that PostgreSQL prints for its type: the other way of [`Literal`].
///
/// The settings `DateStyle` and `bytea_output` have to be what they are by default, where they matter.
///
/// ```
/// use elyos_runtime::types::FromLiteral;
///
/// assert_eq!(bool::from_literal("t")?, true);
/// assert_eq!(Vec::<Option<i32>>::from_literal("{1,NULL}")?, [Some(1), None]);
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not read from PostgreSQL's text of a value")]
pub trait FromLiteral: Sized {
    /// The value.
    ///
    /// # Errors
    ///
    /// When the text is none of the type's values, or one that the Rust type cannot hold.
    fn from_literal(text: &str) -> Result<Self, ValueError>;
}

/// A value in both of its forms, binary and text: of what there are ranges, and arrays of several dimensions.
pub trait Element: Literal + FromLiteral + ToSql + for<'a> FromSql<'a> {
    /// The value of the server's bytes.
    ///
    /// # Errors
    ///
    /// When the Rust type cannot hold the value.
    fn from_binary(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Self::from_sql(ty, raw)
    }
}
