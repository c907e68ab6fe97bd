//! `DO` blocks: statements that run together or not at all, and the errors that they catch
//! (<https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING>).

use std::ops::Range;

use super::Applier;
use crate::{
    ddl::{Block, Existence},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    /// Runs a block's statements; what they catch undoes them.
    pub(super) fn run_block(&mut self, block: &Block) {
        let before = self.catalog.clone();
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
        let handler = block.handlers.iter().find(|(words, _)| catches(words));
        if not_so || handler.is_some() {
            *self.catalog = before;
            self.found.truncate(mark);
        }
        if let Some((_, steps)) = handler {
            for step in steps {
                self.run(step);
            }
        }
    }

    /// What cannot be known without a server.
    pub(super) fn refuse_unknown(&mut self, what: &str, range: &Range<usize>) {
        let diagnostic = Diagnostic::new(format!("what this does to the schema is not known: {what}"))
            .help("write it as plain DDL, which may say `IF NOT EXISTS`")
            .help("if it changes no table, type or function, say so on a line before the statement: `-- elyos: ignore`");
        self.report(diagnostic, range);
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
