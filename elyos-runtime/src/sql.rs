//! The one way in for names: every identifier that reaches SQL text is quoted here.

/// Quotes a name so that it means itself, whatever it holds.
///
/// Source: PostgreSQL, "Lexical Structure", quoted identifiers.
///
/// ```
/// assert_eq!(elyos_runtime::quote_identifier("order"), "\"order\"");
/// assert_eq!(elyos_runtime::quote_identifier("a\"b"), "\"a\"\"b\"");
/// ```
#[must_use]
pub fn quote_identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for character in name.chars() {
        if character == '"' {
            quoted.push('"');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// A text as a literal that means itself whatever `standard_conforming_strings` is, for statements that take no values.
///
/// Source: PostgreSQL, "Lexical Structure", string constants with C-style escapes.
pub(crate) fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

#[cfg(test)]
mod tests {
    use super::quote_literal;

    #[test]
    fn a_literal_means_itself() {
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal(r"a\'b"), r"E'a\\''b'");
    }
}
