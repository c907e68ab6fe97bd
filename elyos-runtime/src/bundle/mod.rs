//! What a program was compiled with: schemas, extensions, migrations, seeds and procedures, proven and in order.
//!
//! `bundle!` makes one at compile time, borrowing all from the program's own image; the command makes one, owning
//! all, from a folder. Either way it has been checked before it gets here: nothing in it is parsed at run time.

mod files;
mod large;
mod migration;

use std::borrow::Cow;
use std::ops::Range;

pub use files::Files;
pub use large::{LargeFile, Piece};
pub(crate) use migration::StatementHash;
pub use migration::{Execution, Migration};

/// Text that is part of the program, or was read from a folder.
pub type Text = Cow<'static, str>;

/// A list that is part of the program, or was read from a folder.
pub type List<T> = Cow<'static, [T]>;

/// A schema, its migrations and its seeds, ready to be applied by [`Init`](crate::Init).
///
/// Make one with [`bundle!`](macro@crate::bundle). The fields are for that macro and for the `elyos` command, and may
/// change between releases.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// let bundle = &elyos_runtime::ELYOS;
/// assert!(bundle.seed_names().any(|name| name == "users"));
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Bundle {
    #[doc(hidden)]
    pub revision: i64,
    #[doc(hidden)]
    pub digest: [u8; 32],
    #[doc(hidden)]
    pub files: Files,
    #[doc(hidden)]
    pub schemas: List<Text>,
    #[doc(hidden)]
    pub extensions: List<Extension>,
    #[doc(hidden)]
    pub search_path: List<Text>,
    #[doc(hidden)]
    pub migrations: List<Migration>,
    #[doc(hidden)]
    pub seeds: List<Seed>,
    #[doc(hidden)]
    pub procedures: List<Procedure>,
    #[doc(hidden)]
    pub truncate: List<Relation>,
    #[doc(hidden)]
    pub admin: Option<Admin>,
}

impl Bundle {
    /// The revision that `seeds.toml` states; data of a higher one are never written over.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The SHA-256 of all that `init` would apply, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&self.digest)
    }

    /// The seeds' names, in the order in which they run.
    pub fn seed_names(&self) -> impl Iterator<Item = &str> {
        self.seeds.iter().map(|seed| &*seed.name)
    }

    /// The procedures' names, in the order in which they are created.
    pub fn procedure_names(&self) -> impl Iterator<Item = &str> {
        self.procedures.iter().map(|procedure| &*procedure.name)
    }

    /// The migrations' names, in their order.
    pub fn migration_names(&self) -> impl Iterator<Item = &str> {
        self.migrations.iter().map(|migration| &*migration.name)
    }

    /// The script's text as people have it before them.
    pub(crate) fn files_text(&self, script: &Script) -> Cow<'_, str> {
        self.files.text(&script.path)
    }

    /// The script's text, with what is not sent blanked out; its offsets are those of the file.
    pub(crate) fn text(&self, script: &Script) -> Cow<'_, str> {
        let mut text = self.files.text(&script.path);
        for skipped in script.skipped.iter() {
            let range = skipped.range();
            let blank: String = text[range.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            // A multi-byte character leaves fewer bytes than it had: fill up, so that later offsets stay.
            let blank = format!("{blank:<width$}", width = range.len());
            text.to_mut().replace_range(range, &blank);
        }
        text
    }
}

/// A SQL file of the bundle: where it is, its hash, and where its statements are.
#[derive(Debug, Clone)]
pub struct Script {
    #[doc(hidden)]
    pub path: Text,
    /// SHA-256 of the text, without byte order mark and with line ends as LF.
    #[doc(hidden)]
    pub sha256: [u8; 32],
    #[doc(hidden)]
    pub statements: List<Span>,
    /// What is not sent: statements that an earlier step of the start protocol has done, and what only psql knows.
    #[doc(hidden)]
    pub skipped: List<Span>,
}

impl Script {
    /// How many statements the server will see.
    pub(crate) fn statements_run(&self) -> impl Iterator<Item = Range<usize>> {
        self.statements.iter().filter(|span| !self.skipped.contains(span)).map(|span| span.range())
    }
}

/// A range of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub u32, pub u32);

impl Span {
    pub(crate) fn range(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

/// An extension, and what stands in for it where the server does not offer it.
#[derive(Debug, Clone)]
pub struct Extension {
    #[doc(hidden)]
    pub name: Text,
    /// Where it is created, if the bundle says so.
    #[doc(hidden)]
    pub schema: Option<Text>,
    #[doc(hidden)]
    pub stand_in: Option<Script>,
}

/// When a seed runs at a start-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Run {
    /// When its text is not the one that was applied.
    #[default]
    Changed,
    /// When it has never run: for data that people edit afterwards.
    Once,
    /// Whenever anything has to be done at all.
    Always,
}

/// A seed: a file of rows and what has to be there before it.
#[derive(Debug, Clone)]
pub struct Seed {
    #[doc(hidden)]
    pub name: Text,
    #[doc(hidden)]
    pub description: Text,
    #[doc(hidden)]
    pub depends_on: List<Text>,
    #[doc(hidden)]
    pub run: Run,
    #[doc(hidden)]
    pub reads: List<Relation>,
    #[doc(hidden)]
    pub writes: List<Relation>,
    #[doc(hidden)]
    pub script: Script,
}

/// A stored function or procedure.
#[derive(Debug, Clone)]
pub struct Procedure {
    #[doc(hidden)]
    pub name: Text,
    #[doc(hidden)]
    pub description: Text,
    /// What its file creates.
    #[doc(hidden)]
    pub creates: List<Routine>,
    #[doc(hidden)]
    pub script: Script,
}

/// A function or procedure as the statement that creates it names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Which of the file's statements, counted from 0.
    #[doc(hidden)]
    pub statement: usize,
    /// The schema, where written.
    #[doc(hidden)]
    pub schema: Option<Text>,
    #[doc(hidden)]
    pub name: Text,
    /// The types of the arguments that tell it from others of its name, as written.
    #[doc(hidden)]
    pub arguments: List<Text>,
}

/// A table's name with its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    #[doc(hidden)]
    pub schema: Text,
    #[doc(hidden)]
    pub name: Text,
}

impl Relation {
    /// The name as SQL text, quoted.
    pub(crate) fn quoted(&self) -> String {
        format!("{}.{}", crate::sql::quote_identifier(&self.schema), crate::sql::quote_identifier(&self.name))
    }

    /// The name as people read it.
    pub(crate) fn shown(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// Which row's e-mail address the environment may set.
#[derive(Debug, Clone)]
pub struct Admin {
    #[doc(hidden)]
    pub table: Relation,
    #[doc(hidden)]
    pub key: List<(Text, AdminKey)>,
    #[doc(hidden)]
    pub column: Text,
    #[doc(hidden)]
    pub variable: Text,
}

/// A value of the administrator's key.
#[derive(Debug, Clone)]
pub enum AdminKey {
    /// An integer of any width.
    Integer(i64),
    /// Text.
    Text(Text),
    /// True or false.
    Boolean(bool),
}

impl AdminKey {
    /// The value as text, as PostgreSQL casts it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::Boolean(truth) => truth.to_string(),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
