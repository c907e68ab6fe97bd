//! Expressions: their types, and when they are null (<https://www.postgresql.org/docs/current/sql-expressions.html>).

use std::ops::Range;

use super::{
    Failed, Resolver, Step,
    snapshot::{Context, Oid},
    types::{BIT, BOOL, DATE, INT4, INT8, JSONB, NAME, NUMERIC, RECORD, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ, Types, UNKNOWN},
    value::Value,
};
use crate::{
    diagnostic::Diagnostic,
    query::{Expr, ExprKind, Literal, Quantifier, Query, Subscript},
};

impl Resolver<'_> {
    /// An expression.
    pub(super) fn expression(&mut self, expr: &Expr) -> Step<Value> {
        let mark = self.references.len();
        let mut value = self.deeper(&expr.range, |resolver| resolver.one_expression(expr))?;
        value.range = expr.range.clone();
        self.strike_if_grouped(&expr.range, mark);
        Ok(value)
    }

    fn expressions(&mut self, list: &[Expr]) -> Step<Vec<Value>> {
        list.iter().map(|item| self.expression(item)).collect()
    }

    fn one_expression(&mut self, expr: &Expr) -> Step<Value> {
        let range = &expr.range;
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts, range),
            // `t.*` as a value is the row, which is how the server prints one.
            ExprKind::Star(parts) if !parts.is_empty() => self.column(parts, range),
            ExprKind::Star(_) | ExprKind::FieldStar(_) => {
                Err(self.fail(range, Diagnostic::new("`*` is no value").help("name the columns")))
            }
            ExprKind::Field(base, field) => {
                let base = self.expression(base)?;
                self.fields(base, std::slice::from_ref(field))
            }
            ExprKind::Parameter(number) => Ok(self.parameter(*number, range)),
            ExprKind::Literal(literal) => self.literal(literal, range),
            ExprKind::Cast(value, ty) => self.cast_expression(value, ty, range),
            ExprKind::Parenthesised(value) => self.expression(value),
            ExprKind::Collate(value) => {
                let value = self.expression(value)?;
                let value = self.settled(value);
                self.check_collatable(value)
            }
            ExprKind::Call(call) => self.call(call, range),
            ExprKind::Operator { schema, name, left, right } => {
                self.operator_expression(schema.as_deref(), name, left.as_deref(), right, range)
            }
            ExprKind::And(items) => self.logical(items, "AND", range),
            ExprKind::Or(items) => self.logical(items, "OR", range),
            ExprKind::Not(value) => {
                let value = self.expression(value)?;
                let value = self.checked_condition(value, "NOT")?;
                let (when_true, when_false) = (value.when_false.clone(), value.when_true.clone());
                Ok(Value { when_true, when_false, modifiers: Vec::new(), ..value })
            }
            ExprKind::Is { value, test, negated } => self.is(value, *test, *negated, range),
            ExprKind::Distinct { left, right, negated } => self.distinct(left, right, *negated, range),
            ExprKind::In { value, list } => self.is_in(value, list, range),
            ExprKind::InQuery { value, query, negated } => self.quantified_query("=", value, query, *negated, range),
            ExprKind::Quantified { name, left, all, right } => match right {
                Quantifier::Query(query) => self.quantified_query(name, left, query, *all, range),
                Quantifier::Array(array) => self.quantified_array(name, left, array, *all, range),
            },
            ExprKind::Between { value, low, high, negated, symmetric } => self.between([value, low, high], *negated, *symmetric, range),
            ExprKind::Case { value, branches, otherwise } => self.case(value.as_deref(), branches, otherwise.as_deref(), range),
            ExprKind::Coalesce(values) => {
                let values = self.expressions(values)?;
                self.refuse_sets(&values, "COALESCE")?;
                self.shared(values, "COALESCE", |values| values.iter().any(|value| value.not_null), range)
            }
            ExprKind::Extreme { name, values } => {
                let values = self.expressions(values)?;
                // They pass over nulls, and are null only where all are.
                self.shared(values, name, |values| values.iter().any(|value| value.not_null), range)
            }
            ExprKind::NullIf(left, right) => self.null_if(left, right, range),
            ExprKind::Array(items) => self.array(items, range),
            ExprKind::ArrayQuery(query) => {
                let column = self.single_column(query)?;
                let Some(ty) = self.array_type(column.ty) else {
                    let message = format!("there is no array of `{}`", self.types.named(column.ty));
                    return Err(self.fail_if_known(self.know_types(&[column.ty]), range, Diagnostic::new(message)));
                };
                let mut value = Value::new(ty, true, range.clone());
                value.modifiers = column.modifiers;
                Ok(value)
            }
            ExprKind::Row(items) => self.row(items, range),
            ExprKind::SubQuery(query) => {
                let mut column = self.single_column(query)?;
                column.range = range.clone();
                Ok(column)
            }
            ExprKind::Exists(query) => {
                self.query_in_expression(query)?;
                Ok(Value::new(BOOL, true, range.clone()))
            }
            ExprKind::Subscripts(base, subscripts) => self.subscripts(base, subscripts, range),
            ExprKind::SqlValue { name, precision } => {
                self.note_mutable(name, range);
                Ok(sql_value(name, *precision, range))
            }
            ExprKind::Grouping(items) => {
                for item in items {
                    let mark = self.references.len();
                    self.one_expression(item)?;
                    if !self.is_grouped(&item.range, mark) {
                        let diagnostic = Diagnostic::new("an argument of `GROUPING` is not grouped by");
                        return Err(self.fail(&item.range, diagnostic.help("name it in `GROUP BY`")));
                    }
                }
                let mut value = Value::new(INT4, true, range.clone());
                value.aggregates = true;
                Ok(value)
            }
            ExprKind::Special { ty, inputs, .. } => {
                let inputs = self.expressions(inputs)?;
                let (ty, modifiers) = self.type_of(ty)?;
                Ok(Value { modifiers, ..Value::from_parts(ty, false, &inputs, range.clone()) })
            }
            ExprKind::Unsupported => {
                Err(self.give_up(range, Diagnostic::new("this form of expression is not understood").help("write it another way")))
            }
        }
    }

    fn parameter(&mut self, number: usize, range: &Range<usize>) -> Value {
        let index = number.saturating_sub(1);
        // PostgreSQL has at most 65535.
        if index < usize::from(u16::MAX) && self.parameters.len() <= index {
            self.parameters.resize(index + 1, None);
        }
        let known = self.parameters.get(index).copied().flatten();
        let mut value = Value::new(known.unwrap_or(UNKNOWN), false, range.clone());
        value.parameter = Some(index);
        value
    }

    fn literal(&mut self, literal: &Literal, range: &Range<usize>) -> Step<Value> {
        let ty = match literal {
            Literal::Null => return Ok(Value::new(UNKNOWN, false, range.clone())),
            Literal::Default => {
                let diagnostic = Diagnostic::new("`DEFAULT` is not allowed here");
                return Err(self.fail(range, diagnostic.help("it stands for a column's default in `INSERT` and `UPDATE`")));
            }
            Literal::Bool => BOOL,
            Literal::Integer(digits) if digits.parse::<i32>().is_ok() => INT4,
            Literal::Integer(digits) if digits.parse::<i64>().is_ok() => INT8,
            Literal::Integer(_) | Literal::Numeric => NUMERIC,
            Literal::String => UNKNOWN,
            Literal::Bits => BIT,
        };
        Ok(Value::new(ty, true, range.clone()))
    }

    fn cast_expression(&mut self, value: &Expr, ty: &crate::ddl::TypeName, range: &Range<usize>) -> Step<Value> {
        // `ARRAY[…]::int[]` tells the elements their type, so that it may be empty.
        if let ExprKind::Array(items) = &value.kind {
            let (target, modifiers) = self.type_of(ty)?;
            if let Some(element) = Types::element_of(self.types.base(target)) {
                return self.typed_array(items, element, target, &modifiers, range);
            }
        }
        let value = self.expression(value)?;
        self.cast(value, ty, range)
    }

    fn typed_array(&mut self, items: &[Expr], element: Oid, target: Oid, modifiers: &[i64], range: &Range<usize>) -> Step<Value> {
        let mut parts = Vec::new();
        for item in items {
            if let ExprKind::Array(inner) = &item.kind {
                let array = Types::array_of(element).unwrap_or(target);
                parts.push(self.typed_array(inner, element, array, modifiers, &item.range)?);
            } else {
                let value = self.expression(item)?;
                let wanted = if Types::element_of(self.types.base(value.ty)).is_some() { target } else { element };
                parts.push(self.convert(value, wanted, modifiers, Context::Explicit)?);
            }
        }
        Ok(Value { modifiers: modifiers.to_vec(), ..Value::from_parts(target, true, &parts, range.clone()) })
    }

    fn operator_expression(
        &mut self,
        schema: Option<&str>,
        name: &str,
        left: Option<&Expr>,
        right: &Expr,
        range: &Range<usize>,
    ) -> Step<Value> {
        // A long chain of operators leans to the left: it is gone through from its beginning, without going down once for each.
        let mark = self.references.len();
        let mut chain = vec![(schema, name, right, range)];
        let mut first = left;
        while let Some(Expr { kind: ExprKind::Operator { schema, name, left: Some(left), right }, range }) = first {
            chain.push((schema.as_deref(), name, right, range));
            first = Some(left);
        }
        let mut value = first.map(|first| self.expression(first)).transpose()?;
        while let Some((schema, name, right, range)) = chain.pop() {
            let mut next = self.applied(schema, name, value, right, range)?;
            next.range = range.clone();
            if !chain.is_empty() {
                self.strike_if_grouped(range, mark);
            }
            value = Some(next);
        }
        value.ok_or(Failed)
    }

    /// An operator with its left operand known.
    fn applied(&mut self, schema: Option<&str>, name: &str, left: Option<Value>, right: &Expr, range: &Range<usize>) -> Step<Value> {
        if let (Some(Value { row: Some(fields), .. }), ExprKind::SubQuery(query)) = (&left, &right.kind) {
            let fields = fields.clone();
            let columns = self.query_values(query)?;
            let mut compared = self.compare_rows(name, fields, columns, range)?;
            compared.not_null = false;
            return Ok(compared);
        }
        let mut right = self.expression(right)?;
        if let Some(mut left) = left {
            if let (Some(first), Some(second)) = (left.row.take(), right.row.take()) {
                return self.compare_rows(name, first, second, range);
            }
            return self.operate(schema, name, Some(left), right, range);
        }
        self.operate(schema, name, None, right, range)
    }

    fn case(&mut self, value: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, range: &Range<usize>) -> Step<Value> {
        let tested = value.map(|value| self.expression(value)).transpose()?;
        // Tested against several values, a literal is text before it is anything.
        let tested = tested.map(|value| self.settled(value));
        let mut conditions = Vec::new();
        // The last is asked first which type it has, as PostgreSQL does.
        let mut results = Vec::new();
        for (condition, result) in branches {
            let condition = self.expression(condition)?;
            conditions.push(match &tested {
                Some(tested) => self.operate(None, "=", Some(tested.clone()), condition, range)?,
                None => self.checked_condition(condition, "WHEN")?,
            });
            results.push(self.expression(result)?);
        }
        let last = match otherwise {
            Some(otherwise) => self.expression(otherwise)?,
            None => Value::new(UNKNOWN, false, range.clone()),
        };
        results.insert(0, last);
        self.refuse_sets(results.iter().chain(&conditions).chain(&tested), "CASE")?;
        let mut whole = self.shared(results, "CASE", |results| results.iter().all(|result| result.not_null), range)?;
        for part in conditions.iter().chain(&tested) {
            whole.makes_rows |= part.makes_rows;
            whole.aggregates |= part.aggregates;
        }
        Ok(whole)
    }

    /// Values of one type, of which one is the result.
    fn shared(&mut self, values: Vec<Value>, place: &str, not_null: fn(&[Value]) -> bool, range: &Range<usize>) -> Step<Value> {
        let (ty, values) = self.unified(values, place)?;
        let mut whole = Value::from_parts(ty, not_null(&values), &values, range.clone());
        whole.modifiers = Self::common_modifiers(&values);
        Ok(whole)
    }

    fn null_if(&mut self, left: &Expr, right: &Expr, range: &Range<usize>) -> Step<Value> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let chosen = self.choose_operator(None, "=", Some(left.ty), right.ty, range)?;
        let left = self.convert(left, chosen.left_type(), &[], Context::Implicit)?;
        let right = self.convert(right, chosen.right_type(), &[], Context::Implicit)?;
        let mut whole = Value::from_parts(left.ty, false, [&left, &right], range.clone());
        whole.modifiers.clone_from(&left.modifiers);
        whole.needs = left.needs;
        Ok(whole)
    }

    fn array(&mut self, items: &[Expr], range: &Range<usize>) -> Step<Value> {
        if items.is_empty() {
            let diagnostic = Diagnostic::new("nothing says what an empty array is of");
            return Err(self.fail(range, diagnostic.help("cast it: `ARRAY[]::integer[]`")));
        }
        let values = self.expressions(items)?;
        let nested = items.iter().all(|item| matches!(item.kind, ExprKind::Array(_)));
        let (common, values) = self.unified(values, "ARRAY")?;
        let inside = if nested { Some(common) } else { None };
        let array = inside.or_else(|| Types::element_of(common).map(|_| common)).or_else(|| self.array_type(common));
        let Some(ty) = array else {
            let message = format!("there is no array of `{}`", self.types.named(common));
            return Err(self.fail_if_known(self.know_types(&[common]), range, Diagnostic::new(message)));
        };
        let mut whole = Value::from_parts(ty, true, &values, range.clone());
        whole.modifiers = Self::common_modifiers(&values);
        Ok(whole)
    }

    /// The type of an array of values of a type; of an array, that array itself.
    fn array_type(&self, ty: Oid) -> Option<Oid> {
        if self.types.is_anonymous(ty) {
            return Some(super::types::RECORD_ARRAY);
        }
        if Types::element_of(ty).is_some() { Some(ty) } else { Types::array_of(ty) }
    }

    fn row(&mut self, items: &[Expr], range: &Range<usize>) -> Step<Value> {
        let mut fields = Vec::new();
        for item in items {
            match &item.kind {
                ExprKind::Star(_) | ExprKind::FieldStar(_) => fields.extend(self.star_values(item)?),
                _ => fields.push(self.expression(item)?),
            }
        }
        let mut whole = Value::from_parts(RECORD, true, &fields, range.clone());
        whole.row = Some(fields);
        Ok(whole)
    }

    /// The only column that a sub-query in an expression may have.
    fn single_column(&mut self, query: &Query) -> Step<Value> {
        let rows = self.query_in_expression(query)?;
        let count = rows.columns.len();
        let exactly_one = rows.exactly_one;
        let mut columns = rows.columns.into_iter();
        match (columns.next(), columns.next()) {
            (Some(only), None) => {
                self.sub_query_names.insert((query.range.start, query.range.end), only.name);
                let mut value = Value::new(only.ty, only.not_null && exactly_one, query.range.clone());
                value.modifiers = only.modifiers;
                Ok(value)
            }
            _ => {
                Err(self.fail(&query.range, Diagnostic::new(format!("a sub-query here returns one column, and this one returns {count}"))))
            }
        }
    }

    /// The columns of a sub-query as values, of which nothing is known.
    pub(super) fn query_values(&mut self, query: &Query) -> Step<Vec<Value>> {
        let rows = self.query_in_expression(query)?;
        Ok(rows.columns.into_iter().map(|column| Value::new(column.ty, false, query.range.clone())).collect())
    }

    /// Subscripts and slices of arrays and of `jsonb` (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-ACCESSING>).
    fn subscripts(&mut self, base: &Expr, subscripts: &[Subscript], range: &Range<usize>) -> Step<Value> {
        let base = self.expression(base)?;
        let container = self.types.base(base.ty);
        let mut slice = false;
        let json = container == JSONB;
        if !self.know_types(&[container]) {
            let message = format!("which subscripts a `{}` has is an extension's matter", self.types.named(base.ty));
            return Err(self.give_up(range, Diagnostic::new(message).help("cast it to a type of PostgreSQL's own")));
        }
        for subscript in subscripts {
            let bounds: Vec<&Expr> = match subscript {
                Subscript::Index(index) => vec![index],
                Subscript::Slice(start, end) => {
                    slice = true;
                    start.iter().chain(end).collect()
                }
            };
            for bound in bounds {
                let bound = self.expression(bound)?;
                if json {
                    self.settled(bound);
                } else {
                    self.convert(bound, INT4, &[], Context::Assignment)?;
                }
            }
        }
        let Some(ty) = (if json {
            Some(JSONB)
        } else if slice {
            Types::subscripted(container).map(|_| container)
        } else {
            Types::subscripted(container)
        }) else {
            let message = format!("a `{}` has no subscripts", self.types.named(base.ty));
            return Err(self.fail(range, Diagnostic::new(message)));
        };
        let mut value = Value::from_parts(ty, false, [&base], range.clone());
        value.needs.clone_from(&base.needs);
        value.modifiers = base.modifiers;
        Ok(value)
    }
}

/// `CURRENT_DATE` and the like, which are never null but `CURRENT_SCHEMA` (`transformSQLValueFunction` in PostgreSQL's source).
fn sql_value(name: &str, precision: Option<i64>, range: &Range<usize>) -> Value {
    let ty = match name {
        "current_date" => DATE,
        "current_time" => TIMETZ,
        "current_timestamp" => TIMESTAMPTZ,
        "localtime" => TIME,
        "localtimestamp" => TIMESTAMP,
        _ => NAME,
    };
    let mut value = Value::new(ty, name != "current_schema", range.clone());
    value.modifiers = precision.into_iter().collect();
    value
}
