//! Columns of every type of date and time, as those of `jiff`.

#[path = "../../columns.rs"]
mod columns;

use elyos_runtime::jiff::Timestamp;
use elyos_runtime::jiff::civil::{Date, DateTime, Time};
use elyos_runtime::jiff::tz::Offset;
use elyos_runtime::types::TimeTz;
use elyos_tests_of_jiff as diary;
use proptest::prelude::*;

/// Days of every year that the crate has, of which PostgreSQL has fewer before the first.
fn date() -> impl Strategy<Value = Date> {
    let any = (-9_999..=9_999_i16, 1..=12_i8, 1..=31_i8);
    let any = any.prop_filter_map("the month has no such day", |(year, month, day)| Date::new(year, month, day).ok());
    prop_oneof![8 => any, 1 => Just(Date::MIN), 1 => Just(Date::MAX)]
}

fn clock() -> impl Strategy<Value = Time> {
    (0..24_i8, 0..60_i8, 0..60_i8, 0..1_000_000_i32)
        .prop_map(|(hour, minute, second, micro)| Time::new(hour, minute, second, micro * 1_000).expect("a time"))
}

fn clock_somewhere() -> impl Strategy<Value = TimeTz<Time>> {
    let offset = (-93_599..93_600_i32).prop_map(|seconds| Offset::from_seconds(seconds).expect("an offset"));
    (clock(), offset).prop_map(|(time, offset)| TimeTz { time, offset })
}

fn local() -> impl Strategy<Value = DateTime> {
    (date(), clock()).prop_map(|(date, time)| DateTime::from_parts(date, time))
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let micros = |micros: i64| {
        let fraction = i32::try_from(micros.rem_euclid(1_000_000)).expect("less than a second");
        Timestamp::new(micros.div_euclid(1_000_000), fraction * 1_000).expect("a point in time")
    };
    let (first, last) = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    prop_oneof![(first..=last).prop_map(micros), (-5_000_000_000_000..5_000_000_000_000_i64).prop_map(micros), Just(micros(last))]
}

/// What is behind the microsecond, and what becomes of it: it is rounded.
fn behind_microseconds() -> [(DateTime, &'static str); 2] {
    let at = |year, nano| Date::new(year, 1, 1).expect("a day").at(1, 2, 3, nano);
    [(at(2024, 1_499), "2024-01-01 01:02:03.000001"), (at(1999, 1_501), "1999-01-01 01:02:03.000002")]
}

/// The first day that it has not, in PostgreSQL's words.
const BEYOND: &str = "10000-01-01";
