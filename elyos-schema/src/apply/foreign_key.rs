//! Foreign keys, and whether what they point to is a key.

use super::{Applier, texts, written};
use crate::{
    catalog::{self, ForeignKey, RelationName, TableKind, Type, names},
    ddl::{Action, Constraint, Name, Reference},
    diagnostic::Diagnostic,
    resolve,
};

impl Applier<'_> {
    pub(super) fn add_foreign_key(&mut self, table: &RelationName, constraint: &Constraint, reference: &Reference, behind: Option<&Name>) {
        let columns: Vec<Name> =
            if reference.columns.is_empty() { behind.cloned().into_iter().collect() } else { reference.columns.clone() };
        let known = self.has_columns(table, &columns);
        let Some(target) = self.existing(&reference.table) else {
            return;
        };
        if !known || constraint.name.as_ref().is_some_and(|name| !self.is_free(table, name, false)) {
            return;
        }
        if constraint.not_valid && self.table(table).is_some_and(|it| it.kind == TableKind::Partitioned) {
            let diagnostic = Diagnostic::new(format!("a foreign key of partitioned table `{table}` cannot be NOT VALID"));
            return self.report(diagnostic, &constraint.range);
        }
        let (here, there) = (self.table(table).is_some_and(|it| it.unlogged), self.table(&target).is_some_and(|it| it.unlogged));
        if there && !here {
            let diagnostic = Diagnostic::new(format!("`{table}` is logged and cannot reference unlogged table `{target}`"));
            return self.report(diagnostic, &reference.table.range);
        }
        let Some(references_columns) = self.referenced_columns(&target, reference, columns.len()) else {
            return;
        };
        if !self.has_columns(table, &reference.on_delete_columns) {
            return;
        }
        if let Some(other) = reference.on_delete_columns.iter().find(|other| !columns.iter().any(|column| column.text == other.text)) {
            let text = format!("column `{}` is to be set and is not one of the foreign key's", other.text);
            return self.report(Diagnostic::new(text), &other.range);
        }
        if let Some((column, from, key, to)) = self.cannot_compare(table, &columns, &target, &references_columns) {
            let text =
                format!("column `{}` is `{from}`, which a foreign key cannot compare with `{key}` of `{target}`, `{to}`", column.text);
            return self.report(Diagnostic::new(text).help("make both columns of one type"), &column.range);
        }
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
            on_delete_columns: texts(&reference.on_delete_columns),
            on_update: action(reference.on_update),
            match_full: reference.match_full,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
            not_valid: constraint.not_valid,
            inherited: false,
        };
        if let Some(found) = self.table_mut(table) {
            found.foreign_keys.push(key);
        }
    }

    /// The first column that cannot be compared with the one it references, with both types.
    fn cannot_compare<'a>(
        &self,
        table: &RelationName,
        columns: &'a [Name],
        target: &RelationName,
        referenced: &'a [String],
    ) -> Option<(&'a Name, Type, &'a str, Type)> {
        let (here, there) = (self.table(table)?, self.table(target)?);
        columns.iter().zip(referenced).find_map(|(column, key)| {
            let (from, to) = (&here.column(&column.text)?.ty, &there.column(key)?.ty);
            // Arrays are compared by their elements, which are cast for no foreign key.
            let arrays = from.array_dimensions > 0 && to.array_dimensions > 0 && (&from.schema, &from.name) != (&to.schema, &to.name);
            let differ = !from.is_same(to) && (arrays || !resolve::is_comparable_to_key(self.catalog, from, to));
            differ.then(|| (column, from.clone(), key.as_str(), to.clone()))
        })
    }

    /// The columns a foreign key points to: those written, or the primary key's. They must be a key of that table.
    fn referenced_columns(&mut self, target: &RelationName, reference: &Reference, count: usize) -> Option<Vec<String>> {
        if !self.has_columns(target, &reference.referenced) {
            return None;
        }
        let found = self.table(target)?;
        if matches!(found.kind, TableKind::View | TableKind::MaterializedView | TableKind::Foreign) {
            self.report(Diagnostic::new(format!("referenced relation `{target}` is not a table")), &reference.table.range);
            return None;
        }
        let columns = match (&found.primary_key, reference.referenced.is_empty()) {
            (_, false) => texts(&reference.referenced),
            (Some(key), true) => key.columns.clone(),
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
        let is_same = |key: &[String]| key.len() == columns.len() && key.iter().all(|column| columns.contains(column));
        let same = |key: &&catalog::Key| is_same(&key.columns);
        let mut keys = found.primary_key.iter().chain(&found.unique).filter(same);
        let at_once = |key: &catalog::Key| !key.deferrable;
        let by_index = || found.indexes.iter().any(|it| it.unique && !it.partial && it.columns.as_deref().is_some_and(is_same));
        // The primary key is meant where nothing is written; of several keys over written columns one is enough.
        let deferrable = if reference.referenced.is_empty() {
            found.primary_key.as_ref().filter(|key| key.deferrable)
        } else if keys.clone().any(at_once) || by_index() {
            None
        } else {
            keys.next()
        };
        if let Some(key) = deferrable {
            let diagnostic = Diagnostic::new(format!("key `{}` of `{target}` is deferrable and cannot be referenced", key.name));
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

fn action(action: Action) -> catalog::Action {
    match action {
        Action::NoAction => catalog::Action::NoAction,
        Action::Restrict => catalog::Action::Restrict,
        Action::Cascade => catalog::Action::Cascade,
        Action::SetNull => catalog::Action::SetNull,
        Action::SetDefault => catalog::Action::SetDefault,
    }
}
