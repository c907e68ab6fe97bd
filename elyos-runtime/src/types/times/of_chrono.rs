//! The dates and times of `chrono`.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc};

use super::{Clock, Day, Stamp, both_forms};
use crate::types::ValueError;

/// From which PostgreSQL counts.
const EPOCH: NaiveDateTime = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

/// The days from the beginning of the first year to that of 2000, both counted.
const EPOCH_FROM_FIRST: i32 = 730_120;

impl Day for NaiveDate {
    fn from_days(days: i32) -> Option<Self> {
        Self::from_num_days_from_ce_opt(days.checked_add(EPOCH_FROM_FIRST)?)
    }

    fn days(&self) -> i32 {
        self.num_days_from_ce() - EPOCH_FROM_FIRST
    }
}

impl Clock for NaiveTime {
    type Offset = FixedOffset;

    fn from_microseconds(microseconds: i64) -> Option<Self> {
        let (seconds, fraction) = (u32::try_from(microseconds / 1_000_000).ok()?, u32::try_from(microseconds % 1_000_000).ok()?);
        Self::from_num_seconds_from_midnight_opt(seconds, fraction * 1_000)
    }

    fn microseconds(self) -> i64 {
        self.signed_duration_since(Self::MIN).num_microseconds().unwrap_or(i64::MAX)
    }

    fn exact_microseconds(self) -> Result<i64, ValueError> {
        if self.nanosecond() < 1_000_000_000 { Ok(self.microseconds()) } else { Err(ValueError::new("PostgreSQL has no leap seconds")) }
    }

    fn ahead(seconds: i32) -> Option<FixedOffset> {
        FixedOffset::east_opt(seconds)
    }

    fn seconds(offset: FixedOffset) -> i32 {
        offset.local_minus_utc()
    }
}

impl Stamp for NaiveDateTime {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        EPOCH.checked_add_signed(TimeDelta::microseconds(microseconds))
    }

    fn microseconds(&self) -> i128 {
        let since = self.signed_duration_since(EPOCH);
        i128::from(since.num_seconds()) * 1_000_000 + i128::from(since.subsec_nanos() / 1_000)
    }
}

impl Stamp for DateTime<Utc> {
    fn from_microseconds(microseconds: i64) -> Option<Self> {
        NaiveDateTime::from_microseconds(microseconds).map(|local| local.and_utc())
    }

    fn microseconds(&self) -> i128 {
        Stamp::microseconds(&self.naive_utc())
    }
}

both_forms!(NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>);
