//! What is fuzzed: the ways by which a text that nobody has checked gets into Elyos. Whatever it is, an answer or diagnostics
//! come of it, and both can be printed; the programs of `fuzz/` and the test that runs their corpus call these.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use elyos_cli::inspect::{canonical, from_catalog};
use elyos_schema::{Catalog, Source, bundle, parse::parse_query, resolve};

/// A function that takes any text, by the name of its program and of its corpus.
pub type Target = (&'static str, fn(&str));

/// All of them.
pub const TARGETS: [Target; 5] =
    [("catalog", catalog), ("any_order", any_order), ("query", query), ("bundle", bundle), ("normalised", normalised)];

/// What memory a target may take for an input of so many bytes beyond what it holds before: a hundred times the input, and
/// 512 KiB for what is there once however small the input is (a diagnostic, the parser's tables).
#[must_use]
pub fn allowed_memory(input: usize) -> usize {
    512 * 1024 + input * 100
}

/// A file, applied in its order and printed as `elyos inspect` does.
///
/// # Panics
///
/// When a catalog cannot be printed.
pub fn catalog(text: &str) {
    match Catalog::load(&[Source::new("fuzzed.sql", text)]) {
        Ok(catalog) => drop(serde_json::to_string(&from_catalog(&catalog)).expect("a document is JSON")),
        Err(diagnostics) => drop(diagnostics.to_string()),
    }
}

/// Files whose order is nobody's intention.
pub fn any_order(text: &str) {
    let sources: Vec<Source> = files(text).into_iter().map(|(path, text)| Source::new(path, text)).collect();
    if let Err(diagnostics) = Catalog::new().load_in_any_order(&sources) {
        drop(diagnostics.to_string());
    }
}

/// A query over a schema that has something of everything.
///
/// # Panics
///
/// When that schema itself does not load.
pub fn query(text: &str) {
    const SCHEMA: &str = include_str!("../fixtures/resolve_schema.sql");
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    let catalog = CATALOG.get_or_init(|| Catalog::load(&[Source::new("schema.sql", SCHEMA)]).expect("the schema loads"));
    let source = Source::new("fuzzed.sql", text);
    if let Err(diagnostics) = parse_query(&source).and_then(|query| resolve::columns_of(catalog, &source, &query)) {
        drop(diagnostics.to_string());
    }
}

/// A folder with a manifest, migrations and seeds.
pub fn bundle(text: &str) {
    let files: BTreeMap<String, Vec<u8>> = files(text).into_iter().map(|(path, text)| (path, text.as_bytes().to_vec())).collect();
    if let Err(diagnostics) = bundle::load("fuzzed", &files) {
        drop(diagnostics.to_string());
    }
}

/// An expression made comparable is left as it is by making it comparable once more.
///
/// # Panics
///
/// When it is not.
pub fn normalised(text: &str) {
    let once = canonical::normalised(text);
    assert_eq!(canonical::normalised(&once), once, "from {text:?}");
}

/// The files that a text stands for: a line `--- PATH` begins each; what is before the first is `schema.sql`.
fn files(text: &str) -> Vec<(String, &str)> {
    const MARK: &str = "--- ";
    let mut files = Vec::new();
    let (mut path, mut start, mut at) = ("schema.sql", 0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(named) = line.strip_prefix(MARK) {
            files.push((path.to_owned(), &text[start..at]));
            (path, start) = (named.trim_end(), at + line.len());
        }
        at += line.len();
    }
    files.push((path.to_owned(), &text[start..]));
    files
}
