//! The character NUL, which PostgreSQL's text cannot hold: refused before anything is sent.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use super::{Bound, Param};

type Encoded = Result<IsNull, Box<dyn StdError + Sync + Send>>;

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Encoded {
        let start = out.len();
        let is_null = match &self.bound {
            Bound::Value(value) => value.to_sql_checked(ty, out)?,
            Bound::Many(values) => values.to_sql_checked(ty, out)?,
        };
        if matches!(is_null, IsNull::No) && holds_nul(ty, &out[start..]) {
            return Err("it holds the character NUL, which no text of PostgreSQL's can".into());
        }
        Ok(is_null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Whether a value in its binary form holds the character NUL.
fn holds_nul(ty: &Type, raw: &[u8]) -> bool {
    match *ty {
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON => raw.contains(&0),
        Type::JSONB => holds_escaped_nul(raw),
        _ => match ty.kind() {
            Kind::Array(of) if is_text(of) => elements(raw).is_some_and(|mut elements| elements.any(|element| holds_nul(of, element))),
            _ => false,
        },
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON | Type::JSONB)
}

/// In JSON it is written `\\u0000`, unless the backslash is one of two that mean one.
fn holds_escaped_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at..].starts_with(b"\\u0000") {
            return true;
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

/// The elements of an array that are not null.
///
/// Source: `array_recv` in PostgreSQL's source.
fn elements(raw: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let dimensions = usize::try_from(i32::from_be_bytes(raw.first_chunk().copied()?)).ok()?;
    let mut rest = raw.get(12 + dimensions * 8..)?;
    Some(std::iter::from_fn(move || {
        loop {
            let (length, behind) = rest.split_first_chunk()?;
            rest = behind;
            if let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) {
                let (element, behind) = rest.split_at_checked(length)?;
                rest = behind;
                return Some(element);
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Travel;

    fn refused(value: &(dyn ToSql + Sync), travel: Travel) -> bool {
        let param = Param::new(value, travel);
        param.to_sql_checked(&param.ty(), &mut BytesMut::new()).is_err()
    }

    #[test]
    fn nul_is_refused_wherever_text_is() {
        assert!(refused(&"a\0b", Travel::TEXT) && !refused(&"a\\0b", Travel::TEXT));
        assert!(refused(&vec![Some("a"), None, Some("\0")], Travel::VARCHAR.in_arrays()));
        assert!(!refused(&vec![Some("a"), None, Some("b")], Travel::VARCHAR.in_arrays()));
        assert!(!refused(&vec![Some(0), None], Travel::INT4.in_arrays()) && !refused(&0, Travel::INT4));
        assert!(!refused(&vec![0_u8], Travel::BYTEA));
        assert!(refused(&serde_json::json!({"a": "\0"}), Travel::JSONB));
        assert!(!refused(&serde_json::json!({"a": "\\\\u0000"}), Travel::JSONB));
        assert!(refused(&serde_json::json!({"a": "\\\0"}), Travel::JSONB));
    }
}
