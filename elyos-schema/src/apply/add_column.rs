//! `ADD COLUMN`, which reaches the tables below.

use super::Applier;
use crate::{
    catalog::{RelationName, SYSTEM_COLUMNS, TableKind},
    ddl::{ColumnDefinition, Rule},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn add_column(&mut self, table: &RelationName, definition: &ColumnDefinition, if_not_exists: bool, only: bool) -> bool {
        let Some(found) = self.table(table) else { return false };
        // Whether it is to be there already or not.
        let wrong = if SYSTEM_COLUMNS.contains(&definition.name.text.as_str()) {
            self.refuses_column_name(&definition.name.text, &definition.name.range);
            return false;
        } else if found.of_type.is_some() {
            format!("cannot add a column to typed table `{table}`")
        } else if found.is_partition {
            format!("cannot add a column to partition `{table}`")
        } else if found.column(&definition.name.text).is_some() {
            if if_not_exists {
                return false;
            }
            format!("column `{}` of relation `{table}` already exists", definition.name.text)
        } else {
            String::new()
        };
        if !wrong.is_empty() {
            self.report(Diagnostic::new(wrong), &definition.name.range);
            return false;
        }
        let Some(ty) = &definition.ty else { return false };
        let is_identity = definition.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::Identity { .. }));
        // PostgreSQL 17 gives the partitions the identity; before it was refused there, too.
        let may_go_below = self.table(table).is_some_and(|it| it.kind == TableKind::Partitioned);
        if is_identity && !only && !may_go_below && !self.children(table).is_empty() {
            let text = format!("cannot add identity column `{}` to `{table}`, which has tables below it", definition.name.text);
            self.report(Diagnostic::new(text).help("add the column first, then `ADD GENERATED … AS IDENTITY`"), &definition.name.range);
            return false;
        }
        let (column, pending) = self.build_column(table, definition, ty);
        let is_generated = column.generated.is_some();
        if column.ty.schema.is_some() {
            let with_below = if only { vec![table.clone()] } else { self.descendants(vec![table.clone()]) };
            if self.puts_into_itself(&with_below, &column.ty, &definition.name.range) {
                return false;
            }
        }
        if let Some(found) = self.table_mut(table) {
            found.columns.push(column);
        }
        let reads = |constraint: &crate::ddl::Constraint| matches!(constraint.rule, Rule::Default(_));
        if (is_generated || definition.constraints.iter().any(reads))
            && let Some(found) = self.table(table).cloned()
            && (self.refuses_names(&found, &definition.constraints) || self.reads_generated(&found))
        {
            return false;
        }
        for (constraint, behind) in super::create::in_order(&pending) {
            self.add_constraint(table, &constraint, behind.as_ref());
        }
        true
    }

    /// The column in the tables below: with its checks, without its keys, and with no sequence of their own.
    pub(super) fn add_column_below(&mut self, table: &RelationName, definition: &ColumnDefinition, below: &[RelationName]) {
        let Some(found) = self.table(table) else { return };
        let Some(mut column) = found.column(&definition.name.text).cloned() else { return };
        column.inherited = true;
        column.sequence = None;
        column.identity = None;
        let checks: Vec<crate::catalog::Check> =
            found.checks.iter().filter(|check| check.columns.contains(&column.name) && !check.no_inherit).cloned().collect();
        for child in below {
            let has = self.table(child).and_then(|child| child.column(&column.name));
            if has.is_some_and(|has| !has.ty.is_same(&column.ty)) {
                let text = format!("`{child}` below `{table}` has a column `{}` of another type", column.name);
                self.report(Diagnostic::new(text), &definition.name.range);
                continue;
            }
            if self.table(child).is_some_and(|child| child.column(&column.name).is_none())
                && let Some(child) = self.table_mut(child)
            {
                child.columns.push(column.clone());
            }
            for check in &checks {
                self.inherit_check(child, check);
            }
        }
    }
}
