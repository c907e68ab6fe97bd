//! JSON of a shape of the application's own.

use bytes::{BufMut as _, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use super::{BoxError, Element, FromLiteral, ValueError};
use crate::query::Literal;

/// A value that a column of `json` or `jsonb` holds as JSON: `types(column: Json<Settings>)`.
///
/// ```
/// use elyos_runtime::types::Json;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// struct Settings {
///     theme: String,
/// }
///
/// let settings = Json(Settings { theme: "dark".into() });
/// assert_eq!(settings.0.theme, "dark");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Json<T>(pub T);

impl<'a, T: DeserializeOwned> FromSql<'a> for Json<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        let text = match raw {
            [1, text @ ..] if *ty == Type::JSONB => text,
            _ if *ty == Type::JSONB => return Err(ValueError::bytes("JSON").into()),
            text => text,
        };
        serde_json::from_slice(text).map(Self).map_err(|error| of_another_shape(&error).into())
    }

    accepts!(JSON, JSONB);
}

impl<T: Serialize + std::fmt::Debug> ToSql for Json<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if *ty == Type::JSONB {
            out.put_u8(1);
        }
        serde_json::to_writer(out.writer(), &self.0)?;
        Ok(IsNull::No)
    }

    accepts!(JSON, JSONB);
    to_sql_checked!();
}

impl<T: Serialize> Literal for Json<T> {
    /// What cannot be written as JSON is no text that PostgreSQL takes either: nothing at all.
    fn write_literal(&self, to: &mut String) {
        if let Ok(text) = serde_json::to_string(&self.0) {
            to.push_str(&text);
        }
    }
}

impl<T: DeserializeOwned> FromLiteral for Json<T> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        serde_json::from_str(text).map(Self).map_err(|error| of_another_shape(&error))
    }
}

impl<T: Serialize + DeserializeOwned + std::fmt::Debug> Element for Json<T> {}

/// Where the JSON is not as the type has it. What serde says itself quotes the value.
fn of_another_shape(error: &serde_json::Error) -> ValueError {
    ValueError::new(format!("the JSON is of another shape than the type, at line {}, column {}", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_the_place_and_no_value() {
        let json = br#"{"n": "hunter2"}"#;
        let error = Json::<std::collections::BTreeMap<String, u32>>::from_sql(&Type::JSON, json).expect_err("no number");
        assert_eq!(error.to_string(), "the JSON is of another shape than the type, at line 1, column 15");
    }
}
