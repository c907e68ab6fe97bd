//! The dates and times of `jiff`, whose years go from -9999 to 9999.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::{Clock, DAY, Day, Stamp, both_forms, calendar};

/// The seconds from the beginning of 1970 to that of 2000.
const EPOCH: i64 = 946_684_800;

impl Day for Date {
    fn from_days(days: i32) -> Option<Self> {
        let (year, month, day) = calendar::date(days.into());
        Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    fn days(&self) -> i32 {
        let part = |part: i8| u8::try_from(part).unwrap_or_default();
        let days = calendar::days(self.year().into(), part(self.month()), part(self.day()));
        // Each of its days is one of the calendar's, and few of those.
        days.and_then(|days| days.try_into().ok()).unwrap_or_default()
    }
}

/// Rounded to the microsecond, halves away from 2000, as the driver does.
fn rounded(nanoseconds: i128) -> i128 {
    (nanoseconds + 500 * nanoseconds.signum()) / 1_000
}

fn nanoseconds(time: Time) -> i128 {
    let seconds = (i128::from(time.hour()) * 60 + i128::from(time.minute())) * 60 + i128::from(time.second());
    seconds * 1_000_000_000 + i128::from(time.subsec_nanosecond())
}

impl Clock for Time {
    type Offset = Offset;

    fn from_microseconds(microseconds: i64) -> Option<Self> {
        let (seconds, fraction) = (microseconds / 1_000_000, i32::try_from(microseconds % 1_000_000).ok()?);
        let part = |part: i64| i8::try_from(part).ok();
        Self::new(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, fraction * 1_000).ok()
    }

    fn microseconds(self) -> i64 {
        i64::try_from(rounded(nanoseconds(self))).unwrap_or(DAY)
    }

    fn ahead(seconds: i32) -> Option<Offset> {
        Offset::from_seconds(seconds).ok()
    }

    fn seconds(offset: Offset) -> i32 {
        offset.seconds()
    }
}

impl Stamp for DateTime {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        let day = i32::try_from(microseconds.div_euclid(DAY)).ok().and_then(Date::from_days)?;
        Some(Self::from_parts(day, <Time as Clock>::from_microseconds(microseconds.rem_euclid(DAY))?))
    }

    fn microseconds(&self) -> i128 {
        rounded(i128::from(self.date().days()) * i128::from(DAY) * 1_000 + nanoseconds(self.time()))
    }
}

impl Stamp for Timestamp {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        // By seconds and what is behind them: counted in microseconds, the last second is refused.
        let fraction = i32::try_from(microseconds.rem_euclid(1_000_000)).ok()?;
        Self::new(microseconds.div_euclid(1_000_000) + EPOCH, fraction * 1_000).ok()
    }

    fn microseconds(&self) -> i128 {
        rounded(self.as_nanosecond() - i128::from(EPOCH) * 1_000_000_000)
    }
}

both_forms!(Date, Time, DateTime, Timestamp);
