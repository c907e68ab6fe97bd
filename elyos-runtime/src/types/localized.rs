//! Text in several languages.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use bytes::BytesMut;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use super::{BoxError, Element, FromLiteral, Json, ValueError};
use crate::query::Literal;

/// Text by language, as a column of `json` or `jsonb` holds it: `{"en": "Users", "hu": "Felhasználók"}`.
///
/// ```
/// use elyos_runtime::types::LocalizedText;
///
/// let name = LocalizedText::from_iter([("en", "Users"), ("hu", "Felhasználók")]);
/// assert_eq!(name.get("hu"), Some("Felhasználók"));
/// assert_eq!(name.get_or(&["de", "en"]), Some("Users"));
/// assert_eq!(name.get_or_any(&["de"]), Some("Users"));
/// ```
///
/// A column is one with `types(name: LocalizedText)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalizedText(pub BTreeMap<String, String>);

impl LocalizedText {
    /// The text in that language.
    #[must_use]
    pub fn get(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The text in the first of the languages that there is one in.
    #[must_use]
    pub fn get_or(&self, languages: &[&str]) -> Option<&str> {
        languages.iter().find_map(|language| self.get(language))
    }

    /// [`get_or`](Self::get_or); where there is none in any of them, the text in whichever language comes first by its name.
    #[must_use]
    pub fn get_or_any(&self, languages: &[&str]) -> Option<&str> {
        self.get_or(languages).or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Sets the text in a language, and gives what it was.
    pub fn set(&mut self, language: impl Into<String>, text: impl Into<String>) -> Option<String> {
        self.0.insert(language.into(), text.into())
    }
}

impl Deref for LocalizedText {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for LocalizedText {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<L: Into<String>, T: Into<String>> FromIterator<(L, T)> for LocalizedText {
    fn from_iter<I: IntoIterator<Item = (L, T)>>(texts: I) -> Self {
        Self(texts.into_iter().map(|(language, text)| (language.into(), text.into())).collect())
    }
}

impl<'a> FromSql<'a> for LocalizedText {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        Json::from_sql(ty, raw).map(|Json(text)| text)
    }

    accepts!(JSON, JSONB);
}

impl ToSql for LocalizedText {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        Json(&self.0).to_sql(ty, out)
    }

    accepts!(JSON, JSONB);
    to_sql_checked!();
}

impl Literal for LocalizedText {
    fn write_literal(&self, to: &mut String) {
        Json(&self.0).write_literal(to);
    }
}

impl FromLiteral for LocalizedText {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        Json::from_literal(text).map(|Json(text)| text)
    }
}

impl Element for LocalizedText {}
