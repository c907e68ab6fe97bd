//! Bundles made for a test: a folder written, read and checked as the command reads a user's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use elyos_runtime::Bundle;

/// The files of a bundle. Cloned and changed, it is the next release of the same.
#[derive(Debug, Clone)]
#[must_use]
pub struct Project {
    /// The manifest's keys that stand before its first table.
    head: String,
    /// The manifest's tables.
    tables: BTreeMap<String, String>,
    order: Vec<String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Default for Project {
    fn default() -> Self {
        Self::new()
    }
}

impl Project {
    /// A bundle of revision 1 with nothing in it.
    pub fn new() -> Self {
        Self { head: "revision = 1\n".to_owned(), tables: BTreeMap::new(), order: Vec::new(), files: BTreeMap::new() }
    }

    /// Another revision.
    pub fn revision(mut self, revision: i64) -> Self {
        let rest: Vec<&str> = self.head.lines().filter(|line| !line.starts_with("revision")).collect();
        self.head = format!("revision = {revision}\n{}\n", rest.join("\n"));
        self
    }

    /// A line for the top of the manifest, such as `schemas = ["shop"]`.
    pub fn head(mut self, line: &str) -> Self {
        self.head.push_str(line);
        self.head.push('\n');
        self
    }

    /// A table of the manifest with its header, such as `[truncate]`; one of the same header is replaced.
    pub fn table(mut self, header: &str, body: &str) -> Self {
        if self.tables.insert(header.to_owned(), body.to_owned()).is_none() {
            self.order.push(header.to_owned());
        }
        self
    }

    /// A file at a path in the bundle.
    pub fn file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    /// `schema.sql`.
    pub fn schema(self, sql: &str) -> Self {
        self.file("schema.sql", sql)
    }

    /// A migration by its name without `.sql`.
    pub fn migration(self, name: &str, sql: &str) -> Self {
        self.file(&format!("migrations/{name}.sql"), sql)
    }

    /// A seed in a file of its name.
    pub fn seed(self, name: &str, depends_on: &[&str], sql: &str) -> Self {
        self.seed_that_runs(name, "changed", depends_on, sql)
    }

    /// A seed with its `run`.
    pub fn seed_that_runs(self, name: &str, run: &str, depends_on: &[&str], sql: &str) -> Self {
        let body = format!("file = \"{name}.sql\"\nrun = \"{run}\"\ndepends_on = {depends_on:?}\n");
        self.table(&format!("[seeds.{name}]"), &body).file(&format!("seeds/{name}.sql"), sql)
    }

    /// A procedure in a file of its name.
    pub fn procedure(self, name: &str, sql: &str) -> Self {
        self.table(&format!("[procedures.{name}]"), &format!("file = \"{name}.sql\"\n")).file(&format!("procedures/{name}.sql"), sql)
    }

    /// Without a file and, where it is a seed or a procedure, without its entry.
    pub fn without(mut self, path: &str) -> Self {
        self.files.remove(path);
        if let Some((folder, file)) = path.split_once('/') {
            let header = format!("[{folder}.{}]", file.trim_end_matches(".sql"));
            self.tables.remove(&header);
            self.order.retain(|known| *known != header);
        }
        self
    }

    /// Every file with the line ends and the mark that an editor on Windows gives it.
    pub fn as_checked_out_on_windows(mut self) -> Self {
        for content in self.files.values_mut() {
            let text = String::from_utf8_lossy(content).replace('\n', "\r\n");
            *content = format!("\u{feff}{text}").into_bytes();
        }
        self
    }

    /// Writes the folder, reads and checks it.
    ///
    /// # Panics
    ///
    /// When it is not in order, with what is wrong.
    #[must_use]
    pub fn load(&self) -> Bundle {
        let folder = self.write();
        elyos_cli::project::load(folder.path()).unwrap_or_else(|error| panic!("the bundle is not in order: {error}"))
    }

    /// Writes the folder, which is there until the value is dropped.
    ///
    /// # Panics
    ///
    /// When that cannot be done.
    #[must_use]
    pub fn write(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the bundle");
        let mut manifest = self.head.clone();
        for header in &self.order {
            let _ = writeln!(manifest, "\n{header}\n{}", self.tables[header]);
        }
        let files = self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()));
        for (path, content) in files.chain([("seeds/seeds.toml", manifest.as_bytes())]) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("the folder can be made");
            fs::write(&path, content).expect("the file can be written");
        }
        folder
    }
}
