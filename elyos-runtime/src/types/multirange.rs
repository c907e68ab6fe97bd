//! Multiranges.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::binary::{Bytes, put_sized};
use super::{BoxError, Element, FromLiteral, Range, ValueError};
use crate::query::Literal;

/// Ranges in their order; PostgreSQL joins those that touch, and leaves out those that are empty.
///
/// ```
/// use elyos_runtime::types::{Multirange, Range};
///
/// let hours = Multirange(vec![Range::from(9..12), Range::from(13..17)]);
/// assert_eq!(hours.to_string(), "{[9,12),[13,17)}");
/// assert_eq!(hours, hours.to_string().parse()?);
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Multirange<T>(pub Vec<Range<T>>);

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Self(ranges.into_iter().collect())
    }
}

impl<T: Literal> Literal for Multirange<T> {
    fn write_literal(&self, to: &mut String) {
        to.push('{');
        for (index, range) in self.0.iter().enumerate() {
            if index > 0 {
                to.push(',');
            }
            range.write_literal(to);
        }
        to.push('}');
    }
}

impl<T: FromLiteral> FromLiteral for Multirange<T> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("multirange");
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or_else(wrong)?;
        let mut ranges = Vec::new();
        let mut rest = inner;
        while !rest.is_empty() {
            let end = range_end(rest).ok_or_else(wrong)?;
            ranges.push(Range::from_literal(&rest[..end])?);
            rest = match &rest[end..] {
                "" => "",
                more => more.strip_prefix(',').filter(|more| !more.is_empty()).ok_or_else(wrong)?,
            };
        }
        Ok(Self(ranges))
    }
}

/// Where the first range ends.
fn range_end(text: &str) -> Option<usize> {
    if text.starts_with("empty") {
        return Some("empty".len());
    }
    let (mut in_quotes, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_quotes = !in_quotes,
            ')' | ']' if !in_quotes => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// What the bounds of a multirange's ranges are.
fn bounds(ty: &Type) -> Option<&Type> {
    match ty.kind() {
        Kind::Multirange(of) => Some(match of.kind() {
            // The driver's types name the range, or what its bounds are.
            Kind::Range(of) => of,
            _ => of,
        }),
        _ => None,
    }
}

impl<'a, T: Element> FromSql<'a> for Multirange<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        let Some(of) = bounds(ty) else { return Ok(Self::from_literal(std::str::from_utf8(raw)?)?) };
        let mut bytes = Bytes::new(raw, "multirange");
        let count = bytes.count()?;
        let mut ranges = Vec::with_capacity(count.min(bytes.room(5)));
        for _ in 0..count {
            let raw = bytes.sized()?.ok_or_else(|| ValueError::bytes("multirange"))?;
            ranges.push(Range::decode(of, raw)?);
        }
        bytes.end()?;
        Ok(Self(ranges))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT || bounds(ty).is_some_and(<T as FromSql<'a>>::accepts)
    }
}

impl<T: Element + fmt::Debug> ToSql for Multirange<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        let Some(of) = bounds(ty) else {
            let mut text = String::new();
            self.write_literal(&mut text);
            out.put_slice(text.as_bytes());
            return Ok(IsNull::No);
        };
        out.put_i32(i32::try_from(self.0.len()).map_err(|_| ValueError::new("a multirange has less than two billion ranges"))?);
        for range in &self.0 {
            put_sized(out, |out| range.encode(of, out).map(|()| true))?;
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT || bounds(ty).is_some_and(<T as ToSql>::accepts)
    }

    to_sql_checked!();
}

impl<T: Element + fmt::Debug> Element for Multirange<T> {}

impl<T: Literal> fmt::Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_literal(&mut text);
        f.write_str(&text)
    }
}

impl<T: FromLiteral> FromStr for Multirange<T> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::from_literal(text)
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl<T: Literal> serde::Serialize for Multirange<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: FromLiteral> serde::Deserialize<'de> for Multirange<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::as_text::deserialize_text(deserializer)
    }
}
