//! Renames and moves, and all they reach: keys, expressions, sequences, what points here.

use super::{
    Applier,
    constraint::{has_constraint, has_index_of_constraint},
    named::Place,
    written,
};
use crate::{
    catalog::{RelationName, Table, TableKind, index_names, names::quote},
    ddl::{Name, Qualified},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn rename_column(&mut self, table: &RelationName, column: &Name, to: &Name) -> bool {
        if !self.has_columns(table, std::slice::from_ref(column)) {
            return false;
        }
        if self.table(table).is_some_and(|table| table.column(&to.text).is_some()) {
            self.report(Diagnostic::new(format!("column `{}` of relation `{table}` already exists", to.text)), &to.range);
            return false;
        }
        if self.table(table).is_some_and(|it| it.kind != TableKind::View) && self.refuses_column_name(&to.text, &to.range) {
            return false;
        }
        self.rename_in_expressions(table, &column.text, &to.text);
        if let Some(found) = self.table_mut(table) {
            rename_in_table(found, &column.text, &to.text);
        }
        for carried in self.catalog.carried.iter_mut().filter(|carried| carried.table.as_ref() == Some(table)) {
            rename_in(&mut carried.columns, &column.text, &to.text);
        }
        for sequence in self.sequences_of(table, Some(&column.text)) {
            if let Some(sequence) = self.sequence_mut(&sequence) {
                sequence.owner = Some((table.clone(), to.text.clone()));
            }
        }
        for referencing in self.referring(table) {
            let Some(referencing) = self.table_mut(&referencing) else { continue };
            let read = referencing.query.iter_mut().flat_map(|query| &mut query.columns_read);
            let read = read.chain(referencing.policies.iter_mut().flat_map(|policy| &mut policy.columns_read));
            read.filter(|(from, read)| from == table && *read == column.text).for_each(|(_, read)| read.clone_from(&to.text));
            for key in &mut referencing.foreign_keys {
                if key.references_schema == table.schema && key.references_table == table.name {
                    rename_in(&mut key.references_columns, &column.text, &to.text);
                }
            }
        }
        true
    }

    /// A column has another name: in the expressions of its table, and in the policies of others that read it.
    fn rename_in_expressions(&mut self, table: &RelationName, from: &str, to: &str) {
        let mut owners: Vec<RelationName> = self.policies_reading(table, Some(from)).into_iter().map(|(owner, _)| owner).collect();
        owners.push(table.clone());
        owners.dedup();
        for owner in owners {
            let new = |place: &Place| {
                let is_it = place.table == *table && place.column.as_deref() == Some(from);
                // A query's column keeps its name.
                is_it.then(|| if place.selected { format!("{} AS {}", quote(to), quote(from)) } else { quote(to) })
            };
            let changed = self.with_replaced(&owner, from, new);
            self.put_replaced(&owner, changed);
        }
    }

    /// A table is about to have another name or schema: in its own expressions, and in the policies of others that read it.
    pub(super) fn move_in_expressions(&mut self, from: &RelationName, to: &RelationName) {
        let mut owners: Vec<RelationName> = self.policies_reading(from, None).into_iter().map(|(owner, _)| owner).collect();
        owners.push(from.clone());
        owners.dedup();
        for owner in owners {
            let new = |place: &Place| {
                let is_it = place.table == *from && place.column.is_none();
                is_it.then(|| if place.qualifies { quote(&to.name) } else { to.to_string() })
            };
            let changed = self.with_replaced(&owner, &from.name, new);
            self.put_replaced(&owner, changed);
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &RelationName, name: &Name, to: &Name) {
        let Some(found) = self.table(table) else {
            return;
        };
        if !has_constraint(found, &name.text) {
            return self.unknown_constraint(table, name);
        }
        if has_constraint(found, &to.text) {
            return self.exists_already("constraint", &to.text, &to.range);
        }
        let is_key = has_index_of_constraint(found, &name.text);
        let schema = self.catalog.schemas.get(&table.schema);
        if is_key && schema.is_some_and(|schema| schema.has_relation(&to.text)) {
            return self.exists_already("relation", &to.text, &to.range);
        }
        let has_index = is_key && schema.is_some_and(|schema| schema.indexes.contains_key(&name.text));
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.remove_constraint(&name.text);
            schema.add_constraint(&to.text);
            if has_index && let Some(owner) = schema.indexes.remove(&name.text) {
                schema.indexes.insert(to.text.clone(), owner);
            }
        }
        if let Some(found) = self.table_mut(table) {
            let keys = found.primary_key.iter_mut().chain(&mut found.unique).map(|key| &mut key.name);
            let others = found
                .foreign_keys
                .iter_mut()
                .map(|key| &mut key.name)
                .chain(found.checks.iter_mut().map(|check| &mut check.name))
                .chain(found.exclusions.iter_mut().map(|exclusion| &mut exclusion.name));
            for known in keys.chain(others).filter(|known| **known == name.text) {
                known.clone_from(&to.text);
            }
            if let Some(comment) = found.comments.remove(&name.text) {
                found.comments.insert(to.text.clone(), comment);
            }
            if let Some(comment) = is_key.then(|| found.index_comments.remove(&name.text)).flatten() {
                found.index_comments.insert(to.text.clone(), comment);
            }
        }
    }

    pub(super) fn rename_index(&mut self, name: &Qualified, to: &Name, if_exists: bool) {
        let Some((schema, table)) = self.lookup_index(name) else {
            // It renames any relation.
            if let Some(relation) = self.lookup(name) {
                self.move_table(&relation, &relation.schema, &to.text, to);
            } else if !if_exists {
                self.report(Diagnostic::new(format!("index `{}` does not exist", written(name))), &name.range);
            }
            return;
        };
        let table = RelationName { schema, name: table };
        if self.catalog.schemas.get(&table.schema).is_some_and(|schema| schema.has_relation(&to.text)) {
            return self.exists_already("relation", &to.text, &to.range);
        }
        let from = Name { text: name.name.clone(), range: name.range.clone() };
        if self.table(&table).is_some_and(|table| has_index_of_constraint(table, &from.text)) {
            return self.rename_constraint(&table, &from, to);
        }
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.remove(&from.text);
            schema.indexes.insert(to.text.clone(), table.name.clone());
        }
        if let Some(index) = self.table_mut(&table).and_then(|table| table.indexes.iter_mut().find(|index| index.name == from.text)) {
            index.name.clone_from(&to.text);
        }
        for partition in self.children(&table) {
            let parts = self.table_mut(&partition).into_iter().flat_map(|partition| &mut partition.indexes);
            for part in parts.filter(|part| part.parent.as_ref() == Some(&from.text)) {
                part.parent = Some(to.text.clone());
            }
        }
        if let Some(table) = self.table_mut(&table)
            && let Some(comment) = table.index_comments.remove(&from.text)
        {
            table.index_comments.insert(to.text.clone(), comment);
        }
    }

    /// Gives a table another name or schema; what points to it follows.
    pub(super) fn move_table(&mut self, from: &RelationName, schema: &str, name: &str, place: &Name) {
        let Some(target) = self.catalog.schemas.get(schema) else {
            return self.unknown_schema(place);
        };
        let to = RelationName { schema: schema.to_owned(), name: name.to_owned() };
        if to == *from && place.text == schema {
            return;
        }
        let indexes = self.table(from).into_iter().filter(|_| schema != from.schema).flat_map(index_names);
        let taken = indexes.filter(|index| target.has_relation(index)).map(str::to_owned).next();
        if let Some(index) = taken {
            return self.exists_already("relation", &index, &place.range);
        }
        if target.has_relation(name) || self.is_type(schema, name) {
            return self.exists_already("relation", name, &place.range);
        }
        self.move_in_expressions(from, &to);
        let owned = if schema == from.schema { Vec::new() } else { self.sequences_of(from, None) };
        let Some(found) = self.catalog.schemas.get_mut(&from.schema) else {
            return;
        };
        let Some(mut table) = found.tables.remove(&from.name) else {
            return;
        };
        found.remove_names_of(&table);
        table.schema.clone_from(&to.schema);
        table.name.clone_from(&to.name);
        if let Some(target) = self.catalog.schemas.get_mut(schema) {
            target.add_names_of(&table);
            target.tables.insert(to.name.clone(), table);
        }
        self.table_moved(from, &to);
        self.rename_type_in_columns(from, &to.schema, &to.name);
        // Sequences that belong to its columns move with it.
        for sequence in owned {
            let new = RelationName { schema: schema.to_owned(), name: sequence.name.clone() };
            self.relocate_sequence(&sequence, &new);
        }
    }

    /// A table has another name: in what points to it as well.
    pub(super) fn table_moved(&mut self, from: &RelationName, to: &RelationName) {
        self.claims.clear();
        for carried in self.catalog.carried.iter_mut().filter(|carried| carried.table.as_ref() == Some(from)) {
            carried.table = Some(to.clone());
        }
        for referring in self.referring(from) {
            let Some(table) = self.table_mut(&referring) else { continue };
            for key in &mut table.foreign_keys {
                if key.references_schema == from.schema && key.references_table == from.name {
                    key.references_schema.clone_from(&to.schema);
                    key.references_table.clone_from(&to.name);
                }
            }
            let reads = table
                .query
                .iter_mut()
                .flat_map(|query| query.reads.iter_mut().chain(query.columns_read.iter_mut().map(|(table, _)| table)));
            let of_policies = table
                .policies
                .iter_mut()
                .flat_map(|policy| policy.reads.iter_mut().chain(policy.columns_read.iter_mut().map(|(table, _)| table)));
            for name in table.parents.iter_mut().chain(reads).chain(of_policies).filter(|name| *name == from) {
                name.clone_from(to);
            }
        }
        for owned in self.sequences_of(from, None) {
            if let Some((owner, _)) = self.sequence_mut(&owned).and_then(|sequence| sequence.owner.as_mut()) {
                owner.clone_from(to);
            }
        }
    }
}

fn rename_in(columns: &mut [String], from: &str, to: &str) {
    for column in columns.iter_mut().filter(|column| *column == from) {
        to.clone_into(column);
    }
}

fn rename_in_table(table: &mut Table, from: &str, to: &str) {
    if let Some(column) = table.column_mut(from) {
        to.clone_into(&mut column.name);
    }
    for key in table.primary_key.iter_mut().chain(&mut table.unique) {
        rename_in(&mut key.columns, from, to);
        rename_in(&mut key.include, from, to);
    }
    table.foreign_keys.iter_mut().for_each(|key| rename_in(&mut key.columns, from, to));
    table.checks.iter_mut().for_each(|check| rename_in(&mut check.columns, from, to));
    table.not_nulls.iter_mut().filter(|it| it.column == from).for_each(|it| to.clone_into(&mut it.column));
    if let Some(key) = &mut table.partition_key {
        *key = super::expression::rename_in_key(key, from, to);
    }
    for trigger in &mut table.triggers {
        rename_in(&mut trigger.columns, from, to);
        rename_in(&mut trigger.when, from, to);
    }
    let parts = table.indexes.iter_mut().flat_map(|index| &mut index.parts);
    let parts = parts.chain(table.exclusions.iter_mut().flat_map(|exclusion| exclusion.elements.iter_mut().map(|(part, _)| part)));
    for part in parts.filter(|part| part.column.as_deref() == Some(from)) {
        part.column = Some(to.to_owned());
    }
    table.exclusions.iter_mut().for_each(|exclusion| rename_in(&mut exclusion.mentions, from, to));
    table.foreign_keys.iter_mut().for_each(|key| rename_in(&mut key.on_delete_columns, from, to));
    for index in &mut table.indexes {
        rename_in(&mut index.include, from, to);
        rename_in(&mut index.mentions, from, to);
        rename_in(index.columns.as_deref_mut().unwrap_or_default(), from, to);
    }
}
