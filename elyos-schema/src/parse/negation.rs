//! A place where PostgreSQL's grammar takes what the parser crate does not: `a BETWEEN 1 AND 10 OR NOT b`. The crate reads `10 OR …` as the upper
//! bound, in which it takes no `NOT`. The word is written over with an operator of as many bytes, so that the rest parses and every offset stays
//! what it was; [`operators`](super::operators) reads the operator as the word, and puts the whole together by PostgreSQL's precedence.

use std::borrow::Cow;

use super::exclusion::{has_word, is};
use super::token::{Token, tokens};

/// What stands for `not` and `NOT` while the text is parsed: operators that nobody is likely to have.
const SMALL: &str = "@#~";
const LARGE: &str = "~#@";

/// The text as the parser crate can read it. One without both words costs a search.
pub(super) fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    if !has_word(text.as_bytes(), b"between", 3) || text.contains(SMALL) || text.contains(LARGE) {
        return text;
    }
    let places = places(&text);
    if places.is_empty() {
        return text;
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in places {
        let sign = if bytes[at] == b'N' { LARGE } else { SMALL };
        bytes[at..at + sign.len()].copy_from_slice(sign.as_bytes());
    }
    // Whole ASCII characters were replaced by others.
    String::from_utf8(bytes).map_or(text, Cow::Owned)
}

/// Where an `OR` is followed by `NOT`, behind a `BETWEEN` between the same brackets.
fn places(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    // Whether there is a `BETWEEN`, by the brackets that are open.
    let mut open = vec![false];
    let mut before: Option<Token<'_>> = None;
    for token in tokens(text) {
        let last = open.len() - 1;
        match token.text {
            "(" | "[" => open.push(false),
            ")" | "]" if last > 0 => {
                open.pop();
            }
            "," | ";" => open[last] = false,
            _ if is(&token, "between") => open[last] = true,
            _ if is(&token, "not") && open[last] && before.is_some_and(|before| is(&before, "or")) => found.push(token.start),
            _ => {}
        }
        before = Some(token);
    }
    found
}

/// Whether an operator stands for the word.
pub(super) fn is_not(operator: &str) -> bool {
    matches!(operator, SMALL | LARGE)
}

/// A text as the file has it.
pub(super) fn restored(text: String) -> String {
    if text.contains(SMALL) || text.contains(LARGE) { text.replace(SMALL, "not").replace(LARGE, "NOT") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        readable(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn only_what_the_crate_cannot_read_is_written_over() {
        assert_eq!(read("a between 1 and 10 or not b"), "a between 1 and 10 or @#~ b");
        assert_eq!(read("a BETWEEN 1 AND 2 AND c OR NOT(b)"), "a BETWEEN 1 AND 2 AND c OR ~#@(b)");
        for kept in [
            "a or not b",
            "(a between 1 and 10) or not b",
            "f(a between 1 and 10, b or not c)",
            "a between 1 and 10 or b not like 'or not'",
            "a between 1 and 10; select a or not b",
            "a @#~ b between 1 and 2 or not c",
        ] {
            assert_eq!(read(kept), kept);
        }
        assert_eq!(restored(read("a between 1 and 10 or Not b")), "a between 1 and 10 or NOT b");
    }
}
