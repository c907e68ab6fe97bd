//! Keys, foreign keys and checks of a table that exists, and the names PostgreSQL gives them.

use super::{Applier, object::index_column_names, texts, written};
use crate::{
    catalog::{self, Check, ForeignKey, Key, RelationName, names},
    ddl::{Action, Constraint, IndexColumn, KeyDefinition, Name, Reference, Rule},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    /// Adds a constraint to a table; `behind` is the column it was written behind.
    pub(super) fn add_constraint(&mut self, table: &RelationName, constraint: &Constraint, behind: Option<&Name>) {
        match &constraint.rule {
            Rule::PrimaryKey(key) => self.add_key(table, constraint, key, behind, true),
            Rule::Unique(key) => self.add_key(table, constraint, key, behind, false),
            Rule::Exclude(columns) => self.add_exclusion(table, constraint, columns),
            Rule::Check(expression) => self.add_check(table, constraint.name.as_ref(), &expression.text, &expression.names),
            Rule::References(reference) => self.add_foreign_key(table, constraint, reference, behind),
            Rule::NotNull { column: Some(column) } => {
                if self.has_columns(table, std::slice::from_ref(column)) {
                    self.set_not_null(table, &column.text, true);
                }
            }
            // What stands behind a column is the column's.
            Rule::NotNull { column: None } | Rule::Null | Rule::Default(_) | Rule::Identity { .. } | Rule::Generated(_) => {}
        }
    }

    /// Whether a name is free for a constraint of this table, with a diagnostic if not.
    fn is_free(&mut self, table: &RelationName, name: &Name, with_index: bool) -> bool {
        let on_table = self.table(table).is_some_and(|table| has_constraint(table, &name.text));
        let as_index = with_index && self.catalog.schemas.get(&table.schema).is_some_and(|schema| schema.has_relation(&name.text));
        if on_table || as_index {
            self.exists_already(if on_table { "constraint" } else { "relation" }, &name.text, &name.range);
        }
        !(on_table || as_index)
    }

    fn add_key(&mut self, table: &RelationName, constraint: &Constraint, key: &KeyDefinition, behind: Option<&Name>, primary: bool) {
        if let Some(index) = &key.using_index {
            return self.promote_index(table, constraint, index, primary);
        }
        let columns: Vec<Name> = if key.columns.is_empty() { behind.cloned().into_iter().collect() } else { key.columns.clone() };
        if !self.has_columns(table, &columns) || !self.has_columns(table, &key.include) {
            return;
        }
        if let Some(twice) = columns
            .iter()
            .enumerate()
            .find_map(|(index, column)| columns[..index].iter().any(|other| other.text == column.text).then_some(column))
        {
            return self.report(Diagnostic::new(format!("column `{}` appears twice in the key", twice.text)), &twice.range);
        }
        let Some(schema) = self.catalog.schemas.get(&table.schema) else {
            return;
        };
        let taken = |name: &str| schema.has_relation(name) || schema.has_constraint(name);
        let name = match &constraint.name {
            Some(name) => {
                if !self.is_free(table, name, true) {
                    return;
                }
                name.text.clone()
            }
            None if primary => names::free_name(&table.name, None, "pkey", taken),
            None => {
                let written: Vec<IndexColumn> = columns.iter().cloned().map(IndexColumn::Column).collect();
                let part = names::columns_part(index_column_names(&written, &key.include).iter().map(String::as_str));
                names::free_name(&table.name, Some(&part), "key", taken)
            }
        };
        let key = Key {
            name,
            columns: texts(&columns),
            include: texts(&key.include),
            nulls_not_distinct: key.nulls_not_distinct,
            deferrable: constraint.deferrable,
        };
        self.insert_key(table, key, primary, constraint);
    }

    fn insert_key(&mut self, table: &RelationName, key: Key, primary: bool, constraint: &Constraint) {
        let Some(found) = self.table(table) else {
            return;
        };
        if primary && found.primary_key.is_some() {
            let diagnostic = Diagnostic::new(format!("relation `{table}` has a primary key already"));
            return self.report(diagnostic, &constraint.range);
        }
        if primary {
            for column in &key.columns {
                self.set_not_null(table, column, true);
            }
        }
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.insert(key.name.clone(), table.name.clone());
            schema.add_constraint(&key.name);
        }
        if let Some(found) = self.table_mut(table) {
            if primary {
                found.primary_key = Some(key);
            } else {
                found.unique.push(key);
            }
        }
    }

    /// `ADD PRIMARY KEY USING INDEX`: the index becomes the constraint, under the constraint's name if it has one.
    fn promote_index(&mut self, table: &RelationName, constraint: &Constraint, index: &Name, primary: bool) {
        let Some(found) = self.table_mut(table) else {
            return;
        };
        let position =
            found.indexes.iter().position(|known| known.name == index.text && known.unique && !known.partial && known.columns.is_some());
        let Some(position) = position else {
            return self.report(
                Diagnostic::new(format!("relation `{table}` has no unique index `{}` over plain columns", index.text)),
                &index.range,
            );
        };
        let promoted = found.indexes.remove(position);
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.remove(&promoted.name);
        }
        let name = constraint.name.as_ref().map_or(promoted.name, |name| name.text.clone());
        let key = Key {
            name,
            columns: promoted.columns.unwrap_or_default(),
            include: Vec::new(),
            nulls_not_distinct: promoted.nulls_not_distinct,
            deferrable: constraint.deferrable,
        };
        self.insert_key(table, key, primary, constraint);
    }

    fn add_exclusion(&mut self, table: &RelationName, constraint: &Constraint, columns: &[IndexColumn]) {
        if constraint.name.as_ref().is_some_and(|name| !self.is_free(table, name, true)) {
            return;
        }
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let name = if let Some(name) = &constraint.name {
            name.text.clone()
        } else {
            let part = names::columns_part(index_column_names(columns, &[]).iter().map(String::as_str));
            names::free_name(&table.name, Some(&part), "excl", |name| schema.has_relation(name) || schema.has_constraint(name))
        };
        schema.indexes.insert(name.clone(), table.name.clone());
        schema.add_constraint(&name);
        if let Some(found) = self.table_mut(table) {
            found.exclusions.push(name);
        }
    }

    /// Adds a check; without a name it is `table_column_check`, or `table_check` unless it is about just one column.
    pub(super) fn add_check(&mut self, table: &RelationName, given: Option<&Name>, expression: &str, mentioned: &[String]) {
        if given.is_some_and(|name| !self.is_free(table, name, false)) {
            return;
        }
        let Some(found) = self.table(table) else {
            return;
        };
        let columns: Vec<String> = mentioned.iter().filter(|name| found.column(name).is_some()).cloned().collect();
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let name = if let Some(name) = given {
            name.text.clone()
        } else {
            let column = if let [only] = columns.as_slice() { Some(only.as_str()) } else { None };
            names::free_name(&table.name, column, "check", |name| schema.has_constraint(name))
        };
        schema.add_constraint(&name);
        if let Some(found) = self.table_mut(table) {
            found.checks.push(Check { name, columns, expression: expression.to_owned() });
        }
    }

    fn add_foreign_key(&mut self, table: &RelationName, constraint: &Constraint, reference: &Reference, behind: Option<&Name>) {
        let columns: Vec<Name> =
            if reference.columns.is_empty() { behind.cloned().into_iter().collect() } else { reference.columns.clone() };
        let known = self.has_columns(table, &columns);
        let Some(target) = self.existing(&reference.table) else {
            return;
        };
        if !known || constraint.name.as_ref().is_some_and(|name| !self.is_free(table, name, false)) {
            return;
        }
        let Some(references_columns) = self.referenced_columns(&target, reference, columns.len()) else {
            return;
        };
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let name = if let Some(name) = &constraint.name {
            name.text.clone()
        } else {
            let part = names::columns_part(columns.iter().map(|column| column.text.as_str()));
            names::free_name(&table.name, Some(&part), "fkey", |name| schema.has_constraint(name))
        };
        schema.add_constraint(&name);
        let key = ForeignKey {
            name,
            columns: texts(&columns),
            references_schema: target.schema,
            references_table: target.name,
            references_columns,
            on_delete: action(reference.on_delete),
            on_update: action(reference.on_update),
            deferrable: constraint.deferrable,
        };
        if let Some(found) = self.table_mut(table) {
            found.foreign_keys.push(key);
        }
    }

    /// The columns a foreign key points to: those written, or the primary key's. They must be a key of that table.
    fn referenced_columns(&mut self, target: &RelationName, reference: &Reference, count: usize) -> Option<Vec<String>> {
        if !self.has_columns(target, &reference.referenced) {
            return None;
        }
        let found = self.table(target)?;
        let columns = match (&found.primary_key, reference.referenced.is_empty()) {
            (_, false) => texts(&reference.referenced),
            (Some(key), true) => key.columns.clone(),
            (None, true) if !found.columns_known => return None,
            (None, true) => {
                let diagnostic = Diagnostic::new(format!("referenced relation `{target}` has no primary key"))
                    .help("name the referenced columns behind the table");
                self.report(diagnostic, &reference.table.range);
                return None;
            }
        };
        if columns.len() != count {
            let diagnostic = Diagnostic::new(format!("foreign key of {count} column(s) references {} of `{target}`", columns.len()));
            self.report(diagnostic, &reference.table.range);
            return None;
        }
        if !found.is_unique(&columns.iter().map(String::as_str).collect::<Vec<_>>()) {
            let diagnostic = Diagnostic::new(format!("`{}` of relation `{target}` is no key to reference", columns.join(", ")))
                .help(format!("add `UNIQUE ({})` to `{}`", columns.join(", "), written(&reference.table)));
            self.report(diagnostic, &reference.table.range);
            return None;
        }
        Some(columns)
    }
}

/// Whether the table has a constraint of that name.
pub(super) fn has_constraint(table: &catalog::Table, name: &str) -> bool {
    table.primary_key.iter().chain(&table.unique).any(|key| key.name == name)
        || table.foreign_keys.iter().any(|key| key.name == name)
        || table.checks.iter().any(|check| check.name == name)
        || table.exclusions.iter().any(|exclusion| exclusion == name)
}

fn action(action: Action) -> catalog::Action {
    match action {
        Action::NoAction => catalog::Action::NoAction,
        Action::Restrict => catalog::Action::Restrict,
        Action::Cascade => catalog::Action::Cascade,
        Action::SetNull => catalog::Action::SetNull,
        Action::SetDefault => catalog::Action::SetDefault,
    }
}
