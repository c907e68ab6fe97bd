//! Dates and times of `chrono`: what PostgreSQL has and it has not is refused.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use tokio_postgres::types::Type;

use super::binary::Bytes;
use super::{BoxError, Element, FromLiteral, ValueError};

/// From which PostgreSQL counts.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

fn infinite() -> ValueError {
    ValueError::new("it is infinite, and the dates and times here are not")
}

fn beyond() -> ValueError {
    ValueError::new("the year is beyond those of the dates and times here")
}

fn date(days: i32) -> Result<NaiveDate, ValueError> {
    let count = Days::new(days.unsigned_abs().into());
    match days {
        i32::MIN | i32::MAX => Err(infinite()),
        0.. => EPOCH.checked_add_days(count).ok_or_else(beyond),
        _ => EPOCH.checked_sub_days(count).ok_or_else(beyond),
    }
}

/// The time so many microseconds behind midnight.
pub(super) fn time(microseconds: i64) -> Result<NaiveTime, ValueError> {
    let seconds = u32::try_from(microseconds / 1_000_000).ok();
    let nanoseconds = u32::try_from(microseconds % 1_000_000 * 1_000).ok();
    let time =
        seconds.zip(nanoseconds).and_then(|(seconds, nanoseconds)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanoseconds));
    time.ok_or_else(|| match microseconds {
        DAY => ValueError::new("it is 24:00, the end of a day, and the last time here is before that"),
        _ => ValueError::bytes("time"),
    })
}

fn timestamp(microseconds: i64) -> Result<NaiveDateTime, ValueError> {
    match microseconds {
        i64::MIN | i64::MAX => Err(infinite()),
        _ => EPOCH.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::microseconds(microseconds)).ok_or_else(beyond),
    }
}

impl Element for NaiveDate {
    fn from_binary(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "date");
        let days = bytes.i32()?;
        bytes.end()?;
        Ok(date(days)?)
    }
}

impl Element for NaiveTime {
    fn from_binary(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "time");
        let microseconds = bytes.i64()?;
        bytes.end()?;
        Ok(time(microseconds)?)
    }
}

impl Element for NaiveDateTime {
    fn from_binary(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "timestamp");
        let microseconds = bytes.i64()?;
        bytes.end()?;
        Ok(timestamp(microseconds)?)
    }
}

impl Element for DateTime<Utc> {
    fn from_binary(ty: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        NaiveDateTime::from_binary(ty, raw).map(|naive| naive.and_utc())
    }
}

/// Before what stands for the years before the first.
fn split_era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

/// `2024-02-29`, whose year may have more digits.
fn read_date(text: &str, before_first: bool) -> Result<NaiveDate, ValueError> {
    if matches!(text, "infinity" | "-infinity") {
        return Err(infinite());
    }
    let parts = || {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = parts.next().is_none() && year.len() >= 4 && month.len() == 2 && day.len() == 2;
        if !fits || !digits(year) || !digits(month) || !digits(day) {
            return None;
        }
        Some((year.parse::<i32>().ok()?, month.parse().ok()?, day.parse().ok()?))
    };
    let (year, month, day) = parts().ok_or_else(|| ValueError::new("the text is no date in the form of ISO 8601; is `DateStyle` that?"))?;
    let year = if before_first { 1 - year } else { year };
    let possible = year <= NaiveDate::MAX.year() && year >= NaiveDate::MIN.year();
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| if possible { ValueError::text("date") } else { beyond() })
}

/// `04:05:06.789`
pub(super) fn read_time(text: &str) -> Result<NaiveTime, ValueError> {
    let parts = || {
        let mut parts = text.split(':');
        let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
        let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = parts.next().is_none() && hour.len() == 2 && minute.len() == 2 && second.len() == 2 && fraction.len() <= 6;
        if !fits || ![hour, minute, second, fraction].into_iter().all(digits) {
            return None;
        }
        let number = |text: &str| text.parse::<i64>().ok();
        let (minute, second) = (number(minute).filter(|it| *it < 60)?, number(second).filter(|it| *it < 60)?);
        Some(((number(hour)? * 60 + minute) * 60 + second) * 1_000_000 + number(&format!("{fraction:0<6}"))?)
    };
    let microseconds = parts().filter(|it| *it <= DAY).ok_or_else(|| ValueError::text("time"))?;
    time(microseconds)
}

/// `+02`, `-07:52:58`
pub(super) fn read_offset(text: &str) -> Option<FixedOffset> {
    let (east, text) = match text.strip_prefix('+') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('-')?),
    };
    let mut seconds = 0;
    let mut parts = text.split(':');
    for unit in [3600, 60, 1] {
        let part = parts.next().unwrap_or("00");
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        seconds += part.parse::<i32>().ok()? * unit;
    }
    if parts.next().is_some() {
        return None;
    }
    if east { FixedOffset::east_opt(seconds) } else { FixedOffset::west_opt(seconds) }
}

/// Where the offset begins, behind the time.
pub(super) fn offset_at(text: &str) -> Option<usize> {
    text.find(['+', '-'])
}

fn read_timestamp(text: &str, before_first: bool) -> Result<NaiveDateTime, ValueError> {
    let Some((date, time)) = text.split_once(' ') else {
        return read_date(text, before_first).and(Err(ValueError::text("timestamp")));
    };
    Ok(read_date(date, before_first)?.and_time(read_time(time)?))
}

impl FromLiteral for NaiveDate {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let (text, before_first) = split_era(text);
        read_date(text, before_first)
    }
}

impl FromLiteral for NaiveTime {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        read_time(text)
    }
}

impl FromLiteral for NaiveDateTime {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let (text, before_first) = split_era(text);
        read_timestamp(text, before_first)
    }
}

impl FromLiteral for DateTime<Utc> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let (text, before_first) = split_era(text);
        let behind_date = text.find(' ').unwrap_or(text.len());
        let Some(at) = offset_at(&text[behind_date..]).map(|at| behind_date + at) else {
            return read_timestamp(text, before_first).and(Err(ValueError::text("timestamp with a time zone")));
        };
        let offset = read_offset(&text[at..]).ok_or_else(|| ValueError::text("timestamp with a time zone"))?;
        let local = read_timestamp(&text[..at], before_first)?;
        local.checked_sub_offset(offset).map(|naive| naive.and_utc()).ok_or_else(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_none_is_refused_with_a_reason() {
        assert_eq!(date(i32::MAX), Err(infinite()));
        assert_eq!(timestamp(i64::MIN), Err(infinite()));
        assert_eq!(date(i32::MAX - 1), Err(beyond()));
        assert_eq!(
            time(DAY).map_err(|error| error.to_string()),
            Err("it is 24:00, the end of a day, and the last time here is before that".to_owned())
        );
        assert_eq!(NaiveDate::from_literal("infinity"), Err(infinite()));
        assert_eq!(NaiveDateTime::from_literal("-infinity"), Err(infinite()));
        assert_eq!(DateTime::<Utc>::from_literal("infinity"), Err(infinite()));
        assert_eq!(NaiveDate::from_literal("5874897-12-31"), Err(beyond()));
        for text in ["24:00:00", "23:60:00", "1:2:3", "", "00:00:00.1234567"] {
            assert!(NaiveTime::from_literal(text).is_err(), "{text}");
        }
        for text in ["29/02/2024", "2023-02-29", "", "2024-2-9"] {
            assert!(NaiveDate::from_literal(text).is_err(), "{text}");
        }
    }

    #[test]
    fn offsets_are_taken_off() {
        for (text, utc) in [
            ("2024-02-29 01:02:03.5+02", "2024-02-28T23:02:03.500Z"),
            ("1883-01-01 00:00:00-07:52:58", "1883-01-01T07:52:58Z"),
            ("0044-03-15 12:00:00+00 BC", "-0043-03-15T12:00:00Z"),
        ] {
            assert_eq!(DateTime::<Utc>::from_literal(text), Ok(utc.parse().expect("a point in time")), "{text}");
        }
    }
}
