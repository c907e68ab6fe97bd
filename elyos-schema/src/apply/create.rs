//! `CREATE TABLE`: columns first, then checks, then keys (the primary one before the others), then foreign keys, as PostgreSQL does.

use super::{Applier, column::Pending, inherit::Copied, texts};
use crate::{
    catalog::{RelationName, TableKind},
    ddl::{ColumnDefinition, CreateTable, Persistence, Rule, TableElement},
    diagnostic::Diagnostic,
};

impl Applier<'_> {
    pub(super) fn create_table(&mut self, create: &CreateTable) {
        let Some(schema) = self.target_schema(&create.name, create.persistence == Persistence::Temporary) else {
            return;
        };
        let name = RelationName { schema, name: create.name.name.clone() };
        if create.if_not_exists && self.catalog.schemas.get(&name.schema).is_some_and(|schema| schema.has_relation(&name.name)) {
            return;
        }
        let kind = match create {
            CreateTable { foreign: true, .. } => TableKind::Foreign,
            CreateTable { partitioned: true, .. } => TableKind::Partitioned,
            _ => TableKind::Table,
        };
        let mut table = self.new_table(&name.schema, &name.name, kind, true);
        table.unlogged = create.persistence == Persistence::Unlogged;
        self.unlogged = table.unlogged;
        table.partition_key = create.partition_key.as_ref().map(|key| key.text.clone());
        table.partition_bound.clone_from(&create.partition_bound);
        if let Some(of_type) = &create.of_type {
            self.columns_of_type(&mut table, of_type);
        }
        let mut copied = Copied::default();
        for parent in create.partition_of.iter().chain(&create.inherits) {
            if let Some(found) = self.existing(parent)
                && self.may_have_children(&found, create.partition_of.is_some(), parent)
            {
                self.inherit_into(&mut table, &found, &mut copied);
            }
        }
        table.is_partition = create.partition_of.is_some();

        let mut pending: Vec<Pending<'_>> = Vec::new();
        for element in &create.elements {
            match element {
                TableElement::Column(definition) => pending.extend(self.add_defined_column(&name, &mut table, definition)),
                TableElement::Constraint(constraint) => pending.push((constraint, None)),
                TableElement::Like { table: like, options } => {
                    if let Some(like) = self.existing(like) {
                        self.like_into(&name, &mut table, &like, *options, &mut copied);
                    }
                }
            }
        }
        let key_columns = create.partition_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        if let Some(unknown) = key_columns.iter().find(|column| table.columns_known && table.column(&column.text).is_none()) {
            let diagnostic = Diagnostic::new(format!("column `{}` in the partition key does not exist", unknown.text));
            return self.report(diagnostic, &unknown.range);
        }
        if !self.add_table(&create.name, table, false) {
            return;
        }
        self.add_copied_checks(&name, &copied);
        for (constraint, behind) in in_order(&pending) {
            self.add_constraint(&name, constraint, behind.as_ref());
        }
        self.add_copied_keys(&name, &copied);
    }

    /// A column of the statement: new, or more said about one that a parent table has.
    fn add_defined_column<'a>(
        &mut self,
        name: &RelationName,
        table: &mut crate::catalog::Table,
        definition: &'a ColumnDefinition,
    ) -> Vec<Pending<'a>> {
        let inherited = table.columns.iter().position(|column| column.name == definition.name.text);
        match (inherited, &definition.ty) {
            (Some(index), ty) if table.columns[index].inherited => {
                let mut column = table.columns[index].clone();
                column.inherited = ty.is_none();
                if let Some(ty) = ty {
                    let ty = self.resolve_type(ty);
                    if ty != column.ty {
                        let diagnostic = Diagnostic::new(format!("column `{}` has another type than the inherited one", column.name));
                        self.report(diagnostic, &definition.name.range);
                    }
                }
                if definition.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::Default(_))) {
                    column.default = None;
                }
                let pending = self.column_constraints(name, &mut column, &definition.constraints, &definition.name);
                table.columns[index] = column;
                pending
            }
            (Some(index), None) => {
                let mut column = table.columns[index].clone();
                let pending = self.column_constraints(name, &mut column, &definition.constraints, &definition.name);
                table.columns[index] = column;
                pending
            }
            (Some(_), Some(_)) => {
                self.report(Diagnostic::new(format!("column `{}` is defined twice", definition.name.text)), &definition.name.range);
                Vec::new()
            }
            (None, Some(ty)) => {
                let (column, pending) = self.build_column(name, definition, ty);
                table.columns.push(column);
                pending
            }
            (None, None) => {
                self.report(Diagnostic::new(format!("column `{}` does not exist", definition.name.text)), &definition.name.range);
                Vec::new()
            }
        }
    }
}

/// Checks, then keys with the primary one first, then foreign keys; a key that says the same as one before it is that one.
pub(super) fn in_order<'a, 'b>(pending: &'b [Pending<'a>]) -> Vec<&'b Pending<'a>> {
    let rank = |pending: &&Pending<'_>| match &pending.0.rule {
        Rule::PrimaryKey(_) => 2,
        Rule::Unique(_) | Rule::Exclude(_) => 3,
        Rule::References(_) => 4,
        _ => 1,
    };
    let mut ordered: Vec<&Pending<'_>> = pending.iter().collect();
    ordered.sort_by_key(rank);
    let mut kept: Vec<&Pending<'_>> = Vec::new();
    for next in ordered {
        if !kept.iter().any(|earlier| same_key(earlier, next)) {
            kept.push(next);
        }
    }
    kept
}

/// Whether the second key, a unique one, says what the first has said (`transformIndexConstraints` in PostgreSQL's source).
fn same_key(first: &Pending<'_>, second: &Pending<'_>) -> bool {
    let (Rule::PrimaryKey(left) | Rule::Unique(left), Rule::Unique(right)) = (&first.0.rule, &second.0.rule) else {
        return false;
    };
    let columns = |key: &crate::ddl::KeyDefinition, pending: &Pending<'_>| {
        if key.columns.is_empty() { pending.1.iter().map(|name| name.text.clone()).collect() } else { texts(&key.columns) }
    };
    columns(left, first) == columns(right, second)
        && texts(&left.include) == texts(&right.include)
        && left.nulls_not_distinct == right.nulls_not_distinct
        && first.0.deferrable == second.0.deferrable
}
