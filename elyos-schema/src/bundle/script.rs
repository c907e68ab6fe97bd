//! A SQL file of a bundle: parsed, and refused where it could not run as the part it plays.

use std::ops::Range;

use super::{
    Migration, Script, digest, enum_value,
    manifest::Manifest,
    mark::{self, MARK},
};
use crate::{diagnostic::Diagnostic, parse, source::Source};

/// The part a file plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `schema.sql` beside migrations: read, never run.
    Read,
    /// `schema.sql` on its own.
    Schema,
    Migration,
    Seed,
    Procedure,
    StandIn,
}

impl Part {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Read | Self::Schema => "schema.sql",
            Self::Migration => "a migration",
            Self::Seed => "a seed",
            Self::Procedure => "a procedure's file",
            Self::StandIn => "a stand-in for an extension",
        }
    }

    /// Whether the file may be another tool's output: what the manifest lists is created before it runs, and the guards that `pg_dump`
    /// writes for psql are left out.
    fn skips(self) -> bool {
        matches!(self, Self::Schema | Self::Migration)
    }
}

/// A file that has been read: where it is, what it says, and what of it is not sent to the server.
pub(super) struct Parsed {
    pub source: Source,
    pub statements: parse::Script,
    pub skipped: Vec<Range<usize>>,
    /// Is each statement committed by itself?
    marked: bool,
}

impl Parsed {
    /// Parses a file; None, with what is wrong reported, where that is not possible.
    pub(super) fn new(source: Source, part: Part, manifest: &Manifest, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let parsed = match parse::parse(&source) {
            Ok(parsed) => parsed,
            Err(errors) => {
                found.extend(errors);
                return None;
            }
        };
        let guards: Vec<Range<usize>> =
            parsed.psql_commands().iter().filter(|command| parse::guards_only_psql(&source.text()[(*command).clone()])).cloned().collect();
        if parsed.statements().is_empty() && parsed.psql_commands().len() == guards.len() {
            found.push(no_statement(source.path(), part));
        }
        let marked = mark::read(&source, part, found);
        if part != Part::Read {
            refuse(&source, &parsed, part, marked, found);
        }
        if part == Part::Migration && !marked {
            enum_value::refuse(&source, &parsed, found);
        }
        let listed =
            |names: &[super::manifest::Word], name: Option<&str>| name.is_some_and(|name| names.iter().any(|word| word.text == name));
        let skipped = parsed
            .statements()
            .iter()
            .filter(|statement| {
                listed(&manifest.schemas, statement.creates_schema()) || listed(&manifest.extensions, statement.creates_extension())
            })
            .map(parse::Statement::range)
            .chain(guards)
            .collect();
        Some(Self { source, statements: parsed, skipped, marked })
    }

    /// A migration of this file, whose script is given.
    pub(super) fn migration(&self, position: i64, name: &str, script: Script) -> Migration {
        let hashes = script.statements.iter().map(|range| digest::statement(&script.text[range.clone()])).collect();
        let statements = self.statements.statements().iter().filter(|_| self.marked);
        let executions = statements.map(|statement| statement.execution().clone()).collect();
        Migration { position, name: name.to_owned(), script, hashes, executions }
    }

    /// The file as the bundle holds it.
    pub(super) fn script(&self, path: &str, part: Part) -> Script {
        Script {
            path: path.to_owned(),
            text: self.source.text().to_owned(),
            sha256: digest::text(self.source.text()),
            statements: self.statements.statements().iter().map(parse::Statement::range).collect(),
            skipped: if part.skips() { self.skipped.clone() } else { Vec::new() },
        }
    }
}

/// A file in which nothing is to be run.
pub(super) fn no_statement(path: &str, part: Part) -> Diagnostic {
    let help = if matches!(part, Part::Read | Part::Schema) {
        "write the schema into it, or remove it"
    } else {
        "write its SQL into it, or remove it and its entry"
    };
    Diagnostic::new("no statement in the file").in_file(path).help(help)
}

/// [`refuse`] for a part of a seed.
pub(super) fn refuse_seed(source: &Source, parsed: &parse::Script, found: &mut Vec<Diagnostic>) {
    refuse(source, parsed, Part::Seed, false, found);
}

/// Reports what cannot run inside Elyos's own transaction, unless the file is marked as one that is not in one, and over a connection that is not psql's.
fn refuse(source: &Source, parsed: &parse::Script, part: Part, marked: bool, found: &mut Vec<Diagnostic>) {
    let place = part.in_words();
    for command in parsed.psql_commands() {
        if part.skips() && parse::guards_only_psql(&source.text()[command.clone()]) {
            continue;
        }
        let diagnostic = Diagnostic::new(format!("a psql command in {place}")).at(source, command.clone());
        found.push(diagnostic.help("only psql knows commands with a backslash; write what it does as SQL, or remove it"));
    }
    for statement in parsed.statements() {
        let at = |message: String| Diagnostic::new(message).at(source, statement.range());
        if let Some(words) = statement.transaction_control() {
            let help = if marked {
                "remove it: each statement of a file marked `no-transaction` is committed by itself"
            } else {
                "remove it: Elyos runs the whole file in a transaction of its own"
            };
            found.push(at(format!("transaction control in {place}: {words}")).help(help));
        }
        if statement.outside_transaction() == Some("DISCARD ALL") {
            let help = "remove it: it gives up the lock that keeps other starts out, and the settings that every file runs under; \
                        DISCARD PLANS, SEQUENCES and TEMP do not";
            found.push(at(format!("DISCARD ALL in {place}")).help(help));
        } else if let Some(words) = statement.outside_transaction()
            && !marked
        {
            let help = if part == Part::Migration {
                format!("make `{MARK}` the first line of the file: each statement is then committed by itself")
            } else {
                format!("put it into a migration whose first line is `{MARK}`")
            };
            found.push(at(format!("{words} cannot run in a transaction, and {place} does")).help(help));
        }
        if statement.copies_from_stdin() {
            found.push(at(format!("COPY FROM STDIN in {place}")).help("write the rows as `INSERT INTO … VALUES …`"));
        }
        if statement.copies_to_stdout() {
            found.push(at(format!("COPY TO STDOUT in {place}")).help("remove it: nobody is there to take the rows"));
        }
    }
}
