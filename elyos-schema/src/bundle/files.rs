//! Bytes → text: UTF-8, without its byte-order mark, line ends as LF.

use super::path::Shown;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    source::Source,
};

/// The text of a file.
///
/// # Errors
/// The place of the first byte that is not UTF-8, or of a NUL, which PostgreSQL takes in no text.
pub(super) fn decode(shown: &Shown, path: &str, bytes: &[u8]) -> Result<Source, Diagnostics> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            // A checkout may have changed the line ends; what the file means must not depend on it.
            let text = text.replace("\r\n", "\n");
            let source = Source::new(shown.path(path), text.as_str());
            match text.find('\0') {
                None => Ok(source),
                Some(at) => {
                    Err(Diagnostic::new("a NUL byte").at(&source, at..at + 1).help("PostgreSQL takes no NUL in a text; remove it").into())
                }
            }
        }
        Err(error) => {
            let at = error.valid_up_to();
            // What is before the bad byte is UTF-8, so its offset is the same in the text that is shown.
            let source = Source::new(shown.path(path), String::from_utf8_lossy(bytes).into_owned());
            let hint = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
                "the file is UTF-16; save it as UTF-8"
            } else {
                "save the file as UTF-8"
            };
            let diagnostic = Diagnostic::new(format!("the byte 0x{:02X} is not UTF-8", bytes[at]));
            Err(diagnostic.at(&source, at..at + '\u{FFFD}'.len_utf8()).help(hint).into())
        }
    }
}
