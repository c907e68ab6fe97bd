//! Calls of a schema's functions in expressions, which PostgreSQL keeps as dependencies: a drop takes what calls the function, a rename
//! reaches it.

use super::{
    Applier,
    expression::{replace, texts_of},
};
use crate::{
    catalog::{Domain, Function, Mode, RelationName, Table, TableKind, UserType, as_in_expression},
    ddl::Name,
    parse::{Token, folded, tokens},
    resolve::snapshot,
};

/// Which calls mean a function.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    function: RelationName,
    /// Whether its name alone, without a schema, finds it.
    bare: bool,
    /// How many arguments it takes.
    takes: (usize, usize),
    /// The same of the others of its name. A call that may mean one of them is taken for none of this function.
    others: Vec<(usize, usize)>,
}

/// What of a table calls a function, or uses a type.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Default(String),
    Generated(String),
    Constraint(String),
    Index(String),
    Policy(String),
    /// The query of a view, or a partition key.
    Whole,
}

impl Caller {
    /// What it is, in words.
    pub(super) fn of(&self, table: &RelationName) -> String {
        match self {
            Self::Default(column) => format!("the default of column `{column}` of `{table}`"),
            Self::Generated(column) => format!("generated column `{column}` of `{table}`"),
            Self::Constraint(constraint) => format!("constraint `{constraint}` of `{table}`"),
            Self::Index(index) => format!("index `{index}` of `{table}`"),
            Self::Policy(policy) => format!("policy `{policy}` of `{table}`"),
            Self::Whole => format!("`{table}`"),
        }
    }
}

impl Calls {
    fn are_in(&self, text: &str) -> bool {
        let all: Vec<Token<'_>> = tokens(text).collect();
        (0..all.len()).any(|index| self.at(&all, index).is_some())
    }

    /// How many tokens name the function, where a call of it begins.
    fn at(&self, all: &[Token<'_>], index: usize) -> Option<usize> {
        let is = |at: usize, name: &str| all.get(at).and_then(folded).is_some_and(|found| found == name);
        let sign = |at: usize, sign: &str| all.get(at).is_some_and(|token| token.text == sign);
        let behind_dot = index.checked_sub(1).is_some_and(|before| sign(before, "."));
        let length = if is(index, &self.function.schema) && sign(index + 1, ".") && is(index + 2, &self.function.name) {
            3
        } else if self.bare && !behind_dot && is(index, &self.function.name) {
            1
        } else {
            return None;
        };
        let given = sign(index + length, "(").then(|| arguments(&all[index + length..]))?;
        let takes = |(least, most): &(usize, usize)| (*least..=*most).contains(&given);
        (takes(&self.takes) && !self.others.iter().any(takes)).then_some(length)
    }

    fn renamed(&self, text: &str, to: &RelationName) -> String {
        let all: Vec<Token<'_>> = tokens(text).collect();
        replace(text, &all, |index| self.at(&all, index).map(|length| (length, to.to_string())))
    }

    fn callers(&self, table: &Table) -> Vec<Caller> {
        let query = table.query.as_ref().filter(|_| table.kind != TableKind::Table).and_then(|it| it.source.text().get(it.range.clone()));
        let by_query = query.is_some_and(|text| self.are_in(text));
        by_query.then_some(Caller::Whole).into_iter().chain(callers_in(table, |text| self.are_in(text))).collect()
    }

    fn is_called_by(&self, domain: &Domain) -> bool {
        domain.checks.iter().map(|check| &check.expression).chain(&domain.default).any(|text| self.are_in(text))
    }
}

/// What of a table has an expression in it that something is in.
pub(super) fn callers_in(table: &Table, is_in: impl Fn(&str) -> bool) -> Vec<Caller> {
    let mut callers = Vec::new();
    if table.partition_key.as_deref().is_some_and(&is_in) {
        callers.push(Caller::Whole);
    }
    for column in &table.columns {
        if column.default.as_ref().is_some_and(|text| is_in(text)) {
            callers.push(Caller::Default(column.name.clone()));
        }
        if column.generated.as_ref().is_some_and(|text| is_in(text)) {
            callers.push(Caller::Generated(column.name.clone()));
        }
    }
    let checks = table.checks.iter().filter(|check| is_in(&check.expression));
    callers.extend(checks.map(|check| Caller::Constraint(check.name.clone())));
    for index in &table.indexes {
        let mut texts = index.parts.iter().filter_map(|part| part.expression.as_ref()).chain(&index.predicate);
        if texts.any(|text| is_in(text)) {
            callers.push(Caller::Index(index.name.clone()));
        }
    }
    for exclusion in &table.exclusions {
        let parts = exclusion.elements.iter().filter_map(|(part, _)| part.expression.as_ref());
        if parts.chain(&exclusion.predicate).any(|text| is_in(text)) {
            callers.push(Caller::Constraint(exclusion.name.clone()));
        }
    }
    for policy in &table.policies {
        if policy.using.iter().chain(&policy.with_check).any(|text| is_in(text)) {
            callers.push(Caller::Policy(policy.name.clone()));
        }
    }
    callers
}

impl Applier<'_> {
    /// Which calls mean a function, or would if it were still there.
    pub(super) fn calls_of(&self, function: &Function, name: &RelationName) -> Calls {
        let overloads = self.catalog.schemas.get(&name.schema).and_then(|schema| schema.functions.get(&name.name));
        let others = overloads.into_iter().flatten().filter(|other| other.argument_types() != function.argument_types());
        let path = std::iter::once(crate::catalog::TEMPORARY).chain(self.catalog.search_path.iter().map(String::as_str));
        let has = |schema: &str| self.catalog.schemas.get(schema).is_some_and(|schema| schema.functions.contains_key(&name.name));
        let first = path.into_iter().find(|schema| *schema == name.schema || has(schema));
        // PostgreSQL's own functions are found before all others.
        let bare = first == Some(name.schema.as_str()) && snapshot::functions(&name.name).is_empty();
        Calls { function: name.clone(), bare, takes: takes(function), others: others.map(takes).collect() }
    }

    /// What calls a function, in words.
    pub(super) fn first_caller(&mut self, calls: &Calls) -> Option<String> {
        for name in self.referring(&as_in_expression(&calls.function)) {
            let Some(caller) = self.table(&name).and_then(|table| calls.callers(table).into_iter().next()) else { continue };
            return Some(format!("{} calls it", caller.of(&name)));
        }
        let domain = self.catalog.domains().find(|domain| calls.is_called_by(domain))?;
        Some(format!("domain `{}.{}` calls it", domain.schema, domain.name))
    }

    /// Removes what calls a function.
    pub(super) fn remove_callers(&mut self, calls: &Calls) {
        for name in self.referring(&as_in_expression(&calls.function)) {
            let callers = self.table(&name).map(|table| calls.callers(table)).unwrap_or_default();
            for caller in callers {
                self.remove_caller(&name, &caller);
            }
        }
        self.remove_from_domains(|text| calls.are_in(text));
    }

    pub(super) fn remove_caller(&mut self, table: &RelationName, caller: &Caller) {
        let place = |name: &String| Name { text: name.clone(), range: 0..0 };
        match caller {
            Caller::Default(column) => {
                if let Some(column) = self.table_mut(table).and_then(|table| table.column_mut(column)) {
                    column.default = None;
                }
            }
            Caller::Generated(column) => self.drop_column(table, &place(column), true, true),
            Caller::Constraint(name) => self.drop_constraint(table, &place(name), true, true),
            Caller::Index(index) => self.remove_index(table, index),
            Caller::Policy(name) => {
                if let Some(table) = self.table_mut(table) {
                    table.policies.retain(|policy| policy.name != *name);
                }
            }
            Caller::Whole => self.remove_table(table),
        }
    }

    /// A function has another name or schema: in the expressions that call it.
    pub(super) fn rename_calls(&mut self, calls: &Calls, to: &RelationName) {
        for name in self.referring(&as_in_expression(&calls.function)) {
            let Some(table) = self.table_mut(&name) else { continue };
            for text in texts_of(table) {
                *text = calls.renamed(text, to);
            }
        }
        for user in self.catalog.schemas.values_mut().flat_map(|schema| schema.types.values_mut()) {
            let UserType::Domain(domain) = user else { continue };
            for text in domain.checks.iter_mut().map(|check| &mut check.expression).chain(&mut domain.default) {
                *text = calls.renamed(text, to);
            }
        }
    }
}

/// How many arguments a call of a function may have.
fn takes(function: &Function) -> (usize, usize) {
    let inputs = || function.arguments.iter().filter(|argument| argument.is_input());
    let variadic = inputs().any(|argument| argument.mode == Mode::Variadic);
    let needed = inputs().filter(|argument| argument.default.is_none() && argument.mode != Mode::Variadic).count();
    (needed, if variadic { usize::MAX } else { inputs().count() })
}

/// The arguments of a call, from its opening parenthesis on.
fn arguments(all: &[Token<'_>]) -> usize {
    let (mut depth, mut commas, mut any) = (0usize, 0, false);
    for token in all {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 1 => commas += 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        any |= depth > 1 || token.text != "(";
    }
    if any { commas + 1 } else { 0 }
}
