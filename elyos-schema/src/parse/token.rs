//! A text's tokens, for expressions that are compared and renamed as text (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).

/// What kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or an unquoted name.
    Word,
    /// A name in double quotes.
    QuotedName,
    /// A string of any kind, its prefix and quotes included.
    Text,
    /// A number or a parameter.
    Number,
    /// Operators and punctuation; an operator of several signs is one token.
    Sign,
}

/// A token and its bytes as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What kind.
    pub kind: TokenKind,
    /// As it is written.
    pub text: &'a str,
    /// Where it begins.
    pub start: usize,
}

/// The tokens of a text without the white space and comments between them.
///
/// ```
/// use elyos_schema::parse::tokens;
///
/// let texts: Vec<&str> = tokens("lower(\"A b\") /* x */ <> E'it\\'s'::text").map(|token| token.text).collect();
/// assert_eq!(texts, ["lower", "(", "\"A b\"", ")", "<>", "E'it\\'s'", "::", "text"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at = skip_blank(text, at);
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = token(rest);
        let start = at;
        at += length;
        Some(Token { kind, text: &rest[..length], start })
    })
}

fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        at += run(&text.as_bytes()[at..], |byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'));
        let rest = &text[at..];
        // Most of what follows begins with a letter.
        if rest.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric) {
            return at;
        }
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
        } else if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += block_comment(rest);
        } else {
            return at;
        }
    }
}

/// The length of a comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let (bytes, mut depth, mut at) = (text.as_bytes(), 0usize, 0);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'/', b'*') => (depth, at) = (depth + 1, at + 2),
            (b'*', b'/') if depth == 1 => return at + 2,
            (b'*', b'/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.len()
}

fn token(text: &str) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let first = bytes[0];
    let second = bytes.get(1).copied().unwrap_or(b' ');
    match first {
        b'"' => (TokenKind::QuotedName, quoted(bytes, 0, b'"', false)),
        b'\'' => (TokenKind::Text, quoted(bytes, 0, b'\'', false)),
        b'e' | b'E' if second == b'\'' => (TokenKind::Text, quoted(bytes, 1, b'\'', true)),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if second == b'\'' => (TokenKind::Text, quoted(bytes, 1, b'\'', false)),
        b'u' | b'U' if second == b'&' && bytes.get(2) == Some(&b'\'') => (TokenKind::Text, quoted(bytes, 2, b'\'', false)),
        b'u' | b'U' if second == b'&' && bytes.get(2) == Some(&b'"') => (TokenKind::QuotedName, quoted(bytes, 2, b'"', false)),
        b'$' if second.is_ascii_digit() => (TokenKind::Number, 1 + run(&bytes[1..], |byte| byte.is_ascii_digit())),
        b'$' => dollar(text),
        _ if is_word(first) && !first.is_ascii_digit() => (TokenKind::Word, run(bytes, |byte| is_word(byte) || byte == b'$')),
        _ if first.is_ascii_digit() || (first == b'.' && second.is_ascii_digit()) => (TokenKind::Number, number(bytes)),
        b':' if second == b':' || second == b'=' => (TokenKind::Sign, 2),
        _ if is_operator(first) => (TokenKind::Sign, operator(bytes)),
        _ => (TokenKind::Sign, text.chars().next().map_or(1, char::len_utf8)),
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len())
}

/// Whether a byte may be in a word: any that is no ASCII character is.
pub(super) fn is_word(byte: u8) -> bool {
    const BYTES: [bool; 256] = {
        let mut bytes = [true; 256];
        let mut byte = 0u8;
        while byte < 0x80 {
            bytes[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
            byte += 1;
        }
        bytes
    };
    BYTES[usize::from(byte)]
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// An operator's signs, up to a comment that begins inside of them.
fn operator(bytes: &[u8]) -> usize {
    let mut length = run(bytes, is_operator);
    for at in 1..length {
        if bytes[at..].starts_with(b"--") || bytes[at..].starts_with(b"/*") {
            length = at;
            break;
        }
    }
    // A sign of a number is no part of the operator before it, unless one of these makes it an operator of the user's.
    while length > 1 && matches!(bytes[length - 1], b'+' | b'-') && !bytes[..length].iter().any(|byte| b"~!@#%^&|`?".contains(byte)) {
        length -= 1;
    }
    length
}

fn number(bytes: &[u8]) -> usize {
    let mut at = run(bytes, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    if bytes[at - 1].eq_ignore_ascii_case(&b'e') && bytes.get(at).is_some_and(|byte| b"+-".contains(byte)) {
        at += 1 + run(&bytes[at + 1..], |byte| byte.is_ascii_digit());
    }
    at
}

/// From the opening quote at `at` behind the closing one.
fn quoted(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> usize {
    let mut at = at + 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn dollar(text: &str) -> (TokenKind, usize) {
    let tag = 1 + run(&text.as_bytes()[1..], is_word);
    if text.as_bytes().get(tag) != Some(&b'$') {
        return (TokenKind::Sign, 1);
    }
    let opening = &text[..=tag];
    let length = text[opening.len()..].find(opening).map_or(text.len(), |end| end + 2 * opening.len());
    (TokenKind::Text, length)
}

/// What a name token means: folded unless quoted, and cut to 63 bytes. None for other tokens.
///
/// ```
/// use elyos_schema::parse::{folded, tokens};
///
/// let names: Vec<_> = tokens("Ab \"Ab\" 'Ab'").map(|token| folded(&token)).collect();
/// assert_eq!(names, [Some("ab".to_owned()), Some("Ab".to_owned()), None]);
/// ```
#[must_use]
pub fn folded(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Word => Some(crate::catalog::names::cut(&token.text.to_ascii_lowercase())),
        TokenKind::QuotedName => {
            let inner = token.text.strip_prefix('"')?.strip_suffix('"')?;
            Some(crate::catalog::names::cut(&inner.replace("\"\"", "\"")))
        }
        _ => None,
    }
}

/// The words of an expression without the parentheses around the whole of it, however many.
///
/// ```
/// use elyos_schema::parse::within_parentheses;
///
/// let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
/// assert_eq!(within_parentheses(&words("( ( a ) )")), ["a"]);
/// assert_eq!(within_parentheses(&words("( a ) + ( b )")).len(), 7);
/// ```
#[must_use]
pub fn within_parentheses(words: &[String]) -> &[String] {
    let mut rest = words;
    while let [first, inner @ .., last] = rest
        && first == "("
        && last == ")"
        && closes_last(rest)
    {
        rest = inner;
    }
    rest
}

/// Whether the parenthesis that opens first closes last.
fn closes_last(words: &[String]) -> bool {
    let mut depth = 0usize;
    for (index, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" if depth <= 1 => return index + 1 == words.len(),
            ")" => depth -= 1,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.text).collect()
    }

    #[test]
    fn operators_end_where_a_sign_or_a_comment_begins() {
        assert_eq!(
            texts("a<-1 b@-1 c->>'d' e||-- x\nf g*/**/h"),
            ["a", "<", "-", "1", "b", "@-", "1", "c", "->>", "'d'", "e", "||", "f", "g", "*", "h"]
        );
    }

    #[test]
    fn strings_of_every_kind_are_one_token() {
        assert_eq!(
            texts("'a''b' $$x 'y$$ $t$ $$ $t$ x'1F' U&'\\0041' e'\\''"),
            ["'a''b'", "$$x 'y$$", "$t$ $$ $t$", "x'1F'", "U&'\\0041'", "e'\\''"]
        );
    }

    #[test]
    fn half_a_text_ends_without_a_panic() {
        for text in ["'a", "\"b", "$t$ x", "/* /* */", "e'\\", "1e+", "$", "é", "u&", "\\"] {
            assert!(tokens(text).map(|token| token.text.len()).sum::<usize>() <= text.len());
        }
    }
}
