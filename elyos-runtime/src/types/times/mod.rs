//! Dates and times of the crates that have them: what PostgreSQL has and a crate has not is refused.
//!
//! PostgreSQL counts days and microseconds from the beginning of 2000. A crate says here how its own are counted; both forms, the binary
//! one and the text, are read and written once for all of them.

mod calendar;
mod of_chrono;
#[cfg(feature = "jiff")]
mod of_jiff;
#[cfg(feature = "time")]
mod of_time;
mod text;

use super::ValueError;
use super::binary::Bytes;

pub(super) use text::{offset_at, read_offset, read_time, write_time};

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A crate's day.
trait Day: Sized {
    /// The day so many days behind the beginning of 2000; none where it is beyond those of the crate.
    fn from_days(days: i32) -> Option<Self>;

    /// How many days it is behind the beginning of 2000.
    fn days(&self) -> i32;
}

/// A crate's time of the day: `chrono::NaiveTime`, `time::Time`, `jiff::civil::Time`.
///
/// It is what a [`TimeTz`](super::TimeTz) is made of.
pub trait Clock: Copy {
    /// How far a place is ahead of Greenwich, as the crate has it.
    type Offset: Copy;

    /// The time so many microseconds behind midnight, which are less than a day.
    #[doc(hidden)]
    fn from_microseconds(microseconds: i64) -> Option<Self>;

    /// How many microseconds it is behind midnight, as it is bound.
    #[doc(hidden)]
    fn microseconds(self) -> i64;

    /// [`microseconds`](Self::microseconds), where PostgreSQL has the time.
    #[doc(hidden)]
    fn exact_microseconds(self) -> Result<i64, ValueError> {
        Ok(self.microseconds())
    }

    /// So many seconds ahead.
    #[doc(hidden)]
    fn ahead(seconds: i32) -> Option<Self::Offset>;

    /// How many seconds that is ahead.
    #[doc(hidden)]
    fn seconds(offset: Self::Offset) -> i32;
}

/// A crate's point in time, here or in Greenwich.
trait Stamp: Sized {
    /// The point so many microseconds behind the beginning of 2000; none where it is beyond those of the crate.
    fn from_microseconds(microseconds: i64) -> Option<Self>;

    /// How many microseconds it is behind the beginning of 2000, as it is bound.
    fn microseconds(&self) -> i128;
}

fn infinite() -> ValueError {
    ValueError::new("it is infinite, and the dates and times here are not")
}

fn beyond() -> ValueError {
    ValueError::new("the year is beyond those of the dates and times here")
}

fn day<D: Day>(raw: &[u8]) -> Result<D, ValueError> {
    let mut bytes = Bytes::new(raw, "date");
    let days = bytes.i32()?;
    bytes.end()?;
    match days {
        i32::MIN | i32::MAX => Err(infinite()),
        _ => D::from_days(days).ok_or_else(beyond),
    }
}

fn stamp<S: Stamp>(raw: &[u8]) -> Result<S, ValueError> {
    let mut bytes = Bytes::new(raw, "timestamp");
    let microseconds = bytes.i64()?;
    bytes.end()?;
    match microseconds {
        i64::MIN | i64::MAX => Err(infinite()),
        _ => S::from_microseconds(microseconds).ok_or_else(beyond),
    }
}

fn time_of_day<C: Clock>(raw: &[u8]) -> Result<C, ValueError> {
    let mut bytes = Bytes::new(raw, "time");
    let microseconds = bytes.i64()?;
    bytes.end()?;
    clock(microseconds)
}

/// The time so many microseconds behind midnight.
pub(super) fn clock<C: Clock>(microseconds: i64) -> Result<C, ValueError> {
    match microseconds {
        DAY => Err(ValueError::new("it is 24:00, the end of a day, and the last time here is before that")),
        0..DAY => C::from_microseconds(microseconds).ok_or_else(|| ValueError::bytes("time")),
        _ => Err(ValueError::bytes("time")),
    }
}

/// Both forms of a crate's four types.
macro_rules! both_forms {
    ($day:ty, $clock:ty, $local:ty, $instant:ty) => {
        $crate::types::times::both_forms!(@$day, day, $crate::types::times::text::read_day, |it, to| {
            $crate::types::times::text::write_day($crate::types::times::Day::days(it), to)
        });
        $crate::types::times::both_forms!(@$clock, time_of_day, $crate::types::times::text::read_clock, |it, to| {
            $crate::types::times::write_time($crate::types::times::Clock::microseconds(*it), to)
        });
        $crate::types::times::both_forms!(@$local, stamp, $crate::types::times::text::read_local, |it, to| {
            $crate::types::times::text::write_stamp($crate::types::times::Stamp::microseconds(it), "", to)
        });
        $crate::types::times::both_forms!(@$instant, stamp, $crate::types::times::text::read_instant, |it, to| {
            $crate::types::times::text::write_stamp($crate::types::times::Stamp::microseconds(it), "+00", to)
        });
    };
    (@$ty:ty, $binary:ident, $read:path, |$it:ident, $to:ident| $write:expr) => {
        impl $crate::types::Element for $ty {
            fn from_binary(_: &tokio_postgres::types::Type, raw: &[u8]) -> Result<Self, $crate::types::BoxError> {
                Ok($crate::types::times::$binary(raw)?)
            }
        }

        impl $crate::types::FromLiteral for $ty {
            fn from_literal(text: &str) -> Result<Self, $crate::types::ValueError> {
                $read(text)
            }
        }

        impl $crate::query::Literal for $ty {
            fn write_literal(&self, $to: &mut String) {
                let $it = self;
                $write;
            }
        }
    };
}

use both_forms;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Literal;
    use crate::types::{Element, FromLiteral};
    use tokio_postgres::types::Type;

    fn why<T>(read: Result<T, impl ToString>) -> String {
        read.err().map_or_else(|| "nothing is wrong".to_owned(), |error| error.to_string())
    }

    fn text(value: &impl Literal) -> String {
        let mut text = String::new();
        value.write_literal(&mut text);
        text
    }

    /// What holds of each crate's types.
    fn holds<D, C, L, I>()
    where
        D: Element + PartialEq + std::fmt::Debug,
        C: Element,
        L: Element,
        I: Element + PartialEq + std::fmt::Debug,
    {
        let infinite = "it is infinite, and the dates and times here are not";
        let beyond = "the year is beyond those of the dates and times here";
        for count in [i32::MAX, i32::MIN] {
            assert_eq!(why(D::from_binary(&Type::DATE, &count.to_be_bytes())), infinite);
        }
        for count in [i64::MAX, i64::MIN] {
            assert_eq!(why(L::from_binary(&Type::TIMESTAMP, &count.to_be_bytes())), infinite);
            assert_eq!(why(I::from_binary(&Type::TIMESTAMPTZ, &count.to_be_bytes())), infinite);
        }
        assert_eq!(why(D::from_binary(&Type::DATE, &(i32::MAX - 1).to_be_bytes())), beyond);
        assert_eq!(
            why(C::from_binary(&Type::TIME, &DAY.to_be_bytes())),
            "it is 24:00, the end of a day, and the last time here is before that"
        );
        assert_eq!(why(C::from_binary(&Type::TIME, &(DAY + 1).to_be_bytes())), "the bytes are no time");
        for infinity in ["infinity", "-infinity"] {
            assert_eq!(why(D::from_literal(infinity)), infinite);
            assert_eq!(why(L::from_literal(infinity)), infinite);
            assert_eq!(why(I::from_literal(infinity)), infinite);
        }
        assert_eq!(why(D::from_literal("5874897-12-31")), beyond);
        for text in ["24:00:00", "23:60:00", "1:2:3", "", "00:00:00.1234567"] {
            assert!(C::from_literal(text).is_err(), "{text}");
        }
        for text in ["29/02/2024", "2023-02-29", "", "2024-2-9", "2024-00-01", "2024-04-31", "2024-13-01"] {
            assert!(D::from_literal(text).is_err(), "{text}");
        }
        for date in
            ["2024-02-29", "0001-01-01", "0001-12-31 BC", "0044-03-15 BC", "1900-02-28", "2000-02-29", "9998-12-31", "4713-01-01 BC"]
        {
            assert_eq!(D::from_literal(date).map(|day| text(&day)).as_deref(), Ok(date));
        }
        for time in ["00:00:00", "23:59:59.999999", "01:02:03.4"] {
            assert_eq!(C::from_literal(time).map(|time| text(&time)).as_deref(), Ok(time));
        }
        for local in ["2024-02-29 01:02:03.5", "1999-12-31 23:59:59.999999", "0044-03-15 12:00:00 BC"] {
            assert_eq!(L::from_literal(local).map(|local| text(&local)).as_deref(), Ok(local));
        }
        for (there, in_greenwich) in [
            ("2024-02-29 01:02:03.5+02", "2024-02-28 23:02:03.5+00"),
            ("1883-01-01 00:00:00-07:52:58", "1883-01-01 07:52:58+00"),
            ("0044-03-15 12:00:00+00 BC", "0044-03-15 12:00:00+00 BC"),
        ] {
            assert_eq!(I::from_literal(there).map(|instant| text(&instant)).as_deref(), Ok(in_greenwich));
        }
        assert_eq!(why(I::from_literal("2024-02-29 01:02:03")), "the text is no timestamp with a time zone");
    }

    #[test]
    fn what_is_none_is_refused_with_a_reason_and_the_rest_is_printed_as_it_was() {
        holds::<chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>>();
        #[cfg(feature = "time")]
        holds::<::time::Date, ::time::Time, ::time::PrimitiveDateTime, ::time::OffsetDateTime>();
        #[cfg(feature = "jiff")]
        holds::<jiff::civil::Date, jiff::civil::Time, jiff::civil::DateTime, jiff::Timestamp>();
    }

    #[test]
    fn a_point_in_time_is_the_same_from_both_forms() {
        let instant = chrono::DateTime::<chrono::Utc>::from_literal("2024-02-29 01:02:03.5+02");
        assert_eq!(instant, Ok("2024-02-28T23:02:03.500Z".parse().expect("a point in time")));
        let microseconds: i64 = 762_476_523_500_000;
        let read = chrono::DateTime::<chrono::Utc>::from_binary(&Type::TIMESTAMPTZ, &microseconds.to_be_bytes());
        assert_eq!(read.ok(), instant.ok());
    }
}
