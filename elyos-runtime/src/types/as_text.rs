//! What the types that `types!()` emits have in common: they travel as text.

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{IsNull, Type, WrongType};

use super::{BoxError, FromLiteral, ValueError};
use crate::query::Literal;

/// The value of the server's text.
pub fn from_text<T: FromLiteral>(raw: &[u8]) -> Result<T, BoxError> {
    Ok(T::from_literal(std::str::from_utf8(raw)?)?)
}

/// Whether it is the type as which they travel.
#[must_use]
pub fn is_text(ty: &Type) -> bool {
    *ty == Type::TEXT
}

/// Writes the value's text.
pub fn put_text<T: Literal>(value: &T, out: &mut BytesMut) -> IsNull {
    let mut text = String::new();
    value.write_literal(&mut text);
    out.put_slice(text.as_bytes());
    IsNull::No
}

/// [`put_text`], where that is what is wanted.
pub fn put_text_checked<T: Literal>(value: &T, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    if is_text(ty) { Ok(put_text(value, out)) } else { Err(WrongType::new::<T>(ty.clone()).into()) }
}

/// A label that the schema did not have when the program was compiled.
#[must_use]
pub fn unknown_label(label: &str, of: &str) -> ValueError {
    ValueError::new(format!("{of} has no label `{}` in the schema that the program was compiled with", label.escape_debug()))
}

/// A value of its text in serde's data.
#[cfg(feature = "serde")]
pub fn deserialize_text<'de, T: FromLiteral, D: serde::Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
    T::from_literal(&text).map_err(serde::de::Error::custom)
}
