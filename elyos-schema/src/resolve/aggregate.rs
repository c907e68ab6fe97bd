//! Where aggregates and window functions may stand, and of which query an aggregate is
//! (<https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-AGGREGATES>, `#SYNTAX-WINDOW-FUNCTIONS`; `check_agglevels_and_constraints`
//! in PostgreSQL's source).

use std::ops::Range;

use super::{Resolver, Step, scope::Clause, value::Value};
use crate::diagnostic::Diagnostic;

/// How much was noted before a call, so that what its arguments have added is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) references: usize,
    aggregates: usize,
    windows: usize,
}

impl Resolver<'_> {
    pub(super) fn mark(&self) -> Mark {
        Mark { references: self.references.len(), aggregates: self.aggregates.len(), windows: self.window_calls.len() }
    }

    /// Settles of which query an aggregate is, by what its arguments have used since the mark; whether it is the innermost.
    pub(super) fn aggregate_called(&mut self, name: &str, arguments: &[Value], mark: Mark, range: &Range<usize>) -> Step<bool> {
        let Some(innermost) = self.scopes.len().checked_sub(1) else {
            return Err(self.misplaced_aggregate(name, Clause::Limit, range));
        };
        let used = self.references.get(mark.references..).unwrap_or_default();
        let nested = self.aggregates.get(mark.aggregates..).unwrap_or_default();
        let of_columns = (0..=innermost).rev().find(|index| used.iter().any(|reference| self.scopes[*index].has(reference.column)));
        let level = of_columns.max(nested.iter().copied().max()).unwrap_or(innermost).min(innermost);
        if nested.contains(&level) {
            let diagnostic = Diagnostic::new(format!("aggregate `{name}` has another aggregate within"));
            return Err(self.fail(range, diagnostic.help("aggregate the inner one in a sub-query")));
        }
        if self.window_calls.get(mark.windows..).unwrap_or_default().contains(&level) {
            let diagnostic = Diagnostic::new(format!("aggregate `{name}` has a window function within"));
            return Err(self.fail(range, diagnostic.help("call the window function in a sub-query")));
        }
        if let Some(argument) = arguments.iter().find(|argument| argument.makes_rows) {
            let at = argument.range.clone();
            let diagnostic = Diagnostic::new(format!("aggregate `{name}` has a function that returns a set within"));
            return Err(self.fail(&at, diagnostic.help("call that function in `FROM`: `LATERAL f(…)`")));
        }
        let clause = self.scopes.get(level).map_or(Clause::From, |scope| scope.clause);
        if !matches!(clause, Clause::Targets | Clause::Having | Clause::Window) {
            return Err(self.misplaced_aggregate(name, clause, range));
        }
        self.strike(mark.references, level);
        self.aggregates.truncate(mark.aggregates);
        self.aggregates.push(level);
        if let Some(scope) = self.scopes.get_mut(level) {
            scope.aggregated = true;
        }
        Ok(level == innermost)
    }

    fn misplaced_aggregate(&mut self, name: &str, clause: Clause, range: &Range<usize>) -> super::Failed {
        let diagnostic = Diagnostic::new(format!("aggregate `{name}` is not allowed in `{}`", clause.name()));
        let help = match clause {
            Clause::Where => "filter groups with `HAVING`",
            _ if clause.is_kept() => "an expression there is about one row",
            _ => "aggregate in a sub-query",
        };
        self.fail(range, diagnostic.help(help))
    }

    /// Checks that a window function may be called here.
    pub(super) fn window_called(&mut self, name: &str, arguments: &[Value], mark: Mark, range: &Range<usize>) -> Step<()> {
        let innermost = self.scopes.len().saturating_sub(1);
        let clause = self.scopes.last().map_or(Clause::Limit, |scope| scope.clause);
        if clause != Clause::Targets {
            let diagnostic = Diagnostic::new(format!("window function `{name}` is not allowed in `{}`", clause.name()));
            let help =
                if clause.is_kept() { "an expression there is about one row" } else { "call it in a sub-query, and use its result here" };
            return Err(self.fail(range, diagnostic.help(help)));
        }
        if self.window_calls.get(mark.windows..).unwrap_or_default().contains(&innermost) {
            let diagnostic = Diagnostic::new(format!("window function `{name}` has another one within"));
            return Err(self.fail(range, diagnostic.help("call the inner one in a sub-query")));
        }
        if let Some(argument) = arguments.iter().find(|argument| argument.makes_rows) {
            let at = argument.range.clone();
            let diagnostic = Diagnostic::new(format!("window function `{name}` has a function that returns a set within"));
            return Err(self.fail(&at, diagnostic.help("call that function in `FROM`: `LATERAL f(…)`")));
        }
        self.window_calls.push(innermost);
        Ok(())
    }

    /// Checks that a function that returns a set may be called here.
    pub(super) fn set_called(&mut self, name: &str, range: &Range<usize>) -> Step<()> {
        let clause = self.scopes.last().map_or(Clause::Limit, |scope| scope.clause);
        if matches!(clause, Clause::Targets | Clause::GroupBy | Clause::From | Clause::Window | Clause::Set) {
            if let Some(scope) = self.scopes.last_mut() {
                scope.multiplied = true;
            }
            return Ok(());
        }
        let diagnostic = Diagnostic::new(format!("`{name}` returns a set, which is not allowed in `{}`", clause.name()));
        let help = if clause.is_kept() { "an expression there gives one value" } else { "call it in `FROM`" };
        Err(self.fail(range, diagnostic.help(help)))
    }

    /// Refuses a function that returns a set within a form that takes no more than it needs of its parts.
    pub(super) fn refuse_sets<'v>(&mut self, parts: impl IntoIterator<Item = &'v Value>, form: &str) -> Step<()> {
        let Some(wrong) = parts.into_iter().find(|part| part.makes_rows) else { return Ok(()) };
        let diagnostic = Diagnostic::new(format!("a function that returns a set is not allowed in `{form}`"));
        Err(self.fail(&wrong.range, diagnostic.help("call it in `FROM`: `LATERAL f(…)`")))
    }
}
