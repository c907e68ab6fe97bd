//! The types of expressions that a statement keeps with a table, a type or a function: what does not go together PostgreSQL refuses when it is
//! written, and not when it is used.

use super::{Applier, column_rules::is_pseudo};
use crate::{
    catalog::{Function, RelationName, Table, Type, UserType},
    ddl::{
        ColumnChange, ColumnDefinition, Constraint, Ddl, DomainChange, Exclude, Expression, IndexColumn, IndexItem, Name, PolicyChange,
        Rule, TableChange, TableElement,
    },
    resolve::stored::{self, Kept},
};

/// Expressions, each with what it is kept for.
type All<'a> = Vec<(Kept<'a>, &'a Expression)>;

impl Applier<'_> {
    /// Refuses what a statement that has been applied keeps and PostgreSQL does not take.
    pub(super) fn refuse_kept(&mut self, ddl: &Ddl) {
        let found = match ddl {
            Ddl::CreateTable(create) => {
                let Some(table) = self.lookup(&create.name).and_then(|found| self.table(&found)).filter(|table| self.is_new(table)) else {
                    return;
                };
                let mut all = All::new();
                for element in &create.elements {
                    match element {
                        TableElement::Column(definition) => of_column(definition, table, &mut all),
                        TableElement::Constraint(constraint) => of_constraint(constraint, None, &mut all),
                        TableElement::Like { .. } => {}
                    }
                }
                let key = create.partition_key.iter().flat_map(|key| &key.expressions);
                all.extend(key.map(|expression| (Kept::PartitionKey, expression)));
                self.refused(Some(table), all)
            }
            Ddl::AlterTable { table, changes, .. } => {
                let Some(table) = self.lookup(table).and_then(|found| self.table(&found)) else { return };
                self.refused(Some(table), of_changes(changes, table))
            }
            Ddl::CreateIndex(create) => {
                let mut all = All::new();
                of_items(&create.items, &mut all);
                all.extend(create.predicate.iter().map(|predicate| (Kept::IndexCondition, predicate)));
                if all.is_empty() {
                    return;
                }
                let Some(table) = self.lookup(&create.table).and_then(|found| self.table(&found)) else { return };
                self.refused(Some(table), all)
            }
            Ddl::CreatePolicy(create) => {
                let Some(table) = self.lookup(&create.table).and_then(|found| self.table(&found)) else { return };
                let conditions = create.using.iter().chain(&create.with_check);
                self.refused(Some(table), conditions.map(|condition| (Kept::Policy, condition)).collect())
            }
            Ddl::AlterPolicy { table, change: PolicyChange::Set { using, with_check, .. }, .. } => {
                let Some(table) = self.lookup(table).and_then(|found| self.table(&found)) else { return };
                self.refused(Some(table), using.iter().chain(with_check).map(|condition| (Kept::Policy, condition)).collect())
            }
            Ddl::CreateTrigger(create) => {
                let Some((condition, firing)) = &create.condition else { return };
                let Some(table) = self.lookup(&create.table).and_then(|found| self.table(&found)) else { return };
                self.refused(Some(table), vec![(Kept::Trigger(*firing), condition)])
            }
            Ddl::CreateDomain { name, constraints, .. } => {
                let Some(base) = self.base_of_domain(name) else { return };
                let mut all = All::new();
                for constraint in constraints {
                    match &constraint.rule {
                        Rule::Default(expression) => all.push((Kept::Default(&base), expression)),
                        Rule::Check(expression) => all.push((Kept::ValueCheck(&base), expression)),
                        _ => {}
                    }
                }
                self.refused(None, all)
            }
            Ddl::AlterDomain { name, change } => {
                let Some(base) = self.base_of_domain(name) else { return };
                self.refused(
                    None,
                    match change {
                        DomainChange::SetDefault(expression) => vec![(Kept::Default(&base), expression)],
                        DomainChange::AddCheck { check, .. } => vec![(Kept::ValueCheck(&base), check)],
                        _ => return,
                    },
                )
            }
            Ddl::CreateFunction(create) => {
                let defaults = || create.arguments.iter().map(|argument| argument.default.as_ref());
                if defaults().all(|default| default.is_none()) {
                    return;
                }
                let is_it = |function: &&Function| function.range == self.statement && function.source == *self.source;
                // Of many functions those of the name alone are looked at.
                let of_name = self.catalog.schemas.values().filter_map(|schema| schema.functions.get(&create.name.name)).flatten();
                let Some(function) = of_name.into_iter().find(is_it) else { return };
                let typed = function.arguments.iter().zip(defaults()).filter(|(argument, _)| !is_pseudo(&argument.ty));
                self.refused(None, typed.filter_map(|(argument, default)| Some((Kept::Default(&argument.ty), default?))).collect())
            }
            _ => return,
        };
        self.found.extend(found);
    }

    fn refused(&self, about: Option<&Table>, all: All<'_>) -> Vec<crate::diagnostic::Diagnostic> {
        stored::refused(self.catalog, self.source, about, all)
    }

    /// Whether the statement at hand has made a table.
    fn is_new(&self, table: &Table) -> bool {
        table.range == self.statement && table.source == *self.source
    }

    fn base_of_domain(&self, name: &crate::ddl::Qualified) -> Option<Type> {
        let found: RelationName = self.lookup_type(name)?;
        match self.catalog.schemas.get(&found.schema)?.types.get(&found.name)? {
            UserType::Domain(domain) => Some(domain.base.clone()),
            _ => None,
        }
    }
}

fn of_changes<'a>(changes: &'a [TableChange], table: &'a Table) -> All<'a> {
    let mut all = All::new();
    for change in changes {
        match change {
            // One that was there before keeps what it has.
            TableChange::AddColumn { column, .. } if table.column(&column.name.text).is_some_and(|known| known.range == column.range) => {
                of_column(column, table, &mut all);
            }
            TableChange::AddConstraint(constraint) => of_constraint(constraint, None, &mut all),
            TableChange::AlterColumn { column, change: ColumnChange::SetDefault(expression) } => {
                all.extend(table.column(&column.text).map(|column| (Kept::Default(&column.ty), expression)));
            }
            TableChange::AlterColumn { column, change: ColumnChange::SetExpression(expression) } => {
                all.extend(table.column(&column.text).map(|column| (Kept::Generated(&column.ty), expression)));
            }
            _ => {}
        }
    }
    all
}

fn of_column<'a>(definition: &'a ColumnDefinition, table: &'a Table, all: &mut All<'a>) {
    for constraint in &definition.constraints {
        of_constraint(constraint, Some((&definition.name, table)), all);
    }
}

fn of_constraint<'a>(constraint: &'a Constraint, behind: Option<(&Name, &'a Table)>, all: &mut All<'a>) {
    let ty = || behind.and_then(|(column, table)| table.column(&column.text)).map(|column| &column.ty);
    match &constraint.rule {
        Rule::Default(expression) => all.extend(ty().map(|ty| (Kept::Default(ty), expression))),
        Rule::Generated(expression) => all.extend(ty().map(|ty| (Kept::Generated(ty), expression))),
        Rule::Check(expression) => all.push((Kept::Check, expression)),
        Rule::Exclude(Exclude { elements, predicate, .. }) => {
            for (item, _) in elements {
                of_items(std::slice::from_ref(item), all);
            }
            all.extend(predicate.iter().map(|predicate| (Kept::IndexCondition, predicate)));
        }
        _ => {}
    }
}

fn of_items<'a>(items: &'a [IndexItem], all: &mut All<'a>) {
    let expression = |item: &'a IndexItem| match &item.column {
        IndexColumn::Expression { expression, .. } => Some((Kept::IndexPart, expression)),
        IndexColumn::Column(_) => None,
    };
    all.extend(items.iter().filter_map(expression));
}
