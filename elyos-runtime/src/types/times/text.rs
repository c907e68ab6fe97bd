//! The text of dates and times, as PostgreSQL prints them with `DateStyle` set to ISO, and reads them.

use std::fmt::Write as _;

use super::{Clock, DAY, Day, Stamp, beyond, calendar, clock, infinite};
use crate::types::ValueError;

/// Before what stands for the years before the first.
fn split_era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2024-02-29`, whose year may have more digits: the days behind the beginning of 2000.
fn read_days(text: &str, before_first: bool) -> Result<i64, ValueError> {
    if matches!(text, "infinity" | "-infinity") {
        return Err(infinite());
    }
    let parts = || {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = parts.next().is_none() && year.len() >= 4 && month.len() == 2 && day.len() == 2;
        if !fits || ![year, month, day].into_iter().all(are_digits) {
            return None;
        }
        Some((year.parse::<i32>().ok()?, month.parse().ok()?, day.parse().ok()?))
    };
    let (year, month, day) = parts().ok_or_else(|| ValueError::new("the text is no date in the form of ISO 8601; is `DateStyle` that?"))?;
    let year = i64::from(year);
    calendar::days(if before_first { 1 - year } else { year }, month, day).ok_or_else(|| ValueError::text("date"))
}

/// `04:05:06.789`: the microseconds behind midnight, which may be a whole day.
pub(in crate::types) fn read_time(text: &str) -> Result<i64, ValueError> {
    let parts = || {
        let mut parts = text.split(':');
        let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
        let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
        let fits = parts.next().is_none() && hour.len() == 2 && minute.len() == 2 && second.len() == 2 && fraction.len() <= 6;
        if !fits || ![hour, minute, second, fraction].into_iter().all(are_digits) {
            return None;
        }
        let number = |text: &str| text.parse::<i64>().ok();
        let (minute, second) = (number(minute).filter(|it| *it < 60)?, number(second).filter(|it| *it < 60)?);
        Some(((number(hour)? * 60 + minute) * 60 + second) * 1_000_000 + number(&format!("{fraction:0<6}"))?)
    };
    parts().filter(|it| *it <= DAY).ok_or_else(|| ValueError::text("time"))
}

/// `+02`, `-07:52:58`: the seconds ahead of Greenwich.
pub(in crate::types) fn read_offset(text: &str) -> Option<i32> {
    let (east, text) = match text.strip_prefix('+') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('-')?),
    };
    let mut seconds = 0;
    let mut parts = text.split(':');
    for unit in [3600, 60, 1] {
        let part = parts.next().unwrap_or("00");
        if part.len() != 2 || !are_digits(part) {
            return None;
        }
        seconds += part.parse::<i32>().ok()? * unit;
    }
    if parts.next().is_some() {
        return None;
    }
    Some(if east { seconds } else { -seconds })
}

/// Where the offset begins, behind the time.
pub(in crate::types) fn offset_at(text: &str) -> Option<usize> {
    text.find(['+', '-'])
}

/// The microseconds behind the beginning of 2000.
fn read_microseconds(text: &str, before_first: bool) -> Result<i64, ValueError> {
    let Some((date, time)) = text.split_once(' ') else {
        return read_days(text, before_first).and(Err(ValueError::text("timestamp")));
    };
    let days = read_days(date, before_first)?;
    let time = read_time(time)?;
    days.checked_mul(DAY).and_then(|days| days.checked_add(time)).ok_or_else(beyond)
}

pub(super) fn read_day<D: Day>(text: &str) -> Result<D, ValueError> {
    let (text, before_first) = split_era(text);
    let days = read_days(text, before_first)?;
    i32::try_from(days).ok().and_then(D::from_days).ok_or_else(beyond)
}

pub(super) fn read_clock<C: Clock>(text: &str) -> Result<C, ValueError> {
    clock(read_time(text)?)
}

pub(super) fn read_local<S: Stamp>(text: &str) -> Result<S, ValueError> {
    let (text, before_first) = split_era(text);
    S::from_microseconds(read_microseconds(text, before_first)?).ok_or_else(beyond)
}

pub(super) fn read_instant<S: Stamp>(text: &str) -> Result<S, ValueError> {
    let wrong = || ValueError::text("timestamp with a time zone");
    let (text, before_first) = split_era(text);
    let behind_date = text.find(' ').unwrap_or(text.len());
    let Some(at) = offset_at(&text[behind_date..]).map(|at| behind_date + at) else {
        return read_microseconds(text, before_first).and(Err(wrong()));
    };
    let ahead = i64::from(read_offset(&text[at..]).ok_or_else(wrong)?) * 1_000_000;
    let there = read_microseconds(&text[..at], before_first)?;
    there.checked_sub(ahead).and_then(S::from_microseconds).ok_or_else(beyond)
}

/// A date and what stands behind it: a year before the first is counted from it, and none has a sign.
///
/// Source: PostgreSQL, "Date/Time Input".
fn write_date(days: i64, behind: &str, to: &mut String) {
    let (year, month, day) = calendar::date(days);
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    // Writing to a String cannot fail.
    let _ = write!(to, "{year:04}-{month:02}-{day:02}{behind}{era}");
}

pub(super) fn write_day(days: i32, to: &mut String) {
    write_date(days.into(), "", to);
}

/// The time so many microseconds behind midnight, without the zeros at its end.
pub(in crate::types) fn write_time(microseconds: i64, to: &mut String) {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let _ = write!(to, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        let _ = write!(to, ".{}", digits.trim_end_matches('0'));
    }
}

/// Whatever the year: the server refuses one that it has not.
pub(super) fn write_stamp(microseconds: i128, zone: &str, to: &mut String) {
    let day = i128::from(DAY);
    let days = i64::try_from(microseconds.div_euclid(day)).unwrap_or(i64::MAX / 400);
    let mut behind = " ".to_owned();
    write_time(i64::try_from(microseconds.rem_euclid(day)).unwrap_or(0), &mut behind);
    behind.push_str(zone);
    write_date(days, &behind, to);
}
