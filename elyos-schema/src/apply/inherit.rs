//! What a new table takes from others: `INHERITS`, `PARTITION OF`, `LIKE`.

use std::{collections::BTreeMap, ops::Range};

use super::Applier;
use crate::{
    catalog::{
        Attribute, Carried, Check, Column, Exclusion, ForeignKey, Index, Key, RelationName, SequenceOptions, Table, TableKind, UserType,
        names,
    },
    ddl::{LikeOptions, Name},
    diagnostic::Diagnostic,
};

/// Constraints and indexes to be made again once the table is there.
#[derive(Default)]
pub(super) struct Copied {
    pub(super) checks: Vec<Check>,
    pub(super) primary_key: Option<Key>,
    pub(super) unique: Vec<Key>,
    pub(super) indexes: Vec<Index>,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) statistics: Vec<Carried>,
    /// Comments of the constraints and indexes to be copied, by their names there.
    pub(super) comments: BTreeMap<String, String>,
    pub(super) index_comments: BTreeMap<String, String>,
}

impl Applier<'_> {
    /// Columns with their defaults and NOT NULLs, and checks; to a partition also keys, indexes and foreign keys.
    pub(super) fn inherit_into(&mut self, table: &mut Table, parent: &RelationName, copied: &mut Copied, range: &Range<usize>) {
        let Some(found) = self.table(parent) else {
            return;
        };
        table.columns_known &= found.columns_known;
        let conflicts = |column: &&Column| table.column(&column.name).is_some_and(|known| !known.ty.is_same(&column.ty));
        if let Some(conflict) = found.columns.iter().find(conflicts) {
            let diagnostic = Diagnostic::new(format!("column `{}` has another type than the one inherited before", conflict.name));
            return self.report(diagnostic, range);
        }
        for column in &found.columns {
            if let Some(known) = table.columns.iter_mut().find(|known| known.name == column.name) {
                known.not_null |= column.not_null;
            } else {
                let mut column = column.clone();
                column.inherited = true;
                column.comment = None;
                column.identity = None;
                column.sequence = None;
                table.columns.push(column);
            }
        }
        for check in found.checks.iter().filter(|check| !check.no_inherit) {
            if !copied.checks.iter().any(|known| known.name == check.name) {
                copied.checks.push(Check { inherited: true, local: false, not_valid: false, ..check.clone() });
            }
        }
        if found.kind == TableKind::Partitioned {
            copied.primary_key = found.primary_key.clone().map(|key| Key { inherited: true, attached: true, ..key });
            copied.unique.extend(found.unique.iter().map(|key| Key { inherited: true, attached: true, ..key.clone() }));
            copied.indexes.extend(found.indexes.iter().map(|index| Index { parent: Some(index.name.clone()), ..index.clone() }));
            copied.foreign_keys.extend(found.foreign_keys.iter().map(|key| ForeignKey { inherited: true, ..key.clone() }));
        }
        table.parents.push(parent.clone());
    }

    /// `LIKE`: columns and NOT NULL always, the rest as the options say.
    pub(super) fn like_into(
        &mut self,
        name: &RelationName,
        table: &mut Table,
        like: &RelationName,
        options: LikeOptions,
        copied: &mut Copied,
    ) {
        let Some(found) = self.table(like).cloned() else {
            return;
        };
        table.columns_known &= found.columns_known;
        for column in &found.columns {
            let known = table.columns.iter().position(|known| known.name == column.name);
            let wrong = match known.map(|at| &table.columns[at]) {
                Some(known) if !known.inherited => Some("is defined twice"),
                Some(known) if !known.ty.is_same(&column.ty) => Some("has another type than the inherited one"),
                _ => None,
            };
            if let Some(wrong) = wrong {
                let statement = self.statement.clone();
                self.report(Diagnostic::new(format!("column `{}` {wrong}", column.name)), &statement);
                continue;
            }
            let mut column = column.clone();
            column.inherited = false;
            column.sequence = None;
            if !(options.defaults && column.generated.is_none()) {
                column.default = None;
            }
            if !options.generated {
                column.generated = None;
            }
            if !options.comments {
                column.comment = None;
            }
            if !options.identity {
                column.identity = None;
            }
            if column.identity.is_some() {
                let numbers =
                    found.column(&column.name).and_then(|column| column.sequence.clone()).map(|sequence| self.numbers_of(&sequence));
                column.sequence = Some(self.own_sequence(name, (&column.name, &column.ty.name), None, &numbers.unwrap_or_default(), true));
            }
            match known {
                // One that comes from a parent too becomes the table's own.
                Some(at) => {
                    column.not_null |= table.columns[at].not_null;
                    column.default = column.default.or(table.columns[at].default.take());
                    table.columns[at] = column;
                }
                None => table.columns.push(column),
            }
        }
        if options.constraints {
            copied.checks.extend(found.checks.iter().map(|check| Check {
                inherited: false,
                local: true,
                not_valid: false,
                ..check.clone()
            }));
        }
        if options.indexes {
            copied.primary_key =
                found.primary_key.map(|key| Key { inherited: false, attached: false, ..key }).or(copied.primary_key.take());
            copied.unique.extend(found.unique.into_iter().map(|key| Key { inherited: false, attached: false, ..key }));
            copied.indexes.extend(found.indexes.into_iter().map(|index| Index { parent: None, ..index }));
            copied.exclusions.extend(found.exclusions);
        }
        if options.statistics {
            let comment = |it: &Carried| it.comment.clone().filter(|_| options.comments);
            copied.statistics.extend(self.statistics_of(like).map(|it| Carried { comment: comment(it), ..it.clone() }));
        }
        if options.comments {
            copied.comments.extend(found.comments);
            copied.index_comments.extend(found.index_comments);
        }
    }

    /// Copied checks keep their names.
    pub(super) fn add_copied_checks(&mut self, table: &RelationName, copied: &Copied) {
        for check in &copied.checks {
            let known = self.table_mut(table).and_then(|found| found.checks.iter_mut().find(|known| known.name == check.name));
            if let Some(known) = known {
                // From a parent and by `LIKE`: one, and the table's own.
                known.inherited |= check.inherited;
                known.local |= check.local;
                continue;
            }
            if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                schema.add_constraint(&check.name);
            }
            if let Some(found) = self.table_mut(table) {
                found.checks.push(check.clone());
                if let Some(comment) = copied.comments.get(&check.name) {
                    found.comments.insert(check.name.clone(), comment.clone());
                }
            }
        }
    }

    /// Copied keys and indexes get names of their own, copied foreign keys keep theirs.
    pub(super) fn add_copied_keys(&mut self, table: &RelationName, copied: &Copied) {
        let unique = copied.indexes.iter().filter(|index| index.unique);
        let unique = unique.map(|index| index.parts.iter().filter_map(|part| part.column.clone()).collect());
        let keys = copied.primary_key.iter().chain(&copied.unique).map(|key| key.columns.clone());
        for columns in keys.chain(unique) {
            let columns: Vec<Name> = columns.into_iter().map(|text| Name { text, range: 0..0 }).collect();
            let statement = self.statement.clone();
            if !self.key_has_partition_columns(table, &columns, &statement) {
                return;
            }
        }
        if let Some(key) = copied.primary_key.as_ref().filter(|_| self.table(table).is_some_and(|table| table.primary_key.is_none())) {
            let old = key.name.clone();
            let key = self.renamed(table, key, None);
            self.copy_comment(table, copied, &old, &key.name);
            key.columns.iter().for_each(|column| self.set_not_null(table, column, true));
            if let Some(found) = self.table_mut(table) {
                found.primary_key = Some(key);
            }
        }
        for key in &copied.unique {
            let old = key.name.clone();
            let key = self.renamed(table, key, Some("key"));
            self.copy_comment(table, copied, &old, &key.name);
            if let Some(found) = self.table_mut(table) {
                found.unique.push(key);
            }
        }
        for index in &copied.indexes {
            let part = names::columns_part(index.labels.iter().map(String::as_str));
            let Some(schema) = self.catalog.schemas.get(&table.schema) else {
                return;
            };
            let name = names::free_name(&table.name, Some(&part), "idx", |name| schema.has_relation(name));
            self.copy_comment(table, copied, &index.name, &name);
            self.add_index(table, Index { name, ..index.clone() });
        }
        for exclusion in &copied.exclusions {
            let part = names::columns_part(exclusion.elements.iter().map(|(part, _)| part.label.as_str()));
            let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
                return;
            };
            let taken = |name: &str| schema.has_relation(name) || schema.has_constraint(name);
            let name = names::free_name(&table.name, Some(&part), "excl", taken);
            schema.indexes.insert(name.clone(), table.name.clone());
            schema.add_constraint(&name);
            self.copy_comment(table, copied, &exclusion.name, &name);
            if let Some(found) = self.table_mut(table) {
                found.exclusions.push(Exclusion { name, ..exclusion.clone() });
            }
        }
        for key in &copied.foreign_keys {
            let mut key = key.clone();
            if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                // A name that is taken on this very table gives way to one that is made up.
                if schema.tables.get(&table.name).is_some_and(|table| super::constraint::has_constraint(table, &key.name)) {
                    let part = names::columns_part(key.columns.iter().map(String::as_str));
                    key.name = names::free_name(&table.name, Some(&part), "fkey", |name| schema.has_constraint(name));
                }
                schema.add_constraint(&key.name);
            }
            if let Some(found) = self.table_mut(table) {
                found.foreign_keys.push(key);
            }
        }
    }

    fn copy_comment(&mut self, table: &RelationName, copied: &Copied, from: &str, to: &str) {
        let Some(found) = self.table_mut(table) else { return };
        if let Some(comment) = copied.index_comments.get(from) {
            found.index_comments.insert(to.to_owned(), comment.clone());
        }
    }

    /// What a sequence's statement would say of its numbers.
    fn numbers_of(&self, sequence: &RelationName) -> SequenceOptions {
        let Some(found) = self.catalog.sequence(&sequence.schema, &sequence.name) else { return SequenceOptions::default() };
        SequenceOptions {
            // PostgreSQL copies the numbers and not their type.
            ty: Some("int8".to_owned()),
            start: Some(found.start),
            increment: Some(found.increment),
            min: Some(Some(found.min)),
            max: Some(Some(found.max)),
            cache: Some(found.cache),
            cycle: Some(found.cycle),
            unlogged: None,
        }
    }

    /// The columns of `CREATE TABLE … OF type`.
    pub(super) fn columns_of_type(&mut self, table: &mut Table, written: &crate::ddl::Qualified) {
        let Some(found) = self.existing_type(written) else {
            table.columns_known = false;
            return;
        };
        table.of_type = Some(found.clone());
        match self.attributes(written) {
            Some(attributes) => self.add_attributes(table, attributes),
            None => self.report(Diagnostic::new(format!("type `{found}` is not a composite type")), &written.range),
        }
    }

    /// The attributes of a composite type.
    pub(super) fn attributes(&mut self, written: &crate::ddl::Qualified) -> Option<Vec<Attribute>> {
        let found = self.lookup_type(written)?;
        match self.type_mut(&found) {
            Some(UserType::Composite(it)) => Some(it.attributes.clone()),
            _ => None,
        }
    }

    pub(super) fn add_attributes(&mut self, table: &mut Table, attributes: Vec<Attribute>) {
        for attribute in attributes {
            let statement = self.statement.clone();
            if self.refuses_column_name(&attribute.name, &statement) {
                continue;
            }
            if table.column(&attribute.name).is_some() {
                let statement = self.statement.clone();
                self.report(Diagnostic::new(format!("column `{}` is defined twice", attribute.name)), &statement);
                continue;
            }
            table.columns.push(Column {
                name: attribute.name,
                ty: attribute.ty,
                not_null: false,
                default: None,
                identity: None,
                generated: None,
                comment: None,
                sequence: None,
                collation: None,
                inherited: false,
                source: self.source.clone(),
                range: self.statement.clone(),
            });
        }
    }

    /// A key under the name that the table's own would get; the name is taken with that.
    fn renamed(&mut self, table: &RelationName, key: &Key, label: Option<&str>) -> Key {
        let mut key = key.clone();
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            let part = label.map(|_| names::columns_part(key.labels.iter().map(String::as_str)));
            key.name = names::free_name(&table.name, part.as_deref(), label.unwrap_or("pkey"), |name| {
                schema.has_relation(name) || schema.has_constraint(name)
            });
            schema.indexes.insert(key.name.clone(), table.name.clone());
            schema.add_constraint(&key.name);
        }
        key
    }

    /// The tables that inherit from this one, directly.
    pub(super) fn children(&mut self, table: &RelationName) -> Vec<RelationName> {
        let mut children = Vec::new();
        for schema in self.catalog.schemas.values_mut() {
            let heirs = schema.tables.heirs_of(table);
            children.extend(heirs.map(|child| RelationName { schema: child.schema.clone(), name: child.name.clone() }));
        }
        children
    }

    /// Whether something new cannot have a name because a type has it.
    pub(super) fn is_type(&self, schema: &str, name: &str) -> bool {
        self.catalog.schemas.get(schema).is_some_and(|schema| schema.types.contains_key(name))
    }
}
