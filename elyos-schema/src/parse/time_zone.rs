//! A place where PostgreSQL's grammar takes what the parser crate does not: the option `SET TIME ZONE 'UTC'` of a function or a role. It is
//! another spelling of `SET timezone = 'UTC'` (<https://www.postgresql.org/docs/current/sql-set.html>), which has as many bytes: it is written
//! over with that one, so that the rest parses and every offset stays what it was.

use std::borrow::Cow;

use super::exclusion::is;
use super::token::{Token, TokenKind, tokens};

/// The text as the parser crate can read it. One without the words costs a search.
pub(super) fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    if !may_have(text.as_bytes()) {
        return text;
    }
    let places = places(&text);
    if places.is_empty() {
        return text;
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in places {
        bytes[at..at + SPELLED.len()].copy_from_slice(SPELLED);
    }
    // Whole ASCII characters were replaced by others.
    String::from_utf8(bytes).map_or(text, Cow::Owned)
}

/// Whether `ZONE` is in the text, and both words before it: it is in the names of types as well, of which a schema is full.
fn may_have(bytes: &[u8]) -> bool {
    let ends_with = |text: &[u8], word: &[u8]| text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word);
    memchr::memchr2_iter(b'z', b'Z', bytes).any(|at| {
        if !bytes[at..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"zone")) {
            return false;
        }
        let before = bytes[..at].trim_ascii_end();
        ends_with(before, b"time") && ends_with(before[..before.len() - 4].trim_ascii_end(), b"set")
    })
}

/// As long as `TIME ZONE`.
const SPELLED: &[u8] = b"timezone=";

/// Where `TIME ZONE` stands behind a `SET` that does not begin its statement, and before a single value.
fn places(text: &str) -> Vec<usize> {
    let all: Vec<Token<'_>> = tokens(text).collect();
    let mut found = Vec::new();
    for (at, run) in all.windows(5).enumerate() {
        let [before, set, time, zone, value] = run else { continue };
        let begins = before.text == ";" || (at == 0 && is(before, "set"));
        let adjoins = zone.start == time.start + time.text.len() + 1;
        let is_one_value = value.kind != TokenKind::Word || !["interval", "local"].iter().any(|word| is(value, word));
        if !begins && is(set, "set") && is(time, "time") && is(zone, "zone") && adjoins && is_one_value {
            found.push(time.start);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_crate_cannot_read_is_written_over() {
        let read = |text: &'static str| readable(Cow::Borrowed(text)).into_owned();
        assert_eq!(read("stable SET TIME ZONE 'UTC' SET x TO 1"), "stable SET timezone= 'UTC' SET x TO 1");
        for kept in [
            "set time zone 'UTC'",
            "select 1; set time zone 'UTC'",
            "a set time zone local",
            "a at time zone 'UTC'",
            "b time with time zone",
        ] {
            assert_eq!(read(kept), kept);
        }
    }
}
