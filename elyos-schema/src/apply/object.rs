//! Schemas, extensions, relations made from a query, indexes, sequences and comments.

use super::{Applier, texts, written};
use crate::{
    catalog::{Extension, Index, RelationName, Schema, Sequence, Table, TableKind, UserType, names},
    ddl::{Commented, CreateIndex, Ddl, IndexColumn, Name, Owner, Qualified, RelationKind},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn create_schema(&mut self, name: &Name, if_not_exists: bool, elements: &[Ddl]) {
        if self.catalog.schemas.contains_key(&name.text) {
            if !if_not_exists {
                self.exists_already("schema", &name.text, &name.range);
            }
        } else {
            self.catalog.schemas.insert(name.text.clone(), Schema::new(&name.text));
        }
        // The elements see the new schema before all others.
        let path = self.catalog.search_path.clone();
        self.catalog.search_path.insert(0, name.text.clone());
        for element in elements {
            self.run(element);
        }
        self.catalog.search_path = path;
    }

    pub(super) fn rename_schema(&mut self, name: &Name, to: &Name) {
        if self.catalog.schemas.contains_key(&to.text) {
            return self.exists_already("schema", &to.text, &to.range);
        }
        let Some(mut schema) = self.catalog.schemas.remove(&name.text) else {
            return self.unknown_schema(name);
        };
        schema.rename(&to.text);
        let types = std::mem::take(&mut schema.types);
        schema.types = types.into_iter().map(|(key, user)| (key.clone(), user.moved(&to.text, &key))).collect();
        let type_names: Vec<String> = schema.types.keys().chain(schema.tables.keys()).cloned().collect();
        schema.tables.values_mut().for_each(|table| table.schema.clone_from(&to.text));
        let table_names: Vec<String> = schema.tables.keys().cloned().collect();
        let sequence_names: Vec<String> = schema.sequences.keys().cloned().collect();
        self.catalog.schemas.insert(to.text.clone(), schema);
        for table in table_names {
            self.table_moved(
                &RelationName { schema: name.text.clone(), name: table.clone() },
                &RelationName { schema: to.text.clone(), name: table },
            );
        }
        for sequence in sequence_names {
            self.sequence_moved(
                &RelationName { schema: name.text.clone(), name: sequence.clone() },
                &RelationName { schema: to.text.clone(), name: sequence },
            );
        }
        for ty in type_names {
            self.rename_type_in_columns(&RelationName { schema: name.text.clone(), name: ty.clone() }, &to.text, &ty);
        }
    }

    pub(super) fn create_extension(&mut self, name: &Name, if_not_exists: bool, schema: Option<&Name>) {
        if let Some(schema) = schema.filter(|schema| !self.catalog.schemas.contains_key(&schema.text) && !schema.text.starts_with("pg_")) {
            self.unknown_schema(&schema.clone());
        }
        if self.catalog.extensions.contains_key(&name.text) {
            if !if_not_exists {
                self.exists_already("extension", &name.text, &name.range);
            }
            return;
        }
        self.catalog
            .extensions
            .insert(name.text.clone(), Extension { name: name.text.clone(), schema: schema.map(|schema| schema.text.clone()) });
    }

    pub(super) fn drop_extensions(&mut self, names: &[Name], if_exists: bool) {
        for name in names {
            if self.catalog.extensions.remove(&name.text).is_none() && !if_exists {
                self.report(Diagnostic::new(format!("extension `{}` does not exist", name.text)), &name.range);
            }
        }
    }

    pub(super) fn create_relation(&mut self, name: &Qualified, kind: RelationKind, if_not_exists: bool, or_replace: bool, temporary: bool) {
        let Some(schema) = self.target_schema(name, temporary) else {
            return;
        };
        let kind = match kind {
            RelationKind::Table => TableKind::Table,
            RelationKind::ForeignTable => TableKind::Foreign,
            RelationKind::View => TableKind::View,
            RelationKind::MaterializedView => TableKind::MaterializedView,
        };
        if self.catalog.table(&schema, &name.name).is_some_and(|table| or_replace && table.kind == kind) {
            return;
        }
        let table = self.new_table(&schema, &name.name, kind, false);
        self.add_table(name, table, if_not_exists);
    }

    pub(super) fn new_table(&self, schema: &str, name: &str, kind: TableKind, columns_known: bool) -> Table {
        Table {
            schema: schema.to_owned(),
            name: name.to_owned(),
            kind,
            columns: Vec::new(),
            columns_known,
            primary_key: None,
            unique: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            parents: Vec::new(),
            is_partition: false,
            comment: None,
            source: self.source.clone(),
            range: self.statement.clone(),
            derived: crate::catalog::Derived::default(),
        }
    }

    /// Adds it unless its name is taken; whether it did.
    pub(super) fn add_table(&mut self, written_name: &Qualified, table: Table, if_not_exists: bool) -> bool {
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return false;
        };
        let taken = schema.has_relation(&table.name);
        if taken || schema.types.contains_key(&table.name) {
            if !(if_not_exists && taken) {
                self.exists_already(if taken { "relation" } else { "type" }, &written(written_name), &written_name.range);
            }
            return false;
        }
        schema.tables.insert(table.name.clone(), table);
        true
    }

    pub(super) fn create_index(&mut self, create: &CreateIndex) {
        let Some(table) = self.existing(&create.table) else {
            return;
        };
        let named: Vec<Name> = create
            .columns
            .iter()
            .filter_map(|column| if let IndexColumn::Column(name) = column { Some(name.clone()) } else { None })
            .chain(create.include.iter().cloned())
            .collect();
        if !self.has_columns(&table, &named) {
            return;
        }
        let Some(schema) = self.catalog.schemas.get(&table.schema) else {
            return;
        };
        let name = if let Some(name) = &create.name {
            if schema.has_relation(&name.text) {
                if !create.if_not_exists {
                    self.exists_already("relation", &name.text, &name.range);
                }
                return;
            }
            name.text.clone()
        } else {
            let part = names::columns_part(index_column_names(&create.columns, &create.include).iter().map(String::as_str));
            names::free_name(&table.name, Some(&part), "idx", |name| schema.has_relation(name))
        };
        let plain: Option<Vec<String>> = create
            .columns
            .iter()
            .map(|column| if let IndexColumn::Column(name) = column { Some(name.text.clone()) } else { None })
            .collect();
        let mut mentions = texts(&named);
        for column in &create.columns {
            if let IndexColumn::Expression { names, .. } = column {
                mentions.extend(names.iter().cloned());
            }
        }
        mentions.extend(create.predicate.iter().flat_map(|predicate| predicate.names.iter().cloned()));
        let index = Index {
            name,
            unique: create.unique,
            columns: plain,
            mentions,
            partial: create.predicate.is_some(),
            nulls_not_distinct: create.nulls_not_distinct,
        };
        self.add_index(&table, index);
        if !create.only {
            self.complete_partitions(&table);
        }
    }

    pub(super) fn add_index(&mut self, table: &RelationName, index: Index) {
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.insert(index.name.clone(), table.name.clone());
        }
        if let Some(table) = self.table_mut(table) {
            table.indexes.push(index);
        }
    }

    pub(super) fn create_sequence(&mut self, name: &Qualified, if_not_exists: bool, temporary: bool, owned_by: Option<&Owner>) {
        let Some(schema) = self.target_schema(name, temporary) else {
            return;
        };
        let owner = owned_by.and_then(|owner| self.owner(owner));
        let Some(found) = self.catalog.schemas.get_mut(&schema) else {
            return;
        };
        if found.has_relation(&name.name) {
            if !if_not_exists {
                self.exists_already("relation", &written(name), &name.range);
            }
            return;
        }
        found.sequences.insert(name.name.clone(), Sequence { owner });
    }

    fn owner(&mut self, owner: &Owner) -> Option<(RelationName, String)> {
        let Owner::Column(table, column) = owner else { return None };
        let table = self.existing(table)?;
        self.has_columns(&table, std::slice::from_ref(column)).then(|| (table, column.text.clone()))
    }

    fn lookup_sequence(&self, name: &Qualified) -> Option<RelationName> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).filter(|schema| schema.sequences.contains_key(&name.name)),
            None => self.path().find(|schema| schema.sequences.contains_key(&name.name)),
        };
        schema.map(|schema| RelationName { schema: schema.name().to_owned(), name: name.name.clone() })
    }

    fn unknown_sequence(&mut self, name: &Qualified) {
        self.report(Diagnostic::new(format!("sequence `{}` does not exist", written(name))), &name.range);
    }

    pub(super) fn alter_sequence(
        &mut self,
        name: &Qualified,
        if_exists: bool,
        rename: Option<&Name>,
        schema: Option<&Name>,
        owned_by: Option<&Owner>,
    ) {
        let Some(found) = self.lookup_sequence(name) else {
            if !if_exists {
                self.unknown_sequence(name);
            }
            return;
        };
        if let Some(owned_by) = owned_by {
            let owner = self.owner(owned_by);
            if let Some(sequence) = self.catalog.schemas.get_mut(&found.schema).and_then(|schema| schema.sequences.get_mut(&found.name)) {
                sequence.owner = owner;
            }
        }
        let to = RelationName {
            schema: schema.map_or_else(|| found.schema.clone(), |to| to.text.clone()),
            name: rename.map_or_else(|| found.name.clone(), |to| to.text.clone()),
        };
        if to == found {
            return;
        }
        match self.catalog.schemas.get(&to.schema) {
            None => {
                return schema.into_iter().for_each(|schema| self.unknown_schema(schema));
            }
            Some(target) if target.has_relation(&to.name) => {
                return self.exists_already("relation", &to.name.clone(), &name.range);
            }
            Some(_) => {}
        }
        let sequence = self.catalog.schemas.get_mut(&found.schema).and_then(|schema| schema.sequences.remove(&found.name));
        if let (Some(sequence), Some(target)) = (sequence, self.catalog.schemas.get_mut(&to.schema)) {
            target.sequences.insert(to.name.clone(), sequence);
            self.sequence_moved(&found, &to);
        }
    }

    /// A sequence has another name: in the columns it belongs to as well.
    pub(super) fn sequence_moved(&mut self, from: &RelationName, to: &RelationName) {
        for column in self.catalog.schemas.values_mut().flat_map(|schema| schema.tables.values_mut()).flat_map(|table| &mut table.columns) {
            if column.sequence.as_ref() == Some(from) {
                column.sequence = Some(to.clone());
                if column.default.is_some() && column.identity.is_none() {
                    column.default = Some(super::column::next_value(to));
                }
            }
        }
    }

    pub(super) fn drop_sequences(&mut self, names: &[Qualified], if_exists: bool) {
        for name in names {
            match self.lookup_sequence(name) {
                Some(found) => {
                    if let Some(schema) = self.catalog.schemas.get_mut(&found.schema) {
                        schema.sequences.remove(&found.name);
                    }
                }
                None if if_exists => {}
                None => self.unknown_sequence(name),
            }
        }
    }

    pub(super) fn comment(&mut self, on: &Commented, text: Option<&str>) {
        // An empty comment is none, as in PostgreSQL.
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        match on {
            Commented::Relation(name) => {
                if let Some(found) = self.existing(name)
                    && let Some(table) = self.table_mut(&found)
                {
                    table.comment = text;
                }
            }
            Commented::Column { table, column } => {
                let Some(found) = self.existing(table) else {
                    return;
                };
                if self.has_columns(&found, std::slice::from_ref(column))
                    && let Some(column) = self.table_mut(&found).and_then(|table| table.column_mut(&column.text))
                {
                    column.comment = text;
                }
            }
            Commented::Schema(name) => match self.catalog.schemas.get_mut(&name.text) {
                Some(schema) => schema.comment = text,
                None => self.unknown_schema(name),
            },
            Commented::Type(name) => {
                if let Some(found) = self.lookup_type(name) {
                    match self.catalog.schemas.get_mut(&found.schema).and_then(|schema| schema.types.get_mut(&found.name)) {
                        Some(UserType::Enum(it)) => it.comment = text,
                        Some(UserType::Domain(it)) => it.comment = text,
                        _ => {}
                    }
                }
            }
        }
    }
}

/// The names that PostgreSQL gives an index's columns: twice the same gets a number (`ChooseIndexColumnNames` in its source).
pub(super) fn index_column_names(columns: &[IndexColumn], include: &[Name]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let written = columns.iter().map(|column| match column {
        IndexColumn::Column(name) => name.text.as_str(),
        IndexColumn::Expression { name, .. } => name.as_str(),
    });
    for name in written.chain(include.iter().map(|name| name.text.as_str())) {
        let mut free = name.to_owned();
        let mut number = 1;
        while names.contains(&free) {
            free = names::cut(&format!("{name}{number}"));
            number += 1;
        }
        names.push(free);
    }
    names
}
