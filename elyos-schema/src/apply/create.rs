//! `CREATE TABLE`: columns first, then checks, then keys (the primary one before the others), then foreign keys, as PostgreSQL does.

use super::{
    Applier,
    column::Pending,
    expression::{is_partitioned_by, mentions},
    inherit::Copied,
    texts,
};
use crate::{
    catalog::{Column, RelationName, SYSTEM_COLUMNS, Table, TableKind},
    ddl::{
        ColumnDefinition, Constraint, CreateTable, Exclude, IndexColumn, IndexItem, KeyDefinition, Name, PartitionKey, Persistence, Rule,
        TableElement,
    },
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
        if self.refuses_taken_name(&create.name, &name) {
            return;
        }
        let mut table = self.new_table(&name.schema, &name.name, kind_of(create), true);
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
                && !self.inherits_twice(&table, &found, parent)
                && self.may_have_children(&found, create.partition_of.is_some(), parent)
            {
                self.inherit_into(&mut table, &found, &mut copied, &parent.range);
            }
        }
        table.is_partition = create.partition_of.is_some();
        if let Some(parent) = create.partition_of.as_ref().and_then(|parent| self.lookup(parent))
            && self.overlaps_another(&parent, &name, create.partition_bound.as_deref(), &create.name.range)
        {
            return;
        }

        let mut likes_a_key = None;
        let mut pending: Vec<Pending<'_>> = Vec::new();
        for element in &create.elements {
            match element {
                TableElement::Column(definition) => pending.extend(self.add_defined_column(&name, &mut table, definition)),
                TableElement::Constraint(constraint) => pending.push((constraint, None)),
                TableElement::Like { table: like, options } => {
                    if self.lookup(like).is_none()
                        && let Some(attributes) = self.attributes(like)
                    {
                        self.add_attributes(&mut table, attributes);
                    } else if let Some(found) = self.existing(like) {
                        self.like_into(&name, &mut table, &found, *options, &mut copied);
                        if options.indexes && self.table(&found).is_some_and(|table| table.primary_key.is_some()) {
                            likes_a_key = Some(like.range.clone());
                        }
                    }
                }
            }
        }
        let key_columns = create.partition_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        if let Some(unknown) = key_columns.iter().find(|column| table.columns_known && table.column(&column.text).is_none()) {
            let diagnostic = Diagnostic::new(format!("column `{}` in the partition key does not exist", unknown.text));
            return self.report(diagnostic, &unknown.range);
        }
        // PostgreSQL 17 takes an exclusion that has the whole key; before it there was none in a partitioned table.
        let without_key = copied.exclusions.iter().find(|exclusion| {
            let has = |column: &Name| exclusion.elements.iter().any(|(part, _)| part.column.as_ref() == Some(&column.text));
            !key_columns.iter().all(has)
        });
        if let Some(exclusion) = without_key {
            let text = format!("partitioned table `{name}` cannot have exclusion `{}`, which is not of its partition key", exclusion.name);
            return self.report(Diagnostic::new(text).help("leave it out: `EXCLUDING INDEXES`"), &create.name.range);
        }
        if create.partition_key.as_ref().is_some_and(|key| self.refuses_key(&table, key)) || self.reads_generated(&table) {
            return;
        }
        let definitions = create.elements.iter().filter_map(|element| match element {
            TableElement::Column(definition) => Some(&definition.constraints),
            _ => None,
        });
        for constraints in definitions {
            if self.refuses_names(&table, constraints) {
                return;
            }
        }
        if !self.add_table(&create.name, table, false) {
            return;
        }
        self.add_copied_checks(&name, &copied);
        // A foreign key may be to a key that `LIKE` brings.
        let (references, others): (Vec<_>, Vec<_>) =
            in_order(&pending).into_iter().partition(|(constraint, _)| matches!(constraint.rule, Rule::References(_)));
        for (constraint, behind) in &others {
            self.add_constraint(&name, constraint, behind.as_ref());
        }
        if let Some(range) = likes_a_key.filter(|_| self.table(&name).is_some_and(|table| table.primary_key.is_some())) {
            let diagnostic = Diagnostic::new(format!("relation `{name}` has a primary key already"));
            return self.report(diagnostic, &range);
        }
        self.add_copied_keys(&name, &copied);
        for (constraint, behind) in &references {
            self.add_constraint(&name, constraint, behind.as_ref());
        }
        self.copy_statistics(&name, &copied.statistics);
    }

    /// Whether a generated column is in the partition key or in what another one is generated from, with a diagnostic.
    pub(super) fn reads_generated(&mut self, table: &Table) -> bool {
        let generated = || table.columns.iter().filter(|column| column.generated.is_some());
        let in_key = generated().find(|column| is_partitioned_by(table, &column.name));
        let names = |text: &String, column: &Column| mentions(self.catalog, table, text, &column.name);
        let reads = |column: &&Column| generated().any(|other| other.generated.as_ref().is_some_and(|text| names(text, column)));
        let (column, wrong) = if let Some(column) = in_key {
            (column, "in a partition key")
        } else if let Some(column) = generated().find(reads) {
            (column, "in what a column is generated from")
        } else {
            return false;
        };
        let diagnostic = Diagnostic::new(format!("generated column `{}` cannot be {wrong}", column.name));
        let range = column.range.clone();
        self.report(diagnostic, &range);
        true
    }

    /// Whether an expression cannot be in a partition key, with a diagnostic.
    fn refuses_key(&mut self, table: &Table, key: &PartitionKey) -> bool {
        let is_column = |name: &&String| table.column(name).is_some();
        let wrong = key.expressions.iter().find_map(|expression| {
            let row = |name: &&String| **name == table.name;
            let system = |name: &&String| !is_column(name) && SYSTEM_COLUMNS.contains(&name.as_str());
            let wrong = if expression.names.iter().any(|name| system(&name)) {
                "a column that every table has"
            } else if table.columns_known && !expression.names.iter().any(|name| is_column(&name) || row(&name)) {
                "no column"
            } else {
                return None;
            };
            Some((expression.start..expression.start + expression.text.len(), wrong))
        });
        let Some((range, wrong)) = wrong else { return false };
        self.report(Diagnostic::new(format!("an expression of the partition key of `{}` reads {wrong}", table.full_name())), &range);
        true
    }

    fn inherits_twice(&mut self, table: &Table, parent: &RelationName, written: &crate::ddl::Qualified) -> bool {
        let twice = table.parents.contains(parent);
        if twice {
            self.report(Diagnostic::new(format!("`{}` would inherit from `{parent}` twice", table.full_name())), &written.range);
        }
        twice
    }

    /// A column of the statement: new, or more said about one that a parent table has.
    fn add_defined_column<'a>(&mut self, name: &RelationName, table: &mut Table, definition: &'a ColumnDefinition) -> Vec<Pending<'a>> {
        let inherited = table.columns.iter().position(|column| column.name == definition.name.text);
        match (inherited, &definition.ty) {
            (Some(index), Some(ty)) if table.columns[index].inherited => {
                let (mut column, pending) = self.build_column(name, definition, ty);
                let above = &table.columns[index];
                let same = above.ty.is_same(&column.ty);
                column.not_null |= above.not_null;
                // `DEFAULT NULL` leaves none, the inherited one neither.
                let said = definition.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::Default(_)));
                column.default = column.default.or_else(|| above.default.clone().filter(|_| column.generated.is_none() && !said));
                column.generated = column.generated.or_else(|| above.generated.clone());
                table.columns[index] = column;
                if !same {
                    let text = format!("column `{}` has another type than the inherited one", definition.name.text);
                    self.report(Diagnostic::new(text), &definition.name.range);
                }
                pending
            }
            (Some(index), None) => {
                let mut column = table.columns[index].clone();
                if definition.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::Default(_))) {
                    column.default = None;
                }
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

fn kind_of(create: &CreateTable) -> TableKind {
    match create {
        CreateTable { foreign: true, .. } => TableKind::Foreign,
        CreateTable { partitioned: true, .. } => TableKind::Partitioned,
        _ => TableKind::Table,
    }
}

/// Checks, then keys with the primary one first, then foreign keys; a key that says the same as one before it is that one, and gives it
/// its name if that has none.
pub(super) fn in_order(pending: &[Pending<'_>]) -> Vec<(Constraint, Option<Name>)> {
    let rank = |pending: &&Pending<'_>| match &pending.0.rule {
        Rule::PrimaryKey(_) => 2,
        Rule::Unique(_) | Rule::Exclude(_) => 3,
        Rule::References(_) => 4,
        _ => 1,
    };
    let mut ordered: Vec<&Pending<'_>> = pending.iter().collect();
    ordered.sort_by_key(rank);
    let mut kept: Vec<(Constraint, Option<Name>)> = Vec::new();
    for (constraint, behind) in ordered {
        match kept.iter_mut().find(|(earlier, before)| same_key((earlier, before.as_ref()), (constraint, behind.as_ref()))) {
            Some((earlier, _)) => earlier.name = earlier.name.take().or_else(|| constraint.name.clone()),
            None => kept.push(((*constraint).clone(), behind.clone())),
        }
    }
    kept
}

/// Whether the second key, not a primary one, says what the first has said (`transformIndexConstraints` in PostgreSQL's source).
fn same_key(first: (&Constraint, Option<&Name>), second: (&Constraint, Option<&Name>)) -> bool {
    let columns = |key: &KeyDefinition, behind: Option<&Name>| {
        if key.columns.is_empty() { behind.map(|name| name.text.clone()).into_iter().collect() } else { texts(&key.columns) }
    };
    let same = match (&first.0.rule, &second.0.rule) {
        (Rule::PrimaryKey(left) | Rule::Unique(left), Rule::Unique(right)) => {
            left.using_index.is_none()
                && right.using_index.is_none()
                && columns(left, first.1) == columns(right, second.1)
                && texts(&left.include) == texts(&right.include)
                && left.nulls_not_distinct == right.nulls_not_distinct
        }
        (Rule::Exclude(left), Rule::Exclude(right)) => same_exclusion(left, right),
        _ => false,
    };
    same && (first.0.deferrable, first.0.initially_deferred) == (second.0.deferrable, second.0.initially_deferred)
}

fn same_exclusion(left: &Exclude, right: &Exclude) -> bool {
    let element = |(item, operator): &(IndexItem, String)| {
        let column = match &item.column {
            IndexColumn::Column(name) => name.text.clone(),
            IndexColumn::Expression { expression, .. } => format!("({})", expression.text),
        };
        (column, operator.clone(), item.operator_class.clone(), item.collation.clone())
    };
    let elements = |exclude: &Exclude| exclude.elements.iter().map(element).collect::<Vec<_>>();
    let predicate = |exclude: &Exclude| exclude.predicate.as_ref().map(|predicate| predicate.text.clone());
    left.method == right.method && elements(left) == elements(right) && predicate(left) == predicate(right)
}
