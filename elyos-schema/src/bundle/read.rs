//! Puts a bundle together: the manifest's entries with their files, the schema, the migrations, the stand-ins.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    Bundle, Created, Extension, Large, Migration, Procedure, SCHEMA, Script, Seed, check, digest, files,
    manifest::{Entry, Manifest, Word},
    order::order,
    path::{Shown, objection},
    reach,
    script::{self, Parsed, Part},
};
use crate::{
    catalog::{Catalog, RelationName},
    diagnostic::Diagnostic,
    nearest::nearest,
    parse::WrittenName,
    source::Source,
};

/// Before that of any migration, whose numbers start at 0.
const SCHEMA_POSITION: i64 = -1;

/// The schemas that are there before those of the manifest: PostgreSQL's own, and the one that extensions are created in by default.
const MADE_BEFORE: [&str; 3] = ["public", "pg_catalog", "extensions"];

/// The stand-ins Elyos brings, by extension.
const STAND_INS: &[(&str, &str)] = &[("postgres-json-schema", include_str!("stand_in/postgres-json-schema.sql"))];

/// The bundle as far as it can be read, and its catalog; what is wrong goes to `found`.
pub(super) fn read(
    shown: &Shown,
    files: &BTreeMap<String, Vec<u8>>,
    large: &BTreeMap<String, &Large>,
    manifest: &Manifest,
    found: &mut Vec<Diagnostic>,
) -> (Bundle, Option<Catalog>) {
    let mut reader = Reader { shown, files, large, manifest, found };
    let migrations = reader.migrations();
    let schema = reader.schema(if migrations.is_empty() { Part::Schema } else { Part::Read });
    let catalog = reader.catalog(schema.as_ref().map(|(parsed, _)| parsed), &migrations);
    let run = if migrations.is_empty() { schema.iter().map(|(parsed, _)| parsed).collect() } else { scripts(&migrations) };
    let extensions = reader.extensions(&run);
    let applied_schema = schema.as_ref().map(|(parsed, script)| parsed.migration(SCHEMA_POSITION, SCHEMA, script.clone()));
    let seeds = reader.seeds(catalog.as_ref());
    let procedures = reader.procedures();
    let mut bundle = Bundle {
        revision: manifest.revision,
        schemas: manifest.schemas.iter().map(|word| word.text.clone()).collect(),
        extensions,
        search_path: manifest.search_path.clone(),
        schema: schema.map(|(_, script)| script),
        migrations: migrations.into_iter().map(|(_, migration)| migration).collect(),
        seeds,
        procedures,
        truncate: check::truncate(manifest, catalog.as_ref(), reader.found),
        admin: manifest.admin.as_ref().and_then(|entry| check::admin(manifest, entry, catalog.as_ref(), reader.found)),
        digest: [0; 32],
    };
    if bundle.migrations.is_empty() {
        bundle.migrations.extend(applied_schema);
    }
    bundle.digest = digest::bundle(&bundle);
    (bundle, catalog)
}

struct Reader<'a> {
    shown: &'a Shown,
    files: &'a BTreeMap<String, Vec<u8>>,
    /// The seeds that are too large to be among the files.
    large: &'a BTreeMap<String, &'a Large>,
    manifest: &'a Manifest,
    found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A file, parsed; None, with the reason reported, where that is not possible.
    fn parsed(&mut self, path: &str, part: Part) -> Option<Parsed> {
        let bytes = self.files.get(path)?;
        match files::decode(self.shown, path, bytes) {
            Ok(source) => Parsed::new(source, part, self.manifest, self.found),
            Err(diagnostics) => {
                self.found.extend(diagnostics);
                None
            }
        }
    }

    fn schema(&mut self, part: Part) -> Option<(Parsed, Script)> {
        let parsed = self.parsed(SCHEMA, part)?;
        let script = parsed.script(SCHEMA, part);
        Some((parsed, script))
    }

    /// The `.sql` files of a folder, by their paths within it.
    fn sql_files(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{folder}/");
        self.files
            .keys()
            .chain(self.large.keys())
            .filter_map(|path| path.strip_prefix(&prefix))
            .filter(|path| path.len() > 4 && path[path.len() - 4..].eq_ignore_ascii_case(".sql"))
            .map(str::to_owned)
            .collect()
    }

    fn migrations(&mut self) -> Vec<(Parsed, Migration)> {
        let mut migrations: Vec<(Parsed, Migration)> = Vec::new();
        let mut numbers: BTreeMap<i64, String> = BTreeMap::new();
        for file in self.sql_files("migrations") {
            let path = format!("migrations/{file}");
            let Some((position, name)) = migration_name(&file) else {
                let diagnostic = Diagnostic::new(format!("`{file}` is no migration's name")).in_file(self.shown.path(&path));
                self.found.push(diagnostic.help("name it with four digits or more, `_`, and words: `0001_initial.sql`"));
                continue;
            };
            if let Some(other) = numbers.get(&position) {
                let diagnostic =
                    Diagnostic::new(format!("migrations `{other}` and `{file}` have the same number")).in_file(self.shown.path(&path));
                self.found.push(diagnostic.help("give the later one the next free number"));
                continue;
            }
            numbers.insert(position, file.clone());
            if let Some(parsed) = self.parsed(&path, Part::Migration) {
                let migration = parsed.migration(position, name, parsed.script(&path, Part::Migration));
                migrations.push((parsed, migration));
            }
        }
        migrations.sort_by_key(|(_, migration)| migration.position);
        migrations
    }

    /// The catalog of schema.sql, else of the migrations. None too where a migration could not be read: checks against half a schema mislead.
    fn catalog(&mut self, schema: Option<&Parsed>, migrations: &[(Parsed, Migration)]) -> Option<Catalog> {
        let has_schema = self.files.contains_key(SCHEMA);
        let scripts: Vec<&Parsed> = match schema {
            Some(schema) => vec![schema],
            None if has_schema || migrations.len() < self.sql_files("migrations").len() => {
                return None;
            }
            None => scripts(migrations),
        };
        if scripts.is_empty() {
            return None;
        }
        let mut catalog = Catalog::new().with_search_path(self.manifest.search_path.iter().map(String::as_str));
        for schema in &self.manifest.schemas {
            catalog = catalog.with_schema(&schema.text);
        }
        for extension in &self.manifest.extensions {
            catalog = catalog.with_extension(&extension.text);
        }
        for script in scripts {
            self.found.extend(catalog.run(&script.source, &script.statements, &script.skipped));
        }
        Some(catalog)
    }

    fn seeds(&mut self, catalog: Option<&Catalog>) -> Vec<Seed> {
        let entries = &self.manifest.seeds;
        let mut seeds: BTreeMap<usize, Seed> = BTreeMap::new();
        for (index, (entry, path)) in self.listed_files("seed", entries) {
            let Some((script, reads, writes)) = self.seed_file(&path) else { continue };
            let relations = |names: BTreeSet<WrittenName>| -> BTreeSet<RelationName> {
                names.iter().filter_map(|name| self.resolve(name, catalog)).collect()
            };
            let (mut reads, mut writes) = (relations(reads), relations(writes));
            if let Some(catalog) = catalog {
                (reads, writes) = (reach::reach(catalog, reads), reach::written(catalog, writes));
            }
            let seed = Seed {
                name: entry.name.text.clone(),
                description: entry.description.clone(),
                depends_on: entry.depends_on.iter().map(|word| word.text.clone()).collect(),
                run: entry.run,
                reads: reads.into_iter().collect(),
                writes: writes.into_iter().collect(),
                script,
            };
            seeds.insert(index, seed);
        }
        order(self.manifest, "seed", entries, self.found).into_iter().filter_map(|index| seeds.remove(&index)).collect()
    }

    /// A seed's file, and the names of the relations that it reads and writes.
    fn seed_file(&mut self, path: &str) -> Option<(Script, BTreeSet<WrittenName>, BTreeSet<WrittenName>)> {
        if let Some(large) = self.large.get(path) {
            self.found.extend(large.found.iter().cloned());
            if large.found.is_empty() && large.pieces.iter().all(|piece| piece.statements == 0) {
                self.found.push(script::no_statement(&self.shown.path(path), Part::Seed));
            }
            let script =
                Script { path: path.to_owned(), text: String::new(), sha256: large.sha256, statements: Vec::new(), skipped: Vec::new() };
            return Some((script, large.reads.clone(), large.writes.clone()));
        }
        let parsed = self.parsed(path, Part::Seed)?;
        let statements = parsed.statements.statements();
        let names = |of: fn(&crate::parse::Statement) -> &[WrittenName]| statements.iter().flat_map(of).cloned().collect();
        let (reads, writes) = (names(crate::parse::Statement::reads), names(crate::parse::Statement::writes));
        Some((parsed.script(path, Part::Seed), reads, writes))
    }

    fn procedures(&mut self) -> Vec<Procedure> {
        let entries = &self.manifest.procedures;
        let mut procedures: BTreeMap<usize, Procedure> = BTreeMap::new();
        for (index, (entry, path)) in self.listed_files("procedure", entries) {
            let Some(parsed) = self.parsed(&path, Part::Procedure) else {
                continue;
            };
            let creates: Vec<Created> = parsed
                .statements
                .statements()
                .iter()
                .enumerate()
                .filter_map(|(statement, parsed)| Some(Created { statement, routine: parsed.creates_routine()?.clone() }))
                .collect();
            if creates.is_empty() && !parsed.statements.statements().is_empty() {
                let diagnostic = Diagnostic::new(format!("procedure `{}` creates no function and no procedure", entry.name.text))
                    .in_file(parsed.source.path());
                self.found.push(
                    diagnostic.help("write `CREATE OR REPLACE FUNCTION …` or `CREATE OR REPLACE PROCEDURE …` into it; rows are a seed's"),
                );
            }
            let procedure = Procedure {
                name: entry.name.text.clone(),
                description: entry.description.clone(),
                depends_on: entry.depends_on.iter().map(|word| word.text.clone()).collect(),
                script: parsed.script(&path, Part::Procedure),
                creates,
            };
            procedures.insert(index, procedure);
        }
        order(self.manifest, "procedure", entries, self.found).into_iter().filter_map(|index| procedures.remove(&index)).collect()
    }

    /// The entries whose file is there, each with its path; reported are those without, files listed twice and files nobody lists.
    fn listed_files<'m>(&mut self, what: &str, entries: &'m [Entry]) -> Vec<(usize, (&'m Entry, String))> {
        let folder = format!("{what}s");
        let present = self.sql_files(&folder);
        let mut listed: BTreeMap<&str, &Word> = BTreeMap::new();
        let mut usable = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let Some(file) = &entry.file else { continue };
            let at = |message: String| Diagnostic::new(message).at(&self.manifest.source, file.range.clone());
            if let Some(objection) = objection(&file.text) {
                self.found.push(at(format!("the path `{}` {objection}", file.text)));
                continue;
            }
            if let Some(first) = listed.get(file.text.as_str()) {
                let diagnostic =
                    at(format!("file `{}` is listed twice", file.text)).label(&self.manifest.source, first.range.clone(), "here already");
                self.found.push(diagnostic.help("each file belongs to one entry"));
                continue;
            }
            listed.insert(&file.text, file);
            let path = format!("{folder}/{}", file.text);
            if self.files.contains_key(&path) || self.large.contains_key(&path) {
                usable.push((index, (entry, path)));
            } else {
                let near = nearest(&file.text, present.iter().map(String::as_str));
                let diagnostic = at(format!("no file `{}`", self.shown.path(&path)));
                self.found.push(if near.is_empty() {
                    diagnostic.help("create it, or correct the path")
                } else {
                    diagnostic.help_nearest(&near)
                });
            }
        }
        for file in present.iter().filter(|file| !listed.contains_key(file.as_str())) {
            let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".sql");
            let key = if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
                name.to_owned()
            } else {
                format!("\"{}\"", name.escape_default())
            };
            let diagnostic = Diagnostic::new(format!("no {what} in {} lists this file", self.manifest.source.path()))
                .in_file(self.shown.path(&format!("{folder}/{file}")));
            self.found.push(diagnostic.help(format!("add a table `[{folder}.{key}]` with `file = \"{file}\"`, or remove the file")));
        }
        usable
    }

    /// The table a seed's name means. What no catalog knows (temporary tables, PostgreSQL's own) is none of the bundle's.
    fn resolve(&self, name: &WrittenName, catalog: Option<&Catalog>) -> Option<RelationName> {
        if let Some(catalog) = catalog {
            catalog.resolve(name.schema.as_deref(), &name.name).map(crate::catalog::Table::full_name)
        } else {
            let schema = name.schema.clone().or_else(|| self.manifest.search_path.first().cloned())?;
            Some(RelationName { schema, name: name.name.clone() })
        }
    }

    /// The extensions; the files that run may say in which schemas.
    fn extensions(&mut self, run: &[&Parsed]) -> Vec<Extension> {
        let listed: Vec<String> = self.manifest.extensions.iter().map(|word| word.text.clone()).collect();
        for file in self.sql_files("extensions") {
            if !listed.iter().any(|name| file == format!("{name}.sql")) {
                let diagnostic =
                    Diagnostic::new(format!("`extensions` in {} does not list this stand-in's extension", self.manifest.source.path()));
                let name = file.trim_end_matches(".sql");
                self.found.push(
                    diagnostic
                        .in_file(self.shown.path(&format!("extensions/{file}")))
                        .help(format!("add `\"{name}\"` to `extensions`, or remove the file")),
                );
            }
        }
        let mut schemas = extension_schemas(self.manifest, run, self.found);
        listed.into_iter().map(|name| Extension { schema: schemas.remove(&name), stand_in: self.stand_in(&name), name }).collect()
    }

    /// The bundle's own stand-in for an extension before Elyos's.
    fn stand_in(&mut self, extension: &str) -> Option<Script> {
        let path = format!("extensions/{extension}.sql");
        if self.files.contains_key(&path) {
            return self.parsed(&path, Part::StandIn).map(|parsed| parsed.script(&path, Part::StandIn));
        }
        let (_, text) = STAND_INS.iter().find(|(name, _)| *name == extension)?;
        let source = Source::new(format!("elyos:{path}"), *text);
        Parsed::new(source, Part::StandIn, self.manifest, self.found).map(|parsed| parsed.script(&path, Part::StandIn))
    }
}

fn scripts(migrations: &[(Parsed, Migration)]) -> Vec<&Parsed> {
    migrations.iter().map(|(parsed, _)| parsed).collect()
}

/// The schema of each listed extension whose `CREATE EXTENSION` names one. That statement is not run, so what it says is kept here.
fn extension_schemas(manifest: &Manifest, run: &[&Parsed], found: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let mut named: BTreeMap<String, (&str, &Source, Range<usize>)> = BTreeMap::new();
    for parsed in run {
        for statement in parsed.statements.statements() {
            let (Some(extension), Some(schema)) = (statement.creates_extension(), statement.extension_schema()) else {
                continue;
            };
            if !manifest.extensions.iter().any(|word| word.text == extension) {
                continue;
            }
            if let Some((other, source, range)) = named.get(extension) {
                if *other != schema {
                    let message = format!("extension `{extension}` is created in the schema `{schema}` here, and in `{other}` elsewhere");
                    let diagnostic = Diagnostic::new(message).at(&parsed.source, statement.range());
                    found.push(
                        diagnostic
                            .label(source, range.clone(), "here already")
                            .help("name one schema: the manifest lists the extension, and it is created once, before the files run"),
                    );
                }
                continue;
            }
            if !MADE_BEFORE.contains(&schema) && !manifest.schemas.iter().any(|word| word.text == schema) {
                let message = format!("extension `{extension}` is created in the schema `{schema}`, which does not exist by then");
                found.push(Diagnostic::new(message).at(&parsed.source, statement.range()).help(format!(
                    "add `\"{schema}\"` to `schemas` in {}: the manifest lists the extension, and it is created before the files run",
                    manifest.source.path()
                )));
            }
            named.insert(extension.to_owned(), (schema, &parsed.source, statement.range()));
        }
    }
    named.into_iter().map(|(extension, (schema, ..))| (extension, schema.to_owned())).collect()
}

/// Number and name of `NNNN_name.sql`.
fn migration_name(file: &str) -> Option<(i64, &str)> {
    let name = file.strip_suffix(".sql")?;
    let (digits, words) = name.split_once('_')?;
    let fits = digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !words.is_empty() && !words.contains('/');
    fits.then(|| digits.parse().ok().map(|position| (position, name))).flatten()
}
