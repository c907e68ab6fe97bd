//! Values in double quotes, as arrays, ranges and composites have them in their text.

use std::borrow::Cow;

/// Appends a text in double quotes, with a backslash before what would end it.
///
/// Source: PostgreSQL, "Array Input and Output Syntax", "Constructing Composite Values" and "Range Input/Output".
pub(crate) fn write_quoted(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            to.push('\\');
        }
        to.push(character);
    }
    to.push('"');
}

/// A piece of such a text.
#[derive(Debug, PartialEq)]
pub(super) struct Piece<'t> {
    pub(super) text: Cow<'t, str>,
    /// Whether any of it was quoted: it is no `NULL` and not left out then.
    pub(super) quoted: bool,
}

/// The piece up to the first of `ends` that is not in quotes, and what follows from there; none where a quote is not closed or no end comes.
pub(super) fn piece<'t>(text: &'t str, ends: &[char]) -> Option<(Piece<'t>, &'t str)> {
    let plain = text.find(|character: char| ends.contains(&character) || matches!(character, '"' | '\\'))?;
    let stops = text[plain..].starts_with(|character: char| ends.contains(&character));
    if stops {
        return Some((Piece { text: Cow::Borrowed(&text[..plain]), quoted: false }, &text[plain..]));
    }
    let mut value = String::with_capacity(text.len().min(64));
    let (mut in_quotes, mut quoted) = (false, false);
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                quoted = true;
                value.push(characters.next()?.1);
            }
            '"' if in_quotes && characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
                value.push('"');
            }
            '"' => {
                in_quotes = !in_quotes;
                quoted = true;
            }
            end if !in_quotes && ends.contains(&end) => return Some((Piece { text: Cow::Owned(value), quoted }, &text[at..])),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_outside_of_quotes() {
        for (text, value, quoted, rest) in [
            ("a,b", "a", false, ",b"),
            (",b", "", false, ",b"),
            (r#""a,b")"#, "a,b", true, ")"),
            (r#""a ""b"" \"c\" \\",x"#, r#"a "b" "c" \"#, true, ",x"),
            (r"a\,b,", "a,b", true, ","),
            (r#""",x"#, "", true, ",x"),
        ] {
            let (piece, left) = piece(text, &[',', ')']).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((piece.text.as_ref(), piece.quoted, left), (value, quoted, rest), "{text}");
        }
        assert_eq!(piece(r#""a,b"#, &[',']), None);
        assert_eq!(piece("ab", &[',']), None);
    }

    #[test]
    fn what_is_written_is_read() {
        for text in ["", "a", "a\"b", "\\", "a,b)", "é\n"] {
            let mut written = String::new();
            write_quoted(text, &mut written);
            written.push(',');
            assert_eq!(piece(&written, &[',']).map(|(piece, _)| piece.text.into_owned()).as_deref(), Some(text));
        }
    }
}
