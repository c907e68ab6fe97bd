//! `ORDER BY`, `DISTINCT` and `DISTINCT ON` (<https://www.postgresql.org/docs/current/sql-select.html#SQL-ORDERBY>;
//! `findTargetlistEntrySQL92`, `transformDistinctOnClause` in PostgreSQL's source).

use super::{
    Resolver, Step,
    rows::{RowColumn, Rows},
    value::Value,
};
use crate::{
    diagnostic::Diagnostic,
    query::{Expr, ExprKind, Literal, Lock, Select},
};

/// What an item of `ORDER BY` means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A column of the result, from 0.
    Column(usize),
    /// An expression that is not selected, as it is written.
    Expression(String),
}

impl Resolver<'_> {
    /// Checks the order of a query's rows, and what they are distinct by.
    pub(super) fn ordered(&mut self, select: &Select, order_by: &[Expr], columns: &[RowColumn], written: &[String]) -> Step<()> {
        let mut ordered = Vec::new();
        for item in order_by {
            ordered.push((self.order_item(item, columns, written, "ORDER BY")?, item));
        }
        let mut distinct_on = Vec::new();
        for item in &select.distinct_on {
            distinct_on.push(self.order_item(item, columns, written, "DISTINCT ON")?);
        }
        if !select.distinct_on.is_empty() {
            // The first items of the order are the distinct ones, in whatever order, each once or more.
            let mut left: Vec<&Item> = distinct_on.iter().collect();
            left.dedup();
            for (item, expr) in &ordered {
                if distinct_on.contains(item) {
                    left.retain(|other| *other != item);
                } else if left.is_empty() {
                    break;
                } else {
                    let diagnostic = Diagnostic::new("`ORDER BY` begins with something else than `DISTINCT ON`");
                    return Err(self.fail(&expr.range, diagnostic.help("order by the expressions of `DISTINCT ON` first")));
                }
            }
        } else if select.distinct {
            for column in columns {
                let value = Value::new(column.ty, false, select.targets.first().map_or(0..0, |target| target.expr.range.clone()));
                self.check_comparable(&value, "DISTINCT")?;
            }
            if let Some((_, expr)) = ordered.iter().find(|(item, _)| matches!(item, Item::Expression(_))) {
                let diagnostic = Diagnostic::new("what `SELECT DISTINCT` orders by must be selected");
                return Err(self.fail(&expr.range, diagnostic.help("select it too, or order in a query around this one")));
            }
        }
        Ok(())
    }

    /// An item of `ORDER BY` or `DISTINCT ON`: the place or name of what is selected, or an expression.
    fn order_item(&mut self, expr: &Expr, columns: &[RowColumn], written: &[String], place: &str) -> Step<Item> {
        match &expr.kind {
            ExprKind::Literal(Literal::Integer(_)) => self.order_place(expr, columns.len(), place).and_then(|index| {
                self.check_column(expr, columns.get(index))?;
                Ok(Item::Column(index))
            }),
            ExprKind::Literal(_) => {
                let diagnostic = Diagnostic::new(format!("a constant in `{place}` is the place of something selected, an integer"));
                Err(self.fail(&expr.range, diagnostic.help("leave it out: every row has the same one")))
            }
            ExprKind::Column(parts) if parts.len() == 1 && columns.iter().any(|column| column.name == parts[0].text) => {
                let named: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].name == parts[0].text).collect();
                if !named.iter().all(|index| written.get(*index) == written.get(named[0])) {
                    let diagnostic = Diagnostic::new(format!("`{}` in `{place}` is the name of several columns", parts[0].text));
                    return Err(self.fail(&expr.range, diagnostic.help("give them different names, or write a column's place")));
                }
                self.check_column(expr, columns.get(named[0]))?;
                Ok(Item::Column(named[0]))
            }
            _ => {
                let mark = self.references.len();
                let value = self.expression(expr)?;
                self.check_ordered(&value)?;
                let alike = self.written_alike(&expr.range, mark);
                let selected = written.iter().position(|target| *target == alike);
                Ok(selected.map_or(Item::Expression(alike), Item::Column))
            }
        }
    }

    fn check_column(&mut self, expr: &Expr, column: Option<&RowColumn>) -> Step<()> {
        let value = Value::new(column.map_or(super::types::UNKNOWN, |column| column.ty), false, expr.range.clone());
        self.check_ordered(&value)
    }

    /// The place of a column that a number in `ORDER BY` means, from 0.
    fn order_place(&mut self, expr: &Expr, count: usize, place: &str) -> Step<usize> {
        let ExprKind::Literal(Literal::Integer(digits)) = &expr.kind else { return Ok(0) };
        let index = digits.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|index| *index < count);
        index.ok_or_else(|| {
            let diagnostic = Diagnostic::new(format!("`{place} {digits}` is no place of what is selected"));
            self.fail(&expr.range, diagnostic.help(format!("the query has {count} columns, counted from 1")))
        })
    }

    /// `ORDER BY` of a set operation, which sees only the columns that it returns.
    pub(super) fn order_by_columns(&mut self, order_by: &[Expr], rows: &Rows) -> Step<()> {
        for item in order_by {
            match &item.kind {
                ExprKind::Literal(Literal::Integer(_)) => {
                    let index = self.order_place(item, rows.columns.len(), "ORDER BY")?;
                    self.check_column(item, rows.columns.get(index))?;
                }
                ExprKind::Column(parts) if parts.len() == 1 => {
                    let name = &parts[0];
                    let Some(column) = rows.columns.iter().find(|column| column.name == name.text) else {
                        let known: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
                        return Err(self.unknown_name("column", &name.text, &name.range, &known));
                    };
                    self.check_column(item, Some(column))?;
                }
                _ => {
                    let diagnostic = Diagnostic::new("`ORDER BY` of a set operation names its columns, and this is an expression");
                    return Err(self.fail(&item.range, diagnostic.help("select from the whole in parentheses, and order that")));
                }
            }
        }
        Ok(())
    }

    /// Checks `FOR UPDATE` and the like, for which every row of the result is a row of a table
    /// (<https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE>).
    pub(super) fn locked(&mut self, select: &Select, locks: &[Lock], windows: usize, rows: Rows) -> Step<Rows> {
        for lock in locks {
            let aggregated = self.scopes.last().is_some_and(|scope| scope.aggregated);
            let beside = if select.distinct {
                Some("`DISTINCT`")
            } else if !select.group_by.is_empty() || select.having.is_some() || aggregated {
                Some("groups and aggregates")
            } else if self.window_calls.len() > windows {
                Some("window functions")
            } else if rows.multiplies {
                Some("functions that return sets")
            } else {
                None
            };
            if let Some(beside) = beside {
                return Err(self.no_lock(beside, lock));
            }
            for written in &lock.of {
                let ExprKind::Column(parts) = &written.kind else { continue };
                let Some(name) = parts.last() else { continue };
                if self.scopes.last().is_none_or(|scope| scope.relations(None, &name.text).next().is_none()) {
                    return Err(self.no_relation(name));
                }
            }
        }
        Ok(rows)
    }

    pub(super) fn no_lock(&mut self, beside: &str, lock: &Lock) -> super::Failed {
        let diagnostic = Diagnostic::new(format!("rows cannot be locked beside {beside}"));
        self.fail(&lock.range, diagnostic.help("lock them in a sub-query, which the rest selects from"))
    }
}
