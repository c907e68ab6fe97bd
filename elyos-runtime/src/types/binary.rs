//! PostgreSQL's binary forms, read piece by piece.

use super::ValueError;

/// The bytes that are left of a value.
pub(super) struct Bytes<'b> {
    left: &'b [u8],
    /// What the value is, for errors.
    what: &'static str,
}

macro_rules! numbers {
    ($($name:ident)*) => {
        $(pub(super) fn $name(&mut self) -> Result<$name, ValueError> {
            const SIZE: usize = size_of::<$name>();
            let (bytes, left) = self.left.split_first_chunk::<SIZE>().ok_or_else(|| ValueError::bytes(self.what))?;
            self.left = left;
            Ok($name::from_be_bytes(*bytes))
        })*
    };
}

impl<'b> Bytes<'b> {
    pub(super) fn new(bytes: &'b [u8], what: &'static str) -> Self {
        Self { left: bytes, what }
    }

    numbers! { u8 u16 u32 u64 i16 i32 i64 f64 }

    /// So many bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], ValueError> {
        let (taken, left) = self.left.split_at_checked(count).ok_or_else(|| ValueError::bytes(self.what))?;
        self.left = left;
        Ok(taken)
    }

    /// A length, and as many bytes; none where the length says null.
    pub(super) fn sized(&mut self) -> Result<Option<&'b [u8]>, ValueError> {
        let size = self.i32()?;
        usize::try_from(size).ok().map(|size| self.take(size)).transpose()
    }

    /// A number of things that follow.
    pub(super) fn count(&mut self) -> Result<usize, ValueError> {
        let count = self.i32()?;
        usize::try_from(count).map_err(|_| ValueError::bytes(self.what))
    }

    /// Nothing is left.
    pub(super) fn end(&self) -> Result<(), ValueError> {
        if self.left.is_empty() { Ok(()) } else { Err(ValueError::bytes(self.what)) }
    }

    /// How many of some size can follow at most: no more is made room for, whatever a count says.
    pub(super) fn room(&self, size: usize) -> usize {
        self.left.len() / size.max(1)
    }
}

/// Writes a value behind its length, which is only known then.
pub(super) fn put_sized(
    out: &mut bytes::BytesMut,
    write: impl FnOnce(&mut bytes::BytesMut) -> Result<bool, super::BoxError>,
) -> Result<(), super::BoxError> {
    use bytes::BufMut as _;
    let at = out.len();
    out.put_i32(-1);
    // Null has no bytes, and the length that stands there.
    if write(out)? {
        let size = i32::try_from(out.len() - at - 4).map_err(|_| ValueError::new("a value is less than 2 GB"))?;
        if let Some(place) = out.get_mut(at..at + 4) {
            place.copy_from_slice(&size.to_be_bytes());
        }
    }
    Ok(())
}

/// A type with `decode` and `encode` for the driver, and its `Display` and `FromStr` as the text.
macro_rules! travels_as {
    ($ty:ty, $($pg:ident),+ $(; $delimiter:literal)?) => {
        impl<'a> tokio_postgres::types::FromSql<'a> for $ty {
            fn from_sql(_: &tokio_postgres::types::Type, raw: &'a [u8]) -> Result<Self, $crate::types::BoxError> {
                Ok(Self::decode(raw)?)
            }

            tokio_postgres::types::accepts!($($pg),+);
        }

        impl tokio_postgres::types::ToSql for $ty {
            fn to_sql(
                &self,
                _: &tokio_postgres::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<tokio_postgres::types::IsNull, $crate::types::BoxError> {
                self.encode(out)?;
                Ok(tokio_postgres::types::IsNull::No)
            }

            tokio_postgres::types::accepts!($($pg),+);
            tokio_postgres::types::to_sql_checked!();
        }

        $crate::types::binary::has_text!($ty $(, $delimiter)?);
        impl $crate::types::Element for $ty {}
        #[cfg(feature = "serde")]
        $crate::types::binary::serde_as_text!($ty);
    };
}

/// A type whose `Display` and `FromStr` are PostgreSQL's text of it.
macro_rules! has_text {
    ($ty:ty $(, $delimiter:literal)?) => {
        impl $crate::query::Literal for $ty {
            $(const DELIMITER: char = $delimiter;)?

            fn write_literal(&self, to: &mut String) {
                // Writing to a String cannot fail.
                let _ = std::fmt::Write::write_fmt(to, format_args!("{self}"));
            }
        }

        impl $crate::types::FromLiteral for $ty {
            fn from_literal(text: &str) -> Result<Self, $crate::types::ValueError> {
                text.parse()
            }
        }

    };
}

/// The text, for serde.
#[cfg(feature = "serde")]
macro_rules! serde_as_text {
    ($ty:ty) => {
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A type that travels as text: the OID of what the schema or an extension has is another in every database.
macro_rules! travels_as_text {
    ($ty:ty) => {
        impl<'a> tokio_postgres::types::FromSql<'a> for $ty {
            fn from_sql(_: &tokio_postgres::types::Type, raw: &'a [u8]) -> Result<Self, $crate::types::BoxError> {
                Ok(std::str::from_utf8(raw)?.parse::<Self>()?)
            }

            tokio_postgres::types::accepts!(TEXT);
        }

        impl tokio_postgres::types::ToSql for $ty {
            fn to_sql(
                &self,
                _: &tokio_postgres::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<tokio_postgres::types::IsNull, $crate::types::BoxError> {
                bytes::BufMut::put_slice(out, self.to_string().as_bytes());
                Ok(tokio_postgres::types::IsNull::No)
            }

            tokio_postgres::types::accepts!(TEXT);
            tokio_postgres::types::to_sql_checked!();
        }

        $crate::types::binary::has_text!($ty);
        impl $crate::types::Element for $ty {}
    };
}

#[cfg(feature = "serde")]
pub(super) use serde_as_text;
pub(super) use {has_text, travels_as, travels_as_text};
