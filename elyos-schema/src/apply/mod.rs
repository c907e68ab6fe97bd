//! One DDL statement changes a [`Catalog`], as PostgreSQL would; what PostgreSQL would refuse is a diagnostic, and the rest goes on.

mod access_method;
mod add_column;
mod alter;
mod attribute;
mod block;
mod bound;
mod call;
mod called;
mod carried;
mod change;
mod column;
mod column_rules;
mod comment;
mod constraint;
mod create;
mod domain;
mod drop;
mod drop_column;
mod drop_index;
mod enum_value;
mod expression;
mod foreign_key;
mod index;
mod inherit;
mod kept;
mod member;
mod named;
mod needing;
mod not_null;
mod only;
mod operator_class;
mod partition;
mod partition_parts;
mod policy;
mod relation;
mod remove;
mod rename;
mod routine;
mod schema;
mod sequence;
mod statistics;
mod trigger;
mod type_modifiers;
mod type_use;
mod types;
mod views;

use std::{collections::HashMap, ops::Range};

use crate::{
    catalog::{Catalog, RelationName, SYSTEM_COLUMNS, Schema, TEMPORARY, Table},
    ddl::{Ddl, Name, Qualified},
    diagnostic::Diagnostic,
    nearest::nearest,
    parse::Statement,
    source::Source,
};

/// Changes a catalog as the statements of one text say.
pub(crate) struct Applier<'a> {
    catalog: &'a mut Catalog,
    source: &'a Source,
    /// The statement at hand.
    statement: Range<usize>,
    /// Whether sequences it makes are unlogged, as their table is.
    unlogged: bool,
    /// The `search_path` that a `SET LOCAL` gives back at the end of its transaction.
    path_around: Option<Vec<String>>,
    /// The bounds of partitions, by their table, where they were asked for.
    claims: HashMap<RelationName, bound::Claims>,
    /// What goes with something that goes.
    doomed: remove::Doomed,
    /// The calls it is in.
    calls: called::Calling,
    found: Vec<Diagnostic>,
}

impl<'a> Applier<'a> {
    pub(crate) fn new(catalog: &'a mut Catalog, source: &'a Source) -> Self {
        Self {
            catalog,
            source,
            statement: 0..0,
            unlogged: false,
            path_around: None,
            claims: HashMap::new(),
            doomed: remove::Doomed::default(),
            calls: called::Calling::default(),
            found: Vec::new(),
        }
    }

    /// Applies the next statements of the text, in order.
    pub(crate) fn apply<'s>(&mut self, statements: impl IntoIterator<Item = &'s Statement>) {
        for statement in statements {
            self.statement = statement.range();
            self.unlogged = false;
            self.calls = called::Calling::default();
            if matches!(statement.transaction_control(), Some("COMMIT" | "END" | "ROLLBACK" | "ABORT"))
                && let Some(path) = self.path_around.take()
            {
                self.catalog.search_path = path;
            }
            for ddl in statement.ddl() {
                self.run(ddl);
            }
        }
    }

    /// What PostgreSQL would refuse of all that was applied.
    pub(crate) fn found(self) -> Vec<Diagnostic> {
        self.found
    }
}

impl Applier<'_> {
    fn run(&mut self, ddl: &Ddl) {
        let before = self.found.len();
        self.perform(ddl);
        if self.found.len() == before {
            self.refuse_kept(ddl);
        }
    }

    fn perform(&mut self, ddl: &Ddl) {
        self.doubt_views_if_weakened(ddl);
        match ddl {
            Ddl::CreateSchema { name, if_not_exists, elements } => self.create_schema(name, *if_not_exists, elements),
            Ddl::RenameSchema { name, to } => self.rename_schema(name, to),
            Ddl::DropSchema { names, if_exists, cascade } => self.drop_schemas(names, *if_exists, *cascade),
            Ddl::CreateExtension { name, if_not_exists, schema } => self.create_extension(name, *if_not_exists, schema.as_ref()),
            Ddl::DropExtension { names, if_exists, cascade } => self.drop_extensions(names, *if_exists, *cascade),
            Ddl::AlterExtensionSchema { name, schema } => self.move_extension(name, schema),
            Ddl::CreateTable(create) => self.create_table(create),
            Ddl::CreateRelation(create) => {
                // What the query reads was there before the relation is, even if it has the same name.
                let columns = self.output_columns(&create.definition, create.kind);
                self.refuse_for_certain(&columns);
                self.create_relation(create);
                self.derive_columns(create, columns);
            }
            Ddl::AlterTable { table, kind, if_exists, only, changes } => self.alter_table(table, *kind, *if_exists, *only, changes),
            Ddl::DropRelations { names, kind, if_exists, cascade } => self.drop_relations(names, *kind, *if_exists, *cascade),
            Ddl::CreateIndex(create) => self.create_index(create),
            Ddl::RenameIndex { name, to, if_exists } => self.rename_index(name, to, *if_exists),
            Ddl::DropIndexes { names, if_exists, cascade } => self.drop_indexes(names, *if_exists, *cascade),
            Ddl::AttachIndex { parent, index } => self.attach_index(parent, index),
            Ddl::CreateSequence { name, if_not_exists, persistence, options, owned_by } => {
                self.create_sequence(name, *if_not_exists, *persistence, options, owned_by.as_ref());
            }
            Ddl::AlterSequence { name, if_exists, rename, schema, options, owned_by } => {
                self.alter_sequence(name, *if_exists, (rename.as_ref(), schema.as_ref()), options, owned_by.as_ref());
            }
            Ddl::DropSequences { names, if_exists, cascade } => self.drop_sequences(names, *if_exists, *cascade),
            Ddl::CreateFunction(create) => self.create_function(create),
            Ddl::AlterFunction { function, change } => self.alter_function(function, change),
            Ddl::DropFunctions { functions, if_exists, cascade } => self.drop_functions(functions, *if_exists, *cascade),
            Ddl::CreateTrigger(create) => self.create_trigger(create),
            Ddl::RenameTrigger { name, table, to } => self.rename_trigger(table, name, to),
            Ddl::DropTrigger { name, table, if_exists } => self.drop_trigger(table, name, *if_exists),
            Ddl::CreatePolicy(create) => self.create_policy(create),
            Ddl::AlterPolicy { name, table, change } => self.alter_policy(table, name, change),
            Ddl::DropPolicy { name, table, if_exists } => self.drop_policy(table, name, *if_exists),
            Ddl::Carry { what, or_replace, if_not_exists, text, definition } => {
                let meaning = definition.as_deref().map(|definition| self.meaning(what, definition));
                self.carry(what, (*or_replace, *if_not_exists), text, meaning);
            }
            Ddl::ChangeCarried { what, moves, text } => self.change_carried(what, *moves, text),
            Ddl::DropCarried { what, if_exists, cascade } => self.drop_carried(what, *if_exists, *cascade),
            Ddl::Grant { text } => self.grant(text),
            Ddl::CreateType { name, definition } => {
                if !self.refuses_attributes(definition) {
                    self.create_type(name, definition);
                }
            }
            Ddl::AlterType { name, changes } => changes.iter().for_each(|change| self.alter_type(name, change)),
            Ddl::CreateDomain { name, base, collation, constraints } => self.create_domain(name, base, collation.as_ref(), constraints),
            Ddl::AlterDomain { name, change } => self.alter_domain(name, change),
            Ddl::DropTypes { names, domains, if_exists, cascade } => {
                if !domains || self.are_domains(names) {
                    self.drop_types(names, *if_exists, *cascade);
                    self.remove_casts_of_missing();
                }
            }
            Ddl::Comment { on, text } => self.comment(on, text.as_deref()),
            Ddl::Block(block) => self.run_block(block),
            Ddl::Calls(calls) => self.run_calls(calls),
            Ddl::Text { text, range } => self.run_text(text, range),
            Ddl::Unknown { range, what } => self.refuse_unknown(what, range),
            Ddl::SetSearchPath(path) => {
                self.path_around = None;
                self.set_search_path(path.clone());
            }
            Ddl::SetLocalSearchPath(path) => {
                self.path_around.get_or_insert_with(|| self.catalog.search_path.clone());
                self.set_search_path(path.clone());
            }
        }
    }

    fn set_search_path(&mut self, path: Option<Vec<String>>) {
        self.catalog.search_path = path.unwrap_or_else(|| self.catalog.default_search_path.clone());
    }

    fn report(&mut self, diagnostic: Diagnostic, range: &Range<usize>) {
        self.found.push(diagnostic.at(self.source, range.clone()));
    }

    /// Schemas in the order unqualified names are looked up: temporary ones first.
    fn path(&self) -> impl Iterator<Item = &Schema> {
        std::iter::once(TEMPORARY)
            .chain(self.catalog.search_path.iter().map(String::as_str))
            .filter_map(|name| self.catalog.schemas.get(name))
    }

    /// The relation a name means, if there is one.
    fn lookup(&self, name: &Qualified) -> Option<RelationName> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).filter(|schema| schema.tables.contains_key(&name.name)),
            None => self.nearest_with(&name.name).filter(|schema| schema.tables.contains_key(&name.name)),
        };
        schema.map(|schema| RelationName { schema: schema.name().to_owned(), name: name.name.clone() })
    }

    /// The first schema along the path that has a relation of the name, of whatever kind: what is behind it is hidden.
    fn nearest_with(&self, name: &str) -> Option<&Schema> {
        self.path().find(|schema| schema.has_relation(name))
    }

    /// What a name is that means no table: an index, a sequence, a composite type.
    fn other_relation(&self, name: &Qualified) -> Option<&'static str> {
        let schema = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema),
            None => self.nearest_with(&name.name),
        }?;
        if schema.indexes.contains_key(&name.name) {
            Some("an index")
        } else if schema.sequences.contains_key(&name.name) {
            Some("a sequence")
        } else {
            schema.has_relation(&name.name).then_some("a composite type")
        }
    }

    /// [`lookup`](Self::lookup), or a diagnostic.
    fn existing(&mut self, name: &Qualified) -> Option<RelationName> {
        let found = self.lookup(name);
        if found.is_none() && !is_beyond_the_catalog(name) {
            let known: Vec<String> = self.catalog.tables().map(|table| format!("{}.{}", table.schema, table.name)).collect();
            let near: Vec<String> = nearest(&written(name), known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            self.report(Diagnostic::new(format!("relation `{}` does not exist", written(name))).help_nearest(&near), &name.range);
        }
        found
    }

    /// The tables and views that may refer to a relation, a type, or a function that a trigger calls.
    fn referring(&mut self, to: &RelationName) -> Vec<RelationName> {
        let mut all = Vec::new();
        for schema in self.catalog.schemas.values_mut() {
            let names = schema.tables.referring_to(to).into_iter();
            all.extend(names.map(|name| RelationName { schema: schema.name().to_owned(), name }));
        }
        all
    }

    fn table(&self, name: &RelationName) -> Option<&Table> {
        self.catalog.table(&name.schema, &name.name)
    }

    fn table_mut(&mut self, name: &RelationName) -> Option<&mut Table> {
        self.catalog.schemas.get_mut(&name.schema)?.tables.get_mut(&name.name)
    }

    /// The schema something new goes to, or a diagnostic.
    fn target_schema(&mut self, name: &Qualified, temporary: bool) -> Option<String> {
        if let Some(schema) = name.schema.as_ref().filter(|schema| temporary && !schema.starts_with(TEMPORARY)) {
            self.report(Diagnostic::new(format!("what is temporary cannot be in schema `{schema}`")), &name.range);
            return None;
        }
        if temporary || name.schema.as_deref() == Some(TEMPORARY) {
            self.catalog.schemas.entry(TEMPORARY.to_owned()).or_insert_with(|| Schema::new(TEMPORARY));
            return Some(TEMPORARY.to_owned());
        }
        match &name.schema {
            Some(schema) if self.catalog.schemas.contains_key(schema) => Some(schema.clone()),
            Some(schema) => {
                self.unknown_schema(&Name { text: schema.clone(), range: name.range.clone() });
                None
            }
            None => {
                let first = self.catalog.search_path.iter().find(|schema| self.catalog.schemas.contains_key(*schema)).cloned();
                if first.is_none() {
                    self.report(
                        Diagnostic::new(format!("no schema to create `{}` in", name.name))
                            .help("write its schema before it, or `SET search_path` to one that exists"),
                        &name.range,
                    );
                }
                first
            }
        }
    }

    fn unknown_schema(&mut self, name: &Name) {
        let near: Vec<String> = nearest(&name.text, self.catalog.schemas().map(Schema::name)).into_iter().map(str::to_owned).collect();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let diagnostic = Diagnostic::new(format!("schema `{}` does not exist", name.text));
        let diagnostic = if near.is_empty() {
            diagnostic.help(format!("create it first: `CREATE SCHEMA {};`", crate::catalog::names::quote(&name.text)))
        } else {
            diagnostic.help_nearest(&near)
        };
        self.report(diagnostic, &name.range);
    }

    fn unknown_column(&mut self, table: &RelationName, column: &Name) {
        let near: Vec<String> = match self.table(table) {
            Some(table) => {
                nearest(&column.text, table.columns.iter().map(|column| column.name.as_str())).into_iter().map(str::to_owned).collect()
            }
            None => Vec::new(),
        };
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        self.report(
            Diagnostic::new(format!("column `{}` of relation `{table}` does not exist", column.text)).help_nearest(&near),
            &column.range,
        );
    }

    fn exists_already(&mut self, what: &str, name: &str, range: &Range<usize>) {
        self.report(Diagnostic::new(format!("{what} `{name}` already exists")), range);
    }

    /// Whether all names of an expression that can only be columns are the table's, with a diagnostic for each that is not.
    fn expression_has_columns(&mut self, table: &RelationName, expression: &crate::ddl::Expression) -> bool {
        let columns =
            expression.columns.iter().filter(|column| column.text != table.name && !SYSTEM_COLUMNS.contains(&column.text.as_str()));
        let columns: Vec<Name> = columns.cloned().collect();
        self.has_columns(table, &columns)
    }

    /// Whether all the columns are the table's, with a diagnostic for each that is not. Of a table whose columns are not known, all are.
    fn has_columns(&mut self, table: &RelationName, columns: &[Name]) -> bool {
        let Some(found) = self.table(table) else {
            return false;
        };
        if !found.columns_known {
            return true;
        }
        let missing: Vec<Name> = columns.iter().filter(|column| found.column(&column.text).is_none()).cloned().collect();
        for column in &missing {
            self.unknown_column(table, column);
        }
        missing.is_empty()
    }
}

/// A name as somebody wrote it, without quotes.
fn written(name: &Qualified) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    }
}

/// The texts of names.
fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.text.clone()).collect()
}

/// PostgreSQL's own relations, which no file creates.
fn is_beyond_the_catalog(name: &Qualified) -> bool {
    match name.schema.as_deref() {
        Some(schema) => schema == "information_schema" || schema.starts_with("pg_"),
        None => name.name.starts_with("pg_"),
    }
}
