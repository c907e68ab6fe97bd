//! Text as SQL, where a file has no parameters to bind it to.

use std::fmt::Write as _;

/// A string constant. Written so that it means the same whatever `standard_conforming_strings` is.
///
/// Source: PostgreSQL, "Lexical Structure", "String Constants with C-Style Escapes".
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    if text.contains('\\') {
        quoted.push('E');
    }
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str("''"),
            '\\' => quoted.push_str("\\\\"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// A dollar-quoted string constant whose tag the text does not hold. Neither the server nor psql reads anything in it.
///
/// Source: PostgreSQL, "Lexical Structure", "Dollar-Quoted String Constants".
pub(super) fn quoted(text: &str) -> String {
    let mut tag = "$elyos$".to_owned();
    let mut number = 1;
    // The text's end and the tag's beginning must not make a tag together.
    while format!("{text}{tag}").find(&tag) != Some(text.len()) {
        number += 1;
        tag = format!("$elyos{number}$");
    }
    format!("{tag}{text}{tag}")
}

/// An array constant of texts.
pub(super) fn array<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| literal(text.as_ref())).collect();
    format!("ARRAY[{}]::text[]", texts.join(", "))
}

/// A statement with a value in the place of each parameter.
///
/// Of statements of Elyos's own only, in which a dollar sign and a digit are a parameter and nothing else.
pub(super) fn with_values(sql: &str, values: &[String]) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        match rest[..digits].parse::<usize>().ok().and_then(|number| values.get(number.wrapping_sub(1))) {
            Some(value) => out.push_str(value),
            // The server says that there is no such parameter.
            None => drop(write!(out, "${}", &rest[..digits])),
        }
        rest = &rest[digits..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{literal, quoted, with_values};

    #[test]
    fn a_constant_means_its_text_whatever_is_in_it() {
        assert_eq!(literal("a'b"), "'a''b'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }

    #[test]
    fn a_tag_is_not_in_the_text_nor_made_at_its_end() {
        assert_eq!(quoted("a"), "$elyos$a$elyos$");
        assert_eq!(quoted("$elyos$ $elyos2$"), "$elyos3$$elyos$ $elyos2$$elyos3$");
        assert_eq!(quoted("a$elyos"), "$elyos2$a$elyos$elyos2$");
    }

    #[test]
    fn a_parameter_is_replaced_by_its_value_and_a_value_is_left_as_it_is() {
        let values: Vec<String> = (1..=11).map(|number| format!("'v{number}'")).collect();
        assert_eq!(with_values("SELECT $1, $11, $12", &values), "SELECT 'v1', 'v11', $12");
        assert_eq!(with_values("SELECT $1, $2", &["'$2'".to_owned(), "'b'".to_owned()]), "SELECT '$2', 'b'");
    }
}
