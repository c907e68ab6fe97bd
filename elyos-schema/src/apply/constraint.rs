//! Keys, exclusions and checks of a table that exists, and the names PostgreSQL gives them.

use super::{
    Applier,
    index::{labels, parts},
    texts,
};
use crate::{
    catalog::{self, Check, Exclusion, Key, RelationName, SYSTEM_COLUMNS, names},
    ddl::{Constraint, Exclude, Expression, IndexColumn, IndexItem, KeyDefinition, Name, Rule},
    diagnostic::Diagnostic,
    parse::{folded, tokens},
};

impl Applier<'_> {
    /// Adds a constraint to a table; `behind` is the column it was written behind.
    pub(super) fn add_constraint(&mut self, table: &RelationName, constraint: &Constraint, behind: Option<&Name>) {
        match &constraint.rule {
            Rule::PrimaryKey(key) => self.add_key(table, constraint, key, behind, true),
            Rule::Unique(key) => self.add_key(table, constraint, key, behind, false),
            Rule::Exclude(exclude) => self.add_exclusion(table, constraint, exclude),
            Rule::Check(expression) => self.add_check(table, constraint, expression),
            Rule::References(reference) => self.add_foreign_key(table, constraint, reference, behind),
            Rule::NotNull { column } => {
                if let Some(column) = column.as_ref().or(behind) {
                    self.add_not_null(table, constraint, column);
                }
            }
            // What stands behind a column is the column's.
            Rule::Null | Rule::Default(_) | Rule::NoDefault { .. } | Rule::Identity { .. } | Rule::Generated(_) => {}
        }
    }

    /// Whether a name is free for a constraint of this table, with a diagnostic if not.
    pub(super) fn is_free(&mut self, table: &RelationName, name: &Name, with_index: bool) -> bool {
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
        if columns.iter().any(|column| self.refuses_indexed_type(table, &column.text, "btree", &column.range)) {
            return;
        }
        if !self.key_has_partition_columns(table, &columns, &constraint.range) {
            return;
        }
        let Some(schema) = self.catalog.schemas.get(&table.schema) else {
            return;
        };
        let taken = |name: &str| schema.has_relation(name) || schema.has_constraint(name);
        let written: Vec<Name> = columns.iter().chain(&key.include).cloned().collect();
        let labels = labels(&[], &written);
        let name = match &constraint.name {
            Some(name) => {
                if !self.is_free(table, name, true) {
                    return;
                }
                name.text.clone()
            }
            None if primary => names::free_name(&table.name, None, "pkey", taken),
            None => {
                let part = names::columns_part(labels.iter().map(String::as_str));
                names::free_name(&table.name, Some(&part), "key", taken)
            }
        };
        let key = Key {
            name,
            columns: texts(&columns),
            include: texts(&key.include),
            nulls_not_distinct: key.nulls_not_distinct,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
            inherited: false,
            attached: false,
            labels,
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
        if found.kind == catalog::TableKind::Partitioned {
            let diagnostic = Diagnostic::new(format!("a key of partitioned table `{table}` cannot be made of an index"));
            return self.report(diagnostic.help("say which columns it has: `PRIMARY KEY (…)`, `UNIQUE (…)`"), &index.range);
        }
        let position =
            found.indexes.iter().position(|known| known.name == index.text && known.unique && !known.partial && known.columns.is_some());
        let Some(position) = position else {
            return self.report(
                Diagnostic::new(format!("relation `{table}` has no unique index `{}` over plain columns", index.text)),
                &index.range,
            );
        };
        let columns = found.indexes[position].columns.clone().unwrap_or_default();
        if let Some(twice) = columns.iter().enumerate().find_map(|(at, column)| columns[..at].contains(column).then_some(column)) {
            return self.report(Diagnostic::new(format!("column `{twice}` appears twice in the key")), &index.range);
        }
        let ordered = |part: &catalog::IndexPart| {
            let own = part.column.as_ref().and_then(|column| found.column(column)).and_then(|column| column.collation.as_ref());
            !part.descending
                && !part.nulls_first
                && part.operator_class.is_none()
                && part.collation.as_ref().is_none_or(|it| own == Some(it))
        };
        if let Some(part) = found.indexes[position].parts.iter().find(|part| !ordered(part)) {
            let diagnostic = Diagnostic::new(format!("column `{}` of index `{}` is not sorted as a key's is", part.label, index.text));
            return self.report(diagnostic.help("make an index without `DESC`, `NULLS FIRST`, operator class or collation"), &index.range);
        }
        let promoted = found.indexes.remove(position);
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.remove(&promoted.name);
        }
        let name = constraint.name.as_ref().map_or(promoted.name, |name| name.text.clone());
        if self.table(table).is_some_and(|table| has_constraint(table, &name)) {
            return self.exists_already("constraint", &name, &constraint.range);
        }
        if self.catalog.schemas.get(&table.schema).is_some_and(|schema| schema.has_relation(&name)) {
            return self.exists_already("relation", &name, &constraint.range);
        }
        let key = Key {
            name,
            labels: promoted.labels,
            columns: promoted.columns.unwrap_or_default(),
            include: promoted.include,
            nulls_not_distinct: promoted.nulls_not_distinct,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
            inherited: false,
            attached: false,
        };
        self.insert_key(table, key, primary, constraint);
    }

    /// Whether a key of a partitioned table has all columns of the partition key, with a diagnostic if not.
    pub(super) fn key_has_partition_columns(&mut self, table: &RelationName, columns: &[Name], range: &std::ops::Range<usize>) -> bool {
        let Some(found) = self.table(table) else { return true };
        let Some(key) = &found.partition_key else { return true };
        // Parentheses within those of the key are an expression's.
        if tokens(key).filter(|token| token.text == "(").count() > 1 {
            let diagnostic = Diagnostic::new(format!("partitioned table `{table}` can have no key: an expression is in its partition key"));
            self.report(diagnostic, range);
            return false;
        }
        let missing = found.columns.iter().find(|column| {
            super::expression::is_partitioned_by(found, &column.name) && !columns.iter().any(|written| written.text == column.name)
        });
        let Some(missing) = missing.map(|column| column.name.clone()) else { return true };
        let diagnostic = Diagnostic::new(format!("a key of partitioned table `{table}` must have the partition column `{missing}`"));
        self.report(diagnostic, range);
        false
    }

    fn add_exclusion(&mut self, table: &RelationName, constraint: &Constraint, exclude: &Exclude) {
        let items: Vec<IndexItem> = exclude.elements.iter().map(|(item, _)| item.clone()).collect();
        for expression in items.iter().filter_map(|item| super::index::expression_of(&item.column)).chain(&exclude.predicate) {
            if !self.expression_has_columns(table, expression) {
                return;
            }
        }
        let named: Vec<Name> =
            items.iter().filter_map(|item| if let IndexColumn::Column(name) = &item.column { Some(name.clone()) } else { None }).collect();
        if !self.has_columns(table, &named) || constraint.name.as_ref().is_some_and(|name| !self.is_free(table, name, true)) {
            return;
        }
        let labels = labels(&items, &[]);
        let method = exclude.method.clone().unwrap_or_else(|| "btree".to_owned());
        let Some(parts) = self.table(table).map(|found| parts(&items, labels.clone(), &method, found)) else { return };
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let name = if let Some(name) = &constraint.name {
            name.text.clone()
        } else {
            let part = names::columns_part(labels.iter().map(String::as_str));
            names::free_name(&table.name, Some(&part), "excl", |name| schema.has_relation(name) || schema.has_constraint(name))
        };
        schema.indexes.insert(name.clone(), table.name.clone());
        schema.add_constraint(&name);
        let expressions = items.iter().filter_map(|item| super::index::expression_of(&item.column)).chain(&exclude.predicate);
        let mentions = expressions.flat_map(|expression| expression.names.iter().cloned());
        let exclusion = Exclusion {
            name,
            method,
            mentions: texts(&named).into_iter().chain(mentions).collect(),
            elements: parts.into_iter().zip(exclude.elements.iter().map(|(_, operator)| operator.clone())).collect(),
            predicate: exclude.predicate.as_ref().map(|predicate| predicate.text.clone()),
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
        };
        if let Some(found) = self.table_mut(table) {
            found.exclusions.push(exclusion);
        }
    }

    /// A check of one name that says something else in the table above.
    pub(super) fn merges_no_check(&mut self, table: &RelationName, name: &Name) {
        let diagnostic = Diagnostic::new(format!("check `{}` of `{table}` says something else than the inherited one", name.text));
        self.report(diagnostic.help("give it another name"), &name.range);
    }

    /// Adds a check; without a name it is `table_column_check`, or `table_check` unless it is about just one column.
    pub(super) fn add_check(&mut self, table: &RelationName, constraint: &Constraint, expression: &Expression) {
        let given = constraint.name.as_ref();
        // One that comes from a parent becomes the table's own, too; PostgreSQL has made sure that both say the same.
        let merged = |check: &&mut Check| check.inherited && given.is_some_and(|name| name.text == check.name);
        if let Some(check) = self.table_mut(table).and_then(|table| table.checks.iter_mut().find(merged)) {
            if !same_condition(&check.expression, &expression.text) {
                if let Some(name) = given {
                    self.merges_no_check(table, name);
                }
                return;
            }
            check.local = true;
            return;
        }
        if given.is_some_and(|name| !self.is_free(table, name, false)) || !self.expression_has_columns(table, expression) {
            return;
        }
        let Some(found) = self.table(table) else {
            return;
        };
        if constraint.no_inherit && found.kind == catalog::TableKind::Partitioned {
            let diagnostic = Diagnostic::new(format!("a check of partitioned table `{table}` cannot be NO INHERIT"));
            return self.report(diagnostic, &constraint.range);
        }
        let columns: Vec<String> = expression.names.iter().filter(|name| found.column(name).is_some()).cloned().collect();
        let system = |name: &&String| SYSTEM_COLUMNS.contains(&name.as_str()) && found.column(name).is_none();
        let named: Vec<&str> = columns.iter().chain(expression.names.iter().filter(system)).map(String::as_str).collect();
        let only = if let [only] = named.as_slice() { Some((*only).to_owned()) } else { None };
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else {
            return;
        };
        let name = if let Some(name) = given {
            name.text.clone()
        } else {
            names::free_name(&table.name, only.as_deref(), "check", |name| schema.has_constraint(name))
        };
        schema.add_constraint(&name);
        if let Some(found) = self.table_mut(table) {
            found.checks.push(Check {
                name,
                columns,
                expression: expression.text.clone(),
                no_inherit: constraint.no_inherit,
                not_valid: constraint.not_valid,
                inherited: false,
                local: true,
            });
        }
    }
}

/// Whether two conditions are written alike, parentheses and case aside.
pub(super) fn same_condition(left: &str, right: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let kept = tokens(text).filter(|token| token.text != "(" && token.text != ")");
        kept.map(|token| folded(&token).unwrap_or_else(|| token.text.to_owned())).collect()
    };
    words(left) == words(right)
}

/// Whether the table has a constraint of that name that is kept by an index of that name: a key or an exclusion.
pub(super) fn has_index_of_constraint(table: &catalog::Table, name: &str) -> bool {
    table.primary_key.iter().chain(&table.unique).any(|key| key.name == name)
        || table.exclusions.iter().any(|exclusion| exclusion.name == name)
}

/// Whether the table has a constraint of that name.
pub(super) fn has_constraint(table: &catalog::Table, name: &str) -> bool {
    has_index_of_constraint(table, name)
        || table.foreign_keys.iter().any(|key| key.name == name)
        || table.checks.iter().any(|check| check.name == name)
}
