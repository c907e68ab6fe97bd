//! Joins: which columns they merge, and which side may have no row
//! (<https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN>).

use std::ops::Range;

use super::{
    Resolver, Step,
    scope::{Clause, Columns, Item, Relation, Scope, ScopeColumn},
    snapshot::Context,
    value::Value,
};
use crate::{
    ddl::Name,
    diagnostic::Diagnostic,
    nearest::nearest,
    query::{FromItem, Join, JoinCondition, JoinKind},
};

impl Resolver<'_> {
    pub(super) fn join(&mut self, join: &Join, before: &[Item]) -> Step<Item> {
        let start = self.facts.next();
        let left = self.side(join, &join.left, before)?;
        // What stands to the left of the join and its own left side are what a lateral right side sees.
        let seen: Vec<Item> = before.iter().cloned().chain([left.clone()]).collect();
        let right = self.side(join, &join.right, &seen)?;
        let names = match &join.condition {
            JoinCondition::Using { columns, .. } => columns.clone(),
            JoinCondition::Natural => {
                let shared = left.star.iter().filter(|column| right.star.iter().any(|other| other.name == column.name));
                shared.map(|column| Name { text: column.name.clone(), range: join.right.range.clone() }).collect()
            }
            _ => Vec::new(),
        };
        let mut needed = Columns::new();
        let mut pairs = Vec::new();
        for name in &names {
            let (first, second) = (self.join_column(&left, name)?, self.join_column(&right, name)?);
            let (one, other) = (self.value_of(&first, &name.range), self.value_of(&second, &name.range));
            let equal = self.operate(None, "=", Some(one), other, &name.range)?;
            needed.extend(equal.if_true());
            pairs.push((first, second));
        }
        if let JoinCondition::On(condition) = &join.condition {
            self.scopes.push(Scope { clause: Clause::On, ..Scope::of(vec![left.clone(), right.clone()]) });
            let condition = self.expression(condition);
            self.scopes.pop();
            needed = self.checked_condition(condition?, "ON")?.if_true();
        }
        let within = |item: &Item| needed.intersection(&item.ids()).copied().collect::<Columns>();
        match join.kind {
            JoinKind::Inner => self.facts.hold(&needed, start),
            JoinKind::Left => self.facts.hold(&within(&right), start),
            JoinKind::Right => self.facts.hold(&within(&left), start),
            JoinKind::Full => {}
        }
        // What a merged column of a full join is, is known before the sides may be missing.
        let merged = pairs
            .iter()
            .zip(&names)
            .map(|((first, second), name)| self.merged(join.kind, first, second, &name.range))
            .collect::<Step<Vec<_>>>()?;
        if matches!(join.kind, JoinKind::Left | JoinKind::Full) {
            self.facts.make_nullable(right.ids());
        }
        if matches!(join.kind, JoinKind::Right | JoinKind::Full) {
            self.facts.make_nullable(left.ids());
        }
        let rest = |item: &Item| -> Vec<ScopeColumn> {
            item.star.iter().filter(|column| !names.iter().any(|name| name.text == column.name)).cloned().collect()
        };
        let mut star = merged.clone();
        star.extend(rest(&left));
        star.extend(rest(&right));
        let mut relations: Vec<Relation> = left.relations.into_iter().chain(right.relations).collect();
        if let JoinCondition::Using { alias: Some(alias), .. } = &join.condition {
            let name = alias.text.clone();
            relations.push(Relation { schema: None, name, columns: merged, table: false, row: None, scalar: false, key: Vec::new() });
        }
        for (index, relation) in relations.iter().enumerate() {
            let twice = relations[..index].iter().any(|other| other.name == relation.name && other.schema == relation.schema);
            if twice {
                let message = format!("table name `{}` is used twice", relation.name);
                return Err(self.fail(&join.right.range, Diagnostic::new(message).help("give one of them an alias")));
            }
        }
        Ok(Item { star, relations })
    }

    fn side(&mut self, join: &Join, side: &FromItem, before: &[Item]) -> Step<Item> {
        let outer = if std::ptr::eq(side, &raw const join.left) { JoinKind::Right } else { JoinKind::Left };
        let may_be_missing = usize::from(join.kind == outer || join.kind == JoinKind::Full);
        self.within.missing_sides += may_be_missing;
        let item = self.deeper(&side.range, |resolver| resolver.table_item(side, before));
        self.within.missing_sides -= may_be_missing;
        item
    }

    /// The column of one side that `USING` names.
    fn join_column(&mut self, side: &Item, name: &Name) -> Step<ScopeColumn> {
        let found: Vec<&ScopeColumn> = side.star.iter().filter(|column| column.name == name.text).collect();
        match found.as_slice() {
            [only] => Ok((*only).clone()),
            [] => {
                let near = nearest(&name.text, side.star.iter().map(|column| column.name.as_str()));
                let message = format!("column `{}` of `USING` is not on both sides", name.text);
                Err(self.fail(&name.range, Diagnostic::new(message).help_nearest(&near)))
            }
            _ => {
                let message = format!("column `{}` of `USING` is more than once on one side", name.text);
                Err(self.fail(&name.range, Diagnostic::new(message)))
            }
        }
    }

    /// The column that two become (`buildMergedJoinVar` in PostgreSQL's source): that of the side which has a row, or the first of both.
    fn merged(&mut self, kind: JoinKind, left: &ScopeColumn, right: &ScopeColumn, range: &Range<usize>) -> Step<ScopeColumn> {
        let both = vec![self.value_of(left, range), self.value_of(right, range)];
        let kept = if both[0].ty == both[1].ty { Self::common_modifiers(&both) } else { Vec::new() };
        let (ty, values) = self.unified(both, "USING")?;
        let one = match kind {
            // Of an inner join's equal columns PostgreSQL takes the one that needs no conversion.
            JoinKind::Inner | JoinKind::Left if left.ty == ty => Some(left.id),
            JoinKind::Inner | JoinKind::Right if right.ty == ty => Some(right.id),
            _ => None,
        };
        let id = match (one, kind) {
            (Some(id), _) => id,
            (None, JoinKind::Inner | JoinKind::Full) => self.facts.add(values.iter().all(|value| value.not_null)),
            (None, JoinKind::Left) => self.converted_column(&values, 0),
            (None, JoinKind::Right) => self.converted_column(&values, 1),
        };
        Ok(ScopeColumn { name: left.name.clone(), ty, modifiers: kept, id })
    }

    fn converted_column(&mut self, values: &[Value], index: usize) -> usize {
        let not_null = values.get(index).is_some_and(|value| value.not_null);
        self.facts.add(not_null)
    }

    /// Checks that a value goes where an integer is wanted, as of `LIMIT`.
    pub(super) fn checked_count(&mut self, value: Value) -> Step<Value> {
        self.convert(value, super::types::INT8, &[], Context::Assignment)
    }
}
