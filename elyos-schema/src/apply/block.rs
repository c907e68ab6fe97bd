//! `DO` blocks: statements that run together or not at all, and the errors that they catch
//! (<https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING>).

use std::ops::Range;

use super::{Applier, column::serial};
use crate::{
    catalog::{Catalog, RelationName, Schema, TEMPORARY},
    ddl::{Block, Constraint, Ddl, Existence, Name, Persistence, Qualified, Rule, TableChange, TypeChange, TypeDefinition},
    diagnostic::Diagnostic,
};

/// How a message begins about a statement that may be a good one.
const UNKNOWN: &str = "what this does to the schema is not known";

impl Applier<'_> {
    /// Runs a block's statements; what they catch undoes them.
    pub(super) fn run_block(&mut self, block: &Block) {
        let mut undo = self.undo_of(block);
        let mark = self.found.len();
        // Behind the first statement that is refused PostgreSQL runs none.
        let mut steps = block.steps.iter();
        for step in steps.by_ref() {
            self.run(step);
            if self.found.len() > mark {
                break;
            }
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
                Undo::NewTable(name) => self.take_back_table(&name),
                Undo::NewColumn(table, column) => {
                    if self.table(&table).is_some_and(|table| table.column(&column).is_some()) {
                        self.drop_column(&table, &Name { text: column, range: 0..0 }, true, true);
                    }
                }
                Undo::All(ref mut before) => std::mem::swap(self.catalog, before),
            }
            self.found.truncate(mark);
        } else {
            // Nothing catches it: what else is wrong is told as well.
            steps.for_each(|step| self.run(step));
        }
        if let Some((_, steps)) = handler {
            for step in steps {
                self.run(step);
            }
        }
    }

    /// Removes a table that was not whole yet when its statement was refused.
    fn take_back_table(&mut self, name: &RelationName) {
        self.remove_table(name);
        for sequence in self.sequences_of(name, None) {
            self.remove_sequence(&sequence);
        }
    }

    /// How a block's statements will be undone if they have to be. A block that has nothing to catch, or one statement that is refused before
    /// it changes anything, as most that people write, needs no copy of what was there before: many of them would copy it as many times.
    fn undo_of(&mut self, block: &Block) -> Undo {
        if block.only_if.is_none() && block.handlers.is_empty() {
            return Undo::Nothing;
        }
        match block.steps.as_slice() {
            [Ddl::Calls(calls)] if !self.call_something(calls) => Undo::Nothing,
            [Ddl::CreateTable(create), rest @ ..]
                if create.partition_of.is_none() && rest.iter().all(|step| is_of_table(step, &create.name)) =>
            {
                let schema = if create.persistence == Persistence::Temporary { None } else { self.new_in(&create.name) };
                let is_taken = |schema: &Schema| schema.has_relation(&create.name.name) || schema.types.contains_key(&create.name.name);
                match schema {
                    Some(schema) if is_taken(schema) && (rest.is_empty() || !create.if_not_exists) => Undo::Nothing,
                    Some(schema) if !is_taken(schema) => {
                        Undo::NewTable(RelationName { schema: schema.name().to_owned(), name: create.name.name.clone() })
                    }
                    _ => self.copied(),
                }
            }
            [Ddl::CreateSchema { elements, .. }] if elements.is_empty() => Undo::Nothing,
            [Ddl::CreateExtension { .. } | Ddl::CreatePolicy(_) | Ddl::CreateTrigger(_) | Ddl::CreateIndex(_)] => Undo::Nothing,
            [Ddl::AlterType { changes, .. }] if matches!(changes.as_slice(), [TypeChange::AddValue { .. }]) => Undo::Nothing,
            // An attribute of an unknown type does not keep it from being made.
            [Ddl::CreateType { name, definition: TypeDefinition::Enum(_) | TypeDefinition::Composite(_) }] => {
                let schema = self.new_in(name).map(Schema::name).unwrap_or_default();
                let new = RelationName { schema: schema.to_owned(), name: name.name.clone() };
                let is_there = self.catalog.schemas.get(&new.schema).is_some_and(|schema| schema.types.contains_key(&new.name));
                if is_there { Undo::Nothing } else { Undo::NewType(new) }
            }
            [Ddl::AlterTable { table, changes, .. }] if matches!(changes.as_slice(), [TableChange::AddConstraint(it)] if is_added_whole(it)) =>
            {
                let found = self.lookup(table);
                if found.is_some_and(|found| !self.children(&found).is_empty()) { self.copied() } else { Undo::Nothing }
            }
            [Ddl::AlterTable { table, changes, .. }] if matches!(changes.as_slice(), [TableChange::AddColumn { .. }]) => {
                let [TableChange::AddColumn { column, .. }] = changes.as_slice() else { return self.copied() };
                let makes_sequence = column.ty.as_ref().is_some_and(|ty| serial(ty).is_some())
                    || column.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::Identity { .. }));
                match self.lookup(table) {
                    None => Undo::Nothing,
                    Some(found) if self.table(&found).is_some_and(|it| it.column(&column.name.text).is_some()) => Undo::Nothing,
                    Some(found) if !makes_sequence && self.children(&found).is_empty() => Undo::NewColumn(found, column.name.text.clone()),
                    Some(_) => self.copied(),
                }
            }
            _ => self.copied(),
        }
    }

    /// The schema that something new goes to, if it is there.
    fn new_in(&self, name: &Qualified) -> Option<&Schema> {
        match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema),
            None => self.path().find(|schema| schema.name() != TEMPORARY),
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
    /// At most a table was made, with all that is of it.
    NewTable(RelationName),
    /// At most a column was added to a table that has none below it.
    NewColumn(RelationName, String),
    All(Box<Catalog>),
}

/// Whether a statement changes nothing but a table.
fn is_of_table(step: &Ddl, table: &Qualified) -> bool {
    let same = |name: &Qualified| name.schema == table.schema && name.name == table.name;
    match step {
        Ddl::CreateIndex(create) => same(&create.table),
        Ddl::CreateTrigger(create) => same(&create.table),
        Ddl::CreatePolicy(create) => same(&create.table),
        Ddl::AlterTable { table, changes, .. } => {
            let own = |change: &TableChange| {
                matches!(change, TableChange::AddConstraint(_) | TableChange::AddColumn { .. } | TableChange::RowSecurity { .. })
            };
            same(table) && changes.iter().all(own)
        }
        _ => false,
    }
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
