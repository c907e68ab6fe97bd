//! A place in an order of rows, as a text that can go out and come back.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A place in an order of rows: [`Listing::next`](crate::Listing::next), from which the next part is asked for.
///
/// Its text holds only letters, digits, `-` and `_`, so it can stand in a URL. What comes back from outside is trusted with nothing: it
/// says behind which values to go on, and a text that is not a place of the same table and order is an error of the query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl Cursor {
    /// Of the values of the order's columns, as they travel in binary.
    pub(crate) fn new(signature: &str, values: &[Option<&[u8]>]) -> Self {
        let values: Vec<Option<String>> = values.iter().map(|value| value.map(|value| URL_SAFE_NO_PAD.encode(value))).collect();
        let place = serde_json::json!([values, signature]);
        Self(URL_SAFE_NO_PAD.encode(place.to_string()))
    }

    /// The values of the columns; none where it is no place of this order.
    pub(crate) fn values(&self, signature: &str) -> Option<Vec<Option<Vec<u8>>>> {
        let place = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let (values, found): (Vec<Option<String>>, String) = serde_json::from_slice(&place).ok()?;
        let decoded = values.into_iter().map(|value| value.map(|value| URL_SAFE_NO_PAD.decode(value)).transpose());
        decoded.collect::<Result<_, _>>().ok().filter(|_| found == signature)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Infallible;

    /// Takes any text; whether it is a place is told by the query that it is used in.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}
