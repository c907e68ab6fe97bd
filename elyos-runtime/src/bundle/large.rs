//! A file that is too large to be held: read again, piece by piece, when it runs.

use std::fmt;
use std::io;
use std::ops::Range;

/// Gives a file's pieces, each one as it was when the bundle was checked.
pub trait LargeFile: fmt::Debug + Send + Sync {
    /// Reads the file from its beginning.
    ///
    /// # Errors
    ///
    /// When it cannot be opened; of a piece, when it cannot be read, or, as one of kind `InvalidData`, when it has changed since it was
    /// checked.
    fn pieces(&self) -> io::Result<Box<dyn Iterator<Item = io::Result<Piece>> + '_>>;
}

/// Some whole statements of a file, and what stands between them.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The text, without byte order mark and with line ends as LF.
    pub text: String,
    /// The bytes of each statement in the text.
    pub statements: Vec<Range<usize>>,
    /// The lines of the file that end before it.
    pub lines_before: usize,
    /// The characters of its first line that stand before it.
    pub columns_before: usize,
}
