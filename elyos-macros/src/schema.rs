//! Finding `schema.sql`, and parsing it once however many derives read it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use elyos_schema::{Catalog, Diagnostics, Source};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

use crate::manifest::{self, Manifest};
use crate::paths;

/// A schema file and what it says.
pub(crate) struct Schema {
    pub(crate) path: PathBuf,
    /// The path as people know it.
    pub(crate) shown: String,
    pub(crate) catalog: Arc<Catalog>,
    /// What the package says in its `Cargo.toml`.
    pub(crate) manifest: Manifest,
}

impl Schema {
    /// The files to be read again when they change: naming them makes the compiler do so.
    pub(crate) fn tracked(&self) -> TokenStream {
        let paths = std::iter::once(&self.path).chain(&self.manifest.path).map(|path| path.to_string_lossy());
        quote!(#(const _: &[::std::primitive::u8] = ::core::include_bytes!(#paths);)*)
    }
}

type Parsed = Result<Arc<Catalog>, Diagnostics>;

/// By path, with the text it was parsed from: a macro server outlives many edits of the file.
static PARSED: Mutex<Option<HashMap<PathBuf, (String, Parsed)>>> = Mutex::new(None);

/// The package that is being compiled.
pub(crate) fn package() -> Result<PathBuf, Error> {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Error::new(Span::call_site(), "CARGO_MANIFEST_DIR is not set: compile with cargo"))
}

/// Reads the schema that the attribute names, else that of the package's metadata, else the nearest one.
pub(crate) fn load(named: Option<&LitStr>, span: Span) -> Result<Schema, Error> {
    let package = package()?;
    let manifest = manifest::read(&package)?;
    let path = match (named, &manifest.schema) {
        (Some(named), _) => package.join(named.value()),
        (None, Some(said)) => package.join(said),
        (None, None) => nearest(&package).ok_or_else(|| {
            Error::new(
                span,
                "there is no schema.sql in the package's folder or above it, up to the workspace's\n\
                 = help: put it there, or say where it is, from the package's folder: `schema = \"path/to/schema.sql\"`",
            )
        })?,
    };
    let shown = paths::shown(&path, &package);
    let span = named.map_or(span, LitStr::span);
    let bytes = fs::read(&path).map_err(|error| {
        let help = if named.is_some() || manifest.schema.is_some() { "\n= help: the path is taken from the package's folder" } else { "" };
        Error::new(span, format!("the schema {shown} cannot be read: {}{help}", why(&error)))
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        Error::new(span, format!("the schema {shown} is not UTF-8: the byte at offset {at}, in line {line}, starts no character"))
    })?;
    let catalog = parse(&path, &shown, text).map_err(|diagnostics| told(&diagnostics, span))?;
    Ok(Schema { path, shown, catalog, manifest })
}

/// An operating system's error in words that are the same everywhere for what happens most.
pub(crate) fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it is not there".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        std::io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// Each diagnostic as an error of its own; the compiler writes `error:` before each by itself.
pub(crate) fn told(diagnostics: &Diagnostics, span: Span) -> Error {
    let mut errors = diagnostics.iter().map(|diagnostic| {
        let drawn = diagnostic.to_string();
        Error::new(span, drawn.strip_prefix("error: ").unwrap_or(&drawn))
    });
    let first = errors.next().unwrap_or_else(|| Error::new(span, "the SQL cannot be read"));
    errors.fold(first, |mut all, error| {
        all.combine(error);
        all
    })
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

fn parse(path: &Path, shown: &str, text: String) -> Parsed {
    let mut guard = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    let parsed = guard.get_or_insert_default();
    if let Some((known, result)) = parsed.get(path)
        && *known == text
    {
        return result.clone();
    }
    let source = Source::new(shown, text.strip_prefix('\u{feff}').unwrap_or(&text));
    let result = Catalog::load(&[source]).map(Arc::new);
    parsed.insert(path.to_owned(), (text, result.clone()));
    result
}
