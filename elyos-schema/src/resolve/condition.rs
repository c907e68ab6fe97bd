//! Conditions: comparisons and logic, and which columns are not null where they hold.

use std::ops::Range;

use super::{
    Resolver, Step,
    scope::Columns,
    snapshot::Context,
    types::{BOOL, Types, UNKNOWN},
    value::Value,
};
use crate::{
    diagnostic::Diagnostic,
    query::{Expr, Query, Test},
};

impl Resolver<'_> {
    /// `AND` is true where all are, and null only where none is false and one null; `OR` the other way round
    /// (<https://www.postgresql.org/docs/current/functions-logical.html>).
    pub(super) fn logical(&mut self, items: &[Expr], word: &str, range: &Range<usize>) -> Step<Value> {
        let mut values = Vec::new();
        for item in items {
            let value = self.expression(item)?;
            values.push(self.checked_condition(value, word)?);
        }
        let not_null = values.iter().all(|value| value.not_null);
        let mut whole = Value::from_parts(BOOL, not_null, &values, range.clone());
        let trues: Vec<Columns> = values.iter().map(Value::if_true).collect();
        let falses: Vec<Columns> = values.iter().map(Value::if_false).collect();
        (whole.when_true, whole.when_false) =
            if word == "AND" { (union(&trues), common(&falses)) } else { (common(&trues), union(&falses)) };
        Ok(whole)
    }

    pub(super) fn is(&mut self, value: &Expr, test: Test, negated: bool, range: &Range<usize>) -> Step<Value> {
        let value = self.expression(value)?;
        let value = match test {
            Test::True | Test::False | Test::Unknown => self.checked_condition(value, "IS")?,
            Test::Null => self.settled(value),
            Test::Document => self.convert(value, super::types::XML, &[], Context::Implicit)?,
            Test::Other => {
                let value = self.settled(value);
                return Ok(Value::strict(BOOL, false, [&value], range.clone()));
            }
        };
        let nothing = Columns::new();
        let (yes, no) = match test {
            Test::Null | Test::Unknown => (nothing, value.needs.clone()),
            Test::True => (value.if_true(), nothing),
            Test::False => (value.if_false(), nothing),
            Test::Document | Test::Other => (value.needs.clone(), value.needs.clone()),
        };
        let (when_true, when_false) = if negated { (no, yes) } else { (yes, no) };
        let not_null = test != Test::Document || value.not_null;
        let mut whole = Value::condition(not_null, when_true, when_false, range.clone());
        (whole.makes_rows, whole.aggregates) = (value.makes_rows, value.aggregates);
        Ok(whole)
    }

    pub(super) fn distinct(&mut self, left: &Expr, right: &Expr, negated: bool, range: &Range<usize>) -> Step<Value> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let parts = [left.clone(), right.clone()];
        let mut same = Columns::new();
        if let (Some(first), Some(second)) = (left.row.clone(), right.row.clone()) {
            self.compare_rows("=", first, second, range)?;
        } else if let (_, operands) = self.operated(None, "=", Some(left), right, range)?
            && let [left, right] = operands.as_slice()
        {
            // Not distinct from something that is not null, it is none.
            for (one, other) in [(left, right), (right, left)] {
                if other.not_null {
                    same.extend(&one.needs);
                }
            }
        }
        let mut whole = Value::from_parts(BOOL, true, &parts, range.clone());
        *(if negated { &mut whole.when_true } else { &mut whole.when_false }) = same;
        Ok(whole)
    }

    pub(super) fn is_in(&mut self, value: &Expr, list: &[Expr], range: &Range<usize>) -> Step<Value> {
        let value = self.expression(value)?;
        let mut parts = vec![value.clone()];
        let mut compared = Vec::new();
        for item in list {
            let item = self.expression(item)?;
            parts.push(item.clone());
            compared.push(match (value.row.clone(), item.row.clone()) {
                (Some(first), Some(second)) => self.compare_rows("=", first, second, range)?,
                _ => self.operate(None, "=", Some(value.clone()), item, range)?,
            });
        }
        let mut whole = Value::from_parts(BOOL, compared.iter().all(|compared| compared.not_null), &parts, range.clone());
        // True where one comparison is, false where all are; and null where all are null.
        let each = |columns: fn(&Value) -> Columns| compared.iter().map(columns).collect::<Vec<Columns>>();
        whole.needs = common(&each(|compared| compared.needs.clone()));
        whole.when_true = common(&each(Value::if_true));
        whole.when_false = union(&each(Value::if_false));
        Ok(whole)
    }

    pub(super) fn quantified_array(&mut self, name: &str, left: &Expr, array: &Expr, all: bool, range: &Range<usize>) -> Step<Value> {
        let left = self.expression(left)?;
        let array = self.expression(array)?;
        let element = if array.ty == UNKNOWN {
            UNKNOWN
        } else if let Some(element) = Types::element_of(self.types.base(array.ty)) {
            element
        } else {
            let message = format!("`ANY` and `ALL` take an array, and this is a `{}`", self.types.named(array.ty));
            return Err(self.fail_if_known(self.know_types(&[array.ty]), &array.range, Diagnostic::new(message)));
        };
        let chosen = self.choose_operator(None, name, Some(left.ty), element, range)?;
        let mut whole = Value::from_parts(BOOL, false, [&left, &array], range.clone());
        let left = self.convert(left, chosen.left_type(), &[], Context::Implicit)?;
        // An array without elements satisfies `ALL` whatever the left side is.
        if chosen.strict() && !all {
            whole.when_true = left.needs.union(&array.needs).copied().collect();
        }
        if array.ty == UNKNOWN
            && let Some(ty) = Types::array_of(chosen.right_type())
        {
            self.convert(array, ty, &[], Context::Implicit)?;
        }
        Ok(whole)
    }

    /// `IN (query)`, `= ANY (query)`, `<> ALL (query)`.
    pub(super) fn quantified_query(&mut self, name: &str, left: &Expr, query: &Query, all: bool, range: &Range<usize>) -> Step<Value> {
        let left = self.expression(left)?;
        let columns = self.query_values(query)?;
        let lefts = left.row.clone().unwrap_or_else(|| vec![left.clone()]);
        let single = lefts.len() == 1;
        let compared = self.compare_rows(name, lefts, columns, range)?;
        let mut whole = Value::from_parts(BOOL, false, [&left], range.clone());
        if !all && single && name == "=" {
            // One row was equal to it.
            whole.when_true = left.needs.intersection(&compared.if_true()).copied().collect();
        }
        Ok(whole)
    }

    pub(super) fn between(&mut self, [value, low, high]: [&Expr; 3], negated: bool, symmetric: bool, range: &Range<usize>) -> Step<Value> {
        let (value, low, high) = (self.expression(value)?, self.expression(low)?, self.expression(high)?);
        let first = self.operate(None, ">=", Some(value.clone()), low.clone(), range)?;
        let second = self.operate(None, "<=", Some(value.clone()), high.clone(), range)?;
        let not_null = first.not_null && second.not_null && !symmetric;
        let mut whole = Value::from_parts(BOOL, not_null, [&value, &low, &high], range.clone());
        let within: Columns = union(&[first.if_true(), second.if_true()]);
        let outside: Columns = common(&[first.if_false(), second.if_false()]);
        if !symmetric {
            (whole.when_true, whole.when_false) = if negated { (outside, within) } else { (within, outside) };
        }
        Ok(whole)
    }
}

fn union(sets: &[Columns]) -> Columns {
    sets.iter().flatten().copied().collect()
}

fn common(sets: &[Columns]) -> Columns {
    match sets.split_first() {
        Some((first, rest)) => first.iter().filter(|column| rest.iter().all(|other| other.contains(column))).copied().collect(),
        None => Columns::new(),
    }
}
