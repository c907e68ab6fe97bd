//! Literals as values of their types: what the input function of a type takes for no value of it, where its rule is simple
//! (<https://www.postgresql.org/docs/current/datatype.html>). Later versions take more (`0x1F`, `1_000`): what they may take is let through.

use super::{
    Resolver,
    snapshot::Oid,
    types::{
        BOOL, DATE, FLOAT4, FLOAT8, INT2, INT2VECTOR, INT4, INT8, JSON, JSONB, NUMERIC, OID, OIDVECTOR, Shape, TIMESTAMP, TIMESTAMPTZ,
        Types, UUID,
    },
};

impl Resolver<'_> {
    /// The text between the quotes, where a stretch of the source is a plain literal and nothing else.
    pub(super) fn literal_text(&self, range: &std::ops::Range<usize>) -> Option<&str> {
        let text = self.source.text().get(range.clone())?;
        let text = text.trim_matches(|sign: char| sign.is_ascii_whitespace() || matches!(sign, '(' | ')'));
        let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
        (!inner.contains(['\'', '\\'])).then_some(inner)
    }

    /// Whether elements of that type stand between commas in an array's text; those of `box` between semicolons.
    fn separates_by_comma(&self, element: Oid) -> bool {
        self.types.named(self.types.base(element)) != "box"
    }

    /// The values of an enum, through domains.
    pub(super) fn values_of(&self, ty: Oid) -> Vec<String> {
        let written = self.types.written(self.types.base(ty), &[]);
        let found = written.schema.and_then(|schema| self.catalog.enumeration(&schema, &written.name));
        found.map(|found| found.values.clone()).unwrap_or_default()
    }

    /// Whether a literal's text is a value of a type for certain not.
    pub(super) fn is_no_value(&self, text: &str, ty: Oid) -> bool {
        let base = self.types.base(ty);
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
        if matches!(base, INT2VECTOR | OIDVECTOR) {
            return false;
        }
        if Types::element_of(base).is_some() {
            // `{…}`, or that behind its bounds: `[0:1]={…}`.
            let bounds = trimmed.strip_prefix('[').is_some_and(|rest| rest.contains(':') && rest.contains('='));
            let inner = trimmed.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let Some(inner) = inner else { return !bounds };
            let plain = !inner.contains(['{', '}', '"']) && !inner.trim().is_empty();
            let element = Types::element_of(base).unwrap_or(base);
            let wrong = |part: &str| !part.trim().eq_ignore_ascii_case("null") && self.is_no_value(part.trim(), element);
            return plain && Types::element_of(element).is_none() && self.separates_by_comma(element) && inner.split(',').any(wrong);
        }
        match base {
            INT2 => !is_integer(trimmed, i64::from(i16::MIN)..=i64::from(i16::MAX)),
            INT4 => !is_integer(trimmed, i64::from(i32::MIN)..=i64::from(i32::MAX)),
            INT8 => !is_integer(trimmed, i64::MIN..=i64::MAX),
            NUMERIC | FLOAT4 | FLOAT8 => {
                let words = ["nan", "inf", "infinity"];
                let unsigned = trimmed.trim_start_matches(['+', '-']);
                !unsigned.starts_with(|sign: char| sign.is_ascii_digit() || sign == '.')
                    && !words.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
            }
            OID => trimmed.is_empty() || trimmed.bytes().all(|byte| byte.is_ascii_alphabetic()),
            BOOL => !is_bool(trimmed),
            UUID => {
                let digits = trimmed.trim_start_matches('{').trim_end_matches('}').bytes().filter(|byte| *byte != b'-');
                let (mut count, mut wrong) = (0, false);
                for digit in digits {
                    count += 1;
                    wrong |= !digit.is_ascii_hexdigit();
                }
                wrong || count != 32
            }
            DATE | TIMESTAMP | TIMESTAMPTZ => {
                let lower = trimmed.to_ascii_lowercase();
                let words = ["epoch", "infinity", "now", "today", "tomorrow", "yesterday"];
                is_length_of_time(&lower)
                    || !lower.bytes().any(|byte| byte.is_ascii_digit()) && !words.iter().any(|word| lower.contains(word))
            }
            JSON | JSONB => !trimmed.starts_with(|sign: char| sign.is_ascii_digit() || "{[\"-tfn".contains(sign)),
            _ => match self.types.shape(base) {
                Shape::Enum => !self.values_of(base).iter().any(|known| known == text),
                Shape::Range { .. } => !trimmed.starts_with(['(', '[']) && !trimmed.eq_ignore_ascii_case("empty"),
                Shape::Multirange { .. } => !trimmed.starts_with('{'),
                Shape::Composite(_) => !trimmed.starts_with('('),
                _ => false,
            },
        }
    }
}

fn is_integer(text: &str, range: std::ops::RangeInclusive<i64>) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_plain = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain {
        return text.parse::<i64>().is_ok_and(|value| range.contains(&value));
    }
    unsigned.starts_with(|first: char| first.is_ascii_digit())
        && unsigned.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'_' | b'x' | b'X' | b'o' | b'O'))
}

/// `1 day`, which is no time but how long one is.
fn is_length_of_time(text: &str) -> bool {
    const UNITS: [&str; 7] = ["second", "minute", "hour", "day", "week", "month", "year"];
    let Some((count, unit)) = text.split_once(' ') else { return false };
    count.bytes().all(|byte| byte.is_ascii_digit()) && UNITS.contains(&unit.trim_end_matches('s'))
}

/// Beginnings of the words that are no other's.
fn is_bool(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(lower.as_str());
    begins("true", 1)
        || begins("false", 1)
        || begins("yes", 1)
        || begins("no", 1)
        || begins("on", 2)
        || begins("off", 2)
        || begins("1", 1)
        || begins("0", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_boolean_are_their_beginnings() {
        for taken in ["t", "TRUE", "fal", "y", "no", "on", "of", "off", "0", "1"] {
            assert!(is_bool(taken), "{taken}");
        }
        for refused in ["", "o", "truex", "2", "10", "nope"] {
            assert!(!is_bool(refused), "{refused}");
        }
    }

    #[test]
    fn an_integer_is_digits_in_its_range() {
        for taken in ["1", "-32768", "+7", "0x1F", "1_000", "0b11"] {
            assert!(is_integer(taken, -32768..=32767), "{taken}");
        }
        for refused in ["", "abc", "1.5", "32768", "x1", "-", "1 2"] {
            assert!(!is_integer(refused, -32768..=32767), "{refused}");
        }
    }
}
