//! Finding `schema.sql`, and parsing it once however many derives read it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use elyos_schema::{Catalog, Source};
use proc_macro2::Span;
use syn::{Error, LitStr};

/// A schema file and what it says.
#[derive(Clone)]
pub(crate) struct Schema {
    pub(crate) path: PathBuf,
    pub(crate) catalog: Arc<Catalog>,
}

type Parsed = Result<Arc<Catalog>, String>;

/// By path, with the text it was parsed from: a macro server outlives many edits of the file.
static PARSED: Mutex<Option<HashMap<PathBuf, (String, Parsed)>>> = Mutex::new(None);

/// The package that is being compiled.
pub(crate) fn package() -> Result<PathBuf, Error> {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Error::new(Span::call_site(), "CARGO_MANIFEST_DIR is not set: compile with cargo"))
}

/// Reads the schema that the attribute names, else the nearest one.
pub(crate) fn load(named: Option<&LitStr>, span: Span) -> Result<Schema, Error> {
    let package = package()?;
    let path = match named {
        Some(named) => package.join(named.value()),
        None => nearest(&package).ok_or_else(|| {
            Error::new(
                span,
                format!(
                    "no schema.sql in {} or above it, up to the workspace; put it there, or say where it is: `schema = \"path/to/schema.sql\"`",
                    package.display()
                ),
            )
        })?,
    };
    let span = named.map_or(span, LitStr::span);
    let bytes = fs::read(&path).map_err(|error| Error::new(span, format!("{} cannot be read: {error}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::new(span, format!("{} is not UTF-8: byte {} starts no character", path.display(), error.utf8_error().valid_up_to()))
    })?;
    let catalog = parse(&path, text).map_err(|message| Error::new(span, message))?;
    Ok(Schema { path, catalog })
}

fn nearest(package: &Path) -> Option<PathBuf> {
    for folder in package.ancestors() {
        let candidate = folder.join("schema.sql");
        if candidate.is_file() {
            return Some(candidate);
        }
        let is_workspace = fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().any(|line| line.trim_start().starts_with("[workspace")));
        if is_workspace {
            return None;
        }
    }
    None
}

fn parse(path: &Path, text: String) -> Parsed {
    let mut guard = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    let parsed = guard.get_or_insert_default();
    if let Some((known, result)) = parsed.get(path)
        && *known == text
    {
        return result.clone();
    }
    let shown = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let source = Source::new(path.display().to_string(), shown);
    let result = Catalog::load(&[source]).map(Arc::new).map_err(|diagnostics| diagnostics.to_string());
    parsed.insert(path.to_owned(), (text, result.clone()));
    result
}
