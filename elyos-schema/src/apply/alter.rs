//! `ALTER TABLE`, action by action; what a table's children share with it changes in them too.

use std::collections::HashSet;

use super::Applier;
use crate::{
    catalog::{RelationName, SequenceOptions, Table, TableKind},
    ddl::{ColumnChange, ColumnDefinition, Name, Qualified, RelationKind, Rule, TableChange},
    diagnostic::Diagnostic,
    nearest::nearest,
};

impl Applier<'_> {
    pub(super) fn alter_table(&mut self, table: &Qualified, kind: RelationKind, if_exists: bool, only: bool, changes: &[TableChange]) {
        if if_exists && self.lookup(table).is_none() {
            return;
        }
        // `ALTER TABLE` renames indexes and sequences as well.
        if kind == RelationKind::Table && self.lookup(table).is_none() && self.alter_other(table, changes) {
            return;
        }
        let Some(found) = self.existing(table) else {
            return;
        };
        let actual = self.table(&found).map(|table| table.kind);
        let wrong = match kind {
            RelationKind::Table => false,
            RelationKind::ForeignTable => actual != Some(TableKind::Foreign),
            RelationKind::View => actual != Some(TableKind::View),
            RelationKind::MaterializedView => actual != Some(TableKind::MaterializedView),
        };
        if wrong {
            let what = super::drop::kind_in_words(actual, "ALTER");
            return self.report(Diagnostic::new(format!("`{found}` is {what}")), &table.range);
        }
        for change in ordered(changes) {
            self.change(&found, change, only);
        }
    }

    /// Whether the name is that of an index or a sequence and has been dealt with.
    fn alter_other(&mut self, table: &Qualified, changes: &[TableChange]) -> bool {
        let Some(what) = self.other_relation(table) else { return false };
        for change in changes {
            match (what, change) {
                ("an index", TableChange::RenameTo(to)) => self.rename_index(table, to, false),
                ("a sequence", TableChange::RenameTo(to)) => {
                    self.alter_sequence(table, false, (Some(to), None), &SequenceOptions::default(), None);
                }
                ("a sequence", TableChange::SetSchema(to)) => {
                    self.alter_sequence(table, false, (None, Some(to)), &SequenceOptions::default(), None);
                }
                (_, TableChange::Nothing | TableChange::SetUnlogged(_)) => {}
                _ => self.report(Diagnostic::new(format!("`{}` is {what}, not a table", super::written(table))), &table.range),
            }
        }
        true
    }

    fn change(&mut self, table: &RelationName, change: &TableChange, only: bool) {
        let children = if only { Vec::new() } else { self.children(table) };
        match change {
            TableChange::AddColumn { column, if_not_exists } => {
                if self.add_column(table, column, *if_not_exists) {
                    let below = self.descendants(children);
                    self.add_column_below(table, column, &below);
                }
            }
            TableChange::DropColumn { column, if_exists, cascade } => {
                if self.keeps_column(table, column) {
                    return;
                }
                self.drop_column(table, column, *if_exists, *cascade);
                if only {
                    self.make_local(table, &column.text);
                }
                self.drop_column_below(&children, column, *cascade);
            }
            TableChange::RenameColumn { column, to } => {
                if self.is_inherited_here(table, &column.text) {
                    let diagnostic = Diagnostic::new(format!("cannot rename inherited column `{}` of `{table}`", column.text));
                    return self.report(diagnostic.help("rename it in the table it comes from"), &column.range);
                }
                if self.rename_column(table, column, to) {
                    for child in self.descendants(children) {
                        self.rename_column(&child, column, to);
                    }
                }
            }
            TableChange::AlterColumn { column, change } => {
                if self.has_columns(table, std::slice::from_ref(column)) {
                    self.change_column(table, column, change);
                    let shared = !matches!(
                        change,
                        ColumnChange::AddIdentity { .. } | ColumnChange::SetIdentity { .. } | ColumnChange::DropIdentity { .. }
                    );
                    for child in self.descendants(children).into_iter().filter(|_| shared) {
                        self.change_column(&child, column, change);
                    }
                }
            }
            TableChange::AddConstraint(constraint) => self.add_constraint_and_below(table, constraint, only, children),
            TableChange::DropConstraint { name, if_exists, cascade } => {
                if self.is_inherited_constraint(table, &name.text) {
                    let diagnostic = Diagnostic::new(format!("cannot drop inherited constraint `{}` of `{table}`", name.text));
                    return self.report(diagnostic.help("drop it in the table it comes from"), &name.range);
                }
                self.drop_constraint_and_below(table, name, (*if_exists, *cascade), &children);
            }
            TableChange::RenameConstraint { name, to } => {
                if self.is_inherited_constraint(table, &name.text) {
                    let diagnostic = Diagnostic::new(format!("cannot rename inherited constraint `{}` of `{table}`", name.text));
                    return self.report(diagnostic.help("rename it in the table it comes from"), &name.range);
                }
                let is_check =
                    self.table(table).is_some_and(|table| table.checks.iter().any(|check| check.name == name.text && !check.no_inherit));
                self.rename_constraint(table, name, to);
                for child in self.descendants(children).into_iter().filter(|_| is_check) {
                    self.rename_constraint(&child, name, to);
                }
            }
            TableChange::AlterConstraint { name, deferrable, initially_deferred } => {
                self.alter_constraint(table, name, *deferrable, *initially_deferred);
            }
            TableChange::ValidateConstraint(name) => self.validate_constraint(table, name, &children),
            TableChange::SetUnlogged(unlogged) => {
                if let Some(found) = self.table_mut(table) {
                    found.unlogged = *unlogged;
                }
                for sequence in self.sequences_of(table, None) {
                    if let Some(sequence) = self.sequence_mut(&sequence) {
                        sequence.unlogged = *unlogged;
                    }
                }
            }
            TableChange::RowSecurity { enabled, forced } => {
                if let Some(found) = self.table_mut(table) {
                    found.row_security = enabled.unwrap_or(found.row_security);
                    found.force_row_security = forced.unwrap_or(found.force_row_security);
                }
            }
            TableChange::OfType(ty) => {
                let of_type = ty.as_ref().and_then(|ty| self.existing_type(ty));
                if let Some(found) = self.table_mut(table) {
                    found.of_type = of_type;
                }
            }
            TableChange::RenameTo(to) => self.move_table(table, &table.schema.clone(), &to.text, to),
            TableChange::SetSchema(to) => self.move_table(table, &to.text, &table.name.clone(), to),
            TableChange::AttachPartition { table: child, bound } => self.attach_partition(table, child, bound.as_deref()),
            TableChange::DetachPartition(child) => self.detach_partition(table, child),
            TableChange::Inherit(parent) => self.start_inheriting(table, parent),
            TableChange::NoInherit(parent) => self.stop_inheriting(table, parent),
            TableChange::Nothing => {}
        }
    }

    /// Children, their children, and so on.
    pub(super) fn descendants(&mut self, mut tables: Vec<RelationName>) -> Vec<RelationName> {
        let mut known: HashSet<RelationName> = tables.iter().cloned().collect();
        let mut next = 0;
        while let Some(table) = tables.get(next) {
            let more = self.children(table);
            tables.extend(more.into_iter().filter(|child| known.insert(child.clone())));
            next += 1;
        }
        tables
    }

    fn add_column(&mut self, table: &RelationName, definition: &ColumnDefinition, if_not_exists: bool) -> bool {
        let Some(found) = self.table(table) else { return false };
        let wrong = if found.column(&definition.name.text).is_some() {
            if if_not_exists {
                return false;
            }
            format!("column `{}` of relation `{table}` already exists", definition.name.text)
        } else if found.of_type.is_some() {
            format!("cannot add a column to typed table `{table}`")
        } else if found.is_partition {
            format!("cannot add a column to partition `{table}`")
        } else {
            String::new()
        };
        if !wrong.is_empty() {
            self.report(Diagnostic::new(wrong), &definition.name.range);
            return false;
        }
        let Some(ty) = &definition.ty else { return false };
        let (column, pending) = self.build_column(table, definition, ty);
        if let Some(found) = self.table_mut(table) {
            found.columns.push(column);
        }
        for (constraint, behind) in super::create::in_order(&pending) {
            self.add_constraint(table, &constraint, behind.as_ref());
        }
        self.complete_partitions(table);
        true
    }

    /// The column in the tables below: with its checks, without its keys, and with no sequence of their own.
    fn add_column_below(&mut self, table: &RelationName, definition: &ColumnDefinition, below: &[RelationName]) {
        let Some(found) = self.table(table) else { return };
        let Some(mut column) = found.column(&definition.name.text).cloned() else { return };
        column.inherited = true;
        column.sequence = None;
        column.identity = None;
        let checks: Vec<crate::catalog::Check> =
            found.checks.iter().filter(|check| check.columns.contains(&column.name) && !check.no_inherit).cloned().collect();
        for child in below {
            if self.table(child).is_some_and(|child| child.column(&column.name).is_none())
                && let Some(child) = self.table_mut(child)
            {
                child.columns.push(column.clone());
            }
            for check in &checks {
                self.inherit_check(child, check);
            }
        }
        self.complete_partitions(table);
    }

    /// Whether a column cannot be dropped for what its table is, with a diagnostic.
    fn keeps_column(&mut self, table: &RelationName, column: &Name) -> bool {
        let Some(found) = self.table(table) else { return true };
        let wrong = if found.of_type.is_some() {
            "the table is of a type"
        } else if self.is_inherited_here(table, &column.text) {
            "it is inherited"
        } else if found.partition_key.as_ref().is_some_and(|key| super::expression::mentions(key, &column.text)) {
            "it is in the partition key"
        } else {
            return false;
        };
        self.report(Diagnostic::new(format!("cannot drop column `{}` of `{table}`: {wrong}", column.text)), &column.range);
        true
    }

    fn alter_constraint(&mut self, table: &RelationName, name: &Name, deferrable: Option<bool>, initially_deferred: Option<bool>) {
        match self.table_mut(table).and_then(|table| table.foreign_keys.iter_mut().find(|key| key.name == name.text)) {
            Some(key) => {
                // What is not deferrable is not deferred.
                key.deferrable = deferrable.unwrap_or(key.deferrable);
                key.initially_deferred = key.deferrable && initially_deferred.unwrap_or(key.initially_deferred);
            }
            None => self.unknown_constraint(table, name),
        }
    }

    pub(super) fn unknown_constraint(&mut self, table: &RelationName, name: &Name) {
        let known: Vec<String> = self.table(table).map(constraint_names).unwrap_or_default();
        let near = nearest(&name.text, known.iter().map(String::as_str));
        self.report(
            Diagnostic::new(format!("constraint `{}` of relation `{table}` does not exist", name.text)).help_nearest(&near),
            &name.range,
        );
    }
}

/// `ADD COLUMN` before what may use it; else as written, which covers what PostgreSQL's passes reorder in practice.
fn ordered(changes: &[TableChange]) -> Vec<&TableChange> {
    let rank = |change: &&TableChange| match change {
        TableChange::DropColumn { .. } | TableChange::DropConstraint { .. } => 0,
        TableChange::AlterColumn { change: ColumnChange::SetType { .. }, .. } => 1,
        TableChange::AddColumn { .. } => 2,
        TableChange::AddConstraint(constraint) if matches!(constraint.rule, Rule::PrimaryKey(_) | Rule::Unique(_)) => 4,
        TableChange::AddConstraint(_) => 5,
        _ => 3,
    };
    let mut changes: Vec<&TableChange> = changes.iter().collect();
    changes.sort_by_key(rank);
    changes
}

fn constraint_names(table: &Table) -> Vec<String> {
    let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.clone());
    keys.chain(table.foreign_keys.iter().map(|key| key.name.clone())).chain(table.checks.iter().map(|check| check.name.clone())).collect()
}
