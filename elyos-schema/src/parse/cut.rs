//! Where a text may be cut between two statements, found in a hurry: behind a semicolon outside of strings, quoted names, comments and
//! parentheses, before a word that begins no statement of a function's body. Who cuts there makes sure of it by reading both parts
//! (`Boundary` knows for certain, at ten times the cost).

use super::token::is_word;

/// What to do about a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Nothing,
    Quote,
    Dash,
    Slash,
    Dollar,
    Open,
    Close,
    Semicolon,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Nothing; 256];
    bytes[b'\'' as usize] = Byte::Quote;
    bytes[b'"' as usize] = Byte::Quote;
    bytes[b'-' as usize] = Byte::Dash;
    bytes[b'/' as usize] = Byte::Slash;
    bytes[b'$' as usize] = Byte::Dollar;
    bytes[b'(' as usize] = Byte::Open;
    bytes[b')' as usize] = Byte::Close;
    bytes[b';' as usize] = Byte::Semicolon;
    bytes
};

/// Words that begin statements, but none in `BEGIN ATOMIC … END`.
const BEGINNINGS: &[&str] = &["alter", "comment", "copy", "create", "drop", "grant", "revoke", "set"];

/// Words that begin statements, and may do so in a body.
const BEGINNINGS_IN_BODY: &[&str] = &["delete", "insert", "select", "update", "with"];

/// The places of a text, from its beginning on.
pub(super) struct Cuts<'a> {
    text: &'a str,
    at: usize,
    parentheses: usize,
    /// Whether there is a body of statements in the text, once somebody had to know.
    has_body: Option<bool>,
}

impl<'a> Cuts<'a> {
    /// All of a text's.
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, parentheses: 0, has_body: None }
    }

    /// The first place that is so far into the text at least, and behind all those before.
    pub(super) fn next_from(&mut self, least: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match BYTES[usize::from(*byte)] {
                Byte::Quote => self.behind_quote(*byte, start.checked_sub(1).and_then(|before| bytes.get(before))),
                Byte::Dash if bytes.get(self.at) == Some(&b'-') => self.behind("\n"),
                Byte::Slash if bytes.get(self.at) == Some(&b'*') => self.behind_comment(),
                Byte::Dollar => self.behind_dollar(start),
                Byte::Open => self.parentheses += 1,
                Byte::Close => self.parentheses = self.parentheses.saturating_sub(1),
                Byte::Semicolon if self.at >= least && self.parentheses == 0 && self.begins_statement() => return Some(self.at),
                Byte::Nothing | Byte::Dash | Byte::Slash | Byte::Semicolon => {}
            }
        }
        None
    }

    /// Behind the first of these, or the end.
    fn behind(&mut self, end: &str) {
        self.at = self.text.get(self.at..).and_then(|rest| rest.find(end)).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    fn behind_quote(&mut self, quote: u8, before: Option<&u8>) {
        let escapes = quote == b'\'' && matches!(before, Some(b'e' | b'E'));
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            self.at += 1;
            match *byte {
                b'\\' if escapes => self.at += 1,
                // A doubled quote is part of the string.
                byte if byte == quote && bytes.get(self.at) == Some(&quote) => self.at += 1,
                byte if byte == quote => return,
                _ => {}
            }
        }
    }

    fn behind_comment(&mut self) {
        let mut depth = 0usize;
        let bytes = self.text.as_bytes();
        self.at -= 1;
        while let Some(pair) = bytes.get(self.at..self.at + 2) {
            match pair {
                b"/*" => depth += 1,
                b"*/" => depth -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
        self.at = bytes.len();
    }

    fn behind_dollar(&mut self, start: usize) {
        let bytes = self.text.as_bytes();
        let behind_word = start > 0 && is_word(bytes[start - 1]);
        let tag = bytes[self.at..].iter().take_while(|byte| is_word(**byte)).count();
        let is_parameter = bytes.get(self.at).is_some_and(u8::is_ascii_digit);
        if behind_word || is_parameter || bytes.get(self.at + tag) != Some(&b'$') {
            return;
        }
        let opening = &self.text[start..=self.at + tag];
        self.at += tag + 1;
        self.behind(opening);
    }

    /// Whether the word behind the semicolon begins a statement that is in no body.
    fn begins_statement(&mut self) -> bool {
        let Some(first) = super::tokens(&self.text[self.at..]).next() else { return false };
        let is_one_of = |words: &[&str]| words.iter().any(|word| first.text.eq_ignore_ascii_case(word));
        is_one_of(BEGINNINGS) || (is_one_of(BEGINNINGS_IN_BODY) && !self.has_body())
    }

    fn has_body(&mut self) -> bool {
        let text = self.text.as_bytes();
        *self.has_body.get_or_insert_with(|| text.windows(6).any(|window| window.eq_ignore_ascii_case(b"atomic")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut cuts = Cuts::of(text);
        let mut start = 0;
        let mut parts = Vec::new();
        while let Some(end) = cuts.next_from(start) {
            parts.push(text[start..end].trim());
            start = end;
        }
        parts.push(text[start..].trim());
        parts
    }

    #[test]
    fn a_text_is_cut_between_statements_alone() {
        for text in [
            "select 'a;''b;'",
            "select \"a;\"\"b;\"",
            "select E'a\\'; ' , e'\\\\;''\\'; '",
            "select $$a;'$$, $t$ $$; create $ta$;$t$, $é$;$é$, $1, a$b",
            "select 1 -- a;\n /* b; create /* c; */ d; */ + 1",
            "select 1 - - 2 / 3 -/* ; */ 4",
            "create rule r as on insert to t do also (select 1; create b)",
        ] {
            assert_eq!(cut(&format!("{text}; -- x\n create a")), [&format!("{text};"), "-- x\n create a"], "{text}");
        }
    }

    #[test]
    fn no_body_is_cut() {
        let body = "create function f() returns int begin atomic select 1; insert into a values (1); end;";
        assert_eq!(cut(&format!("{body} drop table a; select 1; create b")), [body, "drop table a; select 1;", "create b"]);
        assert_eq!(cut("select 1; insert into a; values (1)"), ["select 1;", "insert into a; values (1)"]);
    }

    #[test]
    fn half_a_text_has_an_end() {
        for text in ["'a", "\"b;", "$t$ x;", "/* /* */;", "e'\\", "$", "-", "/", ";", "--;", "é$"] {
            assert_eq!(cut(text), [text]);
        }
    }
}
