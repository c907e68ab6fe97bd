//! Bytes that come in chunks → text as a bundle has it: UTF-8, without its byte-order mark, line ends as LF.

/// Decodes chunk by chunk; what a chunk's end leaves open is kept for the next.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// A carriage return or a part of a character, and at the start what may become a byte-order mark.
    open: Vec<u8>,
    has_begun: bool,
}

/// The first byte that is not text, and the text before it has been given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotText(pub(super) u8);

const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Decoder {
    /// Adds the chunk's text; an empty chunk is the end of the file.
    pub(super) fn push(&mut self, chunk: &[u8], text: &mut String) -> Result<(), NotText> {
        if chunk.is_empty() {
            return self.finish(text);
        }
        self.open.extend_from_slice(chunk);
        if !self.has_begun {
            if self.open.len() < MARK.len() && MARK.starts_with(&self.open) {
                return Ok(());
            }
            self.has_begun = true;
            if self.open.starts_with(MARK) {
                self.open.drain(..MARK.len());
            }
        }
        let bytes = std::mem::take(&mut self.open);
        let (valid, bad) = match std::str::from_utf8(&bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let bad = error.error_len().map(|_| bytes[error.valid_up_to()]);
                // What is before it is text.
                (std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(), bad)
            }
        };
        // A carriage return at the end is one with the line feed that may follow.
        let whole = if bad.is_none() && valid.len() == bytes.len() { valid.strip_suffix('\r').unwrap_or(valid) } else { valid };
        match whole.find('\0') {
            Some(nul) => {
                text.push_str(&whole[..nul].replace("\r\n", "\n"));
                return Err(NotText(0));
            }
            None if whole.contains('\r') => text.push_str(&whole.replace("\r\n", "\n")),
            None => text.push_str(whole),
        }
        if let Some(bad) = bad {
            return Err(NotText(bad));
        }
        self.open = bytes[whole.len()..].to_vec();
        Ok(())
    }

    /// Adds what is left at the end of the file.
    fn finish(&mut self, text: &mut String) -> Result<(), NotText> {
        let open = std::mem::take(&mut self.open);
        match std::str::from_utf8(&open) {
            Ok(open) => {
                text.push_str(open);
                Ok(())
            }
            Err(error) => Err(NotText(open[error.valid_up_to()])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoder, NotText};

    fn decode(bytes: &[u8], chunk: usize) -> Result<String, (String, NotText)> {
        let (mut decoder, mut text) = (Decoder::default(), String::new());
        for chunk in bytes.chunks(chunk) {
            if let Err(error) = decoder.push(chunk, &mut text) {
                return Err((text, error));
            }
        }
        match decoder.push(b"", &mut text) {
            Ok(()) => Ok(text),
            Err(error) => Err((text, error)),
        }
    }

    #[test]
    fn any_chunks_give_the_same_text() {
        for chunk in 1..12 {
            assert_eq!(decode("\u{feff}é\r\n\r\r\nő\u{feff}\r".as_bytes(), chunk).as_deref(), Ok("é\n\r\nő\u{feff}\r"), "{chunk}");
            assert_eq!(decode(b"\xEF\xBB", chunk), Err((String::new(), NotText(0xEF))));
            assert_eq!(decode(b"", chunk).as_deref(), Ok(""));
            assert_eq!(decode(b"a\r\n\xFFb", chunk), Err(("a\n".to_owned(), NotText(0xFF))), "{chunk}");
            assert_eq!(decode(b"ab\0", chunk), Err(("ab".to_owned(), NotText(0))));
            assert_eq!(decode("aé".as_bytes()[..2].as_ref(), chunk), Err(("a".to_owned(), NotText(0xC3))));
        }
    }
}
