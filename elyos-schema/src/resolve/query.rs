//! Queries, in the order PostgreSQL evaluates their parts: `WITH`, `FROM`, `WHERE`, `GROUP BY`, `HAVING`, what is selected, `ORDER BY`
//! (<https://www.postgresql.org/docs/current/sql-select.html>).

use std::ops::Range;

use super::{
    Grouping, Resolver, Step,
    naming::column_name,
    rows::{RowColumn, Rows},
    scope::{Clause, Scope, ScopeColumn},
    types::{RECORD, UNKNOWN},
    value::Value,
};
use crate::{
    diagnostic::Diagnostic,
    query::{Body, Expr, ExprKind, Literal, Lock, Query, Select, SetOperation, Target},
};

impl Resolver<'_> {
    /// What a query returns.
    pub(super) fn query(&mut self, query: &Query) -> Step<Rows> {
        self.deeper(&query.range, |resolver| {
            let frame = resolver.open_with(query.with.as_ref())?;
            let rows = resolver.body(query);
            resolver.close_with(frame);
            rows
        })
    }

    fn body(&mut self, query: &Query) -> Step<Rows> {
        for limit in &query.limits {
            self.scopes.push(Scope::nameless(Clause::Limit));
            let value = self.expression(limit);
            self.scopes.pop();
            self.checked_count(value?)?;
        }
        if let (Some(lock), Body::Values(_) | Body::Set { .. }) = (query.locks.first(), &query.body) {
            return Err(self.no_lock("`VALUES` and set operations", lock));
        }
        let mut rows = match &query.body {
            Body::Select(select) => self.select(select, &query.order_by, &query.locks)?,
            Body::Values(rows) => self.values(rows, &query.range)?,
            Body::Nested(inner) => {
                let rows = self.query(inner)?;
                self.order_by_columns(&query.order_by, &rows)?;
                rows
            }
            Body::Set { operation, left, right } => {
                let rows = self.set_operation(*operation, left, right, &query.range)?;
                self.order_by_columns(&query.order_by, &rows)?;
                rows
            }
            Body::Write(write) => self.write(write, &query.range)?,
        };
        rows.exactly_one &= query.limits.is_empty();
        Ok(rows)
    }

    fn select(&mut self, select: &Select, order_by: &[Expr], locks: &[Lock]) -> Step<Rows> {
        let start = self.facts.next();
        let mark = self.references.len();
        let items = self.from(&select.from, &[])?;
        self.scopes.push(Scope::of(items));
        let grouping = std::mem::take(&mut self.grouping);
        self.windows.push(Vec::new());
        let windows = self.window_calls.len();
        let rows = self.selected(select, order_by, start, mark);
        let rows = rows.and_then(|rows| self.locked(select, locks, windows, rows));
        self.windows.pop();
        self.grouping = grouping;
        self.scopes.pop();
        rows
    }

    /// From here on this clause of the innermost query is resolved.
    pub(super) fn enter(&mut self, clause: Clause) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.clause = clause;
        }
    }

    fn selected(&mut self, select: &Select, order_by: &[Expr], start: usize, mark: usize) -> Step<Rows> {
        if let Some(filter) = &select.filter {
            self.enter(Clause::Where);
            let condition = self.expression(filter)?;
            let condition = self.checked_condition(condition, "WHERE")?;
            self.facts.hold(&condition.if_true(), start);
        }
        self.enter(Clause::GroupBy);
        self.grouping = self.group_by(&select.group_by, &select.targets)?;
        // So far every row is on its own.
        self.strike(mark, self.scopes.len().saturating_sub(1));
        self.enter(Clause::Window);
        for (name, window) in &select.windows {
            let named = self.window(window, &name.range)?;
            if let Some(windows) = self.windows.last_mut() {
                windows.push((name.text.clone(), named));
            }
        }
        let mut aggregates = false;
        if let Some(having) = &select.having {
            self.enter(Clause::Having);
            let condition = self.expression(having)?;
            self.checked_condition(condition, "HAVING")?;
        }
        self.enter(Clause::Targets);
        let (mut columns, mut open, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let mut failed = false;
        for target in &select.targets {
            // All that is wrong in a list is told at once.
            let before = self.references.len();
            let Ok(values) = self.target(target) else {
                failed = true;
                continue;
            };
            if self.is_open(&target.expr) {
                open.push((columns.len(), target.expr.range.clone()));
            }
            let is_star = matches!(target.expr.kind, ExprKind::Star(_) | ExprKind::FieldStar(_));
            for (index, (name, value)) in values.into_iter().enumerate() {
                let at = if is_star { before + index..before + index + 1 } else { before..self.references.len() };
                written.push(self.alike(&target.expr.range, at, is_star));
                aggregates |= value.aggregates;
                columns.push(RowColumn { name, ty: value.ty, modifiers: value.modifiers, not_null: value.not_null });
            }
        }
        if failed {
            return Err(super::Failed);
        }
        self.ordered(select, order_by, &columns, &written)?;
        let grouped = !select.group_by.is_empty() || select.having.is_some() || self.scopes.last().is_some_and(|scope| scope.aggregated);
        self.check_grouped(mark, grouped)?;
        if self.scopes.last().is_some_and(|scope| scope.aggregated) && self.is_recursing(&select.from) {
            let range = select.targets.first().map_or(0..0, |target| target.expr.range.clone());
            let diagnostic = Diagnostic::new("the recursive part of a table cannot aggregate its own rows");
            return Err(self.fail(&range, diagnostic.help("aggregate in the query that selects from the table")));
        }
        let makes_rows = self.scopes.last().is_some_and(|scope| scope.multiplied);
        let whole_group = aggregates && self.grouping == Grouping::None && select.group_by.is_empty();
        let no_rows_to_read = select.from.is_empty() && select.filter.is_none() && select.group_by.is_empty();
        let exactly_one = (whole_group || no_rows_to_read) && select.having.is_none() && !makes_rows;
        Ok(Rows { columns, exactly_one, multiplies: makes_rows, open })
    }

    /// A thing selected: one column, or those of a `*`.
    fn target(&mut self, target: &Target) -> Step<Vec<(String, Value)>> {
        if matches!(target.expr.kind, ExprKind::Star(_) | ExprKind::FieldStar(_)) {
            let mut columns = self.star(&target.expr)?;
            if self.grouping == Grouping::Sets {
                for (_, value) in &mut columns {
                    value.not_null = false;
                }
            }
            return Ok(columns);
        }
        let value = self.expression(&target.expr)?;
        let mut value = self.settled(value);
        if value.makes_rows {
            // Beside one that makes more rows it is filled up with nulls.
            value.not_null = false;
        }
        if self.grouping == Grouping::Sets && !is_count(&target.expr) {
            value.not_null = false;
        }
        let name = match &target.alias {
            Some(alias) => alias.text.clone(),
            None => column_name(&target.expr, &self.sub_query_names),
        };
        Ok(vec![(name, value)])
    }

    /// The targets of a `RETURNING`.
    pub(super) fn returned(&mut self, targets: &[Target]) -> Step<Rows> {
        let mut rows = Rows::default();
        for target in targets {
            for (name, value) in self.target(target)? {
                rows.columns.push(RowColumn { name, ty: value.ty, modifiers: value.modifiers, not_null: value.not_null });
            }
        }
        Ok(rows)
    }

    /// The columns of `*`, `t.*` or `(row).*`.
    pub(super) fn star(&mut self, expr: &Expr) -> Step<Vec<(String, Value)>> {
        let named = |resolver: &mut Self, columns: &[ScopeColumn]| -> Vec<(String, Value)> {
            columns.iter().map(|column| (column.name.clone(), resolver.named(column, &expr.range))).collect()
        };
        match &expr.kind {
            ExprKind::Star(parts) => {
                let Some(name) = parts.last() else {
                    let columns: Vec<ScopeColumn> = match self.scopes.last() {
                        Some(scope) => scope.items.iter().flat_map(|item| item.star.clone()).collect(),
                        None => Vec::new(),
                    };
                    if self.scopes.last().is_none_or(|scope| scope.items.is_empty()) {
                        return Err(self.fail(&expr.range, Diagnostic::new("`*` without `FROM`").help("name what to select")));
                    }
                    return Ok(named(self, &columns));
                };
                let schema = parts.len().checked_sub(2).and_then(|index| parts.get(index)).map(|schema| schema.text.as_str());
                if let Some(relation) = self.relation_in_scope(schema, name)? {
                    Ok(named(self, &relation.columns))
                } else {
                    Err(self.no_relation(name))
                }
            }
            ExprKind::FieldStar(base) => {
                let mut value = self.expression(base)?;
                if let Some(parts) = value.row.take() {
                    let named = |(index, part)| (format!("f{}", index + 1), part);
                    return Ok(parts.into_iter().map(|part| self.settled(part)).enumerate().map(named).collect());
                }
                let Some(fields) = self.types.fields(value.ty) else {
                    let message = format!("a `{}` has no fields", self.types.named(value.ty));
                    return Err(self.fail_if_known(
                        value.ty != RECORD && self.know_types(&[value.ty]),
                        &base.range,
                        Diagnostic::new(message),
                    ));
                };
                Ok(fields
                    .iter()
                    .map(|field| {
                        let mut part = Value::from_parts(field.ty, false, [&value], expr.range.clone());
                        part.modifiers.clone_from(&field.modifiers);
                        (field.name.clone(), part)
                    })
                    .collect())
            }
            _ => Err(self.fail(&expr.range, Diagnostic::new("this is no `*`"))),
        }
    }

    /// The values of a `*` in a `ROW(…)`.
    pub(super) fn star_values(&mut self, expr: &Expr) -> Step<Vec<Value>> {
        Ok(self.star(expr)?.into_iter().map(|(_, value)| value).collect())
    }

    /// `VALUES` (<https://www.postgresql.org/docs/current/sql-values.html>).
    fn values(&mut self, rows: &[Vec<Expr>], range: &Range<usize>) -> Step<Rows> {
        self.scopes.push(Scope::nameless(Clause::Values));
        let found = self.value_rows(rows, range);
        self.scopes.pop();
        found
    }

    fn value_rows(&mut self, rows: &[Vec<Expr>], range: &Range<usize>) -> Step<Rows> {
        let width = rows.first().map_or(0, Vec::len);
        let mut resolved: Vec<Vec<Value>> = Vec::new();
        for row in rows {
            let mut values = Vec::new();
            for item in row {
                match &item.kind {
                    ExprKind::Star(_) | ExprKind::FieldStar(_) => values.extend(self.star_values(item)?),
                    _ => values.push(self.expression(item)?),
                }
            }
            resolved.push(values);
        }
        if resolved.iter().any(|row| row.len() != resolved.first().map_or(width, Vec::len)) {
            return Err(self.fail(range, Diagnostic::new("the rows of `VALUES` have different lengths")));
        }
        let count = resolved.len();
        let mut columns = Vec::new();
        for index in 0..resolved.first().map_or(0, Vec::len) {
            let column: Vec<Value> = resolved.iter().filter_map(|row| row.get(index).cloned()).collect();
            let (ty, column) = self.unified(column, "VALUES")?;
            columns.push(RowColumn {
                name: format!("column{}", index + 1),
                ty,
                modifiers: Self::common_modifiers(&column),
                not_null: column.iter().all(|value| value.not_null),
            });
        }
        Ok(Rows { columns, exactly_one: count == 1, multiplies: false, open: Vec::new() })
    }

    /// `UNION`, `INTERSECT`, `EXCEPT` (<https://www.postgresql.org/docs/current/typeconv-union-case.html>).
    fn set_operation(&mut self, operation: SetOperation, left: &Query, right: &Query, range: &Range<usize>) -> Step<Rows> {
        let first = self.operand(left)?;
        let second = self.operand(right)?;
        self.combined(operation, first, second, range)
    }

    /// A side of a set operation, whose literals have no type until the other side is known.
    pub(super) fn operand(&mut self, query: &Query) -> Step<Rows> {
        if let (Body::Nested(inner), None, [], []) = (&query.body, &query.with, query.order_by.as_slice(), query.limits.as_slice()) {
            return self.operand(inner);
        }
        let mut rows = self.query(query)?;
        if matches!(&query.body, Body::Select(select) if !select.distinct) && query.order_by.is_empty() {
            for (index, _) in &rows.open {
                if let Some(column) = rows.columns.get_mut(*index) {
                    column.ty = UNKNOWN;
                    column.modifiers.clear();
                }
            }
        } else {
            rows.open.clear();
        }
        Ok(rows)
    }

    /// Whether an expression is nothing but a literal, or a parameter of a type that nothing has said yet.
    fn is_open(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Literal(Literal::String | Literal::Null) => true,
            ExprKind::Parameter(number) => self.parameters.get(number.saturating_sub(1)).is_none_or(Option::is_none),
            _ => false,
        }
    }

    /// The rows of two queries as those of one.
    pub(super) fn combined(&mut self, operation: SetOperation, left: Rows, right: Rows, range: &Range<usize>) -> Step<Rows> {
        if left.columns.len() != right.columns.len() {
            let message = format!("one side has {} columns and the other {}", left.columns.len(), right.columns.len());
            return Err(self.fail(range, Diagnostic::new(message).help("`UNION`, `INTERSECT` and `EXCEPT` need as many on both sides")));
        }
        let mut columns = Vec::new();
        for (index, (first, second)) in left.columns.into_iter().zip(right.columns).enumerate() {
            let value = |column: &RowColumn, open: &[(usize, Range<usize>)]| {
                let range = open.iter().find(|(known, _)| *known == index).map_or(range, |(_, range)| range);
                Value { modifiers: column.modifiers.clone(), ..Value::new(column.ty, column.not_null, range.clone()) }
            };
            let (ty, values) = self.unified(vec![value(&first, &left.open), value(&second, &right.open)], "a set operation")?;
            if operation != SetOperation::UnionAll {
                self.check_comparable(&Value::new(ty, false, range.clone()), "UNION")?;
            }
            let known = |index: usize| values.get(index).is_some_and(|value| value.not_null);
            let not_null = match operation {
                SetOperation::Union | SetOperation::UnionAll => known(0) && known(1),
                // Its rows are on both sides.
                SetOperation::Intersect => known(0) || known(1),
                SetOperation::Except => known(0),
            };
            columns.push(RowColumn { name: first.name, ty, modifiers: Self::common_modifiers(&values), not_null });
        }
        Ok(Rows { columns, exactly_one: false, multiplies: false, open: Vec::new() })
    }
}

/// Whether it is nothing but a count, which no grouping set makes null.
fn is_count(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => call.over.is_none() && call.name.last().is_some_and(|name| name.text == "count"),
        ExprKind::Grouping(_) => true,
        _ => false,
    }
}
