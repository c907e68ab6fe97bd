//! Numbers by a fixed rule, and random conditions, orders and expressions of columns by their types.

use elyos_runtime::chrono::{DateTime, TimeZone as _, Utc};
use elyos_runtime::query::{Column, DatePart, Expr, Filter, Has, Null, Nullness, Order, Table, case, now, raw, sql_type, value};
use elyos_runtime::serde_json::{Value, json};
use elyos_runtime::types::Interval;

/// A generator whose every answer follows from its seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below that one.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 40).expect("24 bits") % limit
    }

    pub(crate) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn int(&mut self) -> i32 {
        i32::try_from(self.below(50)).expect("a small number") - 5
    }

    fn text(&mut self) -> &'static str {
        ["a", "user", "admin", "%", "_", "\\", "", "É", "name2", "dark", "it's"][self.below(11)]
    }

    fn time(&mut self) -> DateTime<Utc> {
        Utc.timestamp_opt(1_582_000_000 + i64::from(self.int()) * 86_400, 0).single().expect("a time")
    }

    fn part(&mut self) -> DatePart {
        [
            DatePart::Year,
            DatePart::Quarter,
            DatePart::Month,
            DatePart::Week,
            DatePart::Day,
            DatePart::Hour,
            DatePart::Minute,
            DatePart::Second,
        ][self.below(8)]
    }
}

/// A condition on a column of numbers.
pub(crate) fn of_number<S: Has<R, I>, R: Table, N: Nullness, I>(random: &mut Random, column: Column<R, i32, N>) -> Filter<S> {
    let (one, other) = (random.int(), random.int());
    let expression: Expr<S, i32, Null> = number(random, column.nullable());
    match random.below(12) {
        0 => column.eq(one),
        1 => column.ne(one),
        2 => column.lt(one),
        3 => expression.le(one),
        4 => column.gt(expression),
        5 => column.ge(one),
        6 => column.between(one.min(other), one.max(other)),
        7 => column.is_in((0..one).collect::<Vec<i32>>()),
        8 => column.is_not_in([one, other]),
        9 => column.is_null(),
        10 => column.same_as(column),
        _ => raw("").put(expression).sql(" % 3 = ").bind(one).condition(),
    }
}

/// A number that is made of a column.
pub(crate) fn number<S: Has<R, I>, R: Table, I>(random: &mut Random, column: Column<R, i32, Null>) -> Expr<S, i32, Null> {
    let by = random.int().abs() + 1;
    match random.below(8) {
        0 => column.plus(by),
        1 => column.minus(column),
        2 => column.times(2).negated(),
        3 => column.divided_by(by),
        4 => column.modulo(by).abs(),
        5 => column.cast(sql_type::<i64>()).plus(1_i64).cast(sql_type::<i32>()),
        6 => column.null_if(by),
        _ => case::<i32>().when(column.gt(by), column).when(column.is_null(), 7).or_null(),
    }
}

/// A condition on a column of text.
pub(crate) fn of_text<S: Has<R, I>, R: Table, N: Nullness, I>(random: &mut Random, column: Column<R, String, N>) -> Filter<S> {
    let part = random.text();
    let expression: Expr<S, String, Null> = text(random, column.nullable());
    match random.below(14) {
        0 => column.eq(part),
        1 => column.like(if part == "\\" { "a%" } else { part }),
        2 => column.ilike("%A_%"),
        3 => column.contains(part),
        4 => column.starts_with(part),
        5 => column.ends_with(part),
        6 => expression.icontains(part),
        7 => column.is_in([part, "x"]),
        8 => column.is_not_null(),
        9 => column.matches("^[a-z]+$"),
        10 => column.search_words("english", "user or \"admin x\" -nobody"),
        11 => expression.length().gt(3),
        12 => expression.clone().eq(expression),
        _ => column.lt(expression),
    }
}

/// A text that is made of a column.
pub(crate) fn text<S: Has<R, I>, R: Table, I>(random: &mut Random, column: Column<R, String, Null>) -> Expr<S, String, Null> {
    let part = random.text();
    match random.below(10) {
        0 => column.lower(),
        1 => column.upper(),
        2 => column.trim(),
        3 => column.concat(part),
        4 => column.concat(column),
        5 => column.substring(2, 3),
        6 => column.replace("a", part),
        7 => column.split_part("@", 2),
        8 => column.first_match("[0-9]+"),
        _ => column.or_else(part).nullable(),
    }
}

/// A condition on a column of times.
pub(crate) fn of_time<S: Has<R, I>, R: Table, N: Nullness, I>(random: &mut Random, column: Column<R, DateTime<Utc>, N>) -> Filter<S> {
    let (at, part) = (random.time(), random.part());
    let far = column.nullable();
    let day = Interval { months: 0, days: random.int(), microseconds: 0 };
    match random.below(8) {
        0 => column.lt(at),
        1 => column.ge(now()),
        2 => far.truncated_to(part).le(at),
        3 => far.extract(part).gt(value(elyos_runtime::rust_decimal::Decimal::from(random.int()))),
        4 => far.later_by(day).lt(at),
        5 => far.earlier_by(day).gt(column),
        6 => far.date().eq(at.date_naive()),
        _ => column.between(at, at),
    }
}

/// A condition on a column of JSON.
pub(crate) fn of_json<S: Has<R, I>, R: Table, N: Nullness, I>(random: &mut Random, column: Column<R, Value, N>) -> Filter<S> {
    let key = random.text();
    let far = column.nullable();
    match random.below(8) {
        0 => column.has_key(key),
        1 => column.has_any_key(&[key, "en"]),
        2 => column.has_all_keys(&["theme", "size"]),
        3 => column.json_contains(json!({"theme": key})),
        4 => column.json_is_within(json!({"theme": "dark", "size": 3})),
        5 => far.get("desktop").get_text("background").contains(key),
        6 => far.get_path_text(&["desktop", key]).is_null(),
        _ => far.get_path(&["size"]).eq(json!(random.int())),
    }
}

/// Some of the conditions, joined in any way.
pub(crate) fn joined<S>(random: &mut Random, mut one: impl FnMut(&mut Random) -> Filter<S>) -> Filter<S> {
    let mut filter = one(random);
    for _ in 0..random.below(4) {
        let other = one(random);
        filter = match random.below(5) {
            0 | 1 => filter.and(other),
            2 | 3 => filter.or(other),
            _ => filter.not().and_if(Some(other)),
        };
    }
    filter
}

/// By an expression, in either direction.
pub(crate) fn order<S, T, N>(random: &mut Random, expression: Expr<S, T, N>) -> Order<S> {
    let order = if random.chance(2) { expression.asc() } else { expression.desc() };
    match random.below(3) {
        0 => order.nulls_first(),
        1 => order.nulls_last(),
        _ => order,
    }
}
