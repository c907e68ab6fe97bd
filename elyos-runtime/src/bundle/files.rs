//! Where a bundle's texts are: in the program, or in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::Dir;

use super::large::LargeFile;

/// The texts of a bundle, by their path in it.
#[derive(Debug, Clone)]
pub enum Files {
    /// In the program: whole folders, and single files beside them.
    Embedded {
        /// Folder name in the bundle, and its content.
        folders: &'static [(&'static str, Dir<'static>)],
        /// File name in the bundle, and its content.
        files: &'static [(&'static str, &'static str)],
    },
    /// Read from a folder.
    Loaded {
        /// The texts.
        texts: BTreeMap<String, String>,
        /// The seeds whose texts are too large to be held.
        large: BTreeMap<String, Arc<dyn LargeFile>>,
    },
}

impl Files {
    /// The text at the path, as its hash and its spans see it: without byte order mark, line ends as LF.
    ///
    /// # Panics
    ///
    /// If there is no such text. What makes a bundle puts in every file that the bundle names.
    pub(crate) fn text(&self, path: &str) -> Cow<'_, str> {
        normalise(self.find(path).unwrap_or_else(|| panic!("the bundle holds no file {path}")))
    }

    /// The file at the path, if it is one that is not held.
    pub(crate) fn large(&self, path: &str) -> Option<&dyn LargeFile> {
        match self {
            Self::Embedded { .. } => None,
            Self::Loaded { large, .. } => large.get(path).map(|file| &**file),
        }
    }

    fn find(&self, path: &str) -> Option<&str> {
        match self {
            Self::Loaded { texts, .. } => texts.get(path).map(String::as_str),
            Self::Embedded { folders, files } => files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text).or_else(|| {
                folders.iter().find_map(|(folder, dir)| {
                    let inner = path.strip_prefix(folder)?.strip_prefix('/')?;
                    dir.get_file(inner)?.contents_utf8()
                })
            }),
        }
    }
}

/// A checkout may have changed the line ends; what a statement means must not depend on it.
fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn mark_and_line_ends_are_normalised() {
        assert_eq!(normalise("\u{feff}a\r\nb\rc\n"), "a\nb\rc\n");
        assert_eq!(normalise("a\n"), "a\n");
    }
}
