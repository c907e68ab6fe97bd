//! What called functions and procedures do, and texts that blocks put together: their statements, applied where they are called.

use std::ops::Range;

use super::Applier;
use crate::{
    catalog::{Function, Mode},
    ddl::{Call, Ddl},
    diagnostic::Diagnostic,
    parse::{called, parse},
    source::Source,
};

/// So many calls are followed of one statement.
const MOST: usize = 10_000;

/// Which calls are being followed.
#[derive(Debug, Default)]
pub(super) struct Calling {
    /// The functions that are in one another.
    open: Vec<Function>,
    /// How many calls were followed so far.
    count: usize,
}

impl Applier<'_> {
    pub(super) fn run_calls(&mut self, calls: &[Call]) {
        for call in calls {
            self.run_call(call);
        }
    }

    /// Whether any of the calls is of a function that does something.
    pub(super) fn call_something(&self, calls: &[Call]) -> bool {
        calls
            .iter()
            .any(|call| self.functions_of(call).iter().any(|function| called::body(function, &[]).is_none_or(|body| !body.is_empty())))
    }

    fn run_call(&mut self, call: &Call) {
        let functions = self.functions_of(call);
        let mut bodies: Vec<(Function, Vec<Ddl>)> = Vec::new();
        for function in functions {
            let Some(body) = called::body(&function, &call.arguments) else {
                return self.refuse_unknown("a function whose body cannot be read", &call.range);
            };
            if !body.is_empty() {
                bodies.push((function, body));
            }
        }
        let Some((function, body)) = bodies.pop() else { return };
        let only_calls = body.iter().all(|ddl| matches!(ddl, Ddl::Calls(_)));
        let is_open = self.calls.open.contains(&function);
        if is_open && only_calls {
            return;
        }
        self.calls.count += 1;
        let wrong = if is_open || self.calls.count > MOST {
            "DDL in functions that call one another"
        } else if !bodies.is_empty() && !only_calls {
            "a call that may be of several functions, of which one has DDL in its body"
        } else if !call.sure && !only_calls {
            "DDL in the body of a function that may be called or not"
        } else {
            let sure = |ddl: &Ddl| match ddl {
                Ddl::Calls(calls) if !call.sure => Ddl::Calls(calls.iter().map(|inner| Call { sure: false, ..inner.clone() }).collect()),
                _ => ddl.clone(),
            };
            let body: Vec<Ddl> = body.iter().map(sure).collect();
            let (source, place) = (function.source.clone(), function.range.clone());
            self.calls.open.push(function);
            self.run_elsewhere(&source, place, &body, &call.range);
            self.calls.open.pop();
            return;
        };
        self.refuse_unknown(wrong, &call.range);
    }

    /// Runs a text that was put together.
    pub(super) fn run_text(&mut self, text: &str, place: &Range<usize>) {
        let source = Source::new(self.source.path(), text);
        let Ok(script) = parse(&source) else { return self.refuse_unknown("a statement that cannot be read", place) };
        for statement in script.statements() {
            self.run_elsewhere(&source, statement.range(), statement.ddl(), place);
        }
    }

    /// Runs what stands in another text; what is wrong with it is told where it is called.
    fn run_elsewhere(&mut self, source: &Source, statement: Range<usize>, steps: &[Ddl], place: &Range<usize>) {
        let mut inner = Applier::new(self.catalog, source);
        inner.statement = statement;
        inner.calls = std::mem::take(&mut self.calls);
        for step in steps {
            inner.run(step);
        }
        let calls = std::mem::take(&mut inner.calls);
        let found = inner.found();
        self.calls = calls;
        // Partitions may have come and gone.
        self.claims.clear();
        let told = |diagnostic: Diagnostic| {
            let again = Diagnostic::new(diagnostic.message()).at(self.source, place.clone());
            diagnostic.helps().iter().fold(again, |again, help| again.help(help.as_str()))
        };
        self.found.extend(found.into_iter().map(told));
    }

    /// The functions that a call may mean.
    fn functions_of(&self, call: &Call) -> Vec<Function> {
        let schema = match &call.name.schema {
            Some(schema) => self.catalog.schemas.get(schema),
            None => self.path().find(|schema| schema.functions.contains_key(&call.name.name)),
        };
        let overloads = schema.and_then(|schema| schema.functions.get(&call.name.name)).into_iter().flatten();
        let given = call.arguments.len();
        let takes = |function: &&Function| {
            let inputs =
                || function.arguments.iter().filter(|argument| argument.is_input() || function.procedure && argument.mode == Mode::Out);
            let needed = inputs().filter(|argument| argument.default.is_none() && argument.mode != Mode::Variadic).count();
            let variadic = inputs().any(|argument| argument.mode == Mode::Variadic);
            function.procedure == call.procedure && given >= needed && (variadic || given <= inputs().count())
        };
        overloads.filter(takes).cloned().collect()
    }
}
