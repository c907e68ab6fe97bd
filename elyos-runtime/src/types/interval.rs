//! `interval`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut as _, BytesMut};

use super::binary::{Bytes, travels_as};
use super::{BoxError, ValueError};

/// A span of time as PostgreSQL keeps it: a month has no fixed number of days, and a day none of hours.
///
/// Two are equal where all three parts are; PostgreSQL's `=` takes 30 days for a month and 24 hours for a day.
///
/// ```
/// use elyos_runtime::types::Interval;
///
/// let span: Interval = "P1Y2M3DT4H5M6.5S".parse()?;
/// assert_eq!(span, Interval { months: 14, days: 3, microseconds: 14_706_500_000 });
/// assert_eq!(span, "1 year 2 mons 3 days 04:05:06.5".parse()?);
/// assert_eq!(span.to_string(), "P14M3DT4H5M6.5S");
/// # Ok::<(), elyos_runtime::types::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Months; twelve are a year.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub microseconds: i64,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// What stands for infinity since PostgreSQL 17.
const INFINITIES: [Interval; 2] = [
    Interval { months: i32::MAX, days: i32::MAX, microseconds: i64::MAX },
    Interval { months: i32::MIN, days: i32::MIN, microseconds: i64::MIN },
];

impl Interval {
    /// No time at all.
    pub const ZERO: Self = Self { months: 0, days: 0, microseconds: 0 };

    /// Refuses what is infinity on newer servers.
    fn finite(self) -> Result<Self, ValueError> {
        if INFINITIES.contains(&self) { Err(ValueError::new("an interval here is finite")) } else { Ok(self) }
    }

    fn decode(raw: &[u8]) -> Result<Self, ValueError> {
        let mut bytes = Bytes::new(raw, "interval");
        let (microseconds, days, months) = (bytes.i64()?, bytes.i32()?, bytes.i32()?);
        bytes.end()?;
        Self { months, days, microseconds }.finite()
    }

    fn encode(&self, out: &mut BytesMut) -> Result<(), BoxError> {
        self.finite()?;
        out.put_i64(self.microseconds);
        out.put_i32(self.days);
        out.put_i32(self.months);
        Ok(())
    }
}

travels_as!(Interval, INTERVAL);

impl fmt::Display for Interval {
    /// ISO 8601's form with designators, which PostgreSQL reads whatever its settings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ZERO {
            return f.write_str("PT0S");
        }
        f.write_str("P")?;
        for (number, unit) in [(self.months, 'M'), (self.days, 'D')] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        if self.microseconds == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        for (number, unit) in [(self.microseconds / HOUR, 'H'), (self.microseconds % HOUR / MINUTE, 'M')] {
            if number != 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        let rest = self.microseconds % MINUTE;
        if rest == 0 {
            return Ok(());
        }
        let sign = if rest < 0 { "-" } else { "" };
        let fraction = format!("{:06}", (rest % SECOND).unsigned_abs());
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}S", (rest / SECOND).unsigned_abs())
    }
}

impl FromStr for Interval {
    type Err = ValueError;

    /// Reads ISO 8601's form with designators, and what PostgreSQL prints by default or verbosely.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parts = match text.strip_prefix('P') {
            Some(designated) => iso(designated),
            None => worded(text),
        };
        parts.and_then(Parts::interval).ok_or_else(|| ValueError::text("interval"))?.finite()
    }
}

/// Sums that are checked for their size at the end.
#[derive(Default)]
struct Parts {
    months: i128,
    days: i128,
    microseconds: i128,
}

impl Parts {
    fn interval(self) -> Option<Interval> {
        Some(Interval {
            months: self.months.try_into().ok()?,
            days: self.days.try_into().ok()?,
            microseconds: self.microseconds.try_into().ok()?,
        })
    }

    /// So much of a unit; only of seconds there are parts.
    fn add(&mut self, number: &str, unit: &str) -> Option<()> {
        let whole = || number.parse::<i64>().ok().map(i128::from);
        match unit {
            "year" | "years" => self.months += whole()? * 12,
            "mon" | "mons" | "month" | "months" => self.months += whole()?,
            "week" | "weeks" => self.days += whole()? * 7,
            "day" | "days" => self.days += whole()?,
            "hour" | "hours" => self.microseconds += whole()? * i128::from(HOUR),
            "min" | "mins" | "minute" | "minutes" => self.microseconds += whole()? * i128::from(MINUTE),
            "sec" | "secs" | "second" | "seconds" => self.microseconds += seconds(number)?,
            _ => return None,
        }
        Some(())
    }
}

/// Seconds with up to six digits behind the point, as microseconds.
fn seconds(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 6 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let microseconds = i128::from(whole.parse::<i64>().ok()?) * i128::from(SECOND) + format!("{fraction:0<6}").parse::<i128>().ok()?;
    Some(if negative { -microseconds } else { microseconds })
}

/// `1Y2M3DT4H5M6.7S`
fn iso(text: &str) -> Option<Parts> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let mut parts = Parts::default();
    for (mut text, units) in
        [(date, &[('Y', "year"), ('M', "mon"), ('W', "week"), ('D', "day")][..]), (time, &[('H', "hour"), ('M', "min"), ('S', "sec")])]
    {
        while !text.is_empty() {
            let at = text.find(|character: char| character.is_ascii_alphabetic())?;
            let (_, unit) = units.iter().find(|(letter, _)| text[at..].starts_with(*letter))?;
            parts.add(&text[..at], unit)?;
            text = &text[at + 1..];
        }
    }
    (!text.is_empty()).then_some(parts)
}

/// `1 year 2 mons -3 days +04:05:06.7`, `@ 1 year 5 mins ago`
fn worded(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut words = text.split_ascii_whitespace().peekable();
    words.next_if_eq(&"@");
    words.peek()?;
    while let Some(word) = words.next() {
        if word == "ago" {
            return words.next().is_none().then_some(Parts { months: -parts.months, days: -parts.days, microseconds: -parts.microseconds });
        }
        if word.contains(':') {
            parts.microseconds += clock(word)?;
        } else if word == "0" && words.peek().is_none() {
            // What PostgreSQL prints verbosely for none at all.
        } else {
            parts.add(word, words.next()?)?;
        }
    }
    Some(parts)
}

/// `-04:05:06.7`
fn clock(text: &str) -> Option<i128> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut fields = text.split(':');
    let hours: u64 = fields.next()?.parse().ok()?;
    let minutes: u8 = fields.next()?.parse().ok()?;
    let seconds = fields.next().map_or(Some(0), seconds)?;
    if fields.next().is_some() || minutes > 59 || !(0..i128::from(MINUTE)).contains(&seconds) {
        return None;
    }
    let sum = i128::from(hours) * i128::from(HOUR) + i128::from(minutes) * i128::from(MINUTE) + seconds;
    Some(if negative { -sum } else { sum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for (interval, text) in [
            (Interval::ZERO, "PT0S"),
            (Interval { months: -1, days: 2, microseconds: -1 }, "P-1M2DT-0.000001S"),
            (Interval { months: 0, days: 0, microseconds: i64::MIN }, "PT-2562047788H-54.775808S"),
            (Interval { months: i32::MIN, days: i32::MAX, microseconds: 0 }, "P-2147483648M2147483647D"),
            (Interval { months: 0, days: 0, microseconds: 90 * SECOND }, "PT1M30S"),
        ] {
            assert_eq!(interval.to_string(), if interval.microseconds == i64::MIN { "PT-2562047788H-54.775808S" } else { text });
            assert_eq!(interval.to_string().parse(), Ok(interval));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "P",
            "1",
            "1 year 2",
            "PT1.5H",
            "PT1.1234567S",
            "1 fortnight",
            "04:60:00",
            "04:05:60",
            "P99999999999Y",
            "1:2:3:4",
            "@",
            "ago 1 day",
        ] {
            assert_eq!(text.parse::<Interval>(), Err(ValueError::text("interval")), "{text}");
        }
    }
}
