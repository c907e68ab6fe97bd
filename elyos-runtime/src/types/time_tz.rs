//! `time with time zone`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use chrono::NaiveTime;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use super::binary::Bytes;
use super::times::{Clock, clock, offset_at, read_offset, read_time, write_time};
use super::{BoxError, Element, FromLiteral, ValueError};
use crate::query::Literal;

/// A time of the day somewhere that far from Greenwich: of `chrono`, or of the crate that the package names for its dates and times.
///
/// ```
/// use elyos_runtime::types::TimeTz;
///
/// let noon: TimeTz = "12:00:00+01:30".parse()?;
/// assert_eq!(noon.offset.local_minus_utc(), 5_400);
/// assert_eq!(noon.to_string(), "12:00:00+01:30:00");
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeTz<C: Clock = NaiveTime> {
    /// The time there, to the microsecond.
    pub time: C,
    /// How far it is ahead of Greenwich; PostgreSQL takes less than 16 hours either way.
    pub offset: C::Offset,
}

impl<'a, C: Clock> FromSql<'a> for TimeTz<C> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "time with a time zone");
        let (microseconds, west) = (bytes.i64()?, bytes.i32()?);
        bytes.end()?;
        let offset = west.checked_neg().and_then(C::ahead).ok_or_else(|| ValueError::bytes("time with a time zone"))?;
        Ok(Self { time: clock(microseconds)?, offset })
    }

    accepts!(TIMETZ);
}

impl<C: Clock<Offset: fmt::Debug> + fmt::Debug> ToSql for TimeTz<C> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.put_i64(self.time.exact_microseconds()?);
        out.put_i32(-C::seconds(self.offset));
        Ok(IsNull::No)
    }

    accepts!(TIMETZ);
    to_sql_checked!();
}

impl<C: Clock> Literal for TimeTz<C> {
    fn write_literal(&self, to: &mut String) {
        write_time(self.time.microseconds(), to);
        let offset = C::seconds(self.offset);
        let (sign, offset) = (if offset < 0 { '-' } else { '+' }, offset.abs());
        // Writing to a String cannot fail.
        let _ = fmt::Write::write_fmt(to, format_args!("{sign}{:02}:{:02}:{:02}", offset / 3600, offset / 60 % 60, offset % 60));
    }
}

impl<C: Clock> FromLiteral for TimeTz<C> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("time with a time zone");
        let at = offset_at(text).ok_or_else(wrong)?;
        let time = clock(read_time(&text[..at])?)?;
        Ok(Self { time, offset: read_offset(&text[at..]).and_then(C::ahead).ok_or_else(wrong)? })
    }
}

impl<C: Clock<Offset: fmt::Debug> + fmt::Debug> Element for TimeTz<C> {}

impl<C: Clock> fmt::Display for TimeTz<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_literal(&mut text);
        f.write_str(&text)
    }
}

impl<C: Clock> FromStr for TimeTz<C> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::from_literal(text)
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl<C: Clock> serde::Serialize for TimeTz<C> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de, C: Clock> serde::Deserialize<'de> for TimeTz<C> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::as_text::deserialize_text(deserializer)
    }
}
