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
    let errors: Vec<Diagnostic> =
        errors.iter().map(|error| Diagnostic::new(error.message()).at(&source, error.span().unwrap_or(0..0))).collect();
    Diagnostics::into_result(errors, ())?;
    let mut reader = Reader { source, found: Vec::new() };
    let manifest = reader.manifest(table.get_ref());
    Ok((manifest, reader.found))
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
                "schemas" => manifest.schemas = self.names(value, "schema"),
                "extensions" => manifest.extensions = self.names(value, "extension"),
                "search_path" => manifest.search_path = self.names(value, "schema").into_iter().map(|word| word.text).collect(),
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

    fn wrong(&mut self, message: String, range: Range<usize>) {
        self.found.push(Diagnostic::new(message).at(&self.source, range));
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
                    diagnostic.help(format!("the keys are {}", listed(known)))
                } else {
                    diagnostic.help_nearest(&near)
                });
            }
            is_known
        });
        entries
    }

    fn mismatch(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        self.wrong(format!("`{key}` must be {wanted}, not {}", kind(value.get_ref())), value.span());
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

    fn words(&mut self, value: &Value<'_>, key: &str) -> Vec<Word> {
        let Some(array) = value.get_ref().as_array() else {
            self.mismatch(key, "a list of texts", value);
            return Vec::new();
        };
        array.iter().filter_map(|item| self.text(&format!("{key}[…]"), item)).collect()
    }

    /// A list of names: none empty, none twice.
    fn names(&mut self, value: &Value<'_>, what: &str) -> Vec<Word> {
        let mut names: Vec<Word> = Vec::new();
        for word in self.words(value, &format!("{what}s")) {
            if word.text.is_empty() || word.text.len() > 63 {
                let reason = if word.text.is_empty() { "is empty" } else { "is longer than 63 bytes" };
                self.wrong(format!("a name of the list of {what}s {reason}"), word.range);
            } else if let Some(first) = names.iter().find(|name| name.text == word.text) {
                let diagnostic = Diagnostic::new(format!("{what} `{}` is listed twice", word.text)).at(&self.source, word.range.clone());
                self.found.push(diagnostic.label(&self.source, first.range.clone(), "here already").help("remove one of the two"));
            } else {
                names.push(word);
            }
        }
        names
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
            self.wrong(
                format!("{what} name `{}` is empty or has a comma or a control character", name.text.escape_default()),
                name.range.clone(),
            );
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
                self.wrong(format!("dependency `{}` is listed twice", word.text), word.range);
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
                let diagnostic = Diagnostic::new(format!("`run` must be {}, not `{other}`", listed(RUNS))).at(&self.source, word.range);
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
                self.wrong(format!("`[admin]` has no `{name}`"), header.span());
            }
        }
        Some(AdminEntry { table: relation??, key: key??, column: column??, env: env? })
    }

    fn env(&mut self, value: &Value<'_>) -> Option<String> {
        let word = self.text("env", value)?;
        if word.text.is_empty() || word.text.contains(['=', '\0']) {
            self.wrong("`env` must be the name of an environment variable".to_owned(), word.range);
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

/// `` `a`, `b` or `c` ``.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
