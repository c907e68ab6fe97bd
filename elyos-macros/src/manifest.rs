//! What the package says of itself in its `Cargo.toml`, below `[package.metadata.elyos]`.

use std::fs;
use std::path::{Path, PathBuf};

use elyos_schema::nearest;
use proc_macro2::Span;
use syn::Error;
use toml::{Table, Value};

use crate::dates::Dates;

/// What is said there.
#[derive(Default, Debug)]
pub(crate) struct Manifest {
    /// Where the schema is, from the package's folder.
    pub(crate) schema: Option<String>,
    /// The module in which `types!()` stands.
    pub(crate) types: Option<String>,
    /// The crate whose dates and times the rows hold.
    datetime: Option<Dates>,
    /// The file, where there is one.
    pub(crate) path: Option<PathBuf>,
}

const KEYS: [&str; 3] = ["datetime", "schema", "types"];

/// Reads the package's `Cargo.toml`, which cargo has found to be right.
pub(crate) fn read(package: &Path) -> Result<Manifest, Error> {
    let path = package.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_default();
    // Most say nothing, and are not worth the parsing.
    let is_said = text.contains("metadata") && text.contains("elyos");
    let manifest = if is_said { said(&text).map_err(|message| Error::new(Span::call_site(), message))? } else { Manifest::default() };
    // What says nothing today may say something tomorrow, of which cargo knows nothing.
    Ok(Manifest { path: path.exists().then_some(path), ..manifest })
}

impl Manifest {
    /// The crate whose dates and times the rows hold.
    pub(crate) fn dates(&self) -> Dates {
        self.datetime.unwrap_or_default()
    }

    /// The module in which `types!()` stands, where that is said.
    pub(crate) fn types_path(&self) -> Result<Option<syn::Path>, Error> {
        let parse = |text: &String| {
            syn::parse_str::<syn::Path>(text).map_err(|_| {
                let message = "`types` in [package.metadata.elyos] of Cargo.toml is a path of Rust, as in `types = \"crate::db::types\"`";
                Error::new(Span::call_site(), message)
            })
        };
        self.types.as_ref().map(parse).transpose()
    }
}

fn said(text: &str) -> Result<Manifest, String> {
    let Ok(manifest) = text.parse::<Table>() else { return Ok(Manifest::default()) };
    let elyos = ["package", "metadata", "elyos"].iter().try_fold(&Value::Table(manifest), |at, key| at.get(key)).cloned();
    let Some(elyos) = elyos else { return Ok(Manifest::default()) };
    let Value::Table(elyos) = elyos else {
        return Err("`elyos` in [package.metadata] of Cargo.toml is a table: [package.metadata.elyos]".to_owned());
    };
    let mut read = Manifest::default();
    for (key, value) in &elyos {
        let text = || match value {
            Value::String(text) => Ok(text.clone()),
            _ => Err(format!("`{key}` in [package.metadata.elyos] of Cargo.toml is a text")),
        };
        match key.as_str() {
            "schema" => read.schema = Some(text()?),
            "types" => read.types = Some(text()?),
            "datetime" => read.datetime = Some(dates(&text()?)?),
            unknown => {
                let near = match nearest(unknown, KEYS).first() {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => "\n= help: it takes `schema`, `types` and `datetime`".to_owned(),
                };
                return Err(format!("[package.metadata.elyos] of Cargo.toml has no key `{unknown}`{near}"));
            }
        }
    }
    Ok(read)
}

/// The crate of that name, if the runtime has been built with it.
fn dates(name: &str) -> Result<Dates, String> {
    let Some(dates) = Dates::named(name) else {
        let near = nearest(name, Dates::NAMES).first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("`datetime` in [package.metadata.elyos] of Cargo.toml is `chrono`, `jiff` or `time`, and not `{name}`{near}"));
    };
    if dates.is_on() {
        return Ok(dates);
    }
    Err(format!(
        "`datetime = \"{name}\"` in [package.metadata.elyos] of Cargo.toml needs the feature `{name}` of elyos-runtime\n\
         = help: elyos-runtime = {{ version = \"{}\", features = [\"{name}\"] }}",
        env!("CARGO_PKG_VERSION")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read() {
        let said = |text: &str| said(text).map(|manifest| (manifest.schema, manifest.types));
        let table = "[package]\nname = 'a'\n[package.metadata.elyos]\n";
        assert_eq!(said("[package]\nname = 'elyos'"), Ok((None, None)));
        assert_eq!(
            said(&format!("{table}schema = 'db/schema.sql'\ntypes = 'crate::db'")),
            Ok((Some("db/schema.sql".into()), Some("crate::db".into())))
        );
        let wrong = |text: &str| said(&format!("{table}{text}")).expect_err("it is wrong");
        assert_eq!(wrong("shema = 'x'"), "[package.metadata.elyos] of Cargo.toml has no key `shema`; did you mean `schema`?");
        assert_eq!(
            wrong("colour = 1"),
            "[package.metadata.elyos] of Cargo.toml has no key `colour`\n= help: it takes `schema`, `types` and `datetime`"
        );
        assert_eq!(wrong("types = 1"), "`types` in [package.metadata.elyos] of Cargo.toml is a text");
        assert_eq!(wrong("datetime = 1"), "`datetime` in [package.metadata.elyos] of Cargo.toml is a text");
        assert_eq!(
            wrong("datetime = 'tme'"),
            "`datetime` in [package.metadata.elyos] of Cargo.toml is `chrono`, `jiff` or `time`, and not `tme`; did you mean `time`?"
        );
        let dates = super::said(&format!("{table}datetime = 'chrono'")).map(|manifest| manifest.dates());
        assert_eq!(dates, Ok(Dates::Chrono));
        let error = super::said("[package.metadata]\nelyos = 1").expect_err("no table");
        assert_eq!(error, "`elyos` in [package.metadata] of Cargo.toml is a table: [package.metadata.elyos]");
    }
}
