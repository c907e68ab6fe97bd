//! `DO` blocks: statements that run together or not at all, and the errors that they catch
//! (<https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING>).

use std::ops::Range;

use super::Applier;
use crate::{
    catalog::{Catalog, RelationName, Schema, TEMPORARY},
    ddl::{Block, Constraint, Ddl, Existence, Rule, TableChange, TypeChange, TypeDefinition},
    diagnostic::Diagnostic,
};

/// How a message begins about a statement that may be a good one.
const UNKNOWN: &str = "what this does to the schema is not known";

impl Applier<'_> {
    /// Runs a block's statements; what they catch undoes them.
    pub(super) fn run_block(&mut self, block: &Block) {
        let mut undo = self.undo_of(block);
        let mark = self.found.len();
        for step in &block.steps {
            self.run(step);
        }
        let Some(first) = self.found.get(mark) else { return };
        let condition = condition_of(first);
        let not_so = match block.only_if {
            Some(Existence::Missing) => condition.is_some_and(|condition| condition.starts_with("duplicate_")),
            Some(Existence::There) => condition.is_some_and(|condition| condition.starts_with("undefined_")),
            None => false,
        };
        let catches = |words: &[String]| words.iter().any(|word| word == "others" || condition.is_some_and(|condition| word == condition));
        // What is not known here PostgreSQL has not refused: there is nothing to be caught, and the block may have done all of it.
        let is_unknown = self.found[mark..].iter().any(|found| found.message().starts_with(UNKNOWN));
        let handler = block.handlers.iter().find(|(words, _)| !is_unknown && catches(words));
        if not_so || handler.is_some() {
            match undo {
                Undo::Nothing => {}
                Undo::NewType(name) => {
                    if let Some(schema) = self.catalog.schemas.get_mut(&name.schema) {
                        schema.types.remove(&name.name);
                    }
                }
                Undo::All(ref mut before) => std::mem::swap(self.catalog, before),
            }
            self.found.truncate(mark);
        }
        if let Some((_, steps)) = handler {
            for step in steps {
                self.run(step);
            }
        }
    }

    /// How a block's statements will be undone if they have to be. A block that has nothing to catch, or one statement that is refused before
    /// it changes anything, as most that people write, needs no copy of what was there before: many of them would copy it as many times.
    fn undo_of(&mut self, block: &Block) -> Undo {
        if block.only_if.is_none() && block.handlers.is_empty() {
            return Undo::Nothing;
        }
        match block.steps.as_slice() {
            [Ddl::CreateSchema { elements, .. }] if elements.is_empty() => Undo::Nothing,
            [Ddl::CreateExtension { .. } | Ddl::CreatePolicy(_) | Ddl::CreateTrigger(_) | Ddl::CreateIndex(_)] => Undo::Nothing,
            [Ddl::AlterType { changes, .. }] if matches!(changes.as_slice(), [TypeChange::AddValue { .. }]) => Undo::Nothing,
            // An attribute of an unknown type does not keep it from being made.
            [Ddl::CreateType { name, definition: TypeDefinition::Enum(_) | TypeDefinition::Composite(_) }] => {
                let schema = name.schema.clone().or_else(|| self.path().map(Schema::name).find(|it| *it != TEMPORARY).map(str::to_owned));
                let new = RelationName { schema: schema.unwrap_or_default(), name: name.name.clone() };
                let is_there = self.catalog.schemas.get(&new.schema).is_some_and(|schema| schema.types.contains_key(&new.name));
                if is_there { Undo::Nothing } else { Undo::NewType(new) }
            }
            [Ddl::AlterTable { table, changes, .. }] if matches!(changes.as_slice(), [TableChange::AddConstraint(it)] if is_added_whole(it)) =>
            {
                let found = self.lookup(table);
                if found.is_some_and(|found| !self.children(&found).is_empty()) { self.copied() } else { Undo::Nothing }
            }
            _ => self.copied(),
        }
    }

    fn copied(&self) -> Undo {
        Undo::All(Box::new(self.catalog.clone()))
    }

    /// What cannot be known without a server.
    pub(super) fn refuse_unknown(&mut self, what: &str, range: &Range<usize>) {
        let diagnostic = Diagnostic::new(format!("{UNKNOWN}: {what}"))
            .help("write it as plain DDL, which may say `IF NOT EXISTS`")
            .help("if it changes no table, type or function, say so on a line before the statement: `-- elyos: ignore`");
        self.report(diagnostic, range);
    }
}

/// What takes back the statements of a block.
enum Undo {
    /// They changed nothing if they were refused.
    Nothing,
    /// At most a type was made.
    NewType(RelationName),
    All(Box<Catalog>),
}

/// Whether a constraint is refused before anything of it is there.
fn is_added_whole(constraint: &Constraint) -> bool {
    match &constraint.rule {
        Rule::PrimaryKey(key) | Rule::Unique(key) => key.using_index.is_none(),
        Rule::Check(_) | Rule::References(_) | Rule::Exclude(_) => true,
        _ => false,
    }
}

/// The condition that PostgreSQL would raise where a statement is refused
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn condition_of(diagnostic: &Diagnostic) -> Option<&'static str> {
    let message = diagnostic.message();
    let begins = |words: &[&str]| words.iter().any(|word| message.starts_with(word));
    let relations = ["relation ", "table ", "view ", "index ", "sequence ", "materialized view "];
    if message.contains("already exists") {
        Some(if begins(&["column "]) {
            "duplicate_column"
        } else if begins(&["schema "]) {
            "duplicate_schema"
        } else if begins(&["function "]) {
            "duplicate_function"
        } else if begins(&relations) {
            "duplicate_table"
        } else {
            "duplicate_object"
        })
    } else if message.contains("does not exist") {
        Some(if begins(&["column "]) {
            "undefined_column"
        } else if begins(&["schema "]) {
            "invalid_schema_name"
        } else if begins(&["function "]) {
            "undefined_function"
        } else if begins(&relations) {
            "undefined_table"
        } else {
            "undefined_object"
        })
    } else {
        None
    }
}
