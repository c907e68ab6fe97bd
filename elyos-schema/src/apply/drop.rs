//! What goes, and what goes with it.

use super::{Applier, constraint::has_constraint, written};
use crate::{
    catalog::{RelationName, Table, TableKind},
    ddl::{Name, Qualified, RelationKind},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn drop_relations(&mut self, names: &[Qualified], kind: RelationKind, if_exists: bool, cascade: bool) {
        let mut dropped = Vec::new();
        for name in names {
            if if_exists && self.lookup(name).is_none() {
                continue;
            }
            let Some(found) = self.existing(name) else {
                continue;
            };
            let actual = self.table(&found).map(|table| table.kind);
            let fits = match kind {
                RelationKind::Table => {
                    matches!(actual, Some(TableKind::Table | TableKind::Partitioned))
                }
                RelationKind::ForeignTable => actual == Some(TableKind::Foreign),
                RelationKind::View => actual == Some(TableKind::View),
                RelationKind::MaterializedView => actual == Some(TableKind::MaterializedView),
            };
            if fits {
                dropped.push((found, name));
            } else {
                self.report(Diagnostic::new(format!("`{}` is {}", written(name), kind_in_words(actual))), &name.range);
            }
        }
        let all: Vec<RelationName> = dropped.iter().map(|(found, _)| found.clone()).collect();
        for (found, name) in &dropped {
            if cascade || !self.reports_dependants(found, &all, name) {
                self.remove_table(found);
            }
        }
    }

    /// Whether tables that are not dropped with it need it, with a diagnostic.
    fn reports_dependants(&mut self, table: &RelationName, dropped: &[RelationName], name: &Qualified) -> bool {
        let partitioned = self.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
        let dependant = self.catalog.schemas.values().flat_map(|schema| schema.tables.values()).find_map(|other| {
            if dropped.contains(&other.full_name()) {
                return None;
            }
            let key = other.foreign_keys.iter().find(|key| key.references_schema == table.schema && key.references_table == table.name);
            let child = other.parents.contains(table) && !partitioned;
            key.map(|key| format!("foreign key `{}` of `{}` references it", key.name, other.full_name()))
                .or_else(|| child.then(|| format!("`{}` inherits from it", other.full_name())))
        });
        match dependant {
            None => false,
            Some(reason) => {
                self.report(
                    Diagnostic::new(format!("cannot drop `{table}`: {reason}")).help("drop that first, or say `CASCADE`"),
                    &name.range,
                );
                true
            }
        }
    }

    /// Removes a table with all that is part of it, the foreign keys that point to it and, if it is partitioned, its partitions.
    pub(super) fn remove_table(&mut self, name: &RelationName) {
        let children = self.children(name);
        let Some(schema) = self.catalog.schemas.get_mut(&name.schema) else {
            return;
        };
        let Some(table) = schema.tables.remove(&name.name) else {
            return;
        };
        schema.remove_names_of(&table);
        for schema in self.catalog.schemas.values_mut() {
            schema.sequences.retain(|_, sequence| sequence.owner.as_ref().is_none_or(|(owner, _)| owner != name));
        }
        self.remove_references(|key| key.references_schema == name.schema && key.references_table == name.name);
        for child in children {
            self.remove_table(&child);
        }
    }

    /// Removes the foreign keys, of any table, that fit.
    fn remove_references(&mut self, fits: impl Fn(&crate::catalog::ForeignKey) -> bool) {
        for schema in self.catalog.schemas.values_mut() {
            let mut freed = Vec::new();
            for table in schema.tables.values_mut() {
                freed.extend(table.foreign_keys.iter().filter(|key| fits(key)).map(|key| key.name.clone()));
                table.foreign_keys.retain(|key| !fits(key));
            }
            for name in &freed {
                schema.remove_constraint(name);
            }
        }
    }

    pub(super) fn drop_column(&mut self, table: &RelationName, column: &Name, if_exists: bool, cascade: bool) {
        let known = self.table(table).is_some_and(|table| table.column(&column.text).is_some());
        if !known {
            if !if_exists {
                self.has_columns(table, std::slice::from_ref(column));
            }
            return;
        }
        let points_here = |key: &crate::catalog::ForeignKey| {
            key.references_schema == table.schema && key.references_table == table.name && key.references_columns.contains(&column.text)
        };
        let others = self.catalog.schemas.values().flat_map(|schema| schema.tables.values()).filter(|other| other.full_name() != *table);
        let needed = others
            .flat_map(|other| other.foreign_keys.iter().map(move |key| (other, key)))
            .find(|(_, key)| points_here(key))
            .map(|(other, key)| (other.full_name(), key.name.clone()));
        if let Some((other, key)) = needed.filter(|_| !cascade) {
            let diagnostic = Diagnostic::new(format!(
                "cannot drop column `{}` of `{table}`: foreign key `{key}` of `{other}` references it",
                column.text
            ));
            return self.report(diagnostic.help("drop that first, or say `CASCADE`"), &column.range);
        }
        self.remove_references(points_here);
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let Some(mut found) = schema.tables.remove(&table.name) else {
            return;
        };
        schema.remove_names_of(&found);
        remove_column(&mut found, &column.text);
        schema.add_names_of(&found);
        schema.tables.insert(table.name.clone(), found);
        let owned = |owner: &(RelationName, String)| owner.0 == *table && owner.1 == column.text;
        for schema in self.catalog.schemas.values_mut() {
            schema.sequences.retain(|_, sequence| !sequence.owner.as_ref().is_some_and(owned));
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &RelationName, name: &Name, if_exists: bool, cascade: bool) {
        let Some(found) = self.table(table) else {
            return;
        };
        if !has_constraint(found, &name.text) {
            // NOT NULL constraints have names since PostgreSQL 18, which are not kept; their names end so.
            if !if_exists && !name.text.ends_with("_not_null") {
                self.unknown_constraint(table, name);
            }
            return;
        }
        let key = found.primary_key.iter().chain(&found.unique).find(|key| key.name == name.text).map(|key| key.columns.clone());
        if let Some(columns) = key {
            let points_here = |key: &crate::catalog::ForeignKey| {
                key.references_schema == table.schema
                    && key.references_table == table.name
                    && key.references_columns.len() == columns.len()
                    && key.references_columns.iter().all(|column| columns.contains(column))
            };
            let needed =
                self.catalog.schemas.values().flat_map(|schema| schema.tables.values()).find_map(|other| {
                    other.foreign_keys.iter().find(|key| points_here(key)).map(|key| (other.full_name(), key.name.clone()))
                });
            if let Some((other, key)) = needed.filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!(
                    "cannot drop constraint `{}` of `{table}`: foreign key `{key}` of `{other}` needs it",
                    name.text
                ));
                return self.report(diagnostic.help("drop that first, or say `CASCADE`"), &name.range);
            }
            self.remove_references(points_here);
        }
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let Some(found) = schema.tables.get_mut(&table.name) else {
            return;
        };
        if found.primary_key.as_ref().is_some_and(|key| key.name == name.text) {
            found.primary_key = None;
        }
        found.unique.retain(|key| key.name != name.text);
        found.foreign_keys.retain(|key| key.name != name.text);
        found.checks.retain(|check| check.name != name.text);
        found.exclusions.retain(|exclusion| *exclusion != name.text);
        schema.indexes.remove(&name.text);
        schema.remove_constraint(&name.text);
    }

    /// Gives a table another name or schema; what points to it follows.
    pub(super) fn move_table(&mut self, from: &RelationName, schema: &str, name: &str, place: &Name) {
        let Some(target) = self.catalog.schemas.get(schema) else {
            return self.unknown_schema(place);
        };
        let to = RelationName { schema: schema.to_owned(), name: name.to_owned() };
        if to == *from {
            return;
        }
        if target.has_relation(name) || self.is_type(schema, name) {
            return self.exists_already("relation", name, &place.range);
        }
        let Some(found) = self.catalog.schemas.get_mut(&from.schema) else {
            return;
        };
        let Some(mut table) = found.tables.remove(&from.name) else {
            return;
        };
        found.remove_names_of(&table);
        table.schema.clone_from(&to.schema);
        table.name.clone_from(&to.name);
        let owned: Vec<RelationName> =
            if schema == from.schema { Vec::new() } else { table.columns.iter().filter_map(|column| column.sequence.clone()).collect() };
        if let Some(target) = self.catalog.schemas.get_mut(schema) {
            target.add_names_of(&table);
            target.tables.insert(to.name.clone(), table);
        }
        self.table_moved(from, &to);
        self.rename_type_in_columns(from, &to.schema, &to.name);
        // Sequences that belong to its columns move with it.
        for sequence in owned {
            let new = RelationName { schema: schema.to_owned(), name: sequence.name.clone() };
            let moved = self.catalog.schemas.get_mut(&sequence.schema).and_then(|schema| schema.sequences.remove(&sequence.name));
            if let (Some(moved), Some(target)) = (moved, self.catalog.schemas.get_mut(schema)) {
                target.sequences.insert(new.name.clone(), moved);
                self.sequence_moved(&sequence, &new);
            }
        }
    }

    /// A table has another name: in what points to it as well.
    pub(super) fn table_moved(&mut self, from: &RelationName, to: &RelationName) {
        for schema in self.catalog.schemas.values_mut() {
            for table in schema.tables.values_mut() {
                for key in &mut table.foreign_keys {
                    if key.references_schema == from.schema && key.references_table == from.name {
                        key.references_schema.clone_from(&to.schema);
                        key.references_table.clone_from(&to.name);
                    }
                }
                for parent in table.parents.iter_mut().filter(|parent| *parent == from) {
                    parent.clone_from(to);
                }
            }
            for sequence in schema.sequences.values_mut() {
                if let Some((owner, _)) = &mut sequence.owner
                    && owner == from
                {
                    owner.clone_from(to);
                }
            }
            if schema.name() == to.schema {
                for owner in schema.indexes.values_mut().filter(|owner| from.schema == to.schema && **owner == from.name) {
                    owner.clone_from(&to.name);
                }
            }
        }
    }

    pub(super) fn lookup_index(&self, name: &Qualified) -> Option<(String, String)> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema),
            None => self.path().find(|schema| schema.indexes.contains_key(&name.name)),
        }?;
        schema.indexes.get(&name.name).map(|table| (schema.name().to_owned(), table.clone()))
    }

    pub(super) fn drop_indexes(&mut self, names: &[Qualified], if_exists: bool) {
        for name in names {
            match self.lookup_index(name) {
                Some((schema, table)) => {
                    let table = RelationName { schema, name: table };
                    if self.table(&table).is_some_and(|table| has_constraint(table, &name.name)) {
                        let diagnostic = Diagnostic::new(format!(
                            "cannot drop index `{}`: constraint `{}` of `{table}` needs it",
                            written(name),
                            name.name
                        ));
                        self.report(
                            diagnostic.help(format!("`ALTER TABLE {table} DROP CONSTRAINT {};`", crate::catalog::names::quote(&name.name))),
                            &name.range,
                        );
                        continue;
                    }
                    if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
                        schema.indexes.remove(&name.name);
                    }
                    if let Some(table) = self.table_mut(&table) {
                        table.indexes.retain(|index| index.name != name.name);
                    }
                }
                None if if_exists => {}
                None => self.report(Diagnostic::new(format!("index `{}` does not exist", written(name))), &name.range),
            }
        }
    }

    pub(super) fn drop_types(&mut self, names: &[Qualified], if_exists: bool, cascade: bool) {
        for name in names {
            let found = self.lookup_type(name).filter(|found| self.is_type(&found.schema, &found.name));
            let Some(found) = found else {
                if !if_exists {
                    self.report(Diagnostic::new(format!("type `{}` does not exist", written(name))), &name.range);
                }
                continue;
            };
            let users: Vec<(RelationName, String)> = self
                .catalog
                .schemas
                .values()
                .flat_map(|schema| schema.tables.values())
                .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
                .filter(|(_, column)| column.ty.schema.as_ref() == Some(&found.schema) && column.ty.name == found.name)
                .map(|(table, column)| (table.full_name(), column.name.clone()))
                .collect();
            if let Some((table, column)) = users.first().filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop type `{found}`: column `{column}` of `{table}` is of it"));
                self.report(diagnostic.help("drop that first, or say `CASCADE`"), &name.range);
                continue;
            }
            for (table, column) in users {
                self.drop_column(&table, &Name { text: column, range: name.range.clone() }, true, true);
            }
            if let Some(schema) = self.catalog.schemas.get_mut(&found.schema) {
                schema.types.remove(&found.name);
            }
        }
    }

    pub(super) fn drop_schemas(&mut self, names: &[Name], if_exists: bool, cascade: bool) {
        for name in names {
            let Some(schema) = self.catalog.schemas.get(&name.text) else {
                if !if_exists {
                    self.unknown_schema(name);
                }
                continue;
            };
            let first = schema.tables.keys().chain(schema.types.keys()).chain(schema.sequences.keys()).next().cloned();
            if let Some(first) = first.filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop schema `{}`: `{first}` is in it", name.text));
                self.report(diagnostic.help("drop what is in it first, or say `CASCADE`"), &name.range);
                continue;
            }
            let tables: Vec<RelationName> = schema.tables.values().map(Table::full_name).collect();
            let types: Vec<Qualified> = schema
                .types
                .keys()
                .map(|ty| Qualified { schema: Some(name.text.clone()), name: ty.clone(), range: name.range.clone() })
                .collect();
            for table in &tables {
                self.remove_table(table);
            }
            self.drop_types(&types, true, true);
            self.catalog.schemas.remove(&name.text);
        }
    }
}

/// A column goes with every key, check and index it is in. NOT NULLs of a lost key's other columns stay.
fn remove_column(table: &mut Table, column: &str) {
    let has = |columns: &[String]| columns.iter().any(|known| known == column);
    table.columns.retain(|known| known.name != column);
    table.primary_key.take_if(|key| has(&key.columns) || has(&key.include));
    table.unique.retain(|key| !has(&key.columns) && !has(&key.include));
    table.foreign_keys.retain(|key| !has(&key.columns));
    table.checks.retain(|check| !has(&check.columns));
    table.indexes.retain(|index| !has(&index.mentions));
}

fn kind_in_words(kind: Option<TableKind>) -> &'static str {
    match kind {
        Some(TableKind::Foreign) => "a foreign table, `DROP FOREIGN TABLE` drops it",
        Some(TableKind::View) => "a view, `DROP VIEW` drops it",
        Some(TableKind::MaterializedView) => "a materialized view, `DROP MATERIALIZED VIEW` drops it",
        _ => "a table, `DROP TABLE` drops it",
    }
}
