//! Writes the URL of a database behind a socket.

use std::{os::unix::ffi::OsStrExt, path::Path};

use super::settings::ROLE;

/// `postgresql://postgres@%2Fpath%2Fto%2Fsocket:5432/database`.
///
/// The port is named although it is the default: libpq would take another one from `PGPORT`.
pub(super) fn of(socket: &Path, database: &str) -> String {
    let host = encode(socket.as_os_str().as_bytes());
    format!("postgresql://{ROLE}@{host}:5432/{}", encode(database.as_bytes()))
}

/// Percent-encodes all but the characters that mean nothing anywhere in a URL (RFC 3986, 2.3).
fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_back_as_it_was_meant() {
        let url = of(Path::new("/a b/c%d"), "x/y?é");
        assert_eq!(url, "postgresql://postgres@%2Fa%20b%2Fc%25d:5432/x%2Fy%3F%C3%A9");
        let config: postgres::Config = url.parse().unwrap();
        assert_eq!(config.get_hosts(), [postgres::config::Host::Unix("/a b/c%d".into())]);
        assert_eq!((config.get_dbname(), config.get_ports()), (Some("x/y?é"), &[5432][..]));
    }
}
