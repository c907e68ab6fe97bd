//! A seed too large to be held: read once to check it, in pieces of whole statements, and again in the same pieces to run it.
//!
//! Each piece's hash is kept, so that of a file which changes in between not one statement is run that was not checked.

mod decode;

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind, Read},
    ops::Range,
};

use sha2::{Digest, Sha256};

use self::decode::{Decoder, NotText};
use super::{path::Shown, script};
use crate::{
    diagnostic::Diagnostic,
    parse::{self, WrittenName, boundary::Boundary},
    source::Source,
};

/// So much text, up to the end of a statement, is a piece.
const PIECE: usize = 128 * 1024;

/// So much is read at a time.
const CHUNK: usize = 64 * 1024;

/// The longest statement: it has to be held whole.
const LONGEST: usize = 16 * 1024 * 1024;

/// A column so far to the right is not shown in its place.
const WIDEST: usize = 1000;

/// What is known of a large seed.
#[derive(Clone, Debug)]
pub struct Large {
    /// SHA-256 of its text, as of any script's.
    pub sha256: [u8; 32],
    /// Its pieces, in their order; together they are the whole text.
    pub pieces: Vec<Piece>,
    pub(super) reads: BTreeSet<WrittenName>,
    pub(super) writes: BTreeSet<WrittenName>,
    /// What is wrong with it.
    pub(super) found: Vec<Diagnostic>,
}

/// Some whole statements of a large seed, and what stands between them. It is as small however many they are: where each is, is found
/// again when it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes as text: without a byte-order mark, line ends as LF.
    pub length: usize,
    /// The lines that end before it.
    pub lines_before: usize,
    /// The characters of its first line that stand before it.
    pub columns_before: usize,
    /// How many statements it has.
    pub statements: usize,
    sha256: [u8; 32],
}

/// Checks a large seed while it is read, once and from its beginning; what is wrong is told by [`load_large`](super::load_large).
///
/// Memory for a few pieces is used, or for a few of the longest statement, which must not be longer than 16 MiB.
///
/// # Errors
/// Those of the reader.
pub fn scan(root_shown: &str, path: &str, reader: impl Read) -> io::Result<Large> {
    scan_in(&Shown::new(root_shown).path(path), reader, PIECE)
}

fn scan_in(shown: &str, mut reader: impl Read, piece: usize) -> io::Result<Large> {
    let large = Large { sha256: [0; 32], pieces: Vec::new(), reads: BTreeSet::new(), writes: BTreeSet::new(), found: Vec::new() };
    let mut scan = Scan { shown, large, whole: Sha256::new(), lines: 0, columns: 0 };
    let mut boundary = Boundary::default();
    let (mut decoder, mut text, mut chunk) = (Decoder::default(), String::new(), vec![0; CHUNK]);
    // How far the text has been looked at, and where it can be cut.
    let (mut seen, mut cut) = (0, None);
    loop {
        let read = reader.read(&mut chunk)?;
        if let Err(NotText(byte)) = decoder.push(&chunk[..read], &mut text) {
            scan.not_text(&text, byte);
            return Ok(scan.large);
        }
        while seen < text.len() {
            let byte = text.as_bytes()[seen];
            seen += 1;
            // The rest of the line goes with the statement.
            if boundary.ends_with(byte) || (cut == Some(seen - 1) && matches!(byte, b' ' | b'\t' | b'\n')) {
                let is_line_end = byte == b'\n';
                cut = Some(seen);
                if seen >= piece && is_line_end {
                    scan.piece(&text[..seen]);
                    text.drain(..seen);
                    (seen, cut) = (0, None);
                }
            } else if let Some(end) = cut.filter(|end| *end >= piece) {
                scan.piece(&text[..end]);
                text.drain(..end);
                (seen, cut) = (seen - end, None);
            }
            if !scan.large.found.is_empty() {
                return Ok(scan.large);
            }
        }
        if read == 0 {
            break;
        }
        if text.len() - cut.unwrap_or(0) > LONGEST {
            scan.too_long(&text[cut.unwrap_or(0)..], &text[..cut.unwrap_or(0)]);
            return Ok(scan.large);
        }
    }
    if !text.is_empty() {
        scan.piece(&text);
    }
    scan.large.sha256 = scan.whole.finalize().into();
    Ok(scan.large)
}

/// What has been read of a file, and where it has come to.
struct Scan<'a> {
    shown: &'a str,
    large: Large,
    whole: Sha256,
    lines: usize,
    columns: usize,
}

impl Scan<'_> {
    fn piece(&mut self, text: &str) {
        let (source, _) = self.source(text);
        match parse::parse(&source) {
            Ok(parsed) => {
                script::refuse_seed(&source, &parsed, &mut self.large.found);
                self.large.reads.extend(parsed.statements().iter().flat_map(parse::Statement::reads).cloned());
                self.large.writes.extend(parsed.statements().iter().flat_map(parse::Statement::writes).cloned());
                self.large.pieces.push(Piece {
                    length: text.len(),
                    lines_before: self.lines,
                    columns_before: self.columns,
                    statements: parsed.statements().len(),
                    sha256: Sha256::digest(text).into(),
                });
            }
            Err(errors) => self.large.found.extend(errors),
        }
        self.whole.update(text);
        self.pass(text);
    }

    /// Goes on behind the text.
    fn pass(&mut self, text: &str) {
        match text.rfind('\n') {
            Some(newline) => {
                self.lines += text.bytes().filter(|byte| *byte == b'\n').count();
                self.columns = text[newline + 1..].chars().count();
            }
            None => self.columns += text.chars().count(),
        }
    }

    /// The text as one that knows its place in the file, and by how much its offsets are greater.
    fn source(&self, text: &str) -> (Source, usize) {
        // Blanks stand for what is before it on its line.
        let shift = if self.columns > WIDEST { 0 } else { self.columns };
        (Source::part(self.shown, format!("{:shift$}{text}", ""), self.lines), shift)
    }

    fn not_text(&mut self, before: &str, byte: u8) {
        let (source, _) = self.source(&format!("{before}\u{FFFD}"));
        let at = source.text().len() - '\u{FFFD}'.len_utf8();
        let diagnostic = if byte == 0 {
            Diagnostic::new("a NUL byte").help("PostgreSQL takes no NUL in a text; remove it")
        } else {
            Diagnostic::new(format!("the byte 0x{byte:02X} is not UTF-8")).help("save the file as UTF-8")
        };
        self.large.found.push(diagnostic.at(&source, at..source.text().len()));
    }

    fn too_long(&mut self, statement: &str, before: &str) {
        self.pass(before);
        let start = statement.len() - statement.trim_start().len();
        self.pass(&statement[..start]);
        let shown: String = statement[start..].chars().take(60).collect();
        let (source, shift) = self.source(&shown);
        let diagnostic = Diagnostic::new(format!("a statement of more than {} MiB", LONGEST / 1024 / 1024));
        self.large.found.push(
            diagnostic
                .at(&source, shift..source.text().len())
                .help("divide it, as one INSERT into several; or is a quote or a comment left open?"),
        );
    }
}

/// The texts of a large seed's pieces, read again, each one what it was when it was checked, with the bytes of each statement in it.
///
/// An error of kind `InvalidData` says that the file has changed since.
///
/// ```
/// use elyos_schema::bundle::{pieces, scan};
///
/// let text = "insert into t values (1);\ninsert into t values (2);\n";
/// let large = scan("db", "seeds/t.sql", text.as_bytes())?;
/// let again: Vec<_> = pieces(&large, text.as_bytes()).collect::<Result<_, _>>()?;
/// assert_eq!(again, [(text.to_owned(), vec![0..24, 26..50])]);
/// let changed = pieces(&large, "insert into t values (3);\n".as_bytes()).next();
/// assert_eq!(changed.and_then(Result::err).map(|error| error.kind()), Some(std::io::ErrorKind::InvalidData));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn pieces<'l>(large: &'l Large, mut reader: impl Read + 'l) -> impl Iterator<Item = io::Result<(String, Vec<Range<usize>>)>> + 'l {
    let (mut decoder, mut text, mut chunk) = (Decoder::default(), String::new(), vec![0; CHUNK]);
    let (mut left, mut at_end) = (large.pieces.iter(), false);
    let mut next = move || -> io::Result<Option<(String, Vec<Range<usize>>)>> {
        let changed = || io::Error::new(ErrorKind::InvalidData, "the file has changed since it was checked");
        let piece = left.next();
        // Behind the last piece, there must be nothing.
        let wanted = piece.map_or(1, |piece| piece.length);
        while text.len() < wanted && !at_end {
            let read = reader.read(&mut chunk)?;
            at_end = read == 0;
            decoder.push(&chunk[..read], &mut text).map_err(|_| changed())?;
        }
        let Some(piece) = piece else {
            return if text.is_empty() { Ok(None) } else { Err(changed()) };
        };
        if !text.is_char_boundary(piece.length) || <[u8; 32]>::from(Sha256::digest(&text[..piece.length])) != piece.sha256 {
            return Err(changed());
        }
        let rest = text.split_off(piece.length);
        let source = Source::new("", std::mem::replace(&mut text, rest));
        let statements = parse::parse(&source).map_err(|_| changed())?.statements().iter().map(parse::Statement::range).collect();
        Ok(Some((source.text().to_owned(), statements)))
    };
    let mut has_failed = false;
    std::iter::from_fn(move || {
        if has_failed {
            return None;
        }
        let result = next().transpose();
        has_failed = matches!(result, Some(Err(_)));
        result
    })
}

#[cfg(test)]
mod tests;
