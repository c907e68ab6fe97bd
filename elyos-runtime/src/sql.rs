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
