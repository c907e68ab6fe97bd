//! The values of other crates and the standard library, from the text that PostgreSQL prints.

use std::net::IpAddr;

use rust_decimal::Decimal;
use tokio_postgres::types::Type;

use super::binary::Bytes;
use super::inet::alone;
use super::quoted::piece;
use super::{BoxError, Element, FromLiteral, Inet, ValueError};
use crate::query::Literal;

macro_rules! parsed {
    ($($ty:ty, $what:literal;)*) => {
        $(impl FromLiteral for $ty {
            fn from_literal(text: &str) -> Result<Self, ValueError> {
                text.parse().map_err(|_| ValueError::text($what))
            }
        }

        impl Element for $ty {})*
    };
}

parsed! {
    i16, "whole number of two bytes";
    i32, "whole number of four bytes";
    i64, "whole number of eight bytes";
    u32, "whole number of four bytes";
    // `Infinity` and `NaN` are read as well.
    f32, "number";
    f64, "number";
    uuid::Uuid, "UUID";
    serde_json::Value, "JSON";
}

impl FromLiteral for bool {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        match text {
            "t" | "true" => Ok(true),
            "f" | "false" => Ok(false),
            _ => Err(ValueError::text("boolean")),
        }
    }
}

impl Element for bool {}

impl FromLiteral for String {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        Ok(text.to_owned())
    }
}

impl Element for String {}

impl FromLiteral for i8 {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let byte = match text.as_bytes() {
            [] => Some(0),
            [byte] => Some(*byte),
            [b'\\', octal @ ..] if octal.len() == 3 => u8::from_str_radix(&text[1..], 8).ok(),
            _ => None,
        };
        byte.map(u8::cast_signed).ok_or_else(|| ValueError::text("single byte"))
    }
}

impl Element for i8 {}

impl FromLiteral for Vec<u8> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::new("the text is no bytes in hexadecimal digits; is `bytea_output` that?");
        let digits = text.strip_prefix("\\x").filter(|digits| digits.len() % 2 == 0 && digits.is_ascii()).ok_or_else(wrong)?;
        let bytes = digits.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'))?;
            u8::from_str_radix(pair, 16).ok()
        });
        bytes.collect::<Option<_>>().ok_or_else(wrong)
    }
}

impl Element for Vec<u8> {}

impl FromLiteral for IpAddr {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        alone(text.parse::<Inet>()?)
    }
}

fn too_many_digits() -> ValueError {
    ValueError::new("the number has more digits than a `Decimal`, which has 28")
}

fn not_finite() -> ValueError {
    ValueError::new("it is not a finite number, and a `Decimal` is")
}

impl FromLiteral for Decimal {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        if matches!(text, "NaN" | "Infinity" | "-Infinity") {
            return Err(not_finite());
        }
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().map_err(|_| ValueError::text("number"))?;
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, digits.strip_prefix('+').unwrap_or(digits)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut mantissa = Mantissa::default();
        let all = whole.bytes().chain(fraction.bytes());
        if whole.len() + fraction.len() == 0 || !all.clone().all(|byte| byte.is_ascii_digit()) {
            return Err(ValueError::text("number"));
        }
        all.for_each(|byte| mantissa.push(u32::from(byte - b'0'), 10));
        let scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(exponent);
        mantissa.decimal(negative, scale)
    }
}

impl Element for Decimal {
    /// All digits or none: the driver's way rounds those that are too many.
    ///
    /// Source: `numeric_send` in PostgreSQL's source.
    fn from_binary(_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut bytes = Bytes::new(raw, "number");
        let (count, weight, sign, scale) = (bytes.u16()?, bytes.i16()?, bytes.u16()?, bytes.u16()?);
        let negative = match sign {
            0x0000 => false,
            0x4000 => true,
            _ => return Err(not_finite().into()),
        };
        let mut mantissa = Mantissa::default();
        for _ in 0..count {
            mantissa.push(bytes.u16()?.into(), 10_000);
        }
        bytes.end()?;
        // Of the groups of four digits so many stand behind the point.
        let behind = i64::from(count) - 1 - i64::from(weight);
        mantissa.shown(i64::from(scale), behind * 4, negative)
    }
}

/// Digits that are put together, as long as they fit.
#[derive(Default)]
struct Mantissa {
    value: u128,
    overflown: bool,
}

impl Mantissa {
    fn push(&mut self, digits: u32, base: u128) {
        match self.value.checked_mul(base).and_then(|value| value.checked_add(digits.into())) {
            Some(value) => self.value = value,
            None => self.overflown = true,
        }
    }

    /// With as many digits behind the point as are shown; what the groups hold behind those is zeros.
    fn shown(self, scale: i64, behind: i64, negative: bool) -> Result<Decimal, BoxError> {
        let mut number = self.decimal(negative, behind)?;
        // More zeros than have room say nothing more.
        if let Ok(scale) = u32::try_from(scale.min(28)) {
            let mut shown = number;
            shown.rescale(scale);
            if shown == number {
                number = shown;
            }
        }
        Ok(number)
    }

    /// The number with so many of the digits behind the point; less than none are zeros before it.
    fn decimal(self, negative: bool, scale: i64) -> Result<Decimal, ValueError> {
        let Self { mut value, overflown } = self;
        if overflown {
            return Err(too_many_digits());
        }
        let mut scale = scale;
        if value == 0 {
            scale = scale.clamp(0, 28);
        }
        while scale > 0 && value % 10 == 0 && (scale > 28 || value >= 1 << 96) {
            value /= 10;
            scale -= 1;
        }
        while scale < 0 {
            value = value.checked_mul(10).filter(|value| *value < 1 << 96).ok_or_else(too_many_digits)?;
            scale += 1;
        }
        let number = i128::try_from(value).ok().zip(u32::try_from(scale).ok());
        let number = number.and_then(|(value, scale)| Decimal::try_from_i128_with_scale(value, scale).ok());
        let mut number = number.ok_or_else(too_many_digits)?;
        number.set_sign_negative(negative && !number.is_zero());
        Ok(number)
    }
}

impl<T: FromLiteral + Literal> FromLiteral for Vec<Option<T>> {
    fn from_literal(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::text("array of one dimension");
        if text == "{}" {
            return Ok(Self::new());
        }
        let mut rest = text.strip_prefix('{').ok_or_else(wrong)?;
        let mut elements = Self::new();
        loop {
            if rest.starts_with('{') {
                return Err(wrong());
            }
            let (element, end) = piece(rest, &[T::DELIMITER, '}']).ok_or_else(wrong)?;
            let is_null = !element.quoted && element.text.eq_ignore_ascii_case("null");
            elements.push(if is_null { None } else { Some(T::from_literal(&element.text)?) });
            match end {
                "}" => return Ok(elements),
                _ => rest = end.strip_prefix(T::DELIMITER).ok_or_else(wrong)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_to_the_last_digit_or_refused() {
        for text in
            ["0", "1", "-1.50", "0.0000000000000000000000000001", "79228162514264337593543950335", "-7.9228162514264337593543950335"]
        {
            assert_eq!(Decimal::from_literal(text).map(|number| number.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(Decimal::from_literal("1.5e3").map(|number| number.to_string()).as_deref(), Ok("1500"));
        assert_eq!(Decimal::from_literal("1.0000000000000000000000000000000000000"), Ok(Decimal::ONE));
        for text in ["79228162514264337593543950336", "0.00000000000000000000000000001", "1e99999999999", "1e29"] {
            assert_eq!(Decimal::from_literal(text), Err(too_many_digits()), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "a", "1e"] {
            assert_eq!(Decimal::from_literal(text), Err(ValueError::text("number")), "{text}");
        }
        assert_eq!(Decimal::from_literal("NaN"), Err(not_finite()));
    }

    #[test]
    fn bytes_and_arrays_are_read() {
        assert_eq!(Vec::<u8>::from_literal("\\x00ff"), Ok(vec![0, 255]));
        assert!(
            Vec::<u8>::from_literal("\\x0").is_err() && Vec::<u8>::from_literal("\\x+1").is_err() && Vec::<u8>::from_literal("ab").is_err()
        );
        let words: Result<Vec<Option<String>>, _> = Vec::from_literal(r#"{a,NULL,"NULL","",  "b\"c"}"#);
        assert_eq!(words.map(|words| words.len()), Ok(5));
        for text in ["", "{", "{a", "{a}b", "{{a}}"] {
            assert_eq!(Vec::<Option<String>>::from_literal(text), Err(ValueError::text("array of one dimension")), "{text}");
        }
    }
}
