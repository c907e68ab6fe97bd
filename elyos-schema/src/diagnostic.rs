//! What is wrong, where, and what to do: one message with the places it is about, and the list of all of a run.

use std::{fmt, ops::Range};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::source::Source;

/// One thing that is wrong.
///
/// ```
/// use elyos_schema::{Diagnostic, Source};
///
/// let source = Source::new("seeds/seeds.toml", "[seeds.users]\nfile = \"user.sql\"\n");
/// let diagnostic = Diagnostic::new("no file `seeds/user.sql`").at(&source, 21..31).help("create it, or correct the name");
/// assert_eq!(diagnostic.to_string(), "\
/// error: no file `seeds/user.sql`
///  --> seeds/seeds.toml:2:8
///   |
/// 2 | file = \"user.sql\"
///   |        ^^^^^^^^^^
///   |
///   = help: create it, or correct the name");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    message: String,
    primary: Option<Place>,
    others: Vec<Place>,
    file: Option<String>,
    help: Vec<String>,
    /// Whether PostgreSQL refuses it for certain, whatever is not known here.
    certain: bool,
}

/// A stretch of a source and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    source: Source,
    range: Range<usize>,
    label: Option<String>,
}

impl Diagnostic {
    /// A message that as yet has no place: one line, lower case, no full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), primary: None, others: Vec::new(), file: None, help: Vec::new(), certain: false }
    }

    /// The place it is about, in bytes of the source. A range outside the text is cut to it.
    #[must_use]
    pub fn at(mut self, source: &Source, range: Range<usize>) -> Self {
        self.primary = Some(Place { source: source.clone(), range, label: None });
        self
    }

    /// The file it is about, when no line of it is to be shown.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Words to stand beside the place given with [`at`](Self::at).
    #[must_use]
    pub fn saying(mut self, label: impl Into<String>) -> Self {
        if let Some(place) = &mut self.primary {
            place.label = Some(label.into());
        }
        self
    }

    /// Another place that explains the first, with words beside it.
    #[must_use]
    pub fn label(mut self, source: &Source, range: Range<usize>, label: impl Into<String>) -> Self {
        self.others.push(Place { source: source.clone(), range, label: Some(label.into()) });
        self
    }

    /// What to do about it. May be called more than once.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// [`help`](Self::help) that asks "did you mean …?" when there is something near, and says nothing when there is not.
    #[must_use]
    pub fn help_nearest(self, near: &[&str]) -> Self {
        let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
        match quoted.split_last() {
            None => self,
            Some((only, [])) => self.help(format!("did you mean {only}?")),
            Some((last, rest)) => self.help(format!("did you mean {} or {last}?", rest.join(", "))),
        }
    }

    /// [`help_nearest`](Self::help_nearest), or other help when nothing is near.
    #[must_use]
    pub fn help_nearest_or(self, near: &[&str], otherwise: impl Into<String>) -> Self {
        if near.is_empty() { self.help(otherwise) } else { self.help_nearest(near) }
    }

    /// What PostgreSQL refuses for certain, whatever is not known here.
    pub(crate) fn certain(mut self) -> Self {
        self.certain = true;
        self
    }

    pub(crate) fn is_certain(&self) -> bool {
        self.certain
    }

    /// The message alone.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The help lines.
    #[must_use]
    pub fn helps(&self) -> &[String] {
        &self.help
    }

    /// The place it is about: the source and the bytes of it.
    #[must_use]
    pub fn place(&self) -> Option<(&Source, Range<usize>)> {
        self.primary.as_ref().map(|place| (&place.source, place.range.clone()))
    }
}

impl fmt::Display for Diagnostic {
    /// The message with its source lines and carets, without colours, no newline at the end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = Group::with_title(Level::ERROR.primary_title(self.message.as_str()));
        if let Some(primary) = &self.primary {
            let mut here = snippet(&primary.source).annotation(annotation(primary, AnnotationKind::Primary));
            let mut elsewhere = Vec::new();
            for other in &self.others {
                if other.source == primary.source {
                    here = here.annotation(annotation(other, AnnotationKind::Context));
                } else {
                    elsewhere.push(snippet(&other.source).annotation(annotation(other, AnnotationKind::Context)));
                }
            }
            group = group.element(here).elements(elsewhere);
        }
        if let Some(file) = &self.file {
            group = group.element(Origin::path(file.as_str()));
        }
        group = group.elements(self.help.iter().map(|help| Level::HELP.message(help.as_str())));
        formatter.write_str(Renderer::plain().render(&[group]).trim_end())
    }
}

fn snippet(source: &Source) -> Snippet<'_, Annotation<'_>> {
    Snippet::source(source.text()).line_start(source.first_line()).path(source.path())
}

fn annotation(place: &Place, kind: AnnotationKind) -> Annotation<'_> {
    let text = place.source.text();
    let start = floor_boundary(text, place.range.start);
    let end = floor_boundary(text, place.range.end).max(start);
    // What spans lines is marked on its first one: a caret under twenty lines of SQL shows nothing.
    let end = text[start..end].find('\n').map_or(end, |newline| start + newline);
    kind.span(start..end).label(place.label.as_deref())
}

/// The offset itself, or the start of the character it is in, or the end.
fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// All that is wrong, at least one: what a function returns that looks for every mistake before it gives up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// All of them, in the order they were found; never empty.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// `Err` with what was found, `Ok` of the value when that is nothing.
    ///
    /// # Errors
    /// Whatever is in `found`.
    pub fn into_result<T>(found: Vec<Diagnostic>, value: T) -> Result<T, Self> {
        if found.is_empty() { Ok(value) } else { Err(Self(found)) }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    /// Each drawn as [`Diagnostic`] draws itself, an empty line between two.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n\n")?;
            }
            diagnostic.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
