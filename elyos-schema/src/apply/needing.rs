//! What is carried whole and cannot be without something else: the servers of a foreign data wrapper, what is mapped to a server or is one
//! of its tables, the casts and the like that call a function, the casts of a type.

use super::{Applier, carried::is_same_name, routine::FunctionName};
use crate::{
    catalog::{Carried, Meaning, RelationName, Table, TableKind, Type},
    parse::{Token, folded, tokens},
};

/// Something that goes with what it needs.
enum Needing {
    Carried(String, String),
    Table(RelationName),
}

impl Needing {
    fn in_words(&self) -> String {
        match self {
            Self::Carried(kind, name) => format!("{kind} `{name}` needs it"),
            Self::Table(table) => format!("foreign table `{table}` needs it"),
        }
    }
}

impl Applier<'_> {
    /// What needs a foreign data wrapper or a server.
    fn needing(&self, kind: &str, name: &str) -> Vec<Needing> {
        let carried = |wanted: &'static str, words: &'static [&'static str]| {
            let of_it = self.catalog.carried.iter().filter(move |one| one.kind == wanted);
            let of_it =
                of_it.filter(move |one| one.statements.first().and_then(|text| named_behind(text, words)).is_some_and(|it| it == name));
            of_it.map(|one| Needing::Carried(one.kind.clone(), one.name.clone()))
        };
        match kind {
            "foreign data wrapper" => carried("server", &["foreign", "data", "wrapper"]).collect(),
            "server" => {
                let is_its = |table: &&Table| {
                    let text = || table.source.text().get(table.range.clone()).and_then(|text| named_behind(text, &["server"]));
                    table.kind == TableKind::Foreign && text().is_some_and(|server| server == name)
                };
                let tables = self.catalog.tables().filter(is_its).map(|table| Needing::Table(table.full_name()));
                carried("user mapping", &["server"]).chain(tables).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The first thing that needs what is to be dropped, in words.
    pub(super) fn first_needing(&self, kind: &str, name: &str) -> Option<String> {
        self.needing(kind, name).first().map(Needing::in_words)
    }

    /// Removes what needs what is dropped.
    pub(super) fn remove_needing(&mut self, kind: &str, name: &str) {
        for needing in self.needing(kind, name) {
            match needing {
                Needing::Table(table) => self.remove_table(&table),
                Needing::Carried(kind, name) => {
                    self.catalog.carried.retain(|one| one.kind != kind || one.name != name);
                    self.remove_needing(&kind, &name);
                }
            }
        }
    }

    /// The casts that call a function, in words.
    pub(super) fn first_cast_by(&self, function: &FunctionName) -> Option<String> {
        self.catalog.carried.iter().find(|one| is_cast_by(one, function)).map(|one| format!("cast `{}` calls it", one.name))
    }

    /// Removes the casts that call a function.
    pub(super) fn remove_casts_by(&mut self, function: &FunctionName) {
        self.catalog.carried.retain(|one| !is_cast_by(one, function));
    }

    /// Removes the casts of types that are gone.
    pub(super) fn remove_casts_of_missing(&mut self) {
        let schemas = &self.catalog.schemas;
        let is_there = |ty: &Type| {
            let schema = ty.schema.as_ref().and_then(|schema| schemas.get(schema));
            schema.is_none_or(|schema| schema.types.contains_key(&ty.name) || schema.tables.contains_key(&ty.name))
        };
        self.catalog.carried.retain(|one| match &one.meaning {
            Some(Meaning::Cast { source, target, .. }) => is_there(source) && is_there(target),
            _ => true,
        });
    }
}

/// The name that stands behind some words.
fn named_behind(text: &str, words: &[&str]) -> Option<String> {
    let all: Vec<Token<'_>> = tokens(text).collect();
    let fits = |at: &usize| words.iter().zip(&all[*at..]).all(|(word, token)| token.text.eq_ignore_ascii_case(word));
    let at = (0..all.len().saturating_sub(words.len())).rev().find(fits)?;
    all.get(at + words.len()).and_then(folded)
}

/// Whether it is a cast `WITH FUNCTION` of this one.
fn is_cast_by(one: &Carried, function: &FunctionName) -> bool {
    let Some(text) = one.statements.first().filter(|_| one.kind == "cast") else { return false };
    let all: Vec<Token<'_>> = tokens(text).collect();
    let is = |at: usize, word: &str| all.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word));
    let Some(at) = (0..all.len()).find(|at| is(*at, "with") && is(at + 1, "function")).map(|at| at + 2) else { return false };
    let (schema, at) = if is(at + 1, ".") { (all.get(at).and_then(folded), at + 2) } else { (None, at) };
    if all.get(at).and_then(folded).as_ref() != Some(&function.name) || schema.is_some_and(|schema| schema != function.schema) {
        return false;
    }
    let Some(open) = all.get(at + 1).filter(|token| token.text == "(") else { return true };
    let close = all.iter().skip(at + 1).find(|token| token.text == ")").map_or(text.len(), |token| token.start);
    let types = text.get(open.start + 1..close).unwrap_or_default();
    // Of the schema's own types the last part of the name suffices.
    let bare = |ty: &str| ty.trim().rsplit('.').next().unwrap_or_default().to_owned();
    let written: Vec<String> = types.split(',').map(bare).collect();
    written.len() == function.types.len() && written.iter().zip(&function.types).all(|(one, other)| is_same_name(one, &bare(other)))
}
