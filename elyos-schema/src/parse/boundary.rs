//! Where a text can be cut between two statements, found while it comes by in chunks: behind a semicolon that is no part of a string, a
//! quoted name, a comment or the body of a function (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
//!
//! Literals are read as the session is pinned, with `standard_conforming_strings` on. A semicolon inside of parentheses ends no statement
//! where one may stand there, which is in what `CREATE` makes; elsewhere it does, so that a parenthesis left open costs one statement.

use super::token::is_word;

/// A lexer that is fed byte by byte and knows only what it takes to find a statement's end.
#[derive(Debug, Default)]
pub(crate) struct Boundary {
    state: State,
    /// The word that is being read or was read last, lower case, cut to the longest one that matters.
    word: Vec<u8>,
    /// How many words of the statement have been read.
    words: usize,
    /// Does the statement begin with `CREATE`?
    creates: bool,
    /// Does it create a function or a procedure?
    creates_routine: bool,
    parentheses: usize,
    /// How deep in `BEGIN ATOMIC … END` and `CASE … END` of a body.
    blocks: usize,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Plain,
    Word,
    /// Behind a `-` that may begin a comment.
    Dash,
    /// Behind a `/` that may begin a comment.
    Slash,
    LineComment,
    BlockComment {
        depth: usize,
        last: u8,
    },
    Text,
    /// A string with backslash escapes.
    EscapeText,
    /// Behind a backslash in one.
    Escape,
    /// Behind its closing quote, which another may follow: at once, or on a later line.
    EscapeTextEnd {
        newline: bool,
    },
    Name,
    DollarTag(Vec<u8>),
    DollarText {
        tag: Vec<u8>,
        matched: usize,
    },
}

/// The longest of the words that matter.
const LONGEST: usize = 9;

impl Boundary {
    /// Takes the next byte; true where it is the semicolon that ends a statement.
    pub(crate) fn ends_with(&mut self, byte: u8) -> bool {
        match &mut self.state {
            State::Word if is_word(byte) || byte == b'$' => self.letter(byte),
            State::Word => {
                self.word_ends();
                if byte == b'\'' && self.word == b"e" {
                    self.state = State::EscapeText;
                } else {
                    return self.plain(byte);
                }
            }
            State::Dash if byte == b'-' => self.state = State::LineComment,
            State::Slash if byte == b'*' => self.state = State::BlockComment { depth: 1, last: 0 },
            State::Plain | State::Dash | State::Slash => return self.plain(byte),
            State::LineComment if byte == b'\n' || byte == b'\r' => self.state = State::Plain,
            State::BlockComment { depth, last } => match (*last, byte) {
                (b'*', b'/') if *depth == 1 => self.state = State::Plain,
                (b'*', b'/') => (*depth, *last) = (*depth - 1, 0),
                (b'/', b'*') => (*depth, *last) = (*depth + 1, 0),
                _ => *last = byte,
            },
            // A doubled quote ends one string and begins the next, which comes to the same.
            State::Text if byte == b'\'' => self.state = State::Plain,
            State::EscapeText if byte == b'\'' => self.state = State::EscapeTextEnd { newline: false },
            State::EscapeText if byte == b'\\' => self.state = State::Escape,
            State::Escape => self.state = State::EscapeText,
            State::EscapeTextEnd { newline } => {
                let is_first = self.word == b"e";
                match byte {
                    // A string goes on at once, as its quote is doubled, or behind a line's end.
                    b'\'' if is_first || *newline => {
                        self.state = State::EscapeText;
                        self.word = b"e".to_vec();
                    }
                    b' ' | b'\t' | 0x0b | 0x0c => self.word.clear(),
                    b'\n' | b'\r' => {
                        *newline = true;
                        self.word.clear();
                    }
                    _ => return self.plain(byte),
                }
            }
            State::Name if byte == b'"' => self.state = State::Plain,
            State::DollarTag(tag) => match byte {
                b'$' => {
                    let mut tag = std::mem::take(tag);
                    tag.push(b'$');
                    self.state = State::DollarText { tag, matched: 0 };
                }
                _ if is_word(byte) && !(tag.len() == 1 && byte.is_ascii_digit()) => tag.push(byte),
                _ => return self.plain(byte),
            },
            State::DollarText { tag, matched } => {
                // A tag holds no dollar sign but its first and its last.
                *matched = match byte {
                    _ if tag.get(*matched) == Some(&byte) => *matched + 1,
                    b'$' => 1,
                    _ => 0,
                };
                if *matched == tag.len() {
                    self.state = State::Plain;
                }
            }
            State::LineComment | State::Text | State::EscapeText | State::Name => {}
        }
        false
    }

    fn plain(&mut self, byte: u8) -> bool {
        self.state = match byte {
            b'\'' => State::Text,
            b'"' => State::Name,
            b'-' => State::Dash,
            b'/' => State::Slash,
            b'$' => State::DollarTag(vec![b'$']),
            _ if is_word(byte) => {
                self.word.clear();
                self.letter(byte);
                State::Word
            }
            _ => State::Plain,
        };
        match byte {
            b'(' if self.creates => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.saturating_sub(1),
            b';' if self.parentheses == 0 && self.blocks == 0 => {
                *self = Self::default();
                return true;
            }
            _ => {}
        }
        false
    }

    fn letter(&mut self, byte: u8) {
        if self.word.len() <= LONGEST {
            self.word.push(byte.to_ascii_lowercase());
        }
    }

    fn word_ends(&mut self) {
        self.words += 1;
        match (&*self.word, self.words) {
            (b"create", 1) => self.creates = true,
            // `CREATE [OR REPLACE] FUNCTION`.
            (b"function" | b"procedure", 2 | 4) if self.creates => self.creates_routine = true,
            (b"begin", _) if self.creates_routine => self.blocks += 1,
            (b"case", _) if self.blocks > 0 => self.blocks += 1,
            (b"end", _) => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Boundary;

    fn cut(text: &str) -> Vec<&str> {
        let mut boundary = Boundary::default();
        let mut from = 0;
        let mut parts = Vec::new();
        for (at, byte) in text.bytes().enumerate() {
            if boundary.ends_with(byte) {
                parts.push(text[from..=at].trim());
                from = at + 1;
            }
        }
        parts.push(text[from..].trim());
        parts
    }

    #[test]
    fn a_semicolon_in_a_string_a_name_or_a_comment_ends_nothing() {
        for text in [
            "select 'a;''b;'",
            "select \"a;\"\"b;\"",
            "select E'a\\';' , e'\\\\;''\\';'",
            "select E'a'\n  'b\\';c'",
            "select $$a;'$$, $t$ $$;$ta$;$t$, $é$;$é$",
            "select 1 -- a;\n /* b; /* c; */ d; */ + 1",
            "select 1 - - 2 / 3 -/* ; */ 4",
            "select b'1;', x'1;', U&';'",
        ] {
            assert_eq!(cut(&format!("{text}; select 2")), [&format!("{text};"), "select 2"], "{text}");
        }
    }

    #[test]
    fn a_string_without_escapes_ends_at_its_quote() {
        assert_eq!(cut("select '\\'; select 1"), ["select '\\';", "select 1"]);
        assert_eq!(cut("select te'\\'; select 1"), ["select te'\\';", "select 1"]);
        assert_eq!(cut("select E'a' '\\'; select 1"), ["select E'a' '\\';", "select 1"]);
        assert_eq!(cut("select $1; select a$b$; select 1"), ["select $1;", "select a$b$;", "select 1"]);
    }

    #[test]
    fn bodies_and_rules_keep_their_semicolons() {
        for text in [
            "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
            "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END",
            "create rule r as on insert to t do also (select 1; select 2)",
        ] {
            assert_eq!(cut(&format!("{text}; select 2")), [&format!("{text};"), "select 2"], "{text}");
        }
        // Where none can stand in parentheses, one left open costs one statement.
        assert_eq!(cut("insert into t values (1; select 2"), ["insert into t values (1;", "select 2"]);
        assert_eq!(cut("begin; select 2"), ["begin;", "select 2"]);
    }
}
