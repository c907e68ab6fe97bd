//! `time with time zone`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};
use chrono::{FixedOffset, NaiveTime, Timelike as _};

use super::binary::{Bytes, travels_as};
use super::times::{offset_at, read_offset, read_time, time};
use super::{BoxError, ValueError};

/// A time of the day somewhere that far from Greenwich.
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
pub struct TimeTz {
    /// The time there, to the microsecond.
    pub time: NaiveTime,
    /// How far it is ahead of Greenwich; PostgreSQL takes less than 16 hours either way.
    pub offset: FixedOffset,
}

impl TimeTz {
    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "time with a time zone");
        let (microseconds, west) = (bytes.i64()?, bytes.i32()?);
        bytes.end()?;
        let offset = FixedOffset::west_opt(west).ok_or_else(|| ValueError::bytes("time with a time zone"))?;
        Ok(Self { time: time(microseconds)?, offset })
    }

    fn encode(self, out: &mut BytesMut) -> Result<(), BoxError> {
        let nanoseconds = i64::from(self.time.nanosecond());
        if nanoseconds >= 1_000_000_000 {
            return Err(ValueError::new("PostgreSQL has no leap seconds").into());
        }
        out.put_i64(i64::from(self.time.num_seconds_from_midnight()) * 1_000_000 + nanoseconds / 1_000);
        out.put_i32(self.offset.utc_minus_local());
        Ok(())
    }
}

impl fmt::Display for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset.local_minus_utc();
        let (sign, offset) = (if offset < 0 { '-' } else { '+' }, offset.abs());
        write!(f, "{}{sign}{:02}:{:02}:{:02}", self.time, offset / 3600, offset / 60 % 60, offset % 60)
    }
}

impl FromStr for TimeTz {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("time with a time zone");
        let at = offset_at(text).ok_or_else(wrong)?;
        Ok(Self { time: read_time(&text[..at])?, offset: read_offset(&text[at..]).ok_or_else(wrong)? })
    }
}

travels_as!(TimeTz, TIMETZ);
