//! `ALTER TABLE ONLY`: what must reach the tables below and so is refused where there are some.

use super::{Applier, texts};
use crate::{
    catalog::{RelationName, TableKind},
    ddl::{ColumnChange, Rule, TableChange},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    /// Whether a change cannot be of `ONLY` this table, with a diagnostic.
    pub(super) fn refuses_only(&mut self, table: &RelationName, change: &TableChange) -> bool {
        // A dump attaches each partition so: to look at all those before it would take longer with each.
        if matches!(change, TableChange::AttachPartition { .. } | TableChange::Nothing) {
            return false;
        }
        let children = self.children(table);
        let below = !children.is_empty();
        let becomes_not_null: Vec<String> = match change {
            TableChange::AlterColumn { column, change: ColumnChange::SetNotNull } => vec![column.text.clone()],
            TableChange::AddConstraint(constraint) => match &constraint.rule {
                Rule::PrimaryKey(key) => texts(&key.columns),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let all_below = if becomes_not_null.is_empty() { Vec::new() } else { self.descendants(children) };
        let nullable_below = becomes_not_null.iter().any(|name| {
            let is_nullable = |table: &RelationName| self.table(table).and_then(|it| it.column(name)).is_some_and(|it| !it.not_null);
            is_nullable(table) && all_below.iter().any(is_nullable)
        });
        let Some(found) = self.table(table) else { return false };
        let partitioned = found.kind == TableKind::Partitioned;
        let (what, place) = match change {
            TableChange::AddColumn { column, .. } if below && found.column(&column.name.text).is_none() => {
                ("a column must be added", &column.name.range)
            }
            TableChange::AddColumn { column, .. }
                if partitioned && column.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::References(_))) =>
            {
                ("a foreign key must be added", &column.name.range)
            }
            TableChange::RenameColumn { column, .. } if below => ("a column must be renamed", &column.range),
            TableChange::RenameConstraint { name, .. }
                if below && found.checks.iter().any(|check| check.name == name.text && !check.no_inherit) =>
            {
                ("a check must be renamed", &name.range)
            }
            TableChange::AlterColumn { column, change: ColumnChange::SetType { .. } } if below => ("a type must be changed", &column.range),
            TableChange::AlterColumn { column, change: ColumnChange::DropExpression { .. } } if below => {
                ("an expression must be dropped", &column.range)
            }
            TableChange::AlterColumn { column, change: ColumnChange::DropNotNull } if below && partitioned => {
                ("a NOT NULL must be dropped", &column.range)
            }
            TableChange::AlterColumn { column, change: ColumnChange::SetNotNull } if partitioned && nullable_below => {
                ("a NOT NULL must be set", &column.range)
            }
            TableChange::AddConstraint(constraint) if partitioned && nullable_below => ("a NOT NULL must be set", &constraint.range),
            TableChange::DropColumn { column, .. } if below && partitioned && found.column(&column.text).is_some() => {
                ("a column must be dropped", &column.range)
            }
            TableChange::DropConstraint { name, .. } if below && partitioned && super::constraint::has_constraint(found, &name.text) => {
                ("a constraint must be dropped", &name.range)
            }
            TableChange::AddConstraint(constraint) if partitioned && matches!(constraint.rule, Rule::References(_)) => {
                ("a foreign key must be added", &constraint.range)
            }
            _ => return false,
        };
        let diagnostic = Diagnostic::new(format!("{what} in the tables below `{table}` too"));
        self.report(diagnostic.help("leave out `ONLY`"), place);
        true
    }
}
