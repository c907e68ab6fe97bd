//! `ALTER TABLE`, action by action; what a table's children share with it changes in them too.

use std::{collections::HashSet, ops::Range};

use super::Applier;
use crate::{
    catalog::{ForeignKey, RelationName, SequenceOptions, Table, TableKind},
    ddl::{AttributeChange, ColumnChange, Name, Qualified, RelationKind, Rule, TableChange},
    diagnostic::Diagnostic,
    nearest::nearest,
};

impl Applier<'_> {
    pub(super) fn alter_table(&mut self, table: &Qualified, kind: RelationKind, if_exists: bool, only: bool, changes: &[TableChange]) {
        if if_exists && self.lookup(table).is_none() && self.other_relation(table).is_none() {
            return;
        }
        // `ALTER TABLE` renames indexes and sequences as well, and whatever word renames an attribute.
        let any = matches!(changes, [TableChange::RenameColumn { .. }]);
        if (kind == RelationKind::Table || any) && self.lookup(table).is_none() && self.alter_other(table, changes) {
            return;
        }
        let Some(found) = self.existing(table) else {
            return;
        };
        let actual = self.table(&found).map(|table| table.kind);
        // A column is renamed under whatever word.
        let wrong = match kind {
            RelationKind::Table => false,
            _ if any => false,
            RelationKind::ForeignTable => actual != Some(TableKind::Foreign),
            RelationKind::View => actual != Some(TableKind::View),
            RelationKind::MaterializedView => actual != Some(TableKind::MaterializedView),
        };
        if wrong {
            let what = super::drop::kind_in_words(actual, "ALTER");
            return self.report(Diagnostic::new(format!("`{found}` is {what}")), &table.range);
        }
        if let Some(noun) =
            actual.filter(|it| matches!(it, TableKind::View | TableKind::MaterializedView)).map(|it| super::drop::noun(Some(it)))
            && changes.iter().any(|change| is_of_tables_alone(change, actual == Some(TableKind::MaterializedView)))
        {
            return self.report(Diagnostic::new(format!("`{found}` is a {noun}, which cannot be changed so")), &table.range);
        }
        self.unlogged = self.table(&found).is_some_and(|table| table.unlogged);
        if !self.may_be_logged_so(&found, changes, &table.range) || self.retypes_twice(&found, changes) {
            return;
        }
        for change in ordered(changes) {
            match change {
                TableChange::SetUnlogged(unlogged) => self.set_unlogged(&found, *unlogged, changes),
                _ => self.change(&found, change, only),
            }
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
                ("a sequence", TableChange::SetUnlogged(unlogged)) => {
                    let options = SequenceOptions { unlogged: Some(*unlogged), ..SequenceOptions::default() };
                    self.alter_sequence(table, false, (None, None), &options, None);
                }
                ("a composite type", TableChange::RenameColumn { column, to }) => {
                    if let Some(found) = self.lookup_type(table) {
                        let change = AttributeChange::Rename { name: column.clone(), to: to.clone() };
                        self.alter_attribute(table, &found, &change, false);
                    }
                }
                ("an index" | "a sequence", TableChange::Nothing) => {}
                _ => self.report(Diagnostic::new(format!("`{}` is {what}, not a table", super::written(table))), &table.range),
            }
        }
        true
    }

    fn change(&mut self, table: &RelationName, change: &TableChange, only: bool) {
        if only && self.refuses_only(table, change) {
            return;
        }
        // To attach one more asks nothing of those that are there, of which there may be many.
        let children = if only || matches!(change, TableChange::AttachPartition { .. }) { Vec::new() } else { self.children(table) };
        match change {
            TableChange::AddColumn { column, if_not_exists } => {
                let before = self.parts_of(table);
                if self.add_column(table, column, *if_not_exists, only) {
                    let below = self.descendants(children);
                    self.add_column_below(table, column, &below);
                    self.complete_partitions(table, &before);
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
                if self.table(table).is_some_and(|table| table.of_type.is_some()) {
                    let diagnostic = Diagnostic::new(format!("cannot rename column `{}` of typed table `{table}`", column.text));
                    return self.report(diagnostic.help("rename the attribute of its type, with `CASCADE`"), &column.range);
                }
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
                if self.has_columns(table, std::slice::from_ref(column)) && !self.refuses_change(table, column, change) {
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
                if let Some(column) = self.column_of_not_null(table, &name.text) {
                    let below = self.descendants(children);
                    return self.drop_not_null(table, name, &column, &below);
                }
                self.drop_constraint_and_below(table, name, (*if_exists, *cascade), &children);
                if only {
                    self.make_check_local(table, &name.text);
                }
            }
            TableChange::RenameConstraint { name, to } => self.rename_constraint_and_below(table, name, to, children),
            TableChange::AlterConstraint { name, deferrable, initially_deferred } => {
                self.alter_constraint(table, name, *deferrable, *initially_deferred);
            }
            TableChange::ValidateConstraint(name) => match self.column_of_not_null(table, &name.text) {
                Some(column) => self.set_not_null(table, &column, true),
                None => self.validate_constraint(table, name, &children),
            },
            TableChange::RowSecurity { enabled, forced } => {
                if let Some(found) = self.table_mut(table) {
                    found.row_security = enabled.unwrap_or(found.row_security);
                    found.force_row_security = forced.unwrap_or(found.force_row_security);
                }
            }
            TableChange::OfType(ty) => self.set_of_type(table, ty.as_ref()),
            TableChange::RenameTo(to) => self.move_table(table, &table.schema.clone(), &to.text, to),
            TableChange::SetSchema(to) => self.move_table(table, &to.text, &table.name.clone(), to),
            TableChange::AttachPartition { table: child, bound } => self.attach_partition(table, child, bound.as_deref()),
            TableChange::DetachPartition(child) => self.detach_partition(table, child),
            TableChange::Inherit(parent) => self.start_inheriting(table, parent),
            TableChange::NoInherit(parent) => self.stop_inheriting(table, parent),
            TableChange::OfTablesAlone { partitioned: false, .. }
                if self.table(table).is_some_and(|it| it.kind == TableKind::Partitioned) =>
            {
                let statement = self.statement.clone();
                self.report(Diagnostic::new(format!("partitioned table `{table}` is not clustered itself")), &statement);
            }
            TableChange::SetUnlogged(_) | TableChange::OfTablesAlone { .. } | TableChange::Nothing => {}
        }
    }

    fn rename_constraint_and_below(&mut self, table: &RelationName, name: &Name, to: &Name, children: Vec<RelationName>) {
        if self.is_inherited_constraint(table, &name.text) {
            let diagnostic = Diagnostic::new(format!("cannot rename inherited constraint `{}` of `{table}`", name.text));
            return self.report(diagnostic.help("rename it in the table it comes from"), &name.range);
        }
        if let Some(column) = self.column_of_not_null(table, &name.text) {
            return self.rename_not_null(table, &column, &to.text);
        }
        let is_check = self.table(table).is_some_and(|table| table.checks.iter().any(|check| check.name == name.text && !check.no_inherit));
        self.rename_constraint(table, name, to);
        for child in self.descendants(children).into_iter().filter(|_| is_check) {
            self.rename_constraint(&child, name, to);
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

    /// Whether a column cannot be dropped for what its table is, with a diagnostic.
    fn keeps_column(&mut self, table: &RelationName, column: &Name) -> bool {
        let below = self.children(table);
        let below = self.descendants(below);
        let Some(found) = self.table(table) else { return true };
        let in_key = |table: &Table| super::expression::is_partitioned_by(table, &column.text);
        let wrong = if found.of_type.is_some() {
            "the table is of a type"
        } else if self.is_inherited_here(table, &column.text) {
            "it is inherited"
        } else if in_key(found) {
            "it is in the partition key"
        } else if below.iter().filter_map(|child| self.table(child)).any(in_key) {
            "it is in the partition key of a partition"
        } else {
            return false;
        };
        self.report(Diagnostic::new(format!("cannot drop column `{}` of `{table}`: {wrong}", column.text)), &column.range);
        true
    }

    /// Whether a column cannot be changed so for what is above its table, with a diagnostic.
    fn refuses_change(&mut self, table: &RelationName, column: &Name, change: &ColumnChange) -> bool {
        let inherited = self.is_inherited_here(table, &column.text);
        let wrong = match change {
            ColumnChange::SetType { .. } if inherited => "it is inherited",
            ColumnChange::DropNotNull if self.is_not_null_above(table, &column.text) => "it is NOT NULL in the table it is a partition of",
            ColumnChange::DropExpression { .. } if inherited => "its expression is inherited",
            _ => return false,
        };
        self.report(Diagnostic::new(format!("cannot change column `{}` of `{table}`: {wrong}", column.text)), &column.range);
        true
    }

    /// The sequence of a column that the statement adds is not the table's yet, and stays as the table was.
    fn set_unlogged(&mut self, table: &RelationName, unlogged: bool, changes: &[TableChange]) {
        let is_added =
            |name: &str| changes.iter().any(|it| matches!(it, TableChange::AddColumn { column, .. } if column.name.text == name));
        // A partitioned table has nothing that would be logged.
        let Some(found) = self.table_mut(table).filter(|table| table.kind != TableKind::Partitioned) else { return };
        // Where the table is so already, its sequences are left as they are.
        if found.unlogged == unlogged {
            return;
        }
        found.unlogged = unlogged;
        for sequence in self.sequences_of(table, None) {
            let sequence = self.sequence_mut(&sequence);
            if let Some(sequence) = sequence.filter(|it| it.owner.as_ref().is_none_or(|(_, column)| !is_added(column))) {
                sequence.unlogged = unlogged;
            }
        }
    }

    /// Whether a table can become logged or unlogged as its foreign keys and those to it are, with a diagnostic if not.
    fn may_be_logged_so(&mut self, table: &RelationName, changes: &[TableChange], range: &Range<usize>) -> bool {
        let mut said = changes.iter().filter_map(|change| if let TableChange::SetUnlogged(it) = change { Some(*it) } else { None });
        let Some(is_unlogged) = self.table(table).map(|table| table.unlogged) else { return true };
        // What the table is already is no change, of which there may be one.
        let Some(unlogged) = said.find(|it| *it != is_unlogged) else { return true };
        let referring = self.referring(table);
        let Some(found) = self.table(table) else { return true };
        let logged = |name: &RelationName| self.table(name).is_some_and(|table| !table.unlogged);
        let target = |key: &ForeignKey| RelationName { schema: key.references_schema.clone(), name: key.references_table.clone() };
        let wrong = if said.next().is_some() {
            Some("that is said twice".to_owned())
        } else if unlogged {
            let mut others = referring.iter().filter(|other| *other != table && logged(other)).filter_map(|other| self.table(other));
            let other = others.find(|other| other.foreign_keys.iter().any(|key| target(key) == *table));
            other.map(|other| format!("logged table `{}` references it", other.full_name()))
        } else {
            let targets = found.foreign_keys.iter().map(target).filter(|target| target != table);
            targets.into_iter().find(|target| !logged(target)).map(|target| format!("it references unlogged table `{target}`"))
        };
        let Some(wrong) = wrong else { return true };
        let word = if unlogged { "UNLOGGED" } else { "LOGGED" };
        self.report(Diagnostic::new(format!("cannot make table `{table}` {word}: {wrong}")), range);
        false
    }

    /// Whether a statement changes the type of one column twice, with a diagnostic.
    fn retypes_twice(&mut self, table: &RelationName, changes: &[TableChange]) -> bool {
        let mut retyped: HashSet<&str> = HashSet::new();
        let twice = changes.iter().find_map(|change| match change {
            TableChange::AlterColumn { column, change: ColumnChange::SetType { .. } } if !retyped.insert(&column.text) => Some(column),
            _ => None,
        });
        if let Some(column) = twice {
            let text = format!("the type of column `{}` of `{table}` is changed twice", column.text);
            self.report(Diagnostic::new(text), &column.range);
        }
        twice.is_some()
    }

    fn is_not_null_above(&self, table: &RelationName, column: &str) -> bool {
        let parents = self.table(table).filter(|table| table.is_partition).map(|table| table.parents.as_slice()).unwrap_or_default();
        parents.iter().filter_map(|parent| self.table(parent)?.column(column)).any(|column| column.not_null)
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

/// Whether a change is one that no view can have.
fn is_of_tables_alone(change: &TableChange, materialized: bool) -> bool {
    !matches!(
        change,
        TableChange::OfTablesAlone { materialized: true, .. } if materialized
    ) && !matches!(
        change,
        TableChange::RenameColumn { .. }
            | TableChange::RenameTo(_)
            | TableChange::SetSchema(_)
            | TableChange::AlterColumn { change: ColumnChange::SetDefault(_) | ColumnChange::DropDefault | ColumnChange::Nothing, .. }
            | TableChange::Nothing
    )
}

/// The actions of a statement in the order of PostgreSQL's passes (`AT_PASS_DROP` and those behind it, `tablecmds.c`).
fn ordered(changes: &[TableChange]) -> Vec<&TableChange> {
    let rank = |change: &&TableChange| match change {
        TableChange::DropColumn { .. } | TableChange::DropConstraint { .. } => 0,
        TableChange::AddColumn { .. } => 2,
        TableChange::AddConstraint(constraint) => match constraint.rule {
            Rule::PrimaryKey(_) | Rule::Unique(_) | Rule::Exclude(_) => 4,
            _ => 5,
        },
        TableChange::AlterColumn { change, .. } => match change {
            ColumnChange::DropDefault
            | ColumnChange::DropNotNull
            | ColumnChange::DropIdentity { .. }
            | ColumnChange::DropExpression { .. } => 0,
            ColumnChange::SetType { .. } => 1,
            ColumnChange::SetNotNull | ColumnChange::SetExpression(_) => 3,
            ColumnChange::SetDefault(_) | ColumnChange::AddIdentity { .. } => 5,
            // Behind what makes the identity.
            ColumnChange::SetIdentity { .. } | ColumnChange::Nothing => 6,
        },
        _ => 6,
    };
    let mut changes: Vec<&TableChange> = changes.iter().collect();
    changes.sort_by_key(rank);
    changes
}

fn constraint_names(table: &Table) -> Vec<String> {
    let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.clone());
    keys.chain(table.foreign_keys.iter().map(|key| key.name.clone())).chain(table.checks.iter().map(|check| check.name.clone())).collect()
}
