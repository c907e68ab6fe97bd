//! The dates and times of `time`, whose years go from -9999 to 9999, or to 999,999 with its feature `large-dates`.

use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{Clock, DAY, Day, Stamp, both_forms};

/// The Julian day from which PostgreSQL counts.
const EPOCH: i32 = 2_451_545;

impl Day for Date {
    fn from_days(days: i32) -> Option<Self> {
        Self::from_julian_day(days.checked_add(EPOCH)?).ok()
    }

    fn days(&self) -> i32 {
        self.to_julian_day() - EPOCH
    }
}

impl Clock for Time {
    type Offset = UtcOffset;

    fn from_microseconds(microseconds: i64) -> Option<Self> {
        let (seconds, fraction) = (microseconds / 1_000_000, u32::try_from(microseconds % 1_000_000).ok()?);
        let part = |part: i64| u8::try_from(part).ok();
        Self::from_hms_micro(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, fraction).ok()
    }

    fn microseconds(self) -> i64 {
        let (hour, minute, second, fraction) = self.as_hms_micro();
        ((i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)) * 1_000_000 + i64::from(fraction)
    }

    fn ahead(seconds: i32) -> Option<UtcOffset> {
        UtcOffset::from_whole_seconds(seconds).ok()
    }

    fn seconds(offset: UtcOffset) -> i32 {
        offset.whole_seconds()
    }
}

/// What is behind the microsecond is cut off towards 2000, as the driver does.
fn cut(days: i32, time: Time) -> i128 {
    let (hour, minute, second, fraction) = time.as_hms_nano();
    let seconds = (i128::from(hour) * 60 + i128::from(minute)) * 60 + i128::from(second);
    ((i128::from(days) * 86_400 + seconds) * 1_000_000_000 + i128::from(fraction)) / 1_000
}

impl Stamp for PrimitiveDateTime {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        let day = i32::try_from(microseconds.div_euclid(DAY)).ok().and_then(Date::from_days)?;
        Some(Self::new(day, <Time as Clock>::from_microseconds(microseconds.rem_euclid(DAY))?))
    }

    fn microseconds(&self) -> i128 {
        cut(self.date().days(), self.time())
    }
}

impl Stamp for OffsetDateTime {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        PrimitiveDateTime::from_microseconds(microseconds).map(PrimitiveDateTime::assume_utc)
    }

    fn microseconds(&self) -> i128 {
        // Before its offset is taken off: what that leads to may be beyond the years of the crate.
        let ahead = i128::from(self.offset().whole_seconds()) * 1_000_000;
        cut(self.date().days(), self.time()) - ahead
    }
}

both_forms!(Date, Time, PrimitiveDateTime, OffsetDateTime);
