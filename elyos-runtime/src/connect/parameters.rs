//! What a URL says of TLS: taken out of it, as the driver knows only a part.

use std::ops::Range;

/// How much TLS is wanted.
///
/// Source: PostgreSQL, "SSL Support" (libpq), "Protection Provided in Different Modes".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    const ALL: [Self; 6] = [Self::Disable, Self::Allow, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// As it is written in a URL.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// The certificates by which the server's is judged, where the URL names some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Those in a PEM file.
    File(String),
    /// Those that the operating system trusts.
    System,
}

/// A URL without its TLS parameters, and these.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) rest: String,
    pub(super) ssl_mode: SslMode,
    pub(super) roots: Option<Roots>,
}

/// What libpq knows and neither the driver nor this crate does. Only these are named in an error: anything else may be a
/// part of a password that was not percent-encoded.
const NOT_SUPPORTED: [&str; 18] = [
    "gssencmode",
    "gsslib",
    "krbsrvname",
    "passfile",
    "require_auth",
    "requirepeer",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslpassword",
    "sslsni",
];

/// Does a URL or a `key=value` string say that, whatever it says?
pub(super) fn says(url: &str, key: &str) -> bool {
    all(url).iter().any(|parameter| parameter.key == key)
}

fn all(url: &str) -> Vec<Parameter> {
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if is_url { in_query(url) } else { in_pairs(url) }
}

/// Takes `sslmode` and `sslrootcert` out of a URL or a `key=value` string.
pub(super) fn take(url: &str) -> Result<Parameters, String> {
    let found = all(url);
    let mut rest = url.to_owned();
    let (mut mode, mut roots) = (None, None);
    // From the end, so that the earlier places stay; the last of two equal keys counts, as in libpq.
    for Parameter { key, value, range } in found.into_iter().rev() {
        match key.as_str() {
            "sslmode" => mode = mode.or(Some(value)),
            "sslrootcert" => roots = roots.or(Some(value)),
            known if NOT_SUPPORTED.contains(&known) => return Err(format!("its parameter {known} is not supported")),
            _ => continue,
        }
        rest.replace_range(range, "");
    }
    let roots = roots.filter(|file| !file.is_empty()).map(|file| if file == "system" { Roots::System } else { Roots::File(file) });
    let ssl_mode = match mode {
        None if roots == Some(Roots::System) => SslMode::VerifyFull,
        None => SslMode::Prefer,
        Some(name) => SslMode::ALL
            .into_iter()
            .find(|mode| mode.name() == name)
            .ok_or("its sslmode is none of disable, allow, prefer, require, verify-ca and verify-full")?,
    };
    if roots == Some(Roots::System) && ssl_mode != SslMode::VerifyFull {
        // Anybody can have a certificate of an authority that the system trusts.
        return Err("sslrootcert=system is of use with sslmode=verify-full only".to_owned());
    }
    Ok(Parameters { rest, ssl_mode, roots })
}

struct Parameter {
    key: String,
    value: String,
    /// Where it stands, with what separates it from the next.
    range: Range<usize>,
}

/// The parameters behind the question mark, percent-decoded.
fn in_query(url: &str) -> Vec<Parameter> {
    // A question mark before the at sign is the password's.
    let after_user = url.find('@').unwrap_or_default();
    let Some(question) = url[after_user..].find('?') else { return Vec::new() };
    let mut start = after_user + question + 1;
    let mut found = Vec::new();
    for pair in url[start..].split('&') {
        let end = start + pair.len();
        if let Some((key, value)) = pair.split_once('=') {
            found.push(Parameter { key: decode(key), value: decode(value), range: start..(end + 1).min(url.len()) });
        }
        start = end + 1;
    }
    found
}

/// Source: RFC 3986, section 2.1. What is not an encoding stands for itself.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digit = |offset: usize| bytes.get(index + offset).and_then(|byte| char::from(*byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (bytes[index], digit(1), digit(2)) {
            // Two hexadecimal digits make a byte.
            decoded.extend(u8::try_from(high * 16 + low));
            index += 3;
        } else {
            decoded.push(bytes[index]);
            index += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The parameters of a `key=value` string. One that is malformed ends the list: the driver will say so.
///
/// Source: PostgreSQL, "Keyword/Value Connection Strings" (libpq): values may be in single quotes, a backslash escapes.
fn in_pairs(text: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let start = text.len() - rest.trim_start().len();
        rest = &text[start..];
        let Some((key, value)) = rest.split_once('=') else { return found };
        let value = value.trim_start();
        let mut characters = value.char_indices();
        let quoted = value.starts_with('\'');
        if quoted {
            characters.next();
        }
        let mut content = String::new();
        let end = loop {
            match characters.next() {
                Some((_, '\\')) => content.extend(characters.next().map(|(_, escaped)| escaped)),
                Some((index, '\'')) if quoted => break index + 1,
                Some((index, space)) if !quoted && space.is_whitespace() => break index,
                Some((_, character)) => content.push(character),
                None => break value.len(),
            }
        };
        rest = &value[end..];
        found.push(Parameter { key: key.trim().to_owned(), value: content, range: start..text.len() - rest.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Roots {
        Roots::File(path.to_owned())
    }

    #[test]
    fn what_is_said_of_tls_is_taken_out_and_the_rest_stays() {
        for (url, rest, ssl_mode, roots) in [
            ("postgresql://h/d", "postgresql://h/d", SslMode::Prefer, None),
            ("postgresql://h/d?sslmode=disable", "postgresql://h/d?", SslMode::Disable, None),
            ("postgres://u:p@h/d?a=b&sslmode=allow&c=d", "postgres://u:p@h/d?a=b&c=d", SslMode::Allow, None),
            ("postgresql://u:a?sslmode=x@h/d?sslmode=require", "postgresql://u:a?sslmode=x@h/d?", SslMode::Require, None),
            (
                "postgresql://h/d?sslmode=verify-ca&sslrootcert=%2Fa%20b%2Froot.crt&x=y",
                "postgresql://h/d?x=y",
                SslMode::VerifyCa,
                Some(file("/a b/root.crt")),
            ),
            ("postgresql://h/d?sslmode=prefer&sslmode=verify-full", "postgresql://h/d?", SslMode::VerifyFull, None),
            ("postgresql://h/d?sslrootcert=system", "postgresql://h/d?", SslMode::VerifyFull, Some(Roots::System)),
            ("postgresql://h/d?sslrootcert=", "postgresql://h/d?", SslMode::Prefer, None),
            (
                "host=h sslmode = require password='a \\' sslmode=x' dbname=d",
                "host=h  password='a \\' sslmode=x' dbname=d",
                SslMode::Require,
                None,
            ),
            ("sslrootcert='/a b/it\\'s.crt' host=h sslmode=verify-full", " host=h ", SslMode::VerifyFull, Some(file("/a b/it's.crt"))),
            ("host=h sslrootcert=/a\\ b.crt", "host=h ", SslMode::Prefer, Some(file("/a b.crt"))),
            ("nonsense", "nonsense", SslMode::Prefer, None),
            ("host='never ends", "host='never ends", SslMode::Prefer, None),
        ] {
            assert_eq!(take(url), Ok(Parameters { rest: rest.to_owned(), ssl_mode, roots }), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_had_is_refused_and_only_names_of_parameters_are_repeated() {
        for (url, why) in [
            ("postgresql://h/d?sslmode=s3cret", "its sslmode is none of disable, allow, prefer, require, verify-ca and verify-full"),
            ("host=h sslcert=/s3cret", "its parameter sslcert is not supported"),
            ("postgresql://h/d?service=s3cret", "its parameter service is not supported"),
            ("postgresql://h/d?sslmode=require&sslrootcert=system", "sslrootcert=system is of use with sslmode=verify-full only"),
        ] {
            assert_eq!(take(url), Err(why.to_owned()), "{url}");
        }
    }

    #[test]
    fn no_text_makes_it_fail_in_another_way() {
        let alphabet: Vec<char> = "ss=l&?@' \\%4ő/:,postgresql://".chars().collect();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            let mut text = String::from(if state.is_multiple_of(2) { "postgresql://" } else { "" });
            for _ in 0..state % 24 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(alphabet[usize::try_from(state >> 33).unwrap_or_default() % alphabet.len()]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // None of these texts holds one of the parameters.
            assert_eq!(take(&text).map(|parameters| parameters.rest), Ok(text.clone()), "{text:?}");
        }
    }
}
