//! A text that people can be pointed into: the path they know it by, and line and column of an offset.

use std::{fmt, sync::Arc};

/// A text and the path it is shown under. Cloning shares both.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    path: String,
    text: String,
    /// The lines of the file that stand before the text.
    lines_before: usize,
}

/// Where in a text, as editors count: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// A text to be shown under `path`. A byte-order mark is the caller's to strip, as offsets count from the first byte given.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::part(path, text, 0)
    }

    /// Some whole lines of a text, so many lines below its beginning.
    pub(crate) fn part(path: impl Into<String>, text: impl Into<String>, lines_before: usize) -> Self {
        Self(Arc::new(Inner { path: path.into(), text: text.into(), lines_before }))
    }

    /// The number of the text's first line.
    pub(crate) fn first_line(&self) -> usize {
        self.0.lines_before + 1
    }

    /// The path people know the text by.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Line and column of a byte offset; an offset behind the end is the end, one inside a character is that character.
    ///
    /// ```
    /// let source = elyos_schema::Source::new("a.sql", "select 'é',\n  oops");
    /// assert_eq!(source.position(15).to_string(), "2:3");
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let text = self.text();
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + self.first_line(),
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Debug for Source {
    /// The path only: a schema's text in a debug print helps nobody.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Source").field(&self.path()).finish()
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.path() == other.path() && self.first_line() == other.first_line() && self.text() == other.text())
    }
}

impl Eq for Source {}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}
