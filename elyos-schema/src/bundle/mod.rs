//! A bundle: the schema, migrations, seeds and procedures of an application, proven before they run.
//!
//! [`load`] takes the files as bytes, reads the manifest `seeds/seeds.toml`, parses every SQL file, checks all of it against the schema,
//! orders the seeds and hashes what matters. The macro `bundle!` and the command both use it, so they refuse the same with the same words.

mod check;
mod digest;
mod enum_value;
mod files;
mod gather;
mod large;
mod manifest;
mod mark;
mod order;
mod path;
mod reach;
mod read;
mod script;

use std::{collections::BTreeMap, ops::Range};

pub use gather::{Entry, FOLDERS, SCHEMA, gather};
pub use large::{Large, Piece, pieces, scan};

use crate::{
    catalog::{Catalog, RelationName},
    diagnostic::Diagnostics,
    parse::{Execution, Routine},
};

/// What a binary carries: everything `init` does, in the order it does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Raised with each release: an older binary never writes over a newer one's data.
    pub revision: i64,
    /// The schemas to create before all else, in the manifest's order.
    pub schemas: Vec<String>,
    /// The extensions to create before the migrations, in the manifest's order.
    pub extensions: Vec<Extension>,
    /// The `search_path` under which everything runs.
    pub search_path: Vec<String>,
    /// `schema.sql`, where there is one.
    pub schema: Option<Script>,
    /// The migrations by their numbers; where there are none, `schema.sql` in their place, at position -1.
    pub migrations: Vec<Migration>,
    /// The seeds, each behind those it depends on; where that leaves a choice, in the manifest's order.
    pub seeds: Vec<Seed>,
    /// The procedures, each behind those it depends on; where that leaves a choice, in the manifest's order.
    pub procedures: Vec<Procedure>,
    /// The tables that a reset empties, in the manifest's order.
    pub truncate: Vec<RelationName>,
    /// The row whose column an environment variable sets.
    pub admin: Option<Admin>,
    /// SHA-256 over everything that affects what `init` does: two bundles of one digest do the same.
    pub digest: [u8; 32],
}

/// An extension to create, and what stands in for it on a server that does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The schema to create it in, where a file that runs names one; else it is `extensions`, or what its control file says.
    pub schema: Option<String>,
    /// `extensions/NAME.sql`, or Elyos's own.
    pub stand_in: Option<Script>,
}

/// A SQL file and its statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its path within the bundle, with `/`.
    pub path: String,
    /// Its text, without a byte-order mark and with every CRLF as LF, so that a checkout on Windows is no change.
    pub text: String,
    /// SHA-256 of the text.
    pub sha256: [u8; 32],
    /// The bytes of each statement, without its semicolon.
    pub statements: Vec<Range<usize>>,
    /// What is blanked out before it runs: those of `statements` that have been done, `CREATE SCHEMA` and `CREATE EXTENSION` of what the
    /// manifest lists; and `\restrict` and `\unrestrict`, which `pg_dump` writes for psql.
    pub skipped: Vec<Range<usize>>,
}

/// A migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The number its name begins with.
    pub position: i64,
    /// The file's name without `.sql`: `0001_initial`.
    pub name: String,
    /// The file.
    pub script: Script,
    /// What each statement of the file is known by, once the migration has been applied.
    pub hashes: Vec<StatementHash>,
    /// How each statement is run, where the file is marked as one that is not one transaction; else nothing.
    pub executions: Vec<Execution>,
}

/// What a statement that was applied is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementHash {
    /// SHA-256 of its text.
    pub text: [u8; 32],
    /// SHA-256 of its tokens: the same whatever comments and white space are between them.
    pub tokens: [u8; 32],
}

/// A seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Its name in the manifest.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// The seeds that must have run before it.
    pub depends_on: Vec<String>,
    /// When it runs.
    pub run: Run,
    /// The file.
    pub script: Script,
    /// The relations its SQL reads by name, and those behind the views and above or below the partitions among them.
    pub reads: Vec<RelationName>,
    /// The tables whose rows it writes; a view among them, and those behind it.
    pub writes: Vec<RelationName>,
}

/// When `init` runs a seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// When its text has changed.
    #[default]
    Changed,
    /// The first time only: what people edit afterwards.
    Once,
    /// Whenever there is something to do.
    Always,
}

/// Functions and procedures to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its name in the manifest.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// The names in `[procedures]` that must come before it.
    pub depends_on: Vec<String>,
    /// The file.
    pub script: Script,
    /// What it creates; at least one.
    pub creates: Vec<Created>,
}

/// A function or procedure that a file creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Which of the file's statements creates it, counted from 0.
    pub statement: usize,
    /// What it is.
    pub routine: Routine,
}

/// Which row an environment variable changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// The table.
    pub table: RelationName,
    /// The columns and values that tell the row.
    pub key: Vec<(String, AdminKey)>,
    /// The column that is set.
    pub column: String,
    /// The environment variable.
    pub env: String,
}

/// A value in the key of [`Admin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminKey {
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
}

/// Reads a bundle from its files: path within the bundle, with `/`, → bytes.
///
/// `root_shown` stands before every path in a message; empty for none.
///
/// # Errors
/// All that is wrong with it, each with file, line and column and what to do.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let files = BTreeMap::from([
///     ("schema.sql".to_owned(), b"create table roles (name text primary key);".to_vec()),
///     ("seeds/seeds.toml".to_owned(), b"[seeds.roles]\nfile = \"roles.sql\"\n".to_vec()),
///     ("seeds/roles.sql".to_owned(), b"insert into roles values ('admin') on conflict do nothing;".to_vec()),
/// ]);
/// let bundle = elyos_schema::bundle::load("db", &files)?;
/// assert_eq!(bundle.seeds[0].writes[0].to_string(), "public.roles");
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
pub fn load(root_shown: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<Bundle, Diagnostics> {
    load_with_catalog(root_shown, files).map(|(bundle, _)| bundle)
}

/// [`load`], and the catalog it was checked against: that of `schema.sql`, else of the migrations; None where there is neither.
///
/// # Errors
/// As for [`load`].
pub fn load_with_catalog(root_shown: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<(Bundle, Option<Catalog>), Diagnostics> {
    load_all(root_shown, files, &BTreeMap::new())
}

/// [`load`], where some seeds are not among the files but have been read with [`scan`]: their scripts have neither text nor statements,
/// which are in [`Large::pieces`]. The bundle's digest is the same.
///
/// # Errors
/// As for [`load`].
pub fn load_large(root_shown: &str, files: &BTreeMap<String, Vec<u8>>, large: &BTreeMap<String, &Large>) -> Result<Bundle, Diagnostics> {
    load_all(root_shown, files, large).map(|(bundle, _)| bundle)
}

fn load_all(
    root_shown: &str,
    files: &BTreeMap<String, Vec<u8>>,
    large: &BTreeMap<String, &Large>,
) -> Result<(Bundle, Option<Catalog>), Diagnostics> {
    let shown = path::Shown::new(root_shown);
    let (manifest, mut found) = manifest::read(&shown, files)?;
    let loaded = read::read(&shown, files, large, &manifest, &mut found);
    Diagnostics::into_result(found, ())?;
    Ok(loaded)
}
