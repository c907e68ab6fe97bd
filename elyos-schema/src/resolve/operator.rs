//! Which operator is meant (<https://www.postgresql.org/docs/current/typeconv-oper.html>; `oper` and `make_op` in PostgreSQL's source).

use std::ops::Range;

use super::{
    Resolver, Step,
    candidate::{Choice, choose},
    polymorphic::{is_polymorphic, solve},
    proven,
    snapshot::{self, Context, Oid, Operator},
    types::{BOOL, TEXT, Types, UNKNOWN, VARCHAR},
    value::Value,
};
use crate::diagnostic::Diagnostic;

/// An operator that was chosen.
pub(super) struct Chosen {
    operator: Operator,
    left: Oid,
    right: Oid,
    result: Oid,
}

impl Chosen {
    /// Whether it is null if an operand is.
    pub(super) fn strict(&self) -> bool {
        self.operator.strict
    }

    pub(super) fn left_type(&self) -> Oid {
        self.left
    }

    pub(super) fn right_type(&self) -> Oid {
        self.right
    }

    /// Whether it is null only then.
    pub(super) fn total(&self) -> bool {
        proven::never_null(self.operator.function, &[self.operator.left, self.operator.right])
    }
}

impl Resolver<'_> {
    /// `left name right`, or `name right`.
    pub(super) fn operate(
        &mut self,
        schema: Option<&str>,
        name: &str,
        left: Option<Value>,
        right: Value,
        range: &Range<usize>,
    ) -> Step<Value> {
        self.operated(schema, name, left, right, range).map(|(value, _)| value)
    }

    /// [`operate`](Self::operate), and the operands as the operator takes them.
    pub(super) fn operated(
        &mut self,
        schema: Option<&str>,
        name: &str,
        left: Option<Value>,
        right: Value,
        range: &Range<usize>,
    ) -> Step<(Value, Vec<Value>)> {
        let chosen = self.choose_operator(schema, name, left.as_ref().map(|value| value.ty), right.ty, range)?;
        let mut operands = Vec::new();
        if let Some(left) = left {
            operands.push(self.convert(left, chosen.left, &[], Context::Implicit)?);
        }
        operands.push(self.convert(right, chosen.right, &[], Context::Implicit)?);
        let total = chosen.total();
        let value = if chosen.strict() {
            Value::strict(chosen.result, total, &operands, range.clone())
        } else {
            let not_null = total && operands.iter().all(|operand| operand.not_null);
            Value::from_parts(chosen.result, not_null, &operands, range.clone())
        };
        Ok((value, operands))
    }

    /// The operator for operands of these types, or a diagnostic.
    pub(super) fn choose_operator(
        &mut self,
        schema: Option<&str>,
        name: &str,
        left: Option<Oid>,
        right: Oid,
        range: &Range<usize>,
    ) -> Step<Chosen> {
        if let Some(operator) = self.own_operator(schema, name, left, right) {
            if operator.mutable && self.needs_immutable() {
                self.note_mutable(name, range);
            }
            return Ok(Chosen { operator, left: operator.left, right: operator.right, result: operator.result });
        }
        let all = match schema {
            Some("pg_catalog") => snapshot::operators(name).to_vec(),
            Some(schema) => super::defined::operators(self.catalog, &mut self.types, schema, name),
            None => {
                let mut all: Vec<Operator> = Vec::new();
                for schema in self.path_of_functions() {
                    let mut more = if schema == "pg_catalog" {
                        snapshot::operators(name).to_vec()
                    } else {
                        super::defined::operators(self.catalog, &mut self.types, &schema, name)
                    };
                    if !all.is_empty() {
                        more.retain(|one| !all.iter().any(|known| (known.left, known.right) == (one.left, one.right)));
                    }
                    all.append(&mut more);
                }
                all
            }
        };
        let known: Vec<Operator> = all.into_iter().filter(|operator| (operator.left == 0) == left.is_none()).collect();
        let actual: Vec<Oid> = left.into_iter().chain([right]).collect();
        let found = self.exact_operator(&known, &actual).map_or_else(
            || {
                let declared: Vec<Vec<Oid>> = known
                    .iter()
                    .map(|operator| if left.is_some() { vec![operator.left, operator.right] } else { vec![operator.right] })
                    .collect();
                choose(&self.types, &declared, &actual)
            },
            Choice::One,
        );
        let named: Vec<String> = actual.iter().map(|ty| self.types.named(*ty)).collect();
        let what = match named.as_slice() {
            [left, right] => format!("`{left} {name} {right}`"),
            _ => format!("`{name} {}`", named.join(" ")),
        };
        let operator = match found {
            Choice::One(index) => known.get(index).copied(),
            Choice::Ambiguous => {
                let diagnostic = Diagnostic::new(format!("operator {what} could be several"));
                let known = self.knows_operators(name, &actual);
                return Err(self.fail_if_known(known, range, diagnostic.help("cast the operands to say which")));
            }
            Choice::None => None,
        };
        let Some(operator) = operator else {
            let diagnostic = Diagnostic::new(format!("operator {what} does not exist"));
            let known = self.knows_operators(name, &actual);
            return Err(self.fail_if_known(known, range, diagnostic.help("cast the operands to types that have it")));
        };
        let declared: Vec<Oid> = if left.is_some() { vec![operator.left, operator.right] } else { vec![operator.right] };
        if operator.result != BOOL && self.may_be_an_extensions(&declared, &actual) {
            let diagnostic = Diagnostic::new(format!("operator {what} may be one of an extension's"));
            return Err(self.give_up(range, diagnostic.help("cast the operands to types of PostgreSQL's own, as to `text`")));
        }
        let solved = if declared.iter().any(|ty| is_polymorphic(*ty)) { solve(&self.types, &declared, &actual) } else { None };
        let mut meant = |ty: Oid| {
            if !is_polymorphic(ty) {
                return Ok(ty);
            }
            let found = solved.as_ref().and_then(|solution| solution.actual(ty));
            found.ok_or_else(|| {
                let diagnostic = Diagnostic::new(format!("nothing says what the operands of {what} are"));
                self.fail(range, diagnostic.help("cast one of them"))
            })
        };
        let (left, right, result) = (meant(operator.left)?, meant(operator.right)?, meant(operator.result)?);
        if operator.mutable && self.needs_immutable() {
            self.note_mutable(name, range);
        }
        Ok(Chosen { operator, left, right, result })
    }

    /// Whether an operator that takes other types than the operands' may not be the best: one is of an extension's type, which may have
    /// brought its own. To put an element to an array of its type is PostgreSQL's.
    fn may_be_an_extensions(&self, declared: &[Oid], actual: &[Oid]) -> bool {
        let is_array_of_other = |ty: Oid| actual.iter().any(|other| Types::array_of(*other) == Some(ty));
        let foreign = |ty: Oid| self.types.is_of_extension(self.catalog, ty) && !self.types.is_citext(ty);
        declared != actual && actual.iter().any(|ty| foreign(*ty)) && !actual.iter().any(|ty| is_array_of_other(*ty))
    }

    /// PostgreSQL's own operator for exactly these types, where no other of its name can come before it.
    fn own_operator(&self, schema: Option<&str>, name: &str, left: Option<Oid>, right: Oid) -> Option<Operator> {
        let path_has_it = || self.catalog.search_path.iter().any(|schema| schema == "pg_catalog");
        if schema.is_some_and(|schema| schema != "pg_catalog") || schema.is_none() && path_has_it() {
            return None;
        }
        let (left, right) = match left {
            Some(UNKNOWN) => (right, right),
            Some(left) if right == UNKNOWN => (left, left),
            Some(left) => (left, right),
            None => (0, right),
        };
        if right == UNKNOWN {
            return None;
        }
        let exact = |left: Oid, right: Oid| snapshot::operators(name).iter().find(|it| it.left == left && it.right == right).copied();
        // Of `varchar` there are none, and it is compared as the text that it is.
        let is_text = |ty: Oid| matches!(ty, TEXT | VARCHAR);
        let as_text = || is_text(left) && is_text(right) && !self.own_operators && matches!(name, "=" | "<>" | "<" | "<=" | ">" | ">=");
        exact(left, right).or_else(|| if as_text() { exact(TEXT, TEXT) } else { None })
    }

    /// The operator whose types are the operands'; a literal is first taken to be of the other's type (`binary_oper_exact`).
    fn exact_operator(&self, known: &[Operator], actual: &[Oid]) -> Option<usize> {
        match *actual {
            [only] => known.iter().position(|operator| operator.right == only),
            [left, right] => {
                let guessed = match (left, right) {
                    (UNKNOWN, UNKNOWN) => None,
                    (UNKNOWN, other) | (other, UNKNOWN) => Some(other),
                    _ => None,
                };
                let exact = |left: Oid, right: Oid| known.iter().position(|operator| operator.left == left && operator.right == right);
                match guessed {
                    Some(ty) => exact(ty, ty).or_else(|| {
                        let base = self.types.base(ty);
                        if base == ty { None } else { exact(base, base) }
                    }),
                    None => exact(left, right),
                }
            }
            _ => None,
        }
    }

    /// A comparison of rows, field by field (<https://www.postgresql.org/docs/current/functions-comparisons.html#ROW-WISE-COMPARISON>).
    pub(super) fn compare_rows(&mut self, name: &str, left: Vec<Value>, right: Vec<Value>, range: &Range<usize>) -> Step<Value> {
        if left.len() != right.len() {
            let message = format!("a row of {} values is compared with one of {}", left.len(), right.len());
            return Err(self.fail(range, Diagnostic::new(message)));
        }
        let mut parts = Vec::new();
        for (left, right) in left.into_iter().zip(right) {
            parts.push(self.operate(None, name, Some(left), right, range)?);
        }
        let not_null = parts.iter().all(|part| part.not_null);
        let mut value = Value::from_parts(BOOL, not_null, &parts, range.clone());
        if name == "=" {
            value.when_true = parts.iter().flat_map(Value::if_true).collect();
        }
        Ok(value)
    }
}
