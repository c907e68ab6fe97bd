//! `ALTER TABLE`, action by action; what a table's children share with it changes in them too.

use super::{Applier, column::default_text, constraint::has_constraint, written};
use crate::{
    catalog::{Identity, RelationName, Table},
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
        for change in ordered(changes) {
            self.change(&found, change, only);
        }
    }

    /// Whether the name is that of an index or a sequence and has been dealt with.
    fn alter_other(&mut self, table: &Qualified, changes: &[TableChange]) -> bool {
        let has = |schema: &crate::catalog::Schema| schema.indexes.contains_key(&table.name);
        let index = match &table.schema {
            Some(schema) => self.catalog.schemas.get(schema).is_some_and(has),
            None => self.path().any(has),
        };
        if index {
            if let [TableChange::RenameTo(to)] = changes {
                self.rename_index(table, to, false);
            }
            return true;
        }
        let has = |schema: &crate::catalog::Schema| schema.sequences.contains_key(&table.name);
        let sequence = match &table.schema {
            Some(schema) => self.catalog.schemas.get(schema).is_some_and(has),
            None => self.path().any(has),
        };
        if sequence {
            for change in changes {
                match change {
                    TableChange::RenameTo(to) => self.alter_sequence(table, false, Some(to), None, None),
                    TableChange::SetSchema(to) => self.alter_sequence(table, false, None, Some(to), None),
                    _ => {}
                }
            }
        }
        sequence
    }

    fn change(&mut self, table: &RelationName, change: &TableChange, only: bool) {
        let children = if only { Vec::new() } else { self.children(table) };
        match change {
            TableChange::AddColumn { column, if_not_exists } => {
                self.add_column(table, column, *if_not_exists, false);
                for child in self.descendants(children) {
                    self.add_column(&child, column, true, true);
                }
            }
            TableChange::DropColumn { column, if_exists, cascade } => {
                self.drop_column(table, column, *if_exists, *cascade);
                for child in self.descendants(children) {
                    if self.is_inherited(&child, &column.text) {
                        self.drop_column(&child, column, true, *cascade);
                    }
                }
            }
            TableChange::RenameColumn { column, to } => {
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
            TableChange::AddConstraint(constraint) => {
                self.add_constraint(table, constraint, None);
                if !only {
                    self.complete_partitions(table);
                }
                if let Rule::Check(expression) = &constraint.rule {
                    let name = self
                        .table(table)
                        .and_then(|table| table.checks.last())
                        .map(|check| Name { text: check.name.clone(), range: constraint.range.clone() });
                    for child in self.descendants(children) {
                        self.add_check(&child, name.as_ref(), &expression.text, &expression.names);
                    }
                }
            }
            TableChange::DropConstraint { name, if_exists, cascade } => {
                let was_check = self.table(table).is_some_and(|table| table.checks.iter().any(|check| check.name == name.text));
                self.drop_constraint(table, name, *if_exists, *cascade);
                for child in self.descendants(children).into_iter().filter(|_| was_check) {
                    self.drop_constraint(&child, name, true, *cascade);
                }
            }
            TableChange::RenameConstraint { name, to } => self.rename_constraint(table, name, to),
            TableChange::AlterConstraint { name, deferrable } => self.alter_constraint(table, name, *deferrable),
            TableChange::RenameTo(to) => self.move_table(table, &table.schema.clone(), &to.text, to),
            TableChange::SetSchema(to) => self.move_table(table, &to.text, &table.name.clone(), to),
            TableChange::AttachPartition(child) => self.set_parent(table, child, true, true),
            TableChange::DetachPartition(child) => self.set_parent(table, child, false, false),
            TableChange::Inherit(parent) => {
                if let Some(parent) = self.existing(parent)
                    && let Some(found) = self.table_mut(table)
                {
                    found.parents.push(parent);
                }
            }
            TableChange::NoInherit(parent) => {
                if let Some(parent) = self.existing(parent)
                    && let Some(found) = self.table_mut(table)
                {
                    found.parents.retain(|known| *known != parent);
                }
            }
            TableChange::Nothing => {}
        }
    }

    fn set_parent(&mut self, parent: &RelationName, child: &Qualified, attach: bool, is_partition: bool) {
        let Some(child) = self.existing(child) else {
            return;
        };
        if let Some(found) = self.table_mut(&child) {
            found.parents.retain(|known| known != parent);
            if attach {
                found.parents.push(parent.clone());
            }
            found.is_partition = is_partition;
        }
        if attach {
            self.complete_partition(parent, &child);
        }
    }

    /// Children, their children, and so on.
    fn descendants(&self, mut tables: Vec<RelationName>) -> Vec<RelationName> {
        let mut next = 0;
        while let Some(table) = tables.get(next) {
            let more: Vec<RelationName> = self.children(table).into_iter().filter(|child| !tables.contains(child)).collect();
            tables.extend(more);
            next += 1;
        }
        tables
    }

    fn is_inherited(&self, table: &RelationName, column: &str) -> bool {
        self.table(table).and_then(|table| table.column(column)).is_some_and(|column| column.inherited)
    }

    fn add_column(&mut self, table: &RelationName, definition: &ColumnDefinition, if_not_exists: bool, inherited: bool) {
        if self.table(table).is_none_or(|table| table.column(&definition.name.text).is_some()) {
            if !if_not_exists {
                self.report(
                    Diagnostic::new(format!("column `{}` of relation `{table}` already exists", definition.name.text)),
                    &definition.name.range,
                );
            }
            return;
        }
        let Some(ty) = &definition.ty else { return };
        let (mut column, pending) = self.build_column(table, definition, ty);
        column.inherited = inherited;
        if let Some(found) = self.table_mut(table) {
            found.columns.push(column);
        }
        for (constraint, behind) in pending {
            // Only checks go to the children.
            if !inherited || matches!(constraint.rule, Rule::Check(_)) {
                self.add_constraint(table, constraint, behind.as_ref());
            }
        }
    }

    fn rename_column(&mut self, table: &RelationName, column: &Name, to: &Name) -> bool {
        if !self.has_columns(table, std::slice::from_ref(column)) {
            return false;
        }
        if self.table(table).is_some_and(|table| table.column(&to.text).is_some()) {
            self.report(Diagnostic::new(format!("column `{}` of relation `{table}` already exists", to.text)), &to.range);
            return false;
        }
        if let Some(found) = self.table_mut(table) {
            rename_in_table(found, &column.text, &to.text);
        }
        for referencing in self.catalog.schemas.values_mut().flat_map(|schema| schema.tables.values_mut()) {
            for key in &mut referencing.foreign_keys {
                if key.references_schema == table.schema && key.references_table == table.name {
                    rename_in(&mut key.references_columns, &column.text, &to.text);
                }
            }
        }
        for sequence in self.catalog.schemas.values_mut().flat_map(|schema| schema.sequences.values_mut()) {
            if let Some((owner, owned)) = &mut sequence.owner
                && owner == table
                && *owned == column.text
            {
                owned.clone_from(&to.text);
            }
        }
        true
    }

    fn change_column(&mut self, table: &RelationName, column: &Name, change: &ColumnChange) {
        let ty = if let ColumnChange::SetType(ty) = change { Some(self.resolve_type(ty)) } else { None };
        let sequence = match change {
            ColumnChange::AddIdentity { sequence, .. } => Some(self.own_sequence(table, &column.text, sequence.as_ref())),
            _ => None,
        };
        let in_key = self.table(table).and_then(|table| table.primary_key.as_ref()).is_some_and(|key| key.columns.contains(&column.text));
        let Some(found) = self.table_mut(table).and_then(|table| table.column_mut(&column.text)) else {
            return;
        };
        let mut wrong = None;
        let mut dropped_sequence = None;
        match change {
            ColumnChange::SetNotNull => found.not_null = true,
            ColumnChange::DropNotNull if in_key => wrong = Some("is in a primary key"),
            ColumnChange::DropNotNull | ColumnChange::SetDefault(_) | ColumnChange::DropDefault if found.identity.is_some() => {
                wrong = Some("is an identity column");
            }
            ColumnChange::SetDefault(_) | ColumnChange::DropDefault if found.generated.is_some() => wrong = Some("is a generated column"),
            ColumnChange::SetDefault(expression) => found.default = default_text(&expression.text),
            ColumnChange::DropNotNull => found.not_null = false,
            ColumnChange::DropDefault => found.default = None,
            ColumnChange::SetType(_) => found.ty = ty.unwrap_or_else(|| found.ty.clone()),
            ColumnChange::AddIdentity { .. } if !found.not_null => wrong = Some("must be NOT NULL before it becomes an identity"),
            ColumnChange::AddIdentity { always, .. } => {
                found.identity = Some(if *always { Identity::Always } else { Identity::ByDefault });
                found.sequence = sequence;
            }
            ColumnChange::SetIdentity { .. } if found.identity.is_none() => wrong = Some("is no identity column"),
            ColumnChange::SetIdentity { always } => {
                if let Some(always) = always {
                    found.identity = Some(if *always { Identity::Always } else { Identity::ByDefault });
                }
            }
            ColumnChange::DropIdentity { if_exists } => match found.identity.take() {
                Some(_) => dropped_sequence = found.sequence.take(),
                None if *if_exists => {}
                None => wrong = Some("is no identity column"),
            },
            ColumnChange::SetExpression(expression) if found.generated.is_some() => found.generated = Some(expression.text.clone()),
            ColumnChange::SetExpression(_) => wrong = Some("is no generated column"),
            ColumnChange::DropExpression { if_exists } => {
                if found.generated.take().is_none() && !if_exists {
                    wrong = Some("is no generated column");
                }
            }
            ColumnChange::Nothing => {}
        }
        if let Some(wrong) = wrong {
            self.report(Diagnostic::new(format!("column `{}` of relation `{table}` {wrong}", column.text)), &column.range);
        }
        if let Some(sequence) = dropped_sequence {
            self.forget_sequence(&sequence);
        }
    }

    pub(super) fn forget_sequence(&mut self, sequence: &RelationName) {
        if let Some(schema) = self.catalog.schemas.get_mut(&sequence.schema) {
            schema.sequences.remove(&sequence.name);
        }
    }

    pub(super) fn set_not_null(&mut self, table: &RelationName, column: &str, not_null: bool) {
        if let Some(column) = self.table_mut(table).and_then(|table| table.column_mut(column)) {
            column.not_null = not_null;
        }
    }

    fn rename_constraint(&mut self, table: &RelationName, name: &Name, to: &Name) {
        let Some(found) = self.table(table) else {
            return;
        };
        if !has_constraint(found, &name.text) {
            return self.unknown_constraint(table, name);
        }
        if has_constraint(found, &to.text) {
            return self.exists_already("constraint", &to.text, &to.range);
        }
        let has_index = self.catalog.schemas.get(&table.schema).is_some_and(|schema| schema.indexes.contains_key(&name.text));
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.remove_constraint(&name.text);
            schema.add_constraint(&to.text);
            if has_index && let Some(owner) = schema.indexes.remove(&name.text) {
                schema.indexes.insert(to.text.clone(), owner);
            }
        }
        if let Some(found) = self.table_mut(table) {
            let keys = found.primary_key.iter_mut().chain(&mut found.unique).map(|key| &mut key.name);
            let others = found
                .foreign_keys
                .iter_mut()
                .map(|key| &mut key.name)
                .chain(found.checks.iter_mut().map(|check| &mut check.name))
                .chain(&mut found.exclusions);
            for known in keys.chain(others).filter(|known| **known == name.text) {
                known.clone_from(&to.text);
            }
        }
    }

    fn alter_constraint(&mut self, table: &RelationName, name: &Name, deferrable: Option<bool>) {
        match self.table_mut(table).and_then(|table| table.foreign_keys.iter_mut().find(|key| key.name == name.text)) {
            Some(key) => key.deferrable = deferrable.unwrap_or(key.deferrable),
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

    pub(super) fn rename_index(&mut self, name: &Qualified, to: &Name, if_exists: bool) {
        let Some((schema, table)) = self.lookup_index(name) else {
            if !if_exists {
                self.report(Diagnostic::new(format!("index `{}` does not exist", written(name))), &name.range);
            }
            return;
        };
        let table = RelationName { schema, name: table };
        if self.catalog.schemas.get(&table.schema).is_some_and(|schema| schema.has_relation(&to.text)) {
            return self.exists_already("relation", &to.text, &to.range);
        }
        let from = Name { text: name.name.clone(), range: name.range.clone() };
        if self.table(&table).is_some_and(|table| has_constraint(table, &from.text)) {
            return self.rename_constraint(&table, &from, to);
        }
        if let Some(schema) = self.catalog.schemas.get_mut(&table.schema) {
            schema.indexes.remove(&from.text);
            schema.indexes.insert(to.text.clone(), table.name.clone());
        }
        if let Some(index) = self.table_mut(&table).and_then(|table| table.indexes.iter_mut().find(|index| index.name == from.text)) {
            index.name.clone_from(&to.text);
        }
    }
}

/// `ADD COLUMN` before what may use it; else as written, which covers what PostgreSQL's passes reorder in practice.
fn ordered(changes: &[TableChange]) -> Vec<&TableChange> {
    let rank = |change: &&TableChange| match change {
        TableChange::DropColumn { .. } | TableChange::DropConstraint { .. } => 0,
        TableChange::AlterColumn { change: ColumnChange::SetType(_), .. } => 1,
        TableChange::AddColumn { .. } => 2,
        TableChange::AddConstraint(constraint) if matches!(constraint.rule, Rule::PrimaryKey(_) | Rule::Unique(_)) => 4,
        TableChange::AddConstraint(_) => 5,
        _ => 3,
    };
    let mut changes: Vec<&TableChange> = changes.iter().collect();
    changes.sort_by_key(rank);
    changes
}

fn rename_in(columns: &mut [String], from: &str, to: &str) {
    for column in columns.iter_mut().filter(|column| *column == from) {
        to.clone_into(column);
    }
}

fn rename_in_table(table: &mut Table, from: &str, to: &str) {
    if let Some(column) = table.column_mut(from) {
        to.clone_into(&mut column.name);
    }
    for key in table.primary_key.iter_mut().chain(&mut table.unique) {
        rename_in(&mut key.columns, from, to);
        rename_in(&mut key.include, from, to);
    }
    table.foreign_keys.iter_mut().for_each(|key| rename_in(&mut key.columns, from, to));
    table.checks.iter_mut().for_each(|check| rename_in(&mut check.columns, from, to));
    for index in &mut table.indexes {
        rename_in(&mut index.mentions, from, to);
        rename_in(index.columns.as_deref_mut().unwrap_or_default(), from, to);
    }
}

fn constraint_names(table: &Table) -> Vec<String> {
    let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.clone());
    keys.chain(table.foreign_keys.iter().map(|key| key.name.clone())).chain(table.checks.iter().map(|check| check.name.clone())).collect()
}
