//! Values of every type, for the tests of columns.

use std::fmt::Debug;
use std::net::IpAddr;
use std::ops::Bound;

use elyos_runtime::chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use elyos_runtime::rust_decimal::Decimal;
use elyos_runtime::serde_json::{Value, json};
use elyos_runtime::types::{Array, Bits, Cidr, Interval, Multirange, Point, Range, TimeTz};
use elyos_runtime::uuid::Uuid;
use proptest::collection::vec;
use proptest::prelude::*;

pub(crate) fn float4() -> impl Strategy<Value = f32> {
    use prop::num::f32::{INFINITE, NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | INFINITE | POSITIVE | NEGATIVE
}

pub(crate) fn float8() -> impl Strategy<Value = f64> {
    use prop::num::f64::{INFINITE, NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | INFINITE | POSITIVE | NEGATIVE
}

pub(crate) fn decimal_of(digits: i64, scale: u32) -> Decimal {
    Decimal::from_i128_with_scale(digits.into(), scale)
}

pub(crate) fn decimal() -> impl Strategy<Value = Decimal> {
    let widest = (any::<[u32; 3]>(), any::<bool>(), 0_u32..=28);
    let widest = widest.prop_map(|([low, mid, high], negative, scale)| Decimal::from_parts(low, mid, high, negative, scale));
    prop_oneof![widest, (any::<i64>(), 0_u32..=28).prop_map(|(digits, scale)| decimal_of(digits, scale)), Just(Decimal::ZERO)]
}

/// Text with what means something to a form that it may stand in; now and then with the one character that PostgreSQL takes nowhere.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[a-z \"\\\\,{}()\\[\\]=>é\n]{0,8}", 4 => "\\PC{0,8}", 2 => Just("NULL".to_owned()), 1 => Just("a\0b".to_owned())]
}

pub(crate) fn sample(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

pub(crate) fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![vec(inner.clone(), 0..3).prop_map(Value::from), inner.prop_map(|inner| json!({ "a \"key\"": inner, "b": 1 }))]
    })
}

/// Every day that `chrono` has, of which PostgreSQL has fewer before the first year.
pub(crate) fn date() -> impl Strategy<Value = NaiveDate> {
    let days = |days: i32| NaiveDate::from_num_days_from_ce_opt(days).expect("a day");
    prop_oneof![(-95_746_129..=95_745_398).prop_map(days), (-2_000_000..=1_000_000).prop_map(days)]
}

pub(crate) fn time() -> impl Strategy<Value = NaiveTime> {
    (0_i64..86_400_000_000).prop_map(|microseconds| NaiveTime::MIN + TimeDelta::microseconds(microseconds))
}

pub(crate) fn time_tz() -> impl Strategy<Value = TimeTz> {
    (time(), -86_399..86_400_i32).prop_map(|(time, east)| TimeTz { time, offset: FixedOffset::east_opt(east).expect("less than a day") })
}

pub(crate) fn timestamp() -> impl Strategy<Value = NaiveDateTime> {
    (date(), time()).prop_map(|(date, time)| date.and_time(time))
}

pub(crate) fn point_in_time() -> impl Strategy<Value = DateTime<Utc>> {
    timestamp().prop_map(|timestamp| timestamp.and_utc())
}

/// Within what both sides have.
pub(crate) fn recent() -> impl Strategy<Value = DateTime<Utc>> {
    (-60_000_000_000_000_000..60_000_000_000_000_000_i64)
        .prop_map(|microseconds| DateTime::from_timestamp_micros(microseconds).expect("a point in time"))
}

pub(crate) fn interval() -> impl Strategy<Value = Interval> {
    let any = (any::<i32>(), any::<i32>(), any::<i64>());
    let small = (-30..30, -40..40, -90_000_000_000..90_000_000_000_i64);
    prop_oneof![any, small].prop_map(|(months, days, microseconds)| Interval { months, days, microseconds })
}

pub(crate) fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![any::<u32>().prop_map(|bits| IpAddr::V4(bits.into())), any::<u128>().prop_map(|bits| IpAddr::V6(bits.into()))]
}

pub(crate) fn network() -> impl Strategy<Value = Cidr> {
    let four = (any::<u32>(), 0_u8..=32).prop_map(|(bits, prefix)| {
        let bits = bits & !u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
        Cidr::new(IpAddr::V4(bits.into()), prefix)
    });
    let six = (any::<u128>(), 0_u8..=128).prop_map(|(bits, prefix)| {
        let bits = bits & !u128::MAX.checked_shr(prefix.into()).unwrap_or(0);
        Cidr::new(IpAddr::V6(bits.into()), prefix)
    });
    prop_oneof![four, six].prop_map(|network| network.expect("no bit is set behind"))
}

pub(crate) fn bits(len: std::ops::Range<usize>) -> impl Strategy<Value = Bits> {
    vec(any::<bool>(), len).prop_map(Bits::from_iter)
}

pub(crate) fn point() -> impl Strategy<Value = Point> {
    (float8(), -1e6..1e6).prop_map(|(x, y)| Point { x, y })
}

fn ordered<T: PartialOrd>(one: T, other: T) -> (T, T) {
    if other < one { (other, one) } else { (one, other) }
}

/// As PostgreSQL has ranges of whole values: without the upper bound.
pub(crate) fn whole_range<T: PartialOrd + Debug + Clone>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Range<T>> {
    (vec(values, 2), 0..5).prop_filter_map("a range of no values is empty", |(mut values, kind)| {
        let (low, high) = ordered(values.pop()?, values.pop()?);
        match kind {
            0 => Some(Range::Empty),
            1 => Some(Range::from(low..)),
            2 => Some(Range::from(..high)),
            _ => (low < high).then(|| Range::from(low..high)),
        }
    })
}

pub(crate) fn range<T: PartialOrd + Debug + Clone>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Range<T>> {
    (vec(values, 2), 0..7).prop_filter_map("a range of no values is empty", |(mut values, kind)| {
        let (low, high) = ordered(values.pop()?, values.pop()?);
        let distinct = low < high;
        match kind {
            0 => Some(Range::Empty),
            1 => Some(Range::all()),
            2 => Some(Range::from(low..)),
            3 => Some(Range::from(..=high)),
            4 => Some(Range::from(low..=high)),
            5 => distinct.then(|| Range::from((Bound::Excluded(low), Bound::Included(high)))),
            _ => distinct.then(|| Range::from(low..high)),
        }
    })
}

/// Ranges that do not touch, in their order.
pub(crate) fn multirange<T: PartialOrd + Debug + Clone>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Multirange<T>> {
    vec(values, 0..6).prop_map(|mut values| {
        values.sort_by(|one, other| one.partial_cmp(other).expect("they are ordered"));
        values.dedup_by(|one, other| one == other);
        values.chunks_exact(2).map(|pair| Range::from(pair[0].clone()..pair[1].clone())).collect()
    })
}

pub(crate) fn elements<T: Debug + Clone>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<Option<T>>> {
    vec(prop::option::weighted(0.8, values), 0..4)
}

pub(crate) fn grid<T: Debug + Clone>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Array<T>> {
    (vec(prop::option::weighted(0.8, values), 6), 0..4).prop_map(|(elements, kind)| {
        let two = elements.chunks(3).map(<[_]>::to_vec).collect();
        match kind {
            0 => Array::default(),
            1 => Array::from(elements),
            2 => Array::from_rows(two).expect("rows of three"),
            _ => {
                let sizes = [(1, 0), (3, -5), (2, 7)];
                let dimensions = sizes.map(|(len, lower)| elyos_runtime::types::Dimension { len, lower });
                Array::new(dimensions.to_vec(), elements).expect("six elements")
            }
        }
    })
}
