//! What is psql's and not SQL: commands that begin with a backslash, and the data below `COPY … FROM stdin`. Both are found and
//! overwritten with spaces, so that the rest parses and every offset stays what it was.
//!
//! psql reads a backslash anywhere outside strings, quoted names and comments as a command up to the end of the line
//! (<https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS>); SQL has no use for one there.

use std::{borrow::Cow, ops::Range};

use super::token::is_word;

/// A text without what is psql's.
pub(super) struct Cleaned<'a> {
    pub text: Cow<'a, str>,
    /// The commands, from the backslash to the end of its line.
    pub commands: Vec<Range<usize>>,
    /// The data of `COPY … FROM stdin`, the `\.` line included.
    pub data: Vec<Range<usize>>,
}

/// Finds psql's parts. A text without a backslash has none, and costs one search.
pub(super) fn clean(text: &str) -> Cleaned<'_> {
    let mut cleaned = Cleaned { text: Cow::Borrowed(text), commands: Vec::new(), data: Vec::new() };
    // Data that is copied to the end of the text needs no `\\.` behind it.
    if !text.as_bytes().contains(&b'\\') && !super::exclusion::has_word(text.as_bytes(), b"stdin", 2) {
        return cleaned;
    }
    Scanner { bytes: text.as_bytes(), at: 0 }.run(&mut cleaned);
    if cleaned.commands.is_empty() && cleaned.data.is_empty() {
        return cleaned;
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in cleaned.commands.iter().chain(&cleaned.data) {
        for byte in &mut bytes[range.clone()] {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = b' ';
            }
        }
    }
    for command in &cleaned.commands {
        if sends_the_statement(&text[command.clone()]) {
            bytes[command.start] = b';';
        }
    }
    // Only whole characters were overwritten, so what is left is UTF-8 still.
    cleaned.text = Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned()));
    cleaned
}

/// `\g` and its family stand where a semicolon would.
fn sends_the_statement(command: &str) -> bool {
    let word = command.trim_start_matches('\\').split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    matches!(word, "g" | "gx" | "gset" | "gexec" | "gdesc" | "crosstabview" | "crosstabviewx" | "watch")
}

/// Whether all that a command does is to guard psql itself: `\restrict KEY` keeps it from taking other commands until
/// `\unrestrict KEY`. `pg_dump` writes the pair around its output (<https://www.postgresql.org/docs/current/app-pgdump.html>).
pub(crate) fn guards_only_psql(command: &str) -> bool {
    let mut words = command.split_ascii_whitespace();
    let is_guard = matches!(words.next(), Some("\\restrict" | "\\unrestrict"));
    let has_key = words.next().is_some_and(|key| key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    is_guard && has_key && words.next().is_none()
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn run(mut self, cleaned: &mut Cleaned<'_>) {
        let mut copy = CopyFromStdin::default();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\'' => self.string(false),
                b'"' => self.quoted(b'"'),
                b'-' if self.peek(1) == Some(b'-') => self.skip_line(),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                b'$' => self.dollar(),
                b'\\' => {
                    let start = self.at;
                    self.skip_line();
                    cleaned.commands.push(start..self.at);
                }
                b';' => {
                    self.at += 1;
                    if std::mem::take(&mut copy).is_complete() {
                        self.skip_line();
                        let start = self.at;
                        self.copy_data();
                        cleaned.data.push(start..self.at);
                    }
                }
                b' ' | b'\n' => self.at += 1,
                _ if is_word(byte) => {
                    let start = self.at;
                    self.at += self.bytes[start..].iter().take_while(|byte| is_word(**byte) || **byte == b'$').count();
                    let word = &self.bytes[start..self.at];
                    if copy.may_be_one() {
                        copy.word(word);
                    }
                    if word.len() == 1 && word.eq_ignore_ascii_case(b"e") && self.peek(0) == Some(b'\'') {
                        self.string(true);
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
            self.at += 1;
        }
    }

    /// From the opening quote behind the closing one; a doubled quote reads as two strings, which ends in the same place.
    fn string(&mut self, backslash_escapes: bool) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' if backslash_escapes => self.at += 1,
                b'\'' if self.peek(0) == Some(b'\'') => self.at += 1,
                b'\'' => return,
                _ => {}
            }
        }
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == quote {
                return;
            }
        }
    }

    /// Comments nest, as in the SQL standard.
    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek(0) {
            match (byte, self.peek(1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// `$tag$ … $tag$`, or a parameter, which is passed over.
    fn dollar(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.peek(0).is_some_and(|byte| byte.is_ascii_digit()) {
            return;
        }
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        if self.peek(0) != Some(b'$') {
            return;
        }
        self.at += 1;
        let tag = &self.bytes[start..self.at];
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'$' && self.bytes[self.at..].starts_with(tag) {
                self.at += tag.len();
                return;
            }
            self.at += 1;
        }
    }

    /// The lines up to and with `\.`; without one, all the rest.
    fn copy_data(&mut self) {
        while self.at < self.bytes.len() {
            self.at += usize::from(self.peek(0) == Some(b'\r'));
            self.at += usize::from(self.peek(0) == Some(b'\n'));
            let start = self.at;
            self.skip_line();
            if &self.bytes[start..self.at] == b"\\." {
                return;
            }
        }
    }
}

/// Whether the words seen since the last semicolon are those of a `COPY … FROM stdin`.
#[derive(Default)]
struct CopyFromStdin {
    words: usize,
    is_copy: bool,
    after_from: bool,
    from_stdin: bool,
}

impl CopyFromStdin {
    fn word(&mut self, word: &[u8]) {
        self.words += 1;
        if self.words == 1 {
            self.is_copy = word.eq_ignore_ascii_case(b"copy");
        }
        if self.is_copy {
            let is_client = word.eq_ignore_ascii_case(b"stdin") || word.eq_ignore_ascii_case(b"stdout");
            self.from_stdin |= self.after_from && is_client;
            self.after_from = word.eq_ignore_ascii_case(b"from");
        }
    }

    /// Whether another word can tell anything.
    fn may_be_one(&self) -> bool {
        self.is_copy || self.words == 0
    }

    fn is_complete(&self) -> bool {
        self.is_copy && self.from_stdin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<&str> {
        clean(text).commands.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_command_is_a_backslash_outside_strings_names_and_comments() {
        assert_eq!(commands("\\i other.sql\nselect 1;\n  \\restrict é\n"), ["\\i other.sql", "\\restrict é"]);
        assert!(commands("select 'a\\b', E'it\\'s \\\\', \"c\\d\", $$\\i$$, $t$ $$ \\i $t$; -- \\i\n/* \\i /* \\i */ \\i */").is_empty());
        assert_eq!(commands("select '\\' \\g\n"), ["\\g"]);
        assert_eq!(commands("select $1\\g"), ["\\g"]);
    }

    #[test]
    fn a_guard_is_the_pair_that_pg_dump_writes_and_nothing_else() {
        assert!(guards_only_psql("\\restrict dKq4") && guards_only_psql("\\unrestrict\tdKq4 \r"));
        for other in
            ["\\restrict", "\\restricted a", "\\restrict a \\! b", "\\restrict a b", "\\restrict a\\i", "\\i restrict", "\\Restrict a"]
        {
            assert!(!guards_only_psql(other), "{other}");
        }
    }

    #[test]
    fn what_is_overwritten_keeps_its_length_and_its_lines() {
        let text = "\\echo é\r\nselect 1;\r\n";
        let cleaned = clean(text);
        assert_eq!(cleaned.text, "        \r\nselect 1;\r\n");
        assert_eq!(cleaned.text.len(), text.len());
    }

    #[test]
    fn a_command_that_sends_the_statement_ends_it() {
        assert_eq!(clean("select 1 \\gset\nselect 2").text, "select 1 ;    \nselect 2");
    }

    #[test]
    fn copied_data_goes_up_to_its_own_end() {
        let text = "COPY a.b (c) FROM stdin;\nit's\t\\N\n\\.\nselect 1;";
        let cleaned = clean(text);
        assert_eq!(cleaned.data.len(), 1);
        assert_eq!(&text[cleaned.data[0].clone()], "\nit's\t\\N\n\\.");
        assert!(cleaned.commands.is_empty());
        assert!(cleaned.text.ends_with("\nselect 1;"));
    }

    #[test]
    fn copied_data_may_be_the_last_of_a_text() {
        let text = "create table t (a text);\nCOPY t FROM STDIN;\nit's\nhere";
        let cleaned = clean(text);
        assert_eq!(cleaned.data.iter().map(|range| &text[range.clone()]).collect::<Vec<_>>(), ["\nit's\nhere"]);
        assert_eq!(cleaned.text.trim_end(), "create table t (a text);\nCOPY t FROM STDIN;");
    }

    #[test]
    fn a_text_without_a_backslash_is_not_copied() {
        assert!(matches!(clean("select 1").text, Cow::Borrowed(_)));
    }
}
