//! Columns of every type of date and time, as those of `time`.

#[path = "../../columns.rs"]
mod columns;

use elyos_runtime::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use elyos_runtime::types::TimeTz;
use elyos_tests_of_time as diary;
use proptest::prelude::*;

/// Every day that the crate has, of which PostgreSQL has fewer before the first year.
fn date() -> impl Strategy<Value = Date> {
    let days = |days: i32| Date::from_julian_day(days).expect("a day");
    let (first, last) = (Date::MIN.to_julian_day(), Date::MAX.to_julian_day());
    prop_oneof![(first..=last).prop_map(days), (2_400_000..2_500_000).prop_map(days), Just(days(first)), Just(days(last))]
}

fn clock() -> impl Strategy<Value = Time> {
    (0..24_u8, 0..60_u8, 0..60_u8, 0..1_000_000_u32)
        .prop_map(|(hour, minute, second, micro)| Time::from_hms_micro(hour, minute, second, micro).expect("a time"))
}

fn clock_somewhere() -> impl Strategy<Value = TimeTz<Time>> {
    let offset = (-93_599..93_600_i32).prop_map(|seconds| UtcOffset::from_whole_seconds(seconds).expect("an offset"));
    (clock(), offset).prop_map(|(time, offset)| TimeTz { time, offset })
}

fn local() -> impl Strategy<Value = PrimitiveDateTime> {
    (date(), clock()).prop_map(|(date, time)| PrimitiveDateTime::new(date, time))
}

fn instant() -> impl Strategy<Value = OffsetDateTime> {
    let inner = (date(), clock()).prop_map(|(date, time)| PrimitiveDateTime::new(date, time).assume_utc());
    let elsewhere = (-5_000_000_i64..5_000_000, -50_000..50_000_i32).prop_map(|(seconds, ahead)| {
        let offset = UtcOffset::from_whole_seconds(ahead).expect("an offset");
        OffsetDateTime::from_unix_timestamp(seconds * 1_000).expect("a point in time").to_offset(offset)
    });
    prop_oneof![inner, elsewhere]
}

/// What is behind the microsecond, and what becomes of it: it is cut off, towards 2000.
fn behind_microseconds() -> [(PrimitiveDateTime, &'static str); 2] {
    let at = |year, nano| {
        let day = Date::from_ordinal_date(year, 1).expect("a day");
        PrimitiveDateTime::new(day, Time::from_hms_nano(1, 2, 3, nano).expect("a time"))
    };
    [(at(2024, 1_999), "2024-01-01 01:02:03.000001"), (at(1999, 1_001), "1999-01-01 01:02:03.000002")]
}

/// The first day that it has not, in PostgreSQL's words.
const BEYOND: &str = "10000-01-01";
