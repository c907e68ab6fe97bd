//! Every mistake in a bundle is told with its place and what to do, in exactly these words.
//!
//! A case is a heading, files (`--- path`), and after `=== ` the text that is drawn; `cases/*.txt` hold them. With `ELYOS_RECORD` set the
//! texts are written instead of compared.

use std::{collections::BTreeMap, fs, path::Path};

use elyos_schema::bundle::load;

#[test]
fn every_mistake_is_told_in_these_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let record = std::env::var_os("ELYOS_RECORD").is_some();
    for file in ["manifest.txt", "files.txt", "sql.txt", "order.txt", "catalog.txt"] {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).expect("the cases are there");
        let mut recorded = String::new();
        for case in text.split("\n##### ") {
            let case = case.trim_start_matches("##### ");
            let (given, expected) = case.split_once("\n=== \n").unwrap_or((case.trim_end_matches('\n'), ""));
            let actual = match load("db", &files(given)) {
                Ok(_) => "accepted".to_owned(),
                Err(errors) => errors.to_string(),
            };
            if record {
                recorded.extend(["##### ", given, "\n=== \n", actual.as_str(), "\n\n"]);
            } else {
                assert_eq!(actual, expected.trim_end(), "{file}: {}", given.lines().next().unwrap_or_default());
            }
        }
        if record {
            fs::write(&path, recorded).expect("it can be written");
        }
    }
}

/// The files of a case. `\x` and two digits in a line stand for a byte.
fn files(case: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in case.split("\n--- ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        files.insert(path.to_owned(), bytes(content));
    }
    files
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        bytes.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).expect("two hexadecimal digits"));
        rest = &rest[at + 4..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
