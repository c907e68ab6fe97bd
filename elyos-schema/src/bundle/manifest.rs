//! `seeds/seeds.toml`, read by hand rather than derived, so that every mistake in it is found in one go, each on its own word.

use std::{collections::BTreeMap, ops::Range};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{AdminKey, Run, files, path::Shown};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    nearest::nearest,
    source::Source,
};

/// Where the manifest is in a bundle.
pub(super) const PATH: &str = "seeds/seeds.toml";

const KEYS: &[&str] = &["revision", "schemas", "extensions", "search_path", "seeds", "procedures", "truncate", "admin"];
const SEED_KEYS: &[&str] = &["file", "depends_on", "description", "run"];
const PROCEDURE_KEYS: &[&str] = &["file", "depends_on", "description"];
const TRUNCATE_KEYS: &[&str] = &["order"];
const ADMIN_KEYS: &[&str] = &["table", "key", "column", "env"];
const RUNS: &[&str] = &["changed", "once", "always"];

/// A text of the manifest and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub range: Range<usize>,
}

/// A `[seeds.…]` or `[procedures.…]`.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub name: Word,
    pub file: Option<Word>,
    pub depends_on: Vec<Word>,
    pub description: String,
    pub run: Run,
}

#[derive(Clone, Debug)]
pub(super) struct AdminEntry {
    pub table: Word,
    pub key: Vec<(Word, AdminKey)>,
    pub column: Word,
    pub env: String,
}

/// The manifest, its entries in the order of the text.
#[derive(Debug)]
pub(super) struct Manifest {
    pub source: Source,
    pub revision: i64,
    pub schemas: Vec<Word>,
    pub extensions: Vec<Word>,
    pub search_path: Vec<String>,
    pub seeds: Vec<Entry>,
    pub procedures: Vec<Entry>,
    pub truncate: Vec<Word>,
    pub admin: Option<AdminEntry>,
}

/// The manifest as far as it makes sense, and what in it does not.
///
/// # Errors
/// No manifest, or one that is not UTF-8 or not TOML: nothing else can be said about the bundle then.
pub(super) fn read(shown: &Shown, files: &BTreeMap<String, Vec<u8>>) -> Result<(Manifest, Vec<Diagnostic>), Diagnostics> {
    let Some(bytes) = files.get(PATH) else {
        let diagnostic = Diagnostic::new("no manifest").in_file(shown.path(PATH));
        return Err(diagnostic.help("create it; the least it holds is `revision = 1`").into());
    };
    let source = files::decode(shown, PATH, bytes)?;
    let text = source.text().to_owned();
    let (table, errors) = DeTable::parse_recoverable(&text);
    let errors: Vec<Diagnostic> = errors.iter().map(|error| toml_error(&source, error)).collect();
    Diagnostics::into_result(errors, ())?;
    let mut reader = Reader { source, found: Vec::new() };
    let manifest = reader.manifest(table.get_ref());
    Ok((manifest, reader.found))
}

fn toml_error(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let help = match error.message() {
        "duplicate key" => "each key and each table is written once; remove one of the two",
        _ => "the manifest is TOML, which https://toml.io describes",
    };
    Diagnostic::new(error.message()).at(source, error.span().unwrap_or(0..0)).help(help)
}

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reader {
    source: Source,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn manifest(&mut self, table: &DeTable<'_>) -> Manifest {
        let mut manifest = Manifest {
            source: self.source.clone(),
            revision: 1,
            schemas: Vec::new(),
            extensions: Vec::new(),
            search_path: vec!["public".to_owned(), "extensions".to_owned()],
            seeds: Vec::new(),
            procedures: Vec::new(),
            truncate: Vec::new(),
            admin: None,
        };
        for (key, value) in self.known(table, KEYS, "the manifest") {
            match key.get_ref().as_ref() {
                "revision" => manifest.revision = self.revision(value).unwrap_or(1),
                "schemas" => manifest.schemas = self.schemas(value),
                "extensions" => manifest.extensions = self.names(value, "extensions", "extension"),
                "search_path" => {
                    manifest.search_path = self.names(value, "search_path", "schema").into_iter().map(|word| word.text).collect();
                }
                "seeds" => manifest.seeds = self.entries(value, SEED_KEYS, "seed"),
                "procedures" => manifest.procedures = self.entries(value, PROCEDURE_KEYS, "procedure"),
                "truncate" => {
                    let Some(table) = self.table(value, "truncate") else {
                        continue;
                    };
                    for (_, value) in self.known(table, TRUNCATE_KEYS, "`[truncate]`") {
                        manifest.truncate = self.words(value, "order");
                    }
                }
                _ => manifest.admin = self.admin(key, value),
            }
        }
        manifest
    }

    /// The entries of a table in the order of the text, without those whose key means nothing, which are reported.
    fn known<'t, 'i>(&mut self, table: &'t DeTable<'i>, known: &[&str], place: &str) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.retain(|(key, _)| {
            let name = key.get_ref().as_ref();
            let is_known = known.contains(&name);
            if !is_known {
                let near = nearest(name, known.iter().copied());
                let diagnostic = Diagnostic::new(format!("unknown key `{name}` in {place}")).at(&self.source, key.span());
                self.found.push(if near.is_empty() {
                    diagnostic.help(if known.len() == 1 {
                        format!("the only key is {}", listed(known))
                    } else {
                        format!("the keys are {}", listed(known))
                    })
                } else {
                    diagnostic.help_nearest(&near)
                });
            }
            is_known
        });
        entries
    }

    fn mismatch(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        let diagnostic = Diagnostic::new(format!("`{key}` must be {wanted}, not {}", kind(value.get_ref()))).at(&self.source, value.span());
        self.found.push(diagnostic.help(format!("write it like this: `{}`", example(key))));
    }

    fn revision(&mut self, value: &Value<'_>) -> Option<i64> {
        let Some(integer) = integer(value.get_ref()) else {
            self.mismatch("revision", "a whole number", value);
            return None;
        };
        if integer < 1 {
            self.found.push(
                Diagnostic::new("`revision` must be 1 or more")
                    .at(&self.source, value.span())
                    .help("raise it with each release, and never lower it"),
            );
        }
        Some(integer)
    }

    fn text(&mut self, key: &str, value: &Value<'_>) -> Option<Word> {
        if let Some(text) = value.get_ref().as_str() {
            Some(Word { text: text.to_owned(), range: value.span() })
        } else {
            self.mismatch(key, "a text", value);
            None
        }
    }

    /// A text in a list.
    fn text_in(&mut self, key: &str, value: &Value<'_>) -> Option<Word> {
        if value.get_ref().as_str().is_none() {
            let message = format!("`{key}` must be a list of texts, and there is {} in it", kind(value.get_ref()));
            let diagnostic = Diagnostic::new(message).at(&self.source, value.span());
            self.found.push(diagnostic.help(format!("write it like this: `{}`", example(key))));
            return None;
        }
        self.text(key, value)
    }

    fn words(&mut self, value: &Value<'_>, key: &str) -> Vec<Word> {
        let Some(array) = value.get_ref().as_array() else {
            self.mismatch(key, "a list of texts", value);
            return Vec::new();
        };
        array.iter().filter_map(|item| self.text_in(key, item)).collect()
    }

    /// A list of names: none empty, none twice.
    fn names(&mut self, value: &Value<'_>, key: &str, what: &str) -> Vec<Word> {
        let mut names: Vec<Word> = Vec::new();
        for word in self.words(value, key) {
            if word.text.is_empty() || word.text.len() > 63 {
                let reason = if word.text.is_empty() { "is empty" } else { "is longer than 63 bytes" };
                let diagnostic = Diagnostic::new(format!("a name in `{key}` {reason}")).at(&self.source, word.range);
                self.found.push(diagnostic.help("correct it, or remove it"));
            } else if let Some(first) = names.iter().find(|name| name.text == word.text) {
                let diagnostic = Diagnostic::new(format!("{what} `{}` is listed twice", word.text)).at(&self.source, word.range.clone());
                self.found.push(diagnostic.label(&self.source, first.range.clone(), "here already").help("remove one of the two"));
            } else {
                names.push(word);
            }
        }
        names
    }

    /// The schemas to create: none that is another's.
    fn schemas(&mut self, value: &Value<'_>) -> Vec<Word> {
        let mut schemas = self.names(value, "schemas", "schema");
        schemas.retain(|word| {
            let help = if word.text == "elyos" {
                "Elyos keeps its ledger in the schema `elyos`, which it creates itself; give yours another name"
            } else if word.text.starts_with("pg_") {
                "PostgreSQL keeps names that start with `pg_` for schemas of its own, and creates no other; give yours another name"
            } else {
                return true;
            };
            let diagnostic = Diagnostic::new(format!("a schema cannot be called `{}`", word.text)).at(&self.source, word.range.clone());
            self.found.push(diagnostic.help(help));
            false
        });
        schemas
    }

    fn table<'t, 'i>(&mut self, value: &'t Value<'i>, key: &str) -> Option<&'t DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.mismatch(key, "a table", value);
        }
        table
    }

    fn entries(&mut self, value: &Value<'_>, known: &[&str], what: &str) -> Vec<Entry> {
        let Some(table) = self.table(value, &format!("{what}s")) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().filter_map(|(key, value)| self.entry(key, value, known, what)).collect()
    }

    fn entry(&mut self, key: &Key<'_>, value: &Value<'_>, known: &[&str], what: &str) -> Option<Entry> {
        let name = Word { text: key.get_ref().to_string(), range: key.span() };
        let table = self.table(value, &format!("{what}s.{}", name.text))?;
        let place = format!("{what} `{}`", name.text);
        if name.text.is_empty() || name.text.contains(char::is_control) || name.text.contains(',') {
            let message = format!("{what} name `{}` is empty or has a comma or a control character", name.text.escape_default());
            let diagnostic = Diagnostic::new(message).at(&self.source, name.range.clone());
            self.found.push(diagnostic.help("the command takes names as `--only=a,b`; write letters, digits and `_`"));
        }
        let mut entry = Entry { name, file: None, depends_on: Vec::new(), description: String::new(), run: Run::Changed };
        for (key, value) in self.known(table, known, &place) {
            match key.get_ref().as_ref() {
                "file" => entry.file = self.text("file", value),
                "description" => entry.description = self.text("description", value).map(|word| word.text).unwrap_or_default(),
                "depends_on" => entry.depends_on = self.dependencies(value),
                _ => entry.run = self.run(value),
            }
        }
        if entry.file.is_none() && !table.iter().any(|(key, _)| key.get_ref() == "file") {
            let diagnostic = Diagnostic::new(format!("{place} has no `file`")).at(&self.source, entry.name.range.clone());
            self.found.push(diagnostic.help(format!("add `file = \"{}.sql\"`, as seen from the folder {what}s/", entry.name.text)));
        }
        Some(entry)
    }

    fn dependencies(&mut self, value: &Value<'_>) -> Vec<Word> {
        let mut dependencies: Vec<Word> = Vec::new();
        for word in self.words(value, "depends_on") {
            if dependencies.iter().any(|known| known.text == word.text) {
                let diagnostic = Diagnostic::new(format!("dependency `{}` is listed twice", word.text)).at(&self.source, word.range);
                self.found.push(diagnostic.help("remove one of the two"));
            } else {
                dependencies.push(word);
            }
        }
        dependencies
    }

    fn run(&mut self, value: &Value<'_>) -> Run {
        let Some(word) = self.text("run", value) else {
            return Run::Changed;
        };
        match word.text.as_str() {
            "changed" => Run::Changed,
            "once" => Run::Once,
            "always" => Run::Always,
            other => {
                let diagnostic = Diagnostic::new(format!("`run` is one of {}, not `{other}`", listed(RUNS))).at(&self.source, word.range);
                self.found.push(diagnostic.help_nearest(&nearest(other, RUNS.iter().copied())));
                Run::Changed
            }
        }
    }

    fn admin(&mut self, header: &Key<'_>, value: &Value<'_>) -> Option<AdminEntry> {
        let table = self.table(value, "admin")?;
        let (mut relation, mut column, mut key, mut env) = (None, None, None, Some("ADMIN_USER_EMAIL".to_owned()));
        for (name, value) in self.known(table, ADMIN_KEYS, "`[admin]`") {
            match name.get_ref().as_ref() {
                "table" => relation = Some(self.text("table", value)),
                "column" => column = Some(self.text("column", value)),
                "env" => env = self.env(value),
                _ => key = Some(self.admin_key(value)),
            }
        }
        for (name, missing) in [("table", relation.is_none()), ("key", key.is_none()), ("column", column.is_none())] {
            if missing {
                self.found.push(
                    Diagnostic::new(format!("`[admin]` has no `{name}`"))
                        .at(&self.source, header.span())
                        .help(format!("add `{}`", example(name))),
                );
            }
        }
        Some(AdminEntry { table: relation??, key: key??, column: column??, env: env? })
    }

    fn env(&mut self, value: &Value<'_>) -> Option<String> {
        let word = self.text("env", value)?;
        if word.text.is_empty() || word.text.contains(['=', '\0']) {
            let diagnostic = Diagnostic::new("`env` must be the name of an environment variable").at(&self.source, word.range);
            self.found.push(diagnostic.help(format!("write it like this: `{}`", example("env"))));
            return None;
        }
        Some(word.text)
    }

    fn admin_key(&mut self, value: &Value<'_>) -> Option<Vec<(Word, AdminKey)>> {
        let table = self.table(value, "key")?;
        if table.is_empty() {
            self.found.push(
                Diagnostic::new("`key` names no column")
                    .at(&self.source, value.span())
                    .help("write the columns that tell the row and their values: `key = { id = 1 }`"),
            );
            return None;
        }
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut key = Vec::new();
        for (column, value) in entries {
            let given = match value.get_ref() {
                DeValue::String(text) => Some(AdminKey::Text(text.to_string())),
                DeValue::Boolean(boolean) => Some(AdminKey::Boolean(*boolean)),
                other => integer(other).map(AdminKey::Integer),
            };
            match given {
                Some(given) => key.push((Word { text: column.get_ref().to_string(), range: column.span() }, given)),
                None => self.mismatch(&format!("key.{}", column.get_ref()), "a whole number, a text, true or false", value),
            }
        }
        (key.len() == table.len()).then_some(key)
    }
}

/// How a key is written.
fn example(key: &str) -> &'static str {
    match key {
        "revision" => "revision = 1",
        "schemas" => "schemas = [\"auth\", \"extensions\"]",
        "extensions" => "extensions = [\"postgres-json-schema\"]",
        "search_path" => "search_path = [\"public\", \"extensions\"]",
        "truncate" | "order" => "[truncate] order = [\"auth.users\"]",
        "admin" => "[admin] table = \"auth.users\"",
        "table" => "table = \"auth.users\"",
        "column" => "column = \"email\"",
        "env" => "env = \"ADMIN_USER_EMAIL\"",
        "file" => "file = \"auth/users.sql\"",
        "description" => "description = \"Users\"",
        "depends_on" => "depends_on = [\"roles\"]",
        "run" => "run = \"once\"",
        key if key == "key" || key.starts_with("key.") => "key = { id = 1 }",
        key if key.starts_with("procedures") => "[procedures.get_users] file = \"auth/get_users.sql\"",
        _ => "[seeds.users] file = \"auth/users.sql\"",
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(integer) if i64::from_str_radix(integer.as_str(), integer.radix()).is_err() => "a number of more than 64 bits",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// `` `a`, `b` and `c` ``.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
