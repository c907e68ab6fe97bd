//! What a table and those below it (children, partitions) share after they were made.

use super::{
    Applier,
    constraint::{has_constraint, same_condition},
    partition_parts::same_reference,
};
use crate::{
    catalog::{Check, RelationName, TableKind},
    ddl::{Constraint, Name, Qualified, Rule},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    /// Whether a table can have others below it, with a diagnostic if not.
    pub(super) fn may_have_children(&mut self, parent: &RelationName, partition: bool, written: &Qualified) -> bool {
        let Some(found) = self.table(parent) else { return false };
        let wrong = match (found.kind, partition) {
            (TableKind::Partitioned, true) | (TableKind::Table | TableKind::Foreign, false) if !found.is_partition || partition => {
                return true;
            }
            (TableKind::Partitioned, false) => format!("cannot inherit from partitioned table `{parent}`"),
            (_, true) => format!("`{parent}` is not partitioned"),
            (_, false) => format!("cannot inherit from `{parent}`"),
        };
        self.report(Diagnostic::new(wrong), &written.range);
        false
    }

    pub(super) fn attach_partition(&mut self, parent: &RelationName, written: &Qualified, bound: Option<&str>) {
        let Some(child) = self.existing(written) else { return };
        if *parent == child || self.descendants(vec![child.clone()]).contains(parent) {
            return self
                .report(Diagnostic::new(format!("`{child}` cannot be a partition of `{parent}`: circular inheritance")), &written.range);
        }
        if !self.may_have_children(parent, true, written) || !self.fits_below(parent, &child, written) {
            return;
        }
        if self.table(&child).is_some_and(|child| child.is_partition || !child.parents.is_empty()) {
            return self.report(Diagnostic::new(format!("`{child}` has a parent already")), &written.range);
        }
        if self.overlaps_another(parent, &child, bound, &written.range) {
            return;
        }
        self.inherit_checks_once(parent, &child);
        if let Some(found) = self.table_mut(&child) {
            found.parents.push(parent.clone());
            found.is_partition = true;
            found.partition_bound = bound.map(str::to_owned);
        }
        self.share_columns(parent, &child, true);
        self.complete_partition(parent, &child);
    }

    pub(super) fn detach_partition(&mut self, parent: &RelationName, written: &Qualified) {
        let Some(child) = self.existing(written) else { return };
        if !self.table(&child).is_some_and(|child| child.parents.contains(parent)) {
            return self.report(Diagnostic::new(format!("`{child}` is no partition of `{parent}`")), &written.range);
        }
        if let Some(found) = self.table_mut(&child) {
            found.parents.retain(|known| known != parent);
            found.is_partition = false;
            found.partition_bound = None;
            found.columns.iter_mut().for_each(|column| column.inherited = false);
            found.checks.iter_mut().for_each(make_local);
            found.foreign_keys.iter_mut().for_each(|key| key.inherited = false);
            found.unique.iter_mut().chain(&mut found.primary_key).for_each(|key| (key.inherited, key.attached) = (false, false));
            found.indexes.iter_mut().for_each(|index| index.parent = None);
        }
    }

    pub(super) fn start_inheriting(&mut self, table: &RelationName, written: &Qualified) {
        let Some(parent) = self.existing(written) else { return };
        if !self.may_have_children(&parent, false, written) || !self.fits_below(&parent, table, written) {
            return;
        }
        if self.refuses_as_partition(table, written) {
            return;
        }
        if self.table(table).is_some_and(|table| table.kind == TableKind::Partitioned) {
            return self.report(Diagnostic::new(format!("partitioned table `{table}` cannot inherit")), &written.range);
        }
        let around = *table == parent || self.descendants(vec![table.clone()]).contains(&parent);
        let wrong = if around {
            "circular inheritance"
        } else if self.table(table).is_some_and(|table| table.parents.contains(&parent)) {
            "it inherits from it already"
        } else {
            ""
        };
        if !wrong.is_empty() {
            return self.report(Diagnostic::new(format!("`{table}` cannot inherit from `{parent}`: {wrong}")), &written.range);
        }
        self.inherit_checks_once(&parent, table);
        if let Some(found) = self.table_mut(table) {
            found.parents.push(parent);
        }
    }

    /// Whether a table is a partition, which inherits from its own table alone, with a diagnostic.
    fn refuses_as_partition(&mut self, table: &RelationName, written: &Qualified) -> bool {
        let partition = self.table(table).is_some_and(|table| table.is_partition);
        if partition {
            let diagnostic = Diagnostic::new(format!("cannot change what partition `{table}` inherits from"));
            self.report(diagnostic.help("`DETACH PARTITION` first"), &written.range);
        }
        partition
    }

    pub(super) fn stop_inheriting(&mut self, table: &RelationName, written: &Qualified) {
        let Some(parent) = self.existing(written) else { return };
        if self.refuses_as_partition(table, written) {
            return;
        }
        if !self.table(table).is_some_and(|table| table.parents.contains(&parent)) {
            return self.report(Diagnostic::new(format!("`{parent}` is no parent of `{table}`")), &written.range);
        }
        if let Some(found) = self.table_mut(table) {
            found.parents.retain(|known| *known != parent);
        }
        let names: Vec<String> =
            self.table(&parent).map(|it| it.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default();
        for name in names {
            self.make_local_unless_inherited(table, &name);
        }
        let still: Vec<RelationName> = self.table(table).map(|table| table.parents.clone()).unwrap_or_default();
        let kept: Vec<String> =
            still.iter().filter_map(|parent| self.table(parent)).flat_map(|it| it.checks.iter().map(|check| check.name.clone())).collect();
        if let Some(found) = self.table_mut(table) {
            found.checks.iter_mut().filter(|check| !kept.contains(&check.name)).for_each(make_local);
        }
    }

    /// Whether a table has all columns and checks of one that is to be above it, with a diagnostic for what it lacks.
    fn fits_below(&mut self, parent: &RelationName, child: &RelationName, written: &Qualified) -> bool {
        let (Some(above), Some(below)) = (self.table(parent), self.table(child)) else { return false };
        if !above.columns_known || !below.columns_known {
            return true;
        }
        let mut wrong = None;
        for column in &above.columns {
            match below.column(&column.name) {
                None => wrong = wrong.or(Some(format!("it has no column `{}`", column.name))),
                Some(other) if !other.ty.is_same(&column.ty) => {
                    wrong = wrong.or(Some(format!("its column `{}` has another type", column.name)));
                }
                Some(other) if column.generated.is_some() != other.generated.is_some() && column.generated.is_some() => {
                    wrong = wrong.or(Some(format!("its column `{}` must be a generated one", column.name)));
                }
                Some(other) if column.not_null && !other.not_null => {
                    wrong = wrong.or(Some(format!("its column `{}` must be NOT NULL", column.name)));
                }
                Some(_) => {}
            }
        }
        for check in above.checks.iter().filter(|check| !check.no_inherit) {
            match below.checks.iter().find(|known| known.name == check.name) {
                None => wrong = wrong.or(Some(format!("it has no check `{}`", check.name))),
                Some(known) if !same_condition(&known.expression, &check.expression) => {
                    wrong = wrong.or(Some(format!("its check `{}` says something else", check.name)));
                }
                Some(_) => {}
            }
        }
        if above.kind == TableKind::Partitioned && below.columns.iter().any(|column| above.column(&column.name).is_none()) {
            wrong = wrong.or(Some("it has more columns".to_owned()));
        }
        let Some(wrong) = wrong else { return true };
        self.report(Diagnostic::new(format!("`{child}` does not fit below `{parent}`: {wrong}")), &written.range);
        false
    }

    /// Checks of the same name are the parent's from now on, and the child's own too.
    fn inherit_checks_once(&mut self, parent: &RelationName, child: &RelationName) {
        let names: Vec<String> =
            self.table(parent).map(|it| it.checks.iter().map(|check| check.name.clone()).collect()).unwrap_or_default();
        if let Some(found) = self.table_mut(child) {
            found.checks.iter_mut().filter(|check| names.contains(&check.name)).for_each(|check| check.inherited = true);
        }
    }

    /// The columns of a partition are its parent's.
    fn share_columns(&mut self, parent: &RelationName, child: &RelationName, inherited: bool) {
        let names: Vec<String> =
            self.table(parent).map(|it| it.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default();
        if let Some(found) = self.table_mut(child) {
            found.columns.iter_mut().filter(|column| names.contains(&column.name)).for_each(|column| column.inherited = inherited);
        }
    }

    /// Whether a table above has the column.
    pub(super) fn is_inherited_here(&self, table: &RelationName, column: &str) -> bool {
        let Some(found) = self.table(table) else { return false };
        found.parents.iter().filter_map(|parent| self.table(parent)).any(|parent| parent.column(column).is_some())
    }

    /// Whether a constraint is one of a table above.
    pub(super) fn is_inherited_constraint(&self, table: &RelationName, name: &str) -> bool {
        let Some(found) = self.table(table) else { return false };
        found.checks.iter().any(|check| check.name == name && check.inherited)
            || found.foreign_keys.iter().any(|key| key.name == name && key.inherited)
            || found.unique.iter().chain(&found.primary_key).any(|key| key.name == name && key.inherited)
    }

    /// After `DROP COLUMN` of `ONLY` the table above, those below keep it as their own, even where they have it from another one too.
    pub(super) fn make_local(&mut self, table: &RelationName, column: &str) {
        for child in self.children(table) {
            if let Some(column) = self.table_mut(&child).and_then(|child| child.column_mut(column)) {
                column.inherited = false;
            }
        }
    }

    /// The same of a check.
    pub(super) fn make_check_local(&mut self, table: &RelationName, name: &str) {
        for child in self.children(table) {
            let parents = self.table(&child).map(|child| child.parents.clone()).unwrap_or_default();
            let mut above = parents.iter().filter_map(|parent| self.table(parent)).flat_map(|parent| &parent.checks);
            if !above.any(|check| check.name == name && !check.no_inherit)
                && let Some(child) = self.table_mut(&child)
            {
                child.checks.iter_mut().filter(|check| check.name == name).for_each(make_local);
            }
        }
    }

    fn make_local_unless_inherited(&mut self, table: &RelationName, column: &str) {
        if !self.is_inherited_here(table, column)
            && let Some(column) = self.table_mut(table).and_then(|table| table.column_mut(column))
        {
            column.inherited = false;
        }
    }

    /// A column is gone from the tables above: it goes from those that only had it from there.
    pub(super) fn drop_column_below(&mut self, children: &[RelationName], column: &Name, cascade: bool) {
        let mut left: Vec<RelationName> = children.iter().rev().cloned().collect();
        while let Some(child) = left.pop() {
            let only_inherited = self.table(&child).and_then(|child| child.column(&column.text)).is_some_and(|column| column.inherited);
            if only_inherited && !self.is_inherited_here(&child, &column.text) {
                self.drop_column(&child, column, true, cascade);
                left.extend(self.children(&child).into_iter().rev());
            }
        }
    }

    /// A check that comes from above; one of its name is it.
    pub(super) fn inherit_check(&mut self, table: &RelationName, check: &Check) {
        let Some(schema) = self.catalog.schemas.get_mut(&table.schema) else { return };
        let Some(found) = schema.tables.get_mut(&table.name) else { return };
        if let Some(known) = found.checks.iter_mut().find(|known| known.name == check.name) {
            known.inherited = true;
            if !same_condition(&known.expression, &check.expression) {
                let place = Name { text: check.name.clone(), range: self.statement.clone() };
                self.merges_no_check(table, &place);
            }
            return;
        }
        if has_constraint(found, &check.name) {
            let statement = self.statement.clone();
            return self.exists_already("constraint", &check.name, &statement);
        }
        found.checks.push(Check { inherited: true, local: false, ..check.clone() });
        schema.add_constraint(&check.name);
    }

    pub(super) fn add_constraint_and_below(
        &mut self,
        table: &RelationName,
        constraint: &Constraint,
        only: bool,
        children: Vec<RelationName>,
    ) {
        let before = self.table(table).map_or(0, |table| table.checks.len());
        let parts = self.parts_of(table);
        self.add_constraint(table, constraint, None);
        if !only {
            self.complete_partitions(table, &parts);
        }
        if let Rule::PrimaryKey(key) = &constraint.rule
            && let Some(columns) = self.table(table).and_then(|table| table.primary_key.as_ref()).map(|key| key.columns.clone())
            && !key.columns.is_empty()
        {
            // NOT NULL goes to the tables below, the key does not.
            for child in self.descendants(children.clone()) {
                for column in &columns {
                    self.set_not_null(&child, column, true);
                }
            }
        }
        let added = self.table(table).filter(|table| table.checks.len() > before).and_then(|table| table.checks.last()).cloned();
        if let Some(check) = added.filter(|check| !check.no_inherit) {
            if only && !self.children(table).is_empty() {
                let diagnostic = Diagnostic::new(format!("the check must be added to the tables below `{table}` too"));
                return self.report(diagnostic.help("leave out `ONLY`, or say `NO INHERIT`"), &constraint.range);
            }
            for child in self.descendants(children) {
                self.inherit_check(&child, &check);
            }
        }
    }

    pub(super) fn drop_constraint_and_below(
        &mut self,
        table: &RelationName,
        name: &Name,
        (if_exists, cascade): (bool, bool),
        children: &[RelationName],
    ) {
        let mut left = vec![(table.clone(), name.clone(), (if_exists, cascade), children.to_vec())];
        while let Some((table, name, options, children)) = left.pop() {
            let below = self.drop_constraint_here(&table, &name, options, &children);
            for (child, gone) in below.into_iter().rev() {
                let next = self.children(&child);
                left.push((child, gone, (true, cascade), next));
            }
        }
    }

    /// Drops a constraint of a table; what goes with it in the tables directly below.
    fn drop_constraint_here(
        &mut self,
        table: &RelationName,
        name: &Name,
        (if_exists, cascade): (bool, bool),
        children: &[RelationName],
    ) -> Vec<(RelationName, Name)> {
        let mut all_below = Vec::new();
        let Some(found) = self.table(table) else { return all_below };
        let is_check = found.checks.iter().any(|check| check.name == name.text && !check.no_inherit);
        let key = found.unique.iter().chain(&found.primary_key).find(|key| key.name == name.text).map(|key| key.columns.clone());
        let key = key.filter(|_| found.kind == TableKind::Partitioned);
        let reference =
            found.foreign_keys.iter().find(|key| key.name == name.text).cloned().filter(|_| found.kind == TableKind::Partitioned);
        self.drop_constraint(table, name, if_exists, cascade);
        if self.table(table).is_some_and(|found| has_constraint(found, &name.text)) {
            return all_below;
        }
        for child in children {
            if is_check && self.keeps_check(child, &name.text) {
                continue;
            }
            let Some(below) = self.table(child) else { continue };
            let keys =
                below.unique.iter().chain(&below.primary_key).filter(|below| below.inherited && key.as_ref() == Some(&below.columns));
            let references =
                below.foreign_keys.iter().filter(|below| below.inherited && reference.as_ref().is_some_and(|it| same_reference(it, below)));
            let checks = below.checks.iter().filter(|check| is_check && check.name == name.text);
            let gone: Vec<String> = keys
                .map(|key| key.name.clone())
                .chain(references.map(|key| key.name.clone()))
                .chain(checks.map(|it| it.name.clone()))
                .collect();
            all_below.extend(gone.into_iter().map(|gone| (child.clone(), Name { text: gone, range: name.range.clone() })));
        }
        all_below
    }

    /// Whether a check that a parent has dropped stays: another parent has it, or it is the table's own.
    fn keeps_check(&mut self, table: &RelationName, name: &str) -> bool {
        let Some(found) = self.table(table) else { return false };
        let mut above = found.parents.iter().filter_map(|parent| self.table(parent)).flat_map(|parent| &parent.checks);
        let still = above.any(|check| check.name == name && !check.no_inherit);
        let Some(check) = self.table_mut(table).and_then(|table| table.checks.iter_mut().find(|check| check.name == name)) else {
            return false;
        };
        check.inherited &= still;
        still || check.local
    }

    pub(super) fn validate_constraint(&mut self, table: &RelationName, name: &Name, children: &[RelationName]) {
        let Some(found) = self.table_mut(table) else { return };
        if let Some(check) = found.checks.iter_mut().find(|check| check.name == name.text) {
            check.not_valid = false;
        } else if let Some(key) = found.foreign_keys.iter_mut().find(|key| key.name == name.text) {
            key.not_valid = false;
            return;
        } else {
            return self.unknown_constraint(table, name);
        }
        for child in self.descendants(children.to_vec()) {
            if let Some(check) = self.table_mut(&child).and_then(|table| table.checks.iter_mut().find(|check| check.name == name.text)) {
                check.not_valid = false;
            }
        }
    }
}

/// No parent has the check any more: from now on it is the table's own.
fn make_local(check: &mut Check) {
    (check.inherited, check.local) = (false, true);
}
