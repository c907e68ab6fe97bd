//! Days as a number, and as the Gregorian calendar has them: in PostgreSQL it has no beginning.

const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// The days from the beginning of 2000 to that of the year.
fn before_year(year: i64) -> i64 {
    let leaps_until = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (year - 2000) * 365 + leaps_until(year - 1) - leaps_until(1999)
}

fn before_month(year: i64, month: usize) -> i64 {
    let days = BEFORE_MONTH.get(month - 1).copied().unwrap_or(365);
    if month > 2 && is_leap(year) { days + 1 } else { days }
}

/// The days from the beginning of 2000 to that day; none where the calendar does not have it. The year before the first is zero.
pub(super) fn days(year: i64, month: u8, day: u8) -> Option<i64> {
    let (month, day) = (usize::from(month), i64::from(day));
    if !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let first = before_month(year, month);
    (day <= before_month(year, month + 1) - first).then(|| before_year(year) + first + day - 1)
}

/// The year, the month and the day so many days behind the beginning of 2000.
pub(super) fn date(days: i64) -> (i64, u8, u8) {
    // 400 years have as many days as these, always.
    let mut year = 2000 + (days * 400).div_euclid(146_097);
    while before_year(year) > days {
        year -= 1;
    }
    while before_year(year + 1) <= days {
        year += 1;
    }
    let of_year = days - before_year(year);
    let month = (1..12).find(|month| before_month(year, month + 1) > of_year).unwrap_or(12);
    let day = of_year - before_month(year, month) + 1;
    (year, u8::try_from(month).unwrap_or(12), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;

    #[test]
    fn the_days_are_those_of_another_calendar() {
        let epoch = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
        let all = (-800_000..800_000).step_by(37).chain(-1_500..1_500).chain([-95_000_000, 95_000_000, 36_524, -36_525]);
        for number in all {
            let day = epoch + chrono::TimeDelta::days(number);
            let (year, month, of_month) = date(number);
            assert_eq!((year, month.into(), of_month.into()), (day.year().into(), day.month(), day.day()), "{number}");
            assert_eq!(days(year, month, of_month), Some(number));
        }
        assert_eq!((days(2023, 2, 29), days(2024, 2, 30), days(1900, 2, 29), days(2000, 2, 29)), (None, None, None, Some(59)));
        assert_eq!((days(2024, 0, 1), days(2024, 13, 1), days(2024, 1, 0), days(2024, 12, 32)), (None, None, None, None));
    }
}
