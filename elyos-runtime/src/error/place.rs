//! A place in a SQL file of a bundle, and its drawing.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A range of bytes in a file of the bundle.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: String,
    text: String,
    /// The lines of the file that stand before the text.
    lines_before: usize,
    range: Range<usize>,
}

impl Place {
    /// The range is moved to the nearest character boundaries inside the text.
    pub(crate) fn new(path: &str, text: &str, range: Range<usize>) -> Self {
        Self::part(path, text, 0, range)
    }

    /// [`new`](Self::new) with a part of the file, so many lines below its beginning.
    pub(crate) fn part(path: &str, text: &str, lines_before: usize, range: Range<usize>) -> Self {
        let start = text.floor_char_boundary(range.start);
        let end = text.ceil_char_boundary(range.end.max(start));
        Self { path: path.to_owned(), text: text.to_owned(), lines_before, range: start..end }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Line and column, both from 1, the column in characters.
    pub(crate) fn position(&self) -> (usize, usize) {
        let before = &self.text[..self.range.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + self.lines_before + 1, before[line_start..].chars().count() + 1)
    }

    /// The message over the source lines with a caret below, as the compiler draws it.
    pub(crate) fn draw(&self, message: &str, label: &str, help: &[String]) -> String {
        // A statement may span hundreds of lines; its first is enough to find it.
        let first_line = self.text[self.range.clone()].find('\n').map_or(self.range.end, |n| self.range.start + n);
        let annotation = AnnotationKind::Primary.span(self.range.start..first_line);
        let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
        let mut group = Level::ERROR
            .primary_title(message)
            .element(Snippet::source(self.text.as_str()).line_start(self.lines_before + 1).path(self.path.as_str()).annotation(annotation));
        for line in help {
            group = group.element(Level::HELP.message(line.as_str()));
        }
        let drawn = Renderer::plain().render(&[group]);
        drawn.strip_prefix("error: ").unwrap_or(&drawn).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn position_counts_characters_from_one() {
        let place = Place::new("a.sql", "-- é\nSELECT 'é', x;\n", 19..20);
        assert_eq!(place.position(), (2, 13));
    }

    #[test]
    fn drawing_shows_the_first_line_of_the_range() {
        let place = Place::new("seeds/a.sql", "SELECT 1;\nINSERT INTO t\nVALUES (1);\n", 10..33);
        assert_eq!(
            place.draw("no such table", "", &["create it".to_owned()]),
            "no such table\n --> seeds/a.sql:2:1\n  |\n2 | INSERT INTO t\n  | ^^^^^^^^^^^^^\n  |\n  = help: create it"
        );
    }
}
