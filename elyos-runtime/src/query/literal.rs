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
}
