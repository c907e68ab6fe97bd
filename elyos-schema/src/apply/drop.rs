//! What goes, and what goes with it.

use std::collections::HashSet;

use super::{
    Applier,
    constraint::{has_constraint, has_index_of_constraint},
    written,
};
use crate::{
    catalog::{ForeignKey, RelationName, Table, TableKind, Type, UserType},
    ddl::{Name, Qualified, RelationKind},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn drop_relations(&mut self, names: &[Qualified], kind: RelationKind, if_exists: bool, cascade: bool) {
        let mut dropped = Vec::new();
        for name in names {
            if self.lookup(name).is_none()
                && let Some(what) = self.other_relation(name)
            {
                self.report(Diagnostic::new(format!("`{}` is {what}", written(name))), &name.range);
                continue;
            }
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
                self.report(Diagnostic::new(format!("`{}` is {}", written(name), kind_in_words(actual, "DROP"))), &name.range);
            }
        }
        let all: Vec<RelationName> = dropped.iter().map(|(found, _)| found.clone()).collect();
        let gone = self.with_partitions(all);
        let mut refused = false;
        for (found, name) in dropped.iter().filter(|_| !cascade) {
            refused |= self.reports_dependants(found, &gone, name);
            for partition in self.descendants(vec![found.clone()]).into_iter().skip(1).filter(|it| gone.contains(it)) {
                refused |= self.reports_dependants(&partition, &gone, name);
            }
        }
        if !refused {
            for (found, _) in &dropped {
                self.remove_table(found);
            }
        }
    }

    /// Partitions go with their table, unasked.
    fn with_partitions(&mut self, mut tables: Vec<RelationName>) -> HashSet<RelationName> {
        let mut known: HashSet<RelationName> = tables.iter().cloned().collect();
        while let Some(table) = tables.pop() {
            if self.table(&table).is_some_and(|table| table.kind == TableKind::Partitioned) {
                tables.extend(self.children(&table).into_iter().filter(|child| known.insert(child.clone())));
            }
        }
        known
    }

    /// Whether something that is not dropped with it needs it, with a diagnostic.
    fn reports_dependants(&mut self, table: &RelationName, dropped: &HashSet<RelationName>, name: &Qualified) -> bool {
        let others = self.referring(table);
        let mut others = others.iter().filter(|other| !dropped.contains(*other)).filter_map(|other| self.table(other));
        let dependant = others.find_map(|other| {
            let key = other.foreign_keys.iter().find(|key| key.references_schema == table.schema && key.references_table == table.name);
            let reads = other.query.as_ref().is_some_and(|query| query.reads.contains(table)) && other.kind != TableKind::Table;
            let of_it = other.columns.iter().find(|column| is_of(&column.ty, table));
            if let Some(key) = key {
                Some(format!("foreign key `{}` of `{}` references it", key.name, other.full_name()))
            } else if other.parents.contains(table) {
                Some(format!("`{}` inherits from it", other.full_name()))
            } else if reads {
                Some(format!("view `{}` reads it", other.full_name()))
            } else {
                of_it.map(|column| format!("column `{}` of `{}` is of its row type", column.name, other.full_name()))
            }
        });
        let policies = self.policies_reading(table, None).into_iter();
        let policy = policies
            .filter(|(owner, _)| !dropped.contains(owner))
            .map(|(owner, policy)| format!("policy `{policy}` of `{owner}` reads it"))
            .next();
        let dependant = dependant.or(policy).or_else(|| self.reference_to_whole(table, dropped));
        let dependant = dependant.or_else(|| {
            let users = self.sequences_of(table, None).into_iter().flat_map(|sequence| self.users_of_sequence(&sequence));
            let mut outside = users.filter(|(user, _)| !dropped.contains(user));
            outside.next().map(|(user, column)| format!("the default of column `{column}` of `{user}` takes its sequence's numbers"))
        });
        let function =
            || self.functions_of_type(table).into_iter().next().map(|function| format!("function `{function}` uses its row type"));
        match dependant.or_else(function) {
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

    /// The partitioned table that a partition is directly part of.
    fn whole(&self, table: &RelationName) -> Option<RelationName> {
        self.table(table).filter(|table| table.is_partition).and_then(|table| table.parents.first()).cloned()
    }

    /// A foreign key to a partitioned table needs each partition, unless that goes with the table. What is above a whole that goes is asked
    /// for when the whole is.
    fn reference_to_whole(&mut self, table: &RelationName, dropped: &HashSet<RelationName>) -> Option<String> {
        let mut at = table.clone();
        while let Some(whole) = self.whole(&at).filter(|whole| !dropped.contains(whole)) {
            at.clone_from(&whole);
            let others = self.referring(&whole);
            let mut others = others.iter().filter(|other| !dropped.contains(*other)).filter_map(|other| self.table(other));
            let found = others.find_map(|other| {
                let to_whole = |key: &&ForeignKey| key.references_schema == whole.schema && key.references_table == whole.name;
                other.foreign_keys.iter().find(to_whole).map(|key| (key.name.clone(), other.full_name()))
            });
            if let Some((key, other)) = found {
                return Some(format!("foreign key `{key}` of `{other}` references `{whole}`, which it is a partition of"));
            }
        }
        None
    }

    /// Removes a table with all that is part of it; what cannot be without it is noted to go too.
    pub(super) fn remove_one_table(&mut self, name: &RelationName) {
        let mut whole = self.whole(name);
        while let Some(at) = whole {
            self.remove_references(&at, |key| key.references_schema == at.schema && key.references_table == at.name);
            whole = self.whole(&at);
        }
        let children = self.children(name);
        let sequences = self.sequences_of(name, None);
        let Some(schema) = self.catalog.schemas.get_mut(&name.schema) else {
            return;
        };
        let Some(table) = schema.tables.remove(&name.name) else {
            return;
        };
        schema.remove_names_of(&table);
        for sequence in sequences {
            self.remove_sequence(&sequence);
        }
        self.remove_references(name, |key| key.references_schema == name.schema && key.references_table == name.name);
        self.catalog.carried.retain(|carried| carried.table.as_ref() != Some(name));
        self.remove_functions_of_type(name);
        self.remove_policies_reading(name, None);
        let referring = self.referring(name);
        let all = || referring.iter().filter_map(|table| self.table(table));
        let readers =
            all().filter(|table| table.kind != TableKind::Table && table.query.as_ref().is_some_and(|query| query.reads.contains(name)));
        let gone: Vec<RelationName> = readers.map(Table::full_name).chain(children).collect();
        let of_it = all().flat_map(|table| table.columns.iter().filter(|column| is_of(&column.ty, name)).map(move |it| (table, it)));
        let columns: Vec<(RelationName, String)> = of_it.map(|(table, column)| (table.full_name(), column.name.clone())).collect();
        for gone in gone {
            self.remove_table(&gone);
        }
        for (table, column) in columns {
            self.remove_column_of_type(&table, &column);
        }
    }

    /// Removes the foreign keys to a table, of any table, that fit, with their comments.
    pub(super) fn remove_references(&mut self, to: &RelationName, fits: impl Fn(&ForeignKey) -> bool) {
        for referring in self.referring(to) {
            let Some(table) = self.table_mut(&referring) else { continue };
            let freed: Vec<String> = table.foreign_keys.extract_if(.., |key| fits(key)).map(|key| key.name).collect();
            for name in &freed {
                if !has_constraint(table, name) {
                    table.comments.remove(name);
                }
            }
            if let Some(schema) = self.catalog.schemas.get_mut(&referring.schema) {
                for name in &freed {
                    schema.remove_constraint(name);
                }
            }
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &RelationName, name: &Name, if_exists: bool, cascade: bool) {
        let Some(found) = self.table(table) else {
            return;
        };
        if !has_constraint(found, &name.text) {
            if !if_exists {
                self.unknown_constraint(table, name);
            }
            return;
        }
        let same = |one: &[String], other: &[String]| one.len() == other.len() && one.iter().all(|column| other.contains(column));
        let mut keys = found.primary_key.iter().chain(&found.unique);
        let key = keys.clone().find(|key| key.name == name.text);
        // Of several keys over the same columns a foreign key needs the first.
        let first =
            key.filter(|key| keys.find(|it| !it.deferrable && same(&it.columns, &key.columns)).is_none_or(|it| it.name == key.name));
        if let Some(columns) = first.map(|key| key.columns.clone()) {
            let points_here = |key: &ForeignKey| {
                key.references_schema == table.schema
                    && key.references_table == table.name
                    && key.references_columns.len() == columns.len()
                    && key.references_columns.iter().all(|column| columns.contains(column))
            };
            let referring = self.referring(table);
            let needed = referring
                .iter()
                .filter_map(|other| self.table(other))
                .find_map(|other| other.foreign_keys.iter().find(|key| points_here(key)).map(|key| (other.full_name(), key.name.clone())));
            if let Some((other, key)) = needed.filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!(
                    "cannot drop constraint `{}` of `{table}`: foreign key `{key}` of `{other}` needs it",
                    name.text
                ));
                return self.report(diagnostic.help("drop that first, or say `CASCADE`"), &name.range);
            }
            self.remove_references(table, points_here);
        }
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let Some(found) = schema.tables.get_mut(&table.name) else {
            return;
        };
        let with_index = has_index_of_constraint(found, &name.text);
        if found.primary_key.as_ref().is_some_and(|key| key.name == name.text) {
            found.primary_key = None;
        }
        found.unique.retain(|key| key.name != name.text);
        found.foreign_keys.retain(|key| key.name != name.text);
        found.checks.retain(|check| check.name != name.text);
        found.exclusions.retain(|exclusion| exclusion.name != name.text);
        found.comments.remove(&name.text);
        if with_index {
            found.index_comments.remove(&name.text);
            schema.indexes.remove(&name.text);
        }
        schema.remove_constraint(&name.text);
    }

    pub(super) fn drop_types(&mut self, names: &[Qualified], if_exists: bool, cascade: bool) {
        for name in names {
            let row_type = self.lookup_type(name).filter(|found| !self.is_type(&found.schema, &found.name));
            if let Some(table) = row_type {
                let diagnostic = Diagnostic::new(format!("cannot drop type `{table}`: it is the row type of the table"));
                self.report(diagnostic.help("drop the table"), &name.range);
                continue;
            }
            let found = self.lookup_type(name);
            if let Some(UserType::Multirange { range }) = found.as_ref().and_then(|found| self.type_mut(found)) {
                let diagnostic = Diagnostic::new(format!("cannot drop type `{}`: range type `{range}` needs it", written(name)));
                self.report(diagnostic.help("drop that, and it goes too"), &name.range);
                continue;
            }
            let Some(found) = found else {
                if !if_exists {
                    self.report(Diagnostic::new(format!("type `{}` does not exist", written(name))), &name.range);
                }
                continue;
            };
            let referring = self.referring(&found);
            let users: Vec<(RelationName, String)> = referring
                .iter()
                .filter_map(|table| self.table(table))
                .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
                .filter(|(_, column)| is_of(&column.ty, &found))
                .map(|(table, column)| (table.full_name(), column.name.clone()))
                .collect();
            if let Some((table, column)) = users.first().filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop type `{found}`: column `{column}` of `{table}` is of it"));
                self.report(diagnostic.help("drop that first, or say `CASCADE`"), &name.range);
                continue;
            }
            let user = self.user_of_type(&found);
            if let Some(user) = user.filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop type `{found}`: {user}"));
                self.report(diagnostic.help("drop that first, or say `CASCADE`"), &name.range);
                continue;
            }
            self.remove_type_and_users(&found);
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
            let carried = self.catalog.carried.iter().filter(|carried| carried.schema.as_ref() == Some(&name.text)).map(|it| &it.name);
            let inside = schema.tables.keys().chain(schema.types.keys()).chain(schema.sequences.keys()).chain(schema.functions.keys());
            let extensions = self.catalog.extensions.values().filter(|extension| extension.schema.as_ref() == Some(&name.text));
            let first = inside.chain(carried).chain(extensions.map(|extension| &extension.name)).next().cloned();
            if let Some(first) = first.filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop schema `{}`: `{first}` is in it", name.text));
                self.report(diagnostic.help("drop what is in it first, or say `CASCADE`"), &name.range);
                continue;
            }
            let tables: Vec<RelationName> = schema.tables.values().map(Table::full_name).collect();
            let types: Vec<Qualified> = schema
                .types
                .iter()
                .filter(|(_, user)| !matches!(user, UserType::Multirange { .. }))
                .map(|(ty, _)| Qualified { schema: Some(name.text.clone()), name: ty.clone(), range: name.range.clone() })
                .collect();
            for table in &tables {
                self.remove_table(table);
            }
            self.drop_types(&types, true, true);
            let sequences: Vec<RelationName> = self
                .catalog
                .schemas
                .get(&name.text)
                .into_iter()
                .flat_map(|schema| {
                    schema.sequences.keys().map(|sequence| RelationName { schema: name.text.clone(), name: sequence.clone() })
                })
                .collect();
            for sequence in sequences {
                self.remove_sequence(&sequence);
            }
            for table in self.catalog.schemas.values_mut().flat_map(|schema| schema.tables.values_mut_but_references()) {
                table.triggers.retain(|trigger| trigger.function.0.as_ref() != Some(&name.text));
            }
            let functions = self.catalog.schemas.get(&name.text).into_iter().flat_map(|schema| schema.functions.values().flatten());
            let calls: Vec<super::call::Calls> = functions.map(|function| self.calls_of(function, &function.full_name())).collect();
            for calls in &calls {
                self.remove_callers(calls);
            }
            self.catalog.carried.retain(|carried| carried.schema.as_ref() != Some(&name.text));
            let extensions = self.catalog.extensions.values().filter(|extension| extension.schema.as_ref() == Some(&name.text));
            let extensions: Vec<String> = extensions.map(|extension| extension.name.clone()).collect();
            for extension in extensions {
                self.remove_extension(&extension);
            }
            self.catalog.schemas.remove(&name.text);
        }
    }
}

/// Whether a type is this one, or an array of it.
pub(super) fn is_of(ty: &Type, name: &RelationName) -> bool {
    ty.schema.as_ref() == Some(&name.schema) && ty.name == name.name
}

/// What a relation is called.
pub(super) fn noun(kind: Option<TableKind>) -> &'static str {
    match kind {
        Some(TableKind::Foreign) => "foreign table",
        Some(TableKind::View) => "view",
        Some(TableKind::MaterializedView) => "materialized view",
        _ => "table",
    }
}

/// What a relation is, and the statement that it takes.
pub(super) fn kind_in_words(kind: Option<TableKind>, verb: &str) -> String {
    let noun = noun(kind);
    let action = if verb == "DROP" { "drops" } else { "alters" };
    format!("a {noun}, `{verb} {}` {action} it", noun.to_uppercase())
}
