//! Every message of the crate, with its place and what to do, in exactly these words.
//!
//! A case of `cases/diagnostics.txt` is a heading, files (`--- path`), and after `=== ` the text that is drawn. Its files are loaded in order;
//! of one whose name begins with `query` each line is resolved over what the others made. With `ELYOS_RECORD` set the texts are written instead of
//! compared. The second test reads the messages off the source: one without a case fails it.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use elyos_schema::{Catalog, Diagnostics, Source, parse::parse_query, resolve};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn every_case_is_told_in_these_words() {
    let path = folder("tests/cases/diagnostics.txt");
    let record = env::var_os("ELYOS_RECORD").is_some();
    let text = fs::read_to_string(&path).expect("the cases are there");
    let mut recorded = String::new();
    for case in text.split("\n##### ") {
        let case = case.trim_start_matches("##### ");
        let (given, expected) = case.split_once("\n=== \n").unwrap_or((case.trim_end_matches('\n'), ""));
        let actual = told(given);
        if record {
            recorded.extend(["##### ", given, "\n=== \n", actual.as_str(), "\n\n"]);
        } else {
            assert_eq!(actual, expected.trim_end(), "{}", given.lines().next().unwrap_or_default());
        }
    }
    if record {
        fs::write(&path, recorded).expect("it can be written");
    }
}

fn told(case: &str) -> String {
    let mut catalog = Catalog::new();
    let mut told = Vec::new();
    for part in case.split("\n--- ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        if path.starts_with("query") {
            told.extend(
                content.lines().map(|line| resolved(&catalog, line).map_or_else(|errors| errors.to_string(), |()| "accepted".to_owned())),
            );
            continue;
        }
        match catalog.clone().load_more(&[Source::new(path, content)]) {
            Ok(changed) => catalog = changed,
            Err(errors) => told.push(errors.to_string()),
        }
    }
    told.join("\n\n")
}

fn resolved(catalog: &Catalog, query: &str) -> Result<(), Diagnostics> {
    let source = Source::new("query.sql", query);
    resolve::columns_of(catalog, &source, &parse_query(&source)?).map(|_| ())
}

/// Messages that no text can bring about: they stand where the types of the code allow what the grammar does not, behind a bound that is
/// reached before, and where a machine is out of memory.
const UNREACHABLE: [&str; 7] = [
    "`DEFAULT` is not allowed here",
    "a function's name is missing",
    "a name is missing",
    "the query could not be resolved",
    "the query is nested too deeply",
    "this is no `*`",
    "what is nested deeply cannot be read: no thread with a large stack can be started: ",
];

/// Messages whose case is too large for a file of cases: a statement of 16 MiB, in the tests of `bundle::large`.
const TOLD_ELSEWHERE: [&str; 1] = ["a statement of more than  MiB"];

/// The parts of a message that are always the same, in order.
type Message = Vec<String>;

#[test]
fn every_message_has_a_case() {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(folder("tests/cases")).expect("the cases are there") {
        let text = fs::read_to_string(entry.expect("it is readable").path()).expect("it is UTF-8");
        told.extend(text.lines().filter_map(|line| line.strip_prefix("error: ")).map(str::to_owned));
    }
    let mut missing = Vec::new();
    let mut seen = 0;
    for path in sources(&folder("src")) {
        let text = fs::read_to_string(&path).expect("it is UTF-8");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (line, message) in messages(code) {
            seen += 1;
            let without_case = [UNREACHABLE.as_slice(), &TOLD_ELSEWHERE].concat();
            if !told.iter().any(|told| says(told, &message)) && !without_case.contains(&message.concat().as_str()) {
                missing.push(format!("{}:{line}: {}", path.display(), message.join("…")));
            }
        }
    }
    assert!(seen > 150, "only {seen} messages found in the source");
    assert!(missing.is_empty(), "{} of {seen} messages have no case:\n{}", missing.len(), missing.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it is readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The messages that the code gives to `Diagnostic::new`, each with its line: a literal, that of a `format!`, or that of the `message`
/// which was made last before it.
fn messages(code: &str) -> Vec<(usize, Message)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("Diagnostic::new(") {
        let line_start = code[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if code[line_start..at].trim_start().starts_with("//") {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let argument = code[at + "Diagnostic::new(".len()..].trim_start();
        let literal = literal(argument).or_else(|| {
            let name: String = argument.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            let made = code[..at].rfind(&format!("let {name} ="))?;
            literal(code[made..].split_once('=')?.1.trim_start())
        });
        found.extend(literal.map(|literal| (line, fixed_parts(&literal))));
    }
    found
}

fn literal(code: &str) -> Option<String> {
    let code = code.strip_prefix("format!(").map_or(code, str::trim_start);
    let code = code.strip_prefix('"')?;
    let mut text = String::new();
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Some(text),
            '\\' => text.push(letters.next()?),
            _ => text.push(letter),
        }
    }
    None
}

/// What stands outside the braces.
fn fixed_parts(template: &str) -> Message {
    let mut parts = vec![String::new()];
    let mut inside = false;
    for letter in template.replace("{{", "\u{1}").replace("}}", "\u{2}").chars() {
        match letter {
            '{' => inside = true,
            '}' => {
                inside = false;
                parts.push(String::new());
            }
            _ if inside => {}
            _ => parts.last_mut().expect("there is one").push(letter),
        }
    }
    parts.iter().map(|part| part.replace('\u{1}', "{").replace('\u{2}', "}")).collect()
}

fn says(told: &str, message: &Message) -> bool {
    let Some((first, rest)) = message.split_first() else { return false };
    let Some(mut left) = told.strip_prefix(first.as_str()) else { return false };
    for (index, part) in rest.iter().enumerate() {
        let last = index + 1 == rest.len();
        let at = if last {
            left.len().checked_sub(part.len()).filter(|at| left.ends_with(part.as_str()) && *at <= left.len())
        } else {
            left.find(part.as_str())
        };
        let Some(at) = at else { return false };
        left = &left[at + part.len()..];
    }
    left.is_empty()
}
