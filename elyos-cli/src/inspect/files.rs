//! SQL files, read into a catalog: one, several in order, a folder of migrations, or a folder with a file a table.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use elyos_schema::{Catalog, Source};

use crate::failure::Error;

/// What begins the part of a migration that takes it back: of dbmate, goose, sql-migrate and node-pg-migrate.
const TAKES_BACK: [&str; 4] = ["-- migrate:down", "-- +goose down", "-- +migrate down", "-- down migration"];

/// The catalog of files and folders, applied in the order given.
///
/// The `.sql` files of a folder and those below it are applied in the order of their versions when the names begin with one, as migrations' do
/// (`0001_users.sql`, `20240101120000_users/up.sql`, `V1.2__users.sql`). Else their order is nobody's intention, and what needs another file
/// waits for it.
///
/// # Errors
///
/// When a file cannot be read, and every mistake in them.
pub fn read(paths: &[PathBuf]) -> Result<Catalog, Error> {
    let mut catalog = Catalog::new();
    for path in paths {
        let sources = sources(path)?;
        let in_order = path.is_file() || sources.iter().all(|source| is_migration(&below(path, source.path())));
        catalog = if in_order { catalog.load_more(&sources)? } else { catalog.load_in_any_order(&sources)? };
    }
    Ok(catalog)
}

/// The texts of a file, or of the `.sql` files of a folder and those below it, in the order of their versions.
///
/// What takes a migration back is left out: `down.sql`, `….down.sql`, `U1__….sql` beside a `V1__….sql`, and in a file what follows the line
/// with which dbmate (`-- migrate:down`), goose (`-- +goose Down`) and others begin it. Flyway's repeatable migrations (`R__….sql`) come last.
///
/// # Errors
///
/// When a file cannot be read, and when a folder has none.
pub fn sources(path: &Path) -> Result<Vec<Source>, Error> {
    let mut files = Vec::new();
    if path.is_dir() {
        gather(path, &mut files).map_err(|error| Error::unreadable(path, &error))?;
        if files.is_empty() {
            return Err(Error::usage(
                format!("there is no .sql file in {}", path.display()),
                "name SQL files, or a folder that holds some",
            ));
        }
        let names: BTreeSet<String> = files.iter().map(|file| file_name(file)).collect();
        files.retain(|file| !undoes_another(&file_name(file), &names));
        files.sort_by_cached_key(|file| (file_name(file).starts_with("r__"), version_order(&below(path, &file.display().to_string()))));
    } else {
        files.push(path.to_owned());
    }
    files
        .iter()
        .map(|file| {
            let text = fs::read(file).map_err(|error| Error::unreadable(file, &error))?;
            let text = String::from_utf8(text)
                .map_err(|error| Error::usage(format!("{} is not UTF-8: {error}", file.display()), "save the file as UTF-8"))?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            Ok(Source::new(file.display().to_string(), if path.is_dir() { forward(text) } else { text }))
        })
        .collect()
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if file_name(&path).strip_suffix(".sql").is_some_and(|stem| stem.rsplit('.').next() != Some("down")) {
            files.push(path);
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// A path as it is below the folder.
fn below(folder: &Path, path: &str) -> String {
    Path::new(path).strip_prefix(folder).unwrap_or(Path::new(path)).to_string_lossy().into_owned()
}

/// Whether a file or a folder around it is named by a version, or the file is one of Flyway's repeatable migrations.
fn is_migration(path: &str) -> bool {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    parts.iter().any(|part| is_version(part)) || parts.last().is_some_and(|name| name.starts_with("R__"))
}

/// Whether a name begins with a digit, or a `V` and a digit.
fn is_version(path: &str) -> bool {
    path.strip_prefix(['V', 'v']).unwrap_or(path).starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a file is Flyway's undo of another: `U1__x.sql` beside `V1__x.sql`.
fn undoes_another(name: &str, names: &BTreeSet<String>) -> bool {
    let Some((version, _)) = name.strip_prefix('u').and_then(|rest| rest.split_once("__")) else { return false };
    is_version(version) && names.iter().any(|other| other.starts_with(&format!("v{version}__")))
}

/// A part of a path by which paths are ordered: numbers by their value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// How many digits without leading zeros, and these.
    Number(usize, String),
    Text(String),
}

/// Paths in the order of the versions in them: `V2__b.sql` before `V10__a.sql`, `1_a.sql` before `1_b.sql`.
fn version_order(path: &str) -> (Vec<Part>, String) {
    let mut parts = Vec::new();
    // Flyway's `V2__b` comes before `V2_1__c`: two underscores end the version.
    let path = &path.replace("__", "\0");
    let mut rest = path.as_str();
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|one: char| one.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, following) = rest.split_at(end);
        let digits = part.trim_start_matches('0');
        parts.push(if is_digit { Part::Number(digits.len(), digits.to_owned()) } else { Part::Text(part.to_owned()) });
        rest = following;
    }
    (parts, path.to_owned())
}

/// A migration's text up to where it is taken back.
fn forward(text: &str) -> &str {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if TAKES_BACK.iter().any(|begin| words.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))) {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_numbers() {
        let mut names = ["V10__a.sql", "V2_1__c.sql", "V2__b.sql", "V1.10__c.sql", "V1.9__d.sql", "V02__a.sql"];
        names.sort_by_cached_key(|name| version_order(name));
        assert_eq!(names, ["V1.9__d.sql", "V1.10__c.sql", "V02__a.sql", "V2__b.sql", "V2_1__c.sql", "V10__a.sql"]);
    }

    #[test]
    fn what_takes_a_migration_back_is_left_out() {
        assert_eq!(forward("-- migrate:up\ncreate table t ();\n-- migrate:down\ndrop table t;\n"), "-- migrate:up\ncreate table t ();\n");
        assert_eq!(forward("create table t (); --  +goose Down\n"), "create table t (); --  +goose Down\n");
        assert_eq!(forward("select 1;\n--  +goose Down\nselect 2;\n"), "select 1;\n");
        assert_eq!(forward("-- migrate:downstairs\nselect 1"), "-- migrate:downstairs\nselect 1");
        let names = ["u1__a.sql", "v1__a.sql", "u2__b.sql"].map(str::to_owned).into_iter().collect();
        assert!(undoes_another("u1__a.sql", &names) && !undoes_another("u2__b.sql", &names) && !undoes_another("users__x.sql", &names));
    }
}
