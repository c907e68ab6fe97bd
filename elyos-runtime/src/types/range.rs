//! Ranges, PostgreSQL's own and the schema's.

use std::fmt;
use std::ops::Bound;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::binary::{Bytes, put_sized};
use super::quoted::{piece, write_quoted};
use super::{BoxError, Element, FromLiteral, ValueError};
use crate::query::Literal;

/// A range of values: of `integer` an `int4range`, of `numeric` a `numrange`, and so on.
///
/// PostgreSQL brings those of whole numbers and dates into one form: `[1,5]` is stored and comes back as `[1,6)`, and a range that holds
/// nothing comes back as [`Empty`](Range::Empty).
///
/// ```
/// use elyos_runtime::types::Range;
///
/// let ages = Range::from(18..);
/// assert_eq!(ages.to_string(), "[18,)");
/// assert!(ages.contains(&40) && !ages.contains(&3));
/// assert_eq!("empty".parse::<Range<i32>>()?, Range::Empty);
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// No value is in it.
    Empty,
    /// From the one bound to the other.
    Between(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// All values.
    #[must_use]
    pub const fn all() -> Self {
        Self::Between(Bound::Unbounded, Bound::Unbounded)
    }

    /// The lower bound; none of the empty range.
    pub fn lower(&self) -> Option<&Bound<T>> {
        match self {
            Self::Empty => None,
            Self::Between(lower, _) => Some(lower),
        }
    }

    /// The upper bound; none of the empty range.
    pub fn upper(&self) -> Option<&Bound<T>> {
        match self {
            Self::Empty => None,
            Self::Between(_, upper) => Some(upper),
        }
    }
}

impl<T: PartialOrd> Range<T> {
    /// Whether the value is in it.
    pub fn contains(&self, value: &T) -> bool {
        match self {
            Self::Empty => false,
            Self::Between(lower, upper) => std::ops::RangeBounds::contains(&(lower.as_ref(), upper.as_ref()), value),
        }
    }
}

macro_rules! from_std {
    ($($range:ty, $value:ident => $lower:expr, $upper:expr;)*) => {
        $(impl<T> From<$range> for Range<T> {
            fn from($value: $range) -> Self {
                Self::Between($lower, $upper)
            }
        })*
    };
}

from_std! {
    std::ops::Range<T>, range => Bound::Included(range.start), Bound::Excluded(range.end);
    std::ops::RangeFrom<T>, range => Bound::Included(range.start), Bound::Unbounded;
    std::ops::RangeTo<T>, range => Bound::Unbounded, Bound::Excluded(range.end);
    std::ops::RangeToInclusive<T>, range => Bound::Unbounded, Bound::Included(range.end);
    (Bound<T>, Bound<T>), range => range.0, range.1;
}

impl<T> From<std::ops::RangeInclusive<T>> for Range<T> {
    fn from(range: std::ops::RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Self::Between(Bound::Included(start), Bound::Included(end))
    }
}

// The flags of `rangetypes.h` in PostgreSQL's source.
const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const NO_LOWER: u8 = 0x08;
const NO_UPPER: u8 = 0x10;

impl<T: Element> Range<T> {
    pub(super) fn decode(of: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "range");
        let flags = bytes.u8()?;
        if flags & EMPTY != 0 {
            bytes.end()?;
            return Ok(Self::Empty);
        }
        let mut bound = |open: u8, included: u8| {
            if flags & open != 0 {
                return Ok::<_, BoxError>(Bound::Unbounded);
            }
            let raw = bytes.sized()?.ok_or_else(|| ValueError::bytes("range"))?;
            let value = T::from_binary(of, raw)?;
            Ok(if flags & included == 0 { Bound::Excluded(value) } else { Bound::Included(value) })
        };
        let (lower, upper) = (bound(NO_LOWER, LOWER_INCLUDED)?, bound(NO_UPPER, UPPER_INCLUDED)?);
        bytes.end()?;
        Ok(Self::Between(lower, upper))
    }

    pub(super) fn encode(&self, of: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let Self::Between(lower, upper) = self else {
            out.put_u8(EMPTY);
            return Ok(());
        };
        let flag = |bound: &Bound<T>, open: u8, included: u8| match bound {
            Bound::Unbounded => open,
            Bound::Included(_) => included,
            Bound::Excluded(_) => 0,
        };
        out.put_u8(flag(lower, NO_LOWER, LOWER_INCLUDED) | flag(upper, NO_UPPER, UPPER_INCLUDED));
        for bound in [lower, upper] {
            if let Bound::Included(value) | Bound::Excluded(value) = bound {
                put_sized(out, |out| Ok(matches!(value.to_sql(of, out)?, IsNull::No)))?;
            }
        }
        Ok(())
    }
}

impl<T: Literal> Literal for Range<T> {
    fn write_literal(&self, to: &mut String) {
        let Self::Between(lower, upper) = self else {
            to.push_str("empty");
            return;
        };
        let bound = |bound: &Bound<T>, to: &mut String| {
            if let Bound::Included(value) | Bound::Excluded(value) = bound {
                let mut text = String::new();
                value.write_literal(&mut text);
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b':');
                if !text.is_empty() && text.bytes().all(plain) { to.push_str(&text) } else { write_quoted(&text, to) }
            }
        };
        to.push(if matches!(lower, Bound::Included(_)) { '[' } else { '(' });
        bound(lower, to);
        to.push(',');
        bound(upper, to);
        to.push(if matches!(upper, Bound::Included(_)) { ']' } else { ')' });
    }
}

impl<T: FromLiteral> FromLiteral for Range<T> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        if text == "empty" {
            return Ok(Self::Empty);
        }
        let wrong = || ValueError::text("range");
        let lower_included = text.starts_with('[');
        let rest = text.strip_prefix(['[', '(']).ok_or_else(wrong)?;
        let (lower, rest) = piece(rest, &[',']).ok_or_else(wrong)?;
        let (upper, end) = piece(rest.get(1..).unwrap_or_default(), &[']', ')']).ok_or_else(wrong)?;
        if end.len() != 1 {
            return Err(wrong());
        }
        let bound = |piece: super::quoted::Piece<'_>, included: bool| {
            if piece.text.is_empty() && !piece.quoted {
                return Ok(Bound::Unbounded);
            }
            let value = T::from_literal(&piece.text)?;
            Ok(if included { Bound::Included(value) } else { Bound::Excluded(value) })
        };
        Ok(Self::Between(bound(lower, lower_included)?, bound(upper, end == "]")?))
    }
}

/// As what a range travels: what its bounds are, or as text where its type is the schema's.
fn bounds(ty: &Type) -> Option<&Type> {
    match ty.kind() {
        Kind::Range(of) => Some(of),
        _ => None,
    }
}

impl<'a, T: Element> FromSql<'a> for Range<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        match bounds(ty) {
            Some(of) => Self::decode(of, raw),
            None => Ok(Self::from_literal(std::str::from_utf8(raw)?)?),
        }
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT || bounds(ty).is_some_and(<T as FromSql<'a>>::accepts)
    }
}

impl<T: Element + fmt::Debug> ToSql for Range<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if let Some(of) = bounds(ty) {
            self.encode(of, out)?;
        } else {
            let mut text = String::new();
            self.write_literal(&mut text);
            out.put_slice(text.as_bytes());
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT || bounds(ty).is_some_and(<T as ToSql>::accepts)
    }

    to_sql_checked!();
}

impl<T: Element + fmt::Debug> Element for Range<T> {}

impl<T: Literal> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_literal(&mut text);
        f.write_str(&text)
    }
}

impl<T: FromLiteral> FromStr for Range<T> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::from_literal(text)
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl<T: Literal> serde::Serialize for Range<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: FromLiteral> serde::Deserialize<'de> for Range<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::as_text::deserialize_text(deserializer)
    }
}
