//! What a new table takes from others: `INHERITS`, `PARTITION OF`, `LIKE`.

use super::Applier;
use crate::{
    catalog::{Check, ForeignKey, Index, Key, RelationName, Table, TableKind, UserType, names},
    ddl::LikeOptions,
};

/// Constraints and indexes to be made again once the table is there.
#[derive(Default)]
pub(super) struct Copied {
    checks: Vec<Check>,
    primary_key: Option<Key>,
    unique: Vec<Key>,
    indexes: Vec<Index>,
    foreign_keys: Vec<ForeignKey>,
}

impl Applier<'_> {
    /// Columns with their defaults and NOT NULLs, and checks; to a partition also keys, indexes and foreign keys.
    pub(super) fn inherit_into(&self, table: &mut Table, parent: &RelationName, copied: &mut Copied) {
        let Some(found) = self.table(parent) else {
            return;
        };
        table.columns_known &= found.columns_known;
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
        for check in &found.checks {
            if !copied.checks.iter().any(|known| known.name == check.name) {
                copied.checks.push(check.clone());
            }
        }
        if found.kind == TableKind::Partitioned {
            copied.primary_key.clone_from(&found.primary_key);
            copied.unique.extend(found.unique.iter().cloned());
            copied.indexes.extend(found.indexes.iter().cloned());
            copied.foreign_keys.extend(found.foreign_keys.iter().cloned());
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
                column.sequence = Some(self.own_sequence(name, &column.name, None));
            }
            table.columns.push(column);
        }
        if options.constraints {
            copied.checks.extend(found.checks.iter().cloned());
        }
        if options.indexes {
            copied.primary_key = found.primary_key.or(copied.primary_key.take());
            copied.unique.extend(found.unique);
            copied.indexes.extend(found.indexes);
        }
    }

    /// Copied checks keep their names.
    pub(super) fn add_copied_checks(&mut self, table: &RelationName, copied: &Copied) {
        for check in &copied.checks {
            if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                schema.add_constraint(&check.name);
            }
            if let Some(found) = self.table_mut(table) {
                found.checks.push(check.clone());
            }
        }
    }

    /// Copied keys and indexes get names of their own, copied foreign keys keep theirs.
    pub(super) fn add_copied_keys(&mut self, table: &RelationName, copied: &Copied) {
        if let Some(key) = copied.primary_key.as_ref().filter(|_| self.table(table).is_some_and(|table| table.primary_key.is_none())) {
            let key = self.renamed(table, key, None);
            key.columns.iter().for_each(|column| self.set_not_null(table, column, true));
            if let Some(found) = self.table_mut(table) {
                found.primary_key = Some(key);
            }
        }
        for key in &copied.unique {
            let key = self.renamed(table, key, Some("key"));
            if let Some(found) = self.table_mut(table) {
                found.unique.push(key);
            }
        }
        for index in &copied.indexes {
            let part = names::columns_part(index.columns.as_ref().unwrap_or(&index.mentions).iter().map(String::as_str));
            let Some(schema) = self.catalog.schemas.get(&table.schema) else {
                return;
            };
            let name = names::free_name(&table.name, Some(&part), "idx", |name| schema.has_relation(name));
            self.add_index(table, Index { name, ..index.clone() });
        }
        for key in &copied.foreign_keys {
            if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                schema.add_constraint(&key.name);
            }
            if let Some(found) = self.table_mut(table) {
                found.foreign_keys.push(key.clone());
            }
        }
    }

    /// Gives a partition the keys, indexes and foreign keys of its parent that it does not have yet.
    pub(super) fn complete_partition(&mut self, parent: &RelationName, partition: &RelationName) {
        let (Some(above), Some(below)) = (self.table(parent), self.table(partition)) else { return };
        if above.kind != TableKind::Partitioned {
            return;
        }
        let same_index =
            |left: &Index, right: &Index| left.columns == right.columns && left.mentions == right.mentions && left.unique == right.unique;
        let copied = Copied {
            checks: Vec::new(),
            // An index that a unique constraint has made already serves the primary key too.
            primary_key: above.primary_key.clone().filter(|key| !below.unique.iter().any(|known| known.columns == key.columns)),
            unique: above.unique.iter().filter(|key| !below.unique.iter().any(|known| known.columns == key.columns)).cloned().collect(),
            indexes: above.indexes.iter().filter(|index| !below.indexes.iter().any(|known| same_index(known, index))).cloned().collect(),
            foreign_keys: above
                .foreign_keys
                .iter()
                .filter(|key| !below.foreign_keys.iter().any(|known| known.columns == key.columns))
                .cloned()
                .collect(),
        };
        let not_null = above.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        for column in not_null {
            self.set_not_null(partition, &column, true);
        }
        self.add_copied_keys(partition, &copied);
        for next in self.children(partition) {
            self.complete_partition(partition, &next);
        }
    }

    /// [`complete_partition`](Self::complete_partition) for all of a table's partitions.
    pub(super) fn complete_partitions(&mut self, parent: &RelationName) {
        if self.table(parent).is_some_and(|table| table.kind == TableKind::Partitioned) {
            for partition in self.children(parent) {
                self.complete_partition(parent, &partition);
            }
        }
    }

    /// A key under the name that the table's own would get; the name is taken with that.
    fn renamed(&mut self, table: &RelationName, key: &Key, label: Option<&str>) -> Key {
        let mut key = key.clone();
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            let part = label.map(|_| names::columns_part(key.columns.iter().chain(&key.include).map(String::as_str)));
            key.name = names::free_name(&table.name, part.as_deref(), label.unwrap_or("pkey"), |name| {
                schema.has_relation(name) || schema.has_constraint(name)
            });
            schema.indexes.insert(key.name.clone(), table.name.clone());
            schema.add_constraint(&key.name);
        }
        key
    }

    /// The tables that inherit from this one, directly.
    pub(super) fn children(&self, table: &RelationName) -> Vec<RelationName> {
        let all = self.catalog.schemas.values().flat_map(|schema| schema.tables.values());
        all.filter(|child| child.parents.contains(table)).map(Table::full_name).collect()
    }

    /// Whether something new cannot have a name because a type has it.
    pub(super) fn is_type(&self, schema: &str, name: &str) -> bool {
        self.catalog
            .schemas
            .get(schema)
            .is_some_and(|schema| matches!(schema.types.get(name), Some(UserType::Enum(_) | UserType::Domain(_) | UserType::Other { .. })))
    }
}
