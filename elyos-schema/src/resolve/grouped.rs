//! `GROUP BY`: which columns and expressions are single values of a group
//! (<https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-GROUP>; `parseCheckAggregates` in PostgreSQL's source).
//!
//! Every reference to a column is noted while expressions are resolved. What an aggregate takes in, and what is grouped by as a whole, is
//! struck out again; of what is left of a query that groups, every column must be grouped by or belong to a table whose key is.

use std::{collections::BTreeSet, ops::Range};

use super::{
    Grouping, Resolver, Step,
    naming::column_name,
    scope::{ColumnId, Scope},
    types::Types,
    value::Value,
};
use crate::{
    ddl::Name,
    diagnostic::Diagnostic,
    parse::{folded, tokens, within_parentheses},
    query::{self, Expr, ExprKind, Literal, Target},
};

/// What a query groups by.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    columns: BTreeSet<ColumnId>,
    /// Those that are in every grouping set.
    always: BTreeSet<ColumnId>,
    /// Expressions, as [`Resolver::written_alike`] has them.
    expressions: Vec<String>,
}

/// A column that an expression names.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) column: ColumnId,
    /// Whether it stands for the whole row that it is in, or for something else of it that no list of columns has.
    pub(super) whole: bool,
    pub(super) range: Range<usize>,
}

impl Resolver<'_> {
    /// What is grouped by: columns, what is selected by its place or name, expressions.
    pub(super) fn group_by(&mut self, list: &[query::Grouping], targets: &[Target]) -> Step<Grouping> {
        let mut found = if list.is_empty() { Grouping::None } else { Grouping::Plain };
        for item in list {
            if self.grouping_item(item, targets, true)? {
                found = Grouping::Sets;
            }
        }
        Ok(found)
    }

    /// Whether an item is or has a grouping set; `always` says that what it names is in all sets.
    fn grouping_item(&mut self, item: &query::Grouping, targets: &[Target], always: bool) -> Step<bool> {
        match item {
            query::Grouping::Expr(expr) => {
                if matches!(&expr.kind, ExprKind::Row(fields) if fields.is_empty()) {
                    return Ok(true);
                }
                self.group_item(expr, targets, always)?;
                Ok(false)
            }
            query::Grouping::Sets(inner) => {
                for item in inner {
                    self.grouping_item(item, targets, false)?;
                }
                Ok(true)
            }
        }
    }

    fn group_item(&mut self, expr: &Expr, targets: &[Target], always: bool) -> Step<()> {
        match &expr.kind {
            ExprKind::Literal(Literal::Integer(digits)) if digits.parse::<i32>().is_ok() => {
                let place = digits.parse::<usize>().unwrap_or(0);
                self.group_by_place(place, expr, targets, always)
            }
            ExprKind::Literal(_) => {
                let diagnostic = Diagnostic::new("a constant in `GROUP BY` is the place of something selected, an integer");
                Err(self.fail(&expr.range, diagnostic.help("leave it out: every row has the same one")))
            }
            ExprKind::Row(fields) => fields.iter().try_for_each(|field| self.group_item(field, targets, always)),
            ExprKind::Column(parts) => {
                let own = |name: &Name| self.scopes.last().is_some_and(|scope| scope.columns(&name.text).next().is_some());
                match parts.as_slice() {
                    [name] if !own(name) => match targets.iter().find(|target| self.is_named(target, &name.text)) {
                        Some(target) => self.group_expression(&target.expr, always),
                        None => self.group_expression(expr, always),
                    },
                    _ => self.group_expression(expr, always),
                }
            }
            _ => self.group_expression(expr, always),
        }
    }

    fn is_named(&self, target: &Target, name: &str) -> bool {
        match &target.alias {
            Some(alias) => alias.text == name,
            None => column_name(&target.expr, &self.sub_query_names) == name,
        }
    }

    fn group_by_place(&mut self, place: usize, written: &Expr, targets: &[Target], always: bool) -> Step<()> {
        let mut left = place;
        for target in targets.iter().filter(|_| place > 0) {
            if matches!(target.expr.kind, ExprKind::Star(_) | ExprKind::FieldStar(_)) {
                let columns = self.star(&target.expr)?;
                if let Some((_, value)) = columns.get(left - 1) {
                    for column in value.needs.clone() {
                        self.group_column(column, always);
                    }
                    return Ok(());
                }
                left -= columns.len();
            } else if left == 1 {
                return self.group_expression(&target.expr, always);
            } else {
                left -= 1;
            }
        }
        let diagnostic = Diagnostic::new(format!("`GROUP BY {place}` is no place of what is selected"));
        Err(self.fail(&written.range, diagnostic.help("places are counted from 1")))
    }

    fn group_expression(&mut self, expr: &Expr, always: bool) -> Step<()> {
        let mark = self.references.len();
        let value = self.expression(expr)?;
        self.check_comparable(&value, "GROUP BY")?;
        match self.references.get(mark..) {
            Some([Reference { column, whole: false, .. }]) if matches!(expr.kind, ExprKind::Column(_)) && value.needs.contains(column) => {
                let column = *column;
                self.group_column(column, always);
            }
            _ => {
                let written = self.written_alike(&expr.range, mark);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.groups.expressions.push(written);
                }
            }
        }
        Ok(())
    }

    fn group_column(&mut self, column: ColumnId, always: bool) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.groups.columns.insert(column);
            if always {
                scope.groups.always.insert(column);
            }
        }
    }

    /// An expression's text, the same for expressions that differ only in blanks, case, and how they name their columns.
    pub(super) fn written_alike(&self, range: &Range<usize>, mark: usize) -> String {
        self.alike(range, mark..self.references.len(), false)
    }

    /// [`written_alike`](Self::written_alike) with these of the references; of a `*` the one column is all there is.
    pub(super) fn alike(&self, range: &Range<usize>, references: Range<usize>, of_star: bool) -> String {
        let text = self.source.text().get(range.clone()).unwrap_or_default();
        let references = self.references.get(references).unwrap_or_default();
        if of_star {
            let columns: Vec<String> = references.iter().map(|reference| format!("#{}", reference.column)).collect();
            return columns.join(" ");
        }
        let mut words: Vec<String> = Vec::new();
        let mut last = None;
        for token in tokens(text) {
            let at = range.start + token.start;
            let named = references.iter().position(|reference| reference.range.contains(&at));
            if let Some(index) = named {
                if last != named {
                    let whole = if references[index].whole { "*" } else { "" };
                    words.push(format!("#{}{whole}", references[index].column));
                }
            } else {
                words.push(folded(&token).unwrap_or_else(|| token.text.to_owned()));
            }
            last = named;
        }
        without_idle_parentheses(words).join(" ")
    }

    /// Strikes out the references of an expression that is grouped by as a whole.
    pub(super) fn strike_if_grouped(&mut self, range: &Range<usize>, mark: usize) {
        let Some(scope) = self.scopes.last().filter(|scope| !scope.groups.expressions.is_empty() && self.references.len() > mark) else {
            return;
        };
        if scope.groups.expressions.contains(&self.written_alike(range, mark)) {
            self.strike(mark, self.scopes.len() - 1);
        }
    }

    /// Whether an argument of `GROUPING` is grouped by.
    pub(super) fn is_grouped(&self, range: &Range<usize>, mark: usize) -> bool {
        let Some(scope) = self.scopes.last() else { return false };
        match self.references.get(mark..) {
            Some([]) | None => self.scopes.last().is_some(),
            Some([Reference { column, whole: false, .. }]) if scope.groups.columns.contains(column) => true,
            Some(_) => scope.groups.expressions.contains(&self.written_alike(range, mark)),
        }
    }

    /// Strikes out the references since the mark to the columns of a scope.
    pub(super) fn strike(&mut self, mark: usize, scope: usize) {
        let Some(scope) = self.scopes.get(scope) else { return };
        let since = self.references.split_off(mark.min(self.references.len()));
        self.references.extend(since.into_iter().filter(|reference| !scope.has(reference.column)));
    }

    /// Checks the references since the mark to the columns of the innermost query, and strikes them out.
    pub(super) fn check_grouped(&mut self, mark: usize, grouped: bool) -> Step<()> {
        let Some(scope) = self.scopes.last() else { return Ok(()) };
        let single = |reference: &Reference| {
            (!reference.whole && scope.groups.columns.contains(&reference.column)) || is_determined(scope, reference.column)
        };
        let of_scope = |reference: &&Reference| scope.has(reference.column);
        let since = self.references.get(mark..).unwrap_or_default();
        let wrong = since.iter().filter(of_scope).find(|reference| grouped && !single(reference)).cloned();
        self.strike(mark, self.scopes.len() - 1);
        let Some(wrong) = wrong else { return Ok(()) };
        let written = self.source.text().get(wrong.range.clone()).unwrap_or_default().to_owned();
        let diagnostic = Diagnostic::new(format!("`{written}` has no single value in a group"));
        Err(self.fail(&wrong.range, diagnostic.help("name it in `GROUP BY`, group by its table's primary key, or put it in an aggregate")))
    }

    /// Refuses a value of a type that has no equality, where rows are compared by it.
    pub(super) fn check_comparable(&mut self, value: &Value, place: &str) -> Step<()> {
        if self.types.has_equality(value.ty) {
            return Ok(());
        }
        let message = format!("values of type `{}` cannot be compared, as `{place}` does", self.types.named(value.ty));
        Err(self.fail(&value.range, Diagnostic::new(message).help("cast it, as `json` to `jsonb`")))
    }

    /// Refuses a value of a type that has no collations.
    pub(super) fn check_collatable(&mut self, value: Value) -> Step<Value> {
        let base = self.types.base(value.ty);
        let element = Types::element_of(base).map_or(base, |element| self.types.base(element));
        if self.types.category(element) == b'S' || !self.types.is_known(element) {
            return Ok(value);
        }
        let message = format!("type `{}` has no collations", self.types.named(value.ty));
        Err(self.fail(&value.range, Diagnostic::new(message).help("leave `COLLATE` out, or cast the value to `text` before it")))
    }

    /// Refuses a value of a type that has no order.
    pub(super) fn check_ordered(&mut self, value: &Value) -> Step<()> {
        if self.types.has_order(value.ty) {
            return Ok(());
        }
        let message = format!("values of type `{}` have no order", self.types.named(value.ty));
        Err(self.fail(&value.range, Diagnostic::new(message).help("cast it, as `json` to `text`")))
    }
}

/// Whether a column is of a table whose primary key is grouped by.
fn is_determined(scope: &Scope, column: ColumnId) -> bool {
    let relations = scope.items.iter().flat_map(|item| &item.relations);
    relations
        .filter(|relation| !relation.key.is_empty() && relation.columns.iter().any(|known| known.id == column))
        .any(|relation| relation.key.iter().all(|key| scope.groups.always.contains(key)))
}

impl Types {
    /// Whether rows can be compared by values of the type (`get_sort_group_operators` in PostgreSQL's source).
    pub(super) fn has_equality(&self, ty: super::snapshot::Oid) -> bool {
        self.compares(ty, false)
    }

    /// Whether values of the type have an order.
    pub(super) fn has_order(&self, ty: super::snapshot::Oid) -> bool {
        self.compares(ty, true)
    }

    fn compares(&self, ty: super::snapshot::Oid, order: bool) -> bool {
        use super::types::{FIRST_USER, RECORD, UNKNOWN};
        // What an extension or the schema makes of a base type is not known; it is believed.
        let believed = |ty| ty == UNKNOWN || ty == RECORD || ty >= FIRST_USER || Self::element_of(ty).is_some();
        self.within(ty).all(|ty| {
            let is_range = matches!(self.shape(ty), super::types::Shape::Range { .. } | super::types::Shape::Multirange { .. });
            believed(ty) || is_range || super::snapshot::compares(ty, order)
        })
    }
}

/// An expression's words without the parentheses around one word and around the whole, which change nothing.
fn without_idle_parentheses(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        kept.push(word);
        if let [.., open, _, close] = kept.as_slice()
            && open == "("
            && close == ")"
        {
            kept.pop();
            let inner = kept.pop();
            kept.pop();
            kept.extend(inner);
        }
    }
    within_parentheses(&kept).to_vec()
}
