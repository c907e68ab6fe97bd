//! Dates and times.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;

use super::super::expression::{Expr, bound};
use super::super::fragment::{Fragment, Piece};
use super::super::{Null, SqlType};
use super::values;
use crate::types::Interval;

/// A type of values that are points in time.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is no point in time", label = "only dates and timestamps are")]
pub trait Instant {
    /// Whether it is a whole day. As that it has no hours, and would be taken for one of the session's time zone, where some days begin
    /// later than at midnight.
    #[doc(hidden)]
    const IS_DAY: bool = false;
    /// What a point in time and an interval make: of a date, a timestamp.
    type Moved: SqlType;
    /// Its day.
    type Day: SqlType;
}

/// When something is: the time of `now` or the day of today, as a crate has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no point in time of the server's clock",
    label = "a point in time with a zone is wanted"
)]
pub trait Present: SqlType {}

/// Of a crate: its day, its time of a day without a zone, and its point in time.
macro_rules! instants {
    ($day:ty, $local:ty, $instant:ty) => {
        impl Instant for $day {
            const IS_DAY: bool = true;
            type Moved = $local;
            type Day = $day;
        }

        impl Instant for $local {
            type Moved = $local;
            type Day = $day;
        }

        impl Instant for $instant {
            type Moved = $instant;
            type Day = $day;
        }

        impl Present for $instant {}
    };
}

instants!(NaiveDate, NaiveDateTime, DateTime<Utc>);
#[cfg(feature = "time")]
instants!(::time::Date, ::time::PrimitiveDateTime, ::time::OffsetDateTime);
#[cfg(feature = "jiff")]
instants!(jiff::civil::Date, jiff::civil::DateTime, jiff::Timestamp);

/// A part of a date or of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The quarter, from 1.
    Quarter,
    /// The month, from 1.
    Month,
    /// The week of the ISO calendar, from 1.
    Week,
    /// The day of the month, from 1.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The second with its fraction.
    Second,
}

impl DatePart {
    const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}

/// When the transaction began.
#[must_use]
pub fn now<S>() -> Expr<S, DateTime<Utc>> {
    now_as()
}

/// [`now`] as another crate has points in time: `now_as::<_, jiff::Timestamp>()`.
#[must_use]
pub fn now_as<S, T: Present>() -> Expr<S, T> {
    Expr::new(Fragment::text("now()"), T::FORM)
}

/// The day on which the transaction began, in the session's time zone.
#[must_use]
pub fn current_date<S>() -> Expr<S, NaiveDate> {
    current_date_as()
}

/// [`current_date`] as another crate has days: `current_date_as::<_, jiff::civil::Date>()`.
#[must_use]
pub fn current_date_as<S, D: Instant<Day = D> + SqlType>() -> Expr<S, D> {
    Expr::new(Fragment::text("CURRENT_DATE"), D::FORM)
}

/// A day as the point in time at which it begins.
fn as_point(is_day: bool, sql: Fragment) -> Fragment {
    if is_day { Fragment::text("CAST(").with(sql).then(" AS timestamp)") } else { sql }
}

values! {
    [T: Instant]
    /// The part, as a number. `infinity`, which columns of these types may hold, has none: it is null then.
    fn extract<>(this, part: DatePart) -> Expr<S, Decimal, Null> {
        this.into_form(Decimal::FORM, |sql| {
            let sql = as_point(T::IS_DAY, sql);
            let finite = Fragment::text("(CASE WHEN isfinite(").with(sql.clone());
            finite.then(") THEN CAST(extract(").then(part.name()).then(" FROM ").with(sql).then(") AS numeric) END)")
        })
    }

    /// Cut off behind the part: the beginning of its month, of its hour; of a point in time in the session's time zone.
    fn truncated_to<>(this, part: DatePart) -> Expr<S, T::Moved, N> {
        let ty = T::Moved::FORM.ty;
        this.into_form(T::Moved::FORM, |sql| {
            let sql = as_point(T::IS_DAY, sql);
            let mut cut = Fragment::text("CAST(date_trunc(");
            cut.push(Piece::Literal(part.name()));
            cut.then(", ").with(sql).then(") AS ").then(ty).then(")")
        })
    }

    /// So much later.
    fn later_by<>(this, by: Interval) -> Expr<S, T::Moved, N> {
        let by = bound(by, &Interval::FORM, None);
        this.into_form(T::Moved::FORM, |sql| sql.between("(", " + ").with(by).then(")"))
    }

    /// So much earlier.
    fn earlier_by<>(this, by: Interval) -> Expr<S, T::Moved, N> {
        let by = bound(by, &Interval::FORM, None);
        this.into_form(T::Moved::FORM, |sql| sql.between("(", " - ").with(by).then(")"))
    }

    /// The day; of a point in time in the session's time zone.
    fn date<>(this) -> Expr<S, T::Day, N> { this.into_form(T::Day::FORM, |sql| sql.between("CAST(", " AS date)")) }
}
