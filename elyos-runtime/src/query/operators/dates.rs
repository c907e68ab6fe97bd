//! Dates and times.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;

use super::super::SqlType;
use super::super::expression::{Expr, bound};
use super::super::fragment::{Fragment, Piece};
use super::values;
use crate::types::Interval;

/// A type of values that are points in time.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is no point in time", label = "only dates and timestamps are")]
pub trait Instant {
    /// What a point in time and an interval make: of a date, a timestamp.
    type Moved: SqlType;
}

impl Instant for NaiveDate {
    type Moved = NaiveDateTime;
}

impl Instant for NaiveDateTime {
    type Moved = Self;
}

impl Instant for DateTime<Utc> {
    type Moved = Self;
}

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
    Expr::new(Fragment::text("now()"), SqlType::FORM)
}

/// The day on which the transaction began, in the session's time zone.
#[must_use]
pub fn current_date<S>() -> Expr<S, NaiveDate> {
    Expr::new(Fragment::text("CURRENT_DATE"), SqlType::FORM)
}

values! {
    [T: Instant]
    /// The part, as a number.
    fn extract<>(this, part: DatePart) -> Expr<S, Decimal, N> {
        this.into_form(Decimal::FORM, |sql| {
            Fragment::text("CAST(extract(").then(part.name()).then(" FROM ").with(sql).then(") AS numeric)")
        })
    }

    /// Cut off behind the part: the beginning of its month, of its hour; of a point in time in the session's time zone.
    fn truncated_to<>(this, part: DatePart) -> Expr<S, T::Moved, N> {
        let ty = T::Moved::FORM.ty;
        this.into_form(T::Moved::FORM, |sql| {
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
    fn date<>(this) -> Expr<S, NaiveDate, N> { this.into_form(NaiveDate::FORM, |sql| sql.between("CAST(", " AS date)")) }
}
