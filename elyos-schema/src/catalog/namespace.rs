//! A schema, and which names in it are taken: tables, views, indexes and sequences share one set, constraints have another.

use std::collections::{BTreeMap, HashMap};

use super::{Function, Referring, Sequence, Table, UserType};

/// A schema of the database.
#[derive(Clone, Debug)]
pub struct Schema {
    name: String,
    pub(crate) comment: Option<String>,
    pub(crate) tables: Referring<Table>,
    pub(crate) types: BTreeMap<String, UserType>,
    pub(crate) sequences: Referring<Sequence>,
    /// Functions and procedures, which share their names.
    pub(crate) functions: BTreeMap<String, Vec<Function>>,
    /// Which table an index belongs to, those of constraints too.
    pub(crate) indexes: HashMap<String, String>,
    /// How many constraints have a name; two tables may each have one of it.
    constraints: HashMap<String, usize>,
}

impl Schema {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            comment: None,
            tables: Referring::default(),
            types: BTreeMap::new(),
            sequences: Referring::default(),
            functions: BTreeMap::new(),
            indexes: HashMap::new(),
            constraints: HashMap::new(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `COMMENT ON SCHEMA`.
    #[must_use]
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    pub(crate) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    /// Whether a table, view, index, sequence or composite type has the name.
    pub(crate) fn has_relation(&self, name: &str) -> bool {
        self.tables.contains_key(name)
            || self.indexes.contains_key(name)
            || self.sequences.contains_key(name)
            || matches!(self.types.get(name), Some(UserType::Composite(_)))
    }

    pub(crate) fn has_constraint(&self, name: &str) -> bool {
        self.constraints.contains_key(name)
    }

    pub(crate) fn add_constraint(&mut self, name: &str) {
        *self.constraints.entry(name.to_owned()).or_default() += 1;
    }

    pub(crate) fn remove_constraint(&mut self, name: &str) {
        if let Some(count) = self.constraints.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                self.constraints.remove(name);
            }
        }
    }

    /// Takes the names of a table's constraints and indexes.
    pub(crate) fn add_names_of(&mut self, table: &Table) {
        for index in index_names(table) {
            self.indexes.insert(index.to_owned(), table.name.clone());
        }
        for constraint in constraint_names(table) {
            self.add_constraint(constraint);
        }
    }

    /// Frees the names of a table's constraints and indexes.
    pub(crate) fn remove_names_of(&mut self, table: &Table) {
        for index in index_names(table) {
            self.indexes.remove(index);
        }
        for constraint in constraint_names(table) {
            self.remove_constraint(constraint);
        }
    }
}

pub(crate) fn index_names(table: &Table) -> impl Iterator<Item = &str> {
    let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.as_str());
    keys.chain(table.indexes.iter().map(|index| index.name.as_str()))
        .chain(table.exclusions.iter().map(|exclusion| exclusion.name.as_str()))
}

fn constraint_names(table: &Table) -> impl Iterator<Item = &str> {
    let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.as_str());
    keys.chain(table.foreign_keys.iter().map(|key| key.name.as_str()))
        .chain(table.checks.iter().map(|check| check.name.as_str()))
        .chain(table.exclusions.iter().map(|exclusion| exclusion.name.as_str()))
}
