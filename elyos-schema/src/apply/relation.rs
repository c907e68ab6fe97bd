//! Relations: what a new one is, and those made from a query.

use std::collections::BTreeMap;

use super::{Applier, texts, written};
use crate::{
    catalog::{RelationName, Table, TableKind, ViewQuery},
    ddl::{CreateRelation, Persistence, Qualified, RelationKind},
};

impl Applier<'_> {
    pub(super) fn create_relation(&mut self, create: &CreateRelation) {
        let name = &create.name;
        let mut reads: Vec<RelationName> = Vec::new();
        for read in &create.reads {
            match self.lookup(read) {
                Some(found) => reads.push(found),
                None => self.refuse_unknown_read(create, read),
            }
        }
        let any_temporary = reads.iter().any(|read| read.schema == crate::catalog::TEMPORARY);
        let temporary = create.persistence == Persistence::Temporary || (any_temporary && create.kind == RelationKind::View);
        let Some(schema) = self.target_schema(name, temporary) else {
            return;
        };
        let kind = match create.kind {
            RelationKind::Table => TableKind::Table,
            RelationKind::ForeignTable => TableKind::Foreign,
            RelationKind::View => TableKind::View,
            RelationKind::MaterializedView => TableKind::MaterializedView,
        };
        let query = create.query.as_ref().map(|range| ViewQuery {
            source: self.source.clone(),
            range: range.clone(),
            column_names: texts(&create.column_names),
            recursive: create.recursive,
            search_path: self.path().map(|schema| schema.name().to_owned()).collect(),
            reads,
            columns_read: Vec::new(),
            types_used: Vec::new(),
        });
        if let Some(table) = self.table_mut(&RelationName { schema: schema.clone(), name: name.name.clone() })
            && create.or_replace
            && table.kind == kind
        {
            // Triggers, comments and rights stay; the columns can only become more.
            table.query = query;
            return self.place_at_statement(&RelationName { schema, name: name.name.clone() });
        }
        let mut table = self.new_table(&schema, &name.name, kind, false);
        table.query = query;
        table.unlogged = create.persistence == Persistence::Unlogged;
        self.add_table(name, table, create.if_not_exists);
    }

    fn place_at_statement(&mut self, name: &RelationName) {
        let (source, range) = (self.source.clone(), self.statement.clone());
        if let Some(table) = self.table_mut(name) {
            (table.source, table.range) = (source, range);
        }
    }

    /// A view of a table that is not there is refused; the names of a `WITH`, functions and PostgreSQL's own relations are none of those.
    fn refuse_unknown_read(&mut self, create: &CreateRelation, read: &Qualified) {
        let itself = create.recursive && read.schema.is_none() && read.name == create.name.name;
        let is_sequence = self.other_relation(read) == Some("a sequence");
        if !itself && !is_sequence && !self.may_be_an_extensions_relation(read) {
            self.existing(read);
        }
    }

    /// Extensions bring views too (`pg_stat_statements`, `geometry_columns`), which no file creates.
    pub(super) fn may_be_an_extensions_relation(&self, name: &Qualified) -> bool {
        let known_schema = name.schema.as_ref().is_none_or(|schema| self.catalog.schemas.contains_key(schema));
        known_schema && self.may_have_foreign_names()
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
            not_nulls: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            parents: Vec::new(),
            is_partition: false,
            unlogged: false,
            partition_key: None,
            partition_bound: None,
            of_type: None,
            row_security: false,
            force_row_security: false,
            policies: Vec::new(),
            triggers: Vec::new(),
            query: None,
            comments: BTreeMap::new(),
            index_comments: BTreeMap::new(),
            comment: None,
            source: self.source.clone(),
            range: self.statement.clone(),
            derived: crate::catalog::Derived::default(),
        }
    }

    /// Adds it unless its name is taken; whether it did.
    pub(super) fn add_table(&mut self, written_name: &Qualified, table: Table, if_not_exists: bool) -> bool {
        let name = table.full_name();
        let is_there = self.catalog.schemas.get(&name.schema).is_some_and(|schema| schema.has_relation(&name.name));
        if if_not_exists && is_there || self.refuses_taken_name(written_name, &name) {
            return false;
        }
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else { return false };
        schema.tables.insert(name.name, table);
        true
    }

    /// Whether a relation or a type has the name of a new relation, with a diagnostic.
    pub(super) fn refuses_taken_name(&mut self, written_name: &Qualified, name: &RelationName) -> bool {
        let Some(schema) = self.catalog.schemas.get(&name.schema) else { return false };
        let what = if schema.has_relation(&name.name) {
            "relation"
        } else if schema.types.contains_key(&name.name) {
            "type"
        } else {
            return false;
        };
        self.exists_already(what, &written(written_name), &written_name.range);
        true
    }
}
