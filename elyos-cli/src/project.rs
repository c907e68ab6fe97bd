//! The bundle that a command works on: the folder's, read without compiling anything, or `ElyOS`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elyos_runtime::bundle::{self as target, Bundle};
use elyos_schema::bundle as source;
use elyos_schema::parse::Execution;

use crate::failure::Error;
use crate::folder::Folder;
use crate::large::LargeSeed;

/// A bundle and the folder that it is of.
#[derive(Debug)]
pub struct Project {
    /// The bundle's folder, or the one that the command stands in.
    pub folder: PathBuf,
    /// The bundle.
    pub bundle: Cow<'static, Bundle>,
    /// Was it read from the folder?
    pub is_of_folder: bool,
}

impl Project {
    /// The project of the folder named, else the one at or above the current folder, else `ElyOS`.
    pub fn find(named: Option<&Path>) -> Result<Self, Error> {
        let Folder { path: folder, has_bundle } = Folder::find(named)?;
        let bundle = if has_bundle { Cow::Owned(load(&folder)?) } else { Cow::Borrowed(&elyos_runtime::ELYOS) };
        Ok(Self { folder, bundle, is_of_folder: has_bundle })
    }

    /// How people are told which bundle it is.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.is_of_folder { self.folder.display().to_string() } else { "ElyOS, embedded in this command".to_owned() }
    }
}

/// Seeds of so many bytes are read while they run, and not held.
pub const LARGE: u64 = 1024 * 1024;

/// Reads and checks the bundle of a folder.
///
/// # Errors
///
/// When a file cannot be read or the bundle is not in order.
pub fn load(folder: &Path) -> Result<Bundle, Error> {
    load_with(folder, LARGE)
}

/// [`load`], with another size from which on seeds are not held.
///
/// # Errors
///
/// As for [`load`].
pub fn load_with(folder: &Path, large_from: u64) -> Result<Bundle, Error> {
    let shown = shown_root(folder);
    let (mut files, mut large): (BTreeMap<_, _>, BTreeMap<String, LargeSeed>) = (BTreeMap::new(), BTreeMap::new());
    for (path, content) in read(folder, &shown, large_from)? {
        match content {
            Content::Held(bytes) => drop(files.insert(path, bytes)),
            Content::Large(file) => drop(large.insert(path, file)),
        }
    }
    let checked: BTreeMap<String, &source::Large> = large.iter().map(|(path, file)| (path.clone(), &file.checked)).collect();
    let bundle = source::load_large(&shown, &files, &checked)?;
    let large = large.into_iter().map(|(path, file)| (path, Arc::new(file) as Arc<dyn target::LargeFile>)).collect();
    Ok(convert(bundle, large))
}

/// How the folder is named in errors: nothing where the command stands in it, so that its files are named as the
/// user would.
fn shown_root(folder: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    match here.strip_prefix(folder) {
        Ok(below) => below.components().map(|_| "..").collect::<Vec<_>>().join("/"),
        Err(_) => folder.display().to_string(),
    }
}

/// A file of a bundle.
enum Content {
    Held(Vec<u8>),
    Large(LargeSeed),
}

/// A bundle's files.
fn read(root: &Path, shown: &str, large_from: u64) -> Result<BTreeMap<String, Content>, Error> {
    let list = |folder: &PathBuf| {
        let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|entry| self::entry(&entry))).collect());
        entries.map_err(|error| Error::unreadable(folder, &error))
    };
    let seeds = root.join("seeds");
    let is_large = |file: &Path| -> io::Result<bool> {
        let is_sql = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"));
        Ok(is_sql && file.starts_with(&seeds) && fs::metadata(file)?.len() >= large_from)
    };
    let content = |file: &PathBuf| -> io::Result<Content> {
        if is_large(file)? {
            let inner: Vec<_> = file.strip_prefix(root).unwrap_or(file).iter().map(|part| part.to_string_lossy()).collect();
            Ok(Content::Large(LargeSeed::check(file, shown, &inner.join("/"))?))
        } else {
            fs::read(file).map(Content::Held)
        }
    };
    source::gather(&root.to_owned(), list, |file| content(file).map_err(|error| Error::unreadable(file, &error)))
}

fn entry(entry: &fs::DirEntry) -> source::Entry<PathBuf> {
    let path = entry.path();
    source::Entry { name: entry.file_name().to_string_lossy().into_owned(), is_folder: path.is_dir(), path }
}

/// The checked bundle as the runtime has it, owning its texts.
fn convert(bundle: source::Bundle, large: BTreeMap<String, Arc<dyn target::LargeFile>>) -> Bundle {
    let mut texts = BTreeMap::new();
    let mut script = |script: source::Script| {
        let converted = target::Script {
            path: Cow::Owned(script.path.clone()),
            sha256: script.sha256,
            statements: spans(&script.statements),
            skipped: spans(&script.skipped),
        };
        if !large.contains_key(&script.path) {
            texts.insert(script.path, script.text);
        }
        converted
    };
    let extensions = bundle
        .extensions
        .into_iter()
        .map(|extension| target::Extension {
            name: Cow::Owned(extension.name),
            schema: extension.schema.map(Cow::Owned),
            stand_in: extension.stand_in.map(&mut script),
        })
        .collect();
    let migrations = bundle
        .migrations
        .into_iter()
        .map(|migration| target::Migration {
            position: migration.position,
            name: Cow::Owned(migration.name),
            script: script(migration.script),
            hashes: migration.hashes.iter().flat_map(|hash| hash.text.into_iter().chain(hash.tokens)).collect(),
            executions: migration.executions.into_iter().map(execution).collect(),
        })
        .collect();
    let seeds = bundle
        .seeds
        .into_iter()
        .map(|seed| target::Seed {
            name: Cow::Owned(seed.name),
            description: Cow::Owned(seed.description),
            depends_on: names(seed.depends_on),
            run: match seed.run {
                source::Run::Changed => target::Run::Changed,
                source::Run::Once => target::Run::Once,
                source::Run::Always => target::Run::Always,
            },
            reads: seed.reads.into_iter().map(relation).collect(),
            writes: seed.writes.into_iter().map(relation).collect(),
            script: script(seed.script),
        })
        .collect();
    let procedures = bundle
        .procedures
        .into_iter()
        .map(|procedure| target::Procedure {
            name: Cow::Owned(procedure.name),
            description: Cow::Owned(procedure.description),
            creates: procedure.creates.into_iter().map(routine).collect(),
            script: script(procedure.script),
        })
        .collect();
    Bundle {
        revision: bundle.revision,
        digest: bundle.digest,
        schemas: names(bundle.schemas),
        search_path: names(bundle.search_path),
        extensions,
        migrations,
        seeds,
        procedures,
        truncate: bundle.truncate.into_iter().map(relation).collect(),
        admin: bundle.admin.map(|admin| target::Admin {
            table: relation(admin.table),
            key: admin.key.into_iter().map(|(column, value)| (Cow::Owned(column), key(value))).collect(),
            column: Cow::Owned(admin.column),
            variable: Cow::Owned(admin.env),
        }),
        files: target::Files::Loaded { texts, large },
    }
}

fn execution(execution: Execution) -> target::Execution {
    match execution {
        Execution::Transaction => target::Execution::Transaction,
        Execution::Setting => target::Execution::Setting,
        Execution::CreateIndex { table, index } => target::Execution::CreateIndex { table: Cow::Owned(table), index: Cow::Owned(index) },
        Execution::DropIndex { index } => target::Execution::DropIndex { index: Cow::Owned(index) },
        Execution::Reindex => target::Execution::Reindex,
        Execution::Repeatable => target::Execution::Repeatable,
        Execution::Once => target::Execution::Once,
    }
}

fn names(names: Vec<String>) -> target::List<target::Text> {
    names.into_iter().map(Cow::Owned).collect()
}

fn routine(created: source::Created) -> target::Routine {
    target::Routine {
        statement: created.statement,
        schema: created.routine.schema.map(Cow::Owned),
        name: Cow::Owned(created.routine.name),
        arguments: names(created.routine.arguments),
    }
}

fn relation(name: elyos_schema::RelationName) -> target::Relation {
    target::Relation { schema: Cow::Owned(name.schema), name: Cow::Owned(name.name) }
}

fn key(value: source::AdminKey) -> target::AdminKey {
    match value {
        source::AdminKey::Integer(number) => target::AdminKey::Integer(number),
        source::AdminKey::Text(text) => target::AdminKey::Text(Cow::Owned(text)),
        source::AdminKey::Boolean(truth) => target::AdminKey::Boolean(truth),
    }
}

fn spans(ranges: &[std::ops::Range<usize>]) -> target::List<target::Span> {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    ranges.iter().map(|range| target::Span(offset(range.start), offset(range.end))).collect()
}
