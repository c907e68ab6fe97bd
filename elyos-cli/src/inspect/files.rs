//! SQL files, read into a catalog: one, several in order, a folder of migrations, or a folder with a file a table.

use std::{
    fs,
    path::{Path, PathBuf},
};

use elyos_schema::{Catalog, Source};

use crate::failure::Error;

/// The catalog of files and folders, applied in the order given.
///
/// The `.sql` files of a folder and those below it are applied by name when the names begin with digits, as migrations' do (`0001_users.sql`,
/// `20240101120000_users/up.sql`; what takes back, `down.sql` and `….down.sql`, is left out). Else their order is nobody's intention, and what
/// needs another file waits for it.
///
/// # Errors
///
/// When a file cannot be read, and every mistake in them.
pub fn read(paths: &[PathBuf]) -> Result<Catalog, Error> {
    let mut catalog = Catalog::new();
    for path in paths {
        let sources = sources(path)?;
        let in_order = path.is_file() || sources.iter().all(|source| begins_with_digit(path, source.path()));
        catalog = if in_order { catalog.load_more(&sources)? } else { catalog.load_in_any_order(&sources)? };
    }
    Ok(catalog)
}

/// The files of a path, by name.
fn sources(path: &Path) -> Result<Vec<Source>, Error> {
    let mut files = Vec::new();
    if path.is_dir() {
        gather(path, &mut files).map_err(|error| Error::unreadable(path, &error))?;
        if files.is_empty() {
            return Err(Error::usage(
                format!("there is no .sql file in {}", path.display()),
                "name SQL files, or a folder that holds some",
            ));
        }
    } else {
        files.push(path.to_owned());
    }
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read(file).map_err(|error| Error::unreadable(file, &error))?;
            let text = String::from_utf8(text)
                .map_err(|error| Error::usage(format!("{} is not UTF-8: {error}", file.display()), "save the file as UTF-8"))?;
            Ok(Source::new(file.display().to_string(), text.strip_prefix('\u{feff}').unwrap_or(&text)))
        })
        .collect()
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_dir() {
            gather(&path, files)?;
        } else if name.strip_suffix(".sql").is_some_and(|stem| stem.rsplit('.').next() != Some("down")) {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether the first part of a path below the folder begins with a digit, or a `V` and a digit.
fn begins_with_digit(folder: &Path, path: &str) -> bool {
    let below = Path::new(path).strip_prefix(folder).unwrap_or(Path::new(path));
    let name = below.iter().next().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.trim_start_matches(['V', 'v']).starts_with(|first: char| first.is_ascii_digit())
}
