//! The ElyOS bundle as one SQL file: what somebody without Elyos would hand to psql.

use std::{collections::BTreeMap, fs, path::Path};

use elyos_runtime::quote_identifier;
use elyos_schema::bundle::{Bundle, Script, load};

use crate::Result;

/// Reads the bundle from the folder that the embedded one was made from.
///
/// # Errors
///
/// When it cannot be read, or is not the one that this program embeds.
pub fn elyos() -> Result<Bundle> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = BTreeMap::new();
    for name in ["schema.sql", "migrations", "seeds", "procedures"] {
        read(&root.join(name), name, &mut files)?;
    }
    let bundle = load("..", &files)?;
    if bundle.digest == elyos_runtime::ELYOS.digest {
        Ok(bundle)
    } else {
        Err("the bundle's folder has changed since this program was built: build it again".into())
    }
}

fn read(path: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            read(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()), files)?;
        }
    } else {
        files.insert(name.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// The SQL that a first `init` runs of the bundle, in the same order, without Elyos's own.
#[must_use]
pub fn whole(bundle: &Bundle) -> String {
    let path: Vec<String> = bundle.search_path.iter().map(|schema| quote_identifier(schema)).collect();
    let path = if path.is_empty() { "''".to_owned() } else { path.join(", ") };
    let mut sql = format!("SET client_encoding TO 'UTF8';\nSET search_path TO {path};\n");
    for schema in &bundle.schemas {
        sql.extend(["CREATE SCHEMA ", &quote_identifier(schema), ";\n"]);
    }
    let stand_ins = bundle.extensions.iter().filter_map(|extension| extension.stand_in.as_ref());
    let migrations = bundle.migrations.iter().map(|migration| &migration.script);
    let seeds = bundle.seeds.iter().map(|seed| &seed.script);
    let procedures = bundle.procedures.iter().map(|procedure| &procedure.script);
    for script in stand_ins.chain(migrations).chain(seeds).chain(procedures) {
        sql += &text(script);
        sql += "\n;\n";
    }
    sql
}

/// A script without what is done before it.
fn text(script: &Script) -> String {
    let mut text = script.text.clone();
    for skipped in &script.skipped {
        text.replace_range(skipped.clone(), &" ".repeat(skipped.len()));
    }
    text
}
