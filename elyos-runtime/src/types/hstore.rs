//! `hstore`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;

use super::ValueError;
use super::binary::travels_as_text;
use super::quoted::{piece, write_quoted};

/// Keys with texts, any of which may be null: the type of the extension `hstore`.
///
/// ```
/// use elyos_runtime::types::Hstore;
///
/// let sizes: Hstore = r#""a"=>"1", b=>NULL"#.parse()?;
/// assert_eq!(sizes["a"].as_deref(), Some("1"));
/// assert_eq!((sizes.get("b"), sizes.get("c")), (Some(&None), None));
/// assert_eq!(sizes.to_string(), r#""a"=>"1", "b"=>NULL"#);
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Hstore(pub BTreeMap<String, Option<String>>);

impl Deref for Hstore {
    type Target = BTreeMap<String, Option<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Hstore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, Option<V>)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (K, Option<V>)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.map(Into::into))).collect())
    }
}

impl fmt::Display for Hstore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (index, (key, value)) in self.0.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            write_quoted(key, &mut text);
            text.push_str("=>");
            match value {
                Some(value) => write_quoted(value, &mut text),
                None => text.push_str("NULL"),
            }
        }
        f.write_str(&text)
    }
}

impl FromStr for Hstore {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("hstore");
        let mut pairs = BTreeMap::new();
        // An end for the last value.
        let text = format!("{},", text.trim());
        let mut rest = if text == "," { "" } else { text.as_str() };
        while !rest.is_empty() {
            let (key, end) = piece(rest.trim_start(), &['=']).ok_or_else(wrong)?;
            let value = end.strip_prefix("=>").ok_or_else(wrong)?;
            let (value, end) = piece(value.trim_start(), &[',']).ok_or_else(wrong)?;
            let unquoted =
                |piece: super::quoted::Piece<'_>| if piece.quoted { piece.text.into_owned() } else { piece.text.trim().to_owned() };
            let is_null = !value.quoted && value.text.trim().eq_ignore_ascii_case("null");
            pairs.insert(unquoted(key), if is_null { None } else { Some(unquoted(value)) });
            rest = end.strip_prefix(',').ok_or_else(wrong)?;
        }
        Ok(Self(pairs))
    }
}

travels_as_text!(Hstore);
