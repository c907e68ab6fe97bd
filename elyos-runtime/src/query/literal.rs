//! Values as the text that PostgreSQL reads them from, for arrays that travel in numbers.

use std::fmt::Write as _;

use crate::types::write_quoted;

/// A value that has a text which PostgreSQL's input function of its type reads.
///
/// Arrays of many rows travel as text, because PostgreSQL has no array of arrays: `unnest` would take them all apart.
pub trait Literal {
    /// What stands between the elements of an array of these; a semicolon in those of `box` alone.
    const DELIMITER: char = ',';

    /// Appends the text, without quotes.
    fn write_literal(&self, to: &mut String);
}

macro_rules! displayed {
    ($($ty:ty)*) => {
        $(impl Literal for $ty {
            fn write_literal(&self, to: &mut String) {
                // Writing to a String cannot fail.
                let _ = write!(to, "{self}");
            }
        })*
    };
}

displayed!(i16 i32 i64 u32 bool uuid::Uuid rust_decimal::Decimal serde_json::Value std::net::IpAddr);

/// Every digit that it takes to be read back as it was; what is not a number in PostgreSQL's words.
macro_rules! floating {
    ($($ty:ty)*) => {
        $(impl Literal for $ty {
            fn write_literal(&self, to: &mut String) {
                if self.is_nan() {
                    to.push_str("NaN");
                } else if self.is_infinite() {
                    to.push_str(if *self > 0.0 { "Infinity" } else { "-Infinity" });
                } else {
                    let _ = write!(to, "{self:e}");
                }
            }
        })*
    };
}

floating!(f32 f64);

impl Literal for i8 {
    /// The byte as `"char"` reads it: octal behind a backslash where it is not ASCII.
    fn write_literal(&self, to: &mut String) {
        let byte = self.cast_unsigned();
        match byte {
            0 => {}
            1..=0x7f => to.push(char::from(byte)),
            _ => {
                let _ = write!(to, "\\{byte:03o}");
            }
        }
    }
}

impl Literal for String {
    fn write_literal(&self, to: &mut String) {
        to.push_str(self);
    }
}

impl Literal for Vec<u8> {
    /// Source: PostgreSQL, "Binary Data Types", the hex format.
    fn write_literal(&self, to: &mut String) {
        to.push_str("\\x");
        for byte in self {
            let _ = write!(to, "{byte:02x}");
        }
    }
}

/// A date and what stands behind it: a year before the first is counted from it, and none has a sign.
///
/// Source: PostgreSQL, "Date/Time Input".
fn write_date(date: chrono::NaiveDate, behind: &str, to: &mut String) {
    use chrono::Datelike as _;
    let year = date.year();
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    let _ = write!(to, "{year:04}-{:02}-{:02}{behind}{era}", date.month(), date.day());
}

impl Literal for chrono::NaiveDate {
    fn write_literal(&self, to: &mut String) {
        write_date(*self, "", to);
    }
}

/// To the microsecond, as it is bound: the server would round what is behind that.
fn to_microseconds(time: chrono::NaiveTime) -> chrono::NaiveTime {
    use chrono::Timelike as _;
    time.with_nanosecond(time.nanosecond() / 1_000 * 1_000).unwrap_or(time)
}

impl Literal for chrono::NaiveTime {
    fn write_literal(&self, to: &mut String) {
        let _ = write!(to, "{}", to_microseconds(*self));
    }
}

impl Literal for chrono::NaiveDateTime {
    fn write_literal(&self, to: &mut String) {
        write_date(self.date(), &format!(" {}", to_microseconds(self.time())), to);
    }
}

impl Literal for chrono::DateTime<chrono::Utc> {
    fn write_literal(&self, to: &mut String) {
        let naive = self.naive_utc();
        write_date(naive.date(), &format!(" {}+00", to_microseconds(naive.time())), to);
    }
}

/// An array that has a text.
pub trait ArrayLiteral {
    /// The array as PostgreSQL reads it; `None` for null.
    fn literal(&self) -> Option<String>;
}

impl<T: Literal> ArrayLiteral for Vec<Option<T>> {
    fn literal(&self) -> Option<String> {
        let mut text = String::with_capacity(2 + self.len() * 8);
        text.push('{');
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                text.push(T::DELIMITER);
            }
            write_element(element.as_ref(), &mut text);
        }
        text.push('}');
        Some(text)
    }
}

impl<T: Literal> Literal for Vec<Option<T>> {
    fn write_literal(&self, to: &mut String) {
        to.push_str(&self.literal().unwrap_or_default());
    }
}

impl<A: ArrayLiteral> ArrayLiteral for Option<A> {
    fn literal(&self) -> Option<String> {
        self.as_ref().and_then(ArrayLiteral::literal)
    }
}

/// An element in double quotes, or `NULL`.
///
/// Source: PostgreSQL, "Array Input and Output Syntax".
pub(crate) fn write_element<T: Literal>(element: Option<&T>, to: &mut String) {
    let Some(element) = element else {
        to.push_str("NULL");
        return;
    };
    let mut text = String::new();
    element.write_literal(&mut text);
    write_quoted(&text, to);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_quoted_and_nulls_are_not() {
        let names = vec![Some("a\"b\\c,{}".to_owned()), None, Some("NULL".to_owned()), Some(String::new())];
        assert_eq!(names.literal().as_deref(), Some(r#"{"a\"b\\c,{}",NULL,"NULL",""}"#));
        assert_eq!(Vec::<Option<i32>>::new().literal().as_deref(), Some("{}"));
        assert_eq!(None::<Vec<Option<i32>>>.literal(), None);
    }

    #[test]
    fn years_before_the_first_are_counted_from_it() {
        let text = |year| {
            let mut text = String::new();
            chrono::NaiveDate::from_ymd_opt(year, 2, 3).expect("a date").write_literal(&mut text);
            text
        };
        assert_eq!((text(1).as_str(), text(0).as_str(), text(-43).as_str()), ("0001-02-03", "0001-02-03 BC", "0044-02-03 BC"));
        assert_eq!(text(12_345), "12345-02-03");
    }
}
