//! Why a value is none of a type.

use std::borrow::Cow;
use std::fmt;

/// A value that its type cannot hold, or a text that is none of its values.
///
/// The message does not show the value, which may be a secret; only the labels of enums are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError(Cow<'static, str>);

impl ValueError {
    /// An error with that message.
    ///
    /// ```
    /// let error = elyos_runtime::types::ValueError::new("the text is no colour");
    /// assert_eq!(error.to_string(), "the text is no colour");
    /// ```
    #[must_use]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }

    /// The text is none of the type's values.
    pub(crate) fn text(what: &str) -> Self {
        Self(format!("the text is no {what}").into())
    }

    /// The bytes are not what the server sends for the type.
    pub(crate) fn bytes(what: &str) -> Self {
        Self(format!("the bytes are no {what}").into())
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}
