//! A seed of the folder that is too large to be held: checked while it is read, and read again when it runs.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use elyos_runtime::bundle::{LargeFile, Piece};
use elyos_schema::bundle::{Large, pieces, scan};

/// Where the file is, and what it was when it was checked.
#[derive(Debug)]
pub(crate) struct LargeSeed {
    path: PathBuf,
    pub(crate) checked: Large,
}

impl LargeSeed {
    /// Reads the file and checks it; what is wrong with its SQL is told when the bundle is put together.
    pub(crate) fn check(path: &Path, root_shown: &str, inner: &str) -> io::Result<Self> {
        let checked = scan(root_shown, inner, File::open(path)?)?;
        Ok(Self { path: path.to_owned(), checked })
    }
}

impl LargeFile for LargeSeed {
    fn pieces(&self) -> io::Result<Box<dyn Iterator<Item = io::Result<Piece>> + '_>> {
        let texts = pieces(&self.checked, File::open(&self.path)?);
        // A piece too many is an error in place of its text.
        let known = self.checked.pieces.iter().map(Some).chain(std::iter::repeat(None));
        Ok(Box::new(texts.zip(known).map(|(text, known)| {
            let ((text, statements), known) = (text?, known.ok_or(io::ErrorKind::InvalidData)?);
            Ok(Piece { text, statements, lines_before: known.lines_before, columns_before: known.columns_before })
        })))
    }
}
