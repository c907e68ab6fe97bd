//! Which function is meant, and what a call gives (<https://www.postgresql.org/docs/current/typeconv-func.html>,
//! `sql-syntax-calling-funcs.html`; `func_get_detail` in PostgreSQL's source).

use std::ops::Range;

use super::{
    Grouping, Resolver, Step,
    candidate::{Choice, choose},
    polymorphic::{is_polymorphic, solve},
    proven,
    snapshot::{self, Context, Function, FunctionKind, Oid},
    types::{ANY, Field, RECORD, UNKNOWN},
    value::Value,
};
use crate::{
    ddl::Name,
    diagnostic::Diagnostic,
    nearest::nearest,
    query::{Call, Variadic, Window},
};

/// A function as a call of so many arguments would use it.
struct Candidate {
    function: Function,
    /// The types it declares, in the order of the arguments.
    declared: Vec<Oid>,
    /// What made it fit: fewer of them win over more.
    gathers: bool,
    defaults: usize,
}

/// A call whose function is known.
pub(super) struct Called {
    pub(super) function: Function,
    pub(super) declared: Vec<Oid>,
    /// How many of the arguments it takes as they are; the others it gets as an array.
    alone: usize,
    pub(super) arguments: Vec<Value>,
    pub(super) result: Oid,
    /// The columns of its result, where it has several or names one.
    pub(super) outputs: Vec<(String, Oid)>,
}

/// What a call turned out to be.
pub(super) enum Meaning {
    Function(Box<Called>),
    /// A cast in the form of a call, or a field: the value it gives.
    Value(Box<Value>),
}

impl Resolver<'_> {
    /// A call as an expression.
    pub(super) fn call(&mut self, call: &Call, range: &Range<usize>) -> Step<Value> {
        let mark = self.mark();
        let meaning = self.meaning(call, range)?;
        let mut filtered = false;
        if let Some(filter) = &call.filter {
            let condition = self.expression(filter)?;
            self.checked_condition(condition, "FILTER")?;
            filtered = true;
        }
        for item in &call.order_by {
            let value = self.expression(item)?;
            self.check_ordered(&value)?;
        }
        let called = match meaning {
            Meaning::Value(value) => return Ok(*value),
            Meaning::Function(called) => called,
        };
        let kind = called.function.kind;
        let aggregate = matches!(kind, FunctionKind::Aggregate | FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet);
        let name = called.function.name.clone();
        if aggregate && call.distinct {
            for argument in &called.arguments {
                self.check_comparable(argument, "DISTINCT")?;
            }
            self.check_distinct_order(call)?;
        }
        if aggregate && called.arguments.is_empty() && !call.star && kind == FunctionKind::Aggregate {
            let diagnostic = Diagnostic::new(format!("aggregate `{name}` without arguments is called with a star"));
            return Err(self.fail(range, diagnostic.help(format!("write `{name}(*)`"))));
        }
        if let Some(window) = &call.over {
            if !aggregate && kind != FunctionKind::Window {
                let message = format!("`{name}` is neither an aggregate nor a window function");
                return Err(self.fail(range, Diagnostic::new(message).help("remove `OVER`")));
            }
            self.window_called(&name, &called.arguments, mark, range)?;
            if let Some(wrong) = not_over(&called.function, call) {
                let diagnostic = Diagnostic::new(format!("{wrong} is not allowed in a call with `OVER`"));
                return Err(self.fail(range, diagnostic.help("do it in a sub-query")));
            }
            return self.over(window, *called, filtered, range);
        }
        if kind == FunctionKind::Window {
            let message = format!("window function `{name}` is called without `OVER`");
            return Err(self.fail(range, Diagnostic::new(message).help("add `OVER (…)`")));
        }
        if aggregate {
            let own = self.aggregate_called(&name, &called.arguments, mark, range)?;
            return Ok(self.aggregated(*called, own, filtered, range));
        }
        if filtered || call.distinct || call.star || !call.order_by.is_empty() || !call.within_group.is_empty() {
            let message = format!("`{name}` is no aggregate");
            let diagnostic = Diagnostic::new(message).help("`*`, `DISTINCT`, `ORDER BY`, `FILTER` and `WITHIN GROUP` are for aggregates");
            return Err(self.fail(range, diagnostic));
        }
        let Called { function, declared, alone, arguments, result, .. } = *called;
        if function.returns_set {
            self.set_called(&name, range)?;
        }
        let mut value = Value::from_parts(result, false, &arguments, range.clone());
        let total = function.schema.is_none() && !function.returns_set && proven::never_null(&function.name, &declared);
        if function.strict && !function.returns_set {
            value = Value::strict(result, total, &arguments, range.clone());
            // An array of nulls is none itself.
            value.needs = arguments.iter().take(alone).flat_map(|argument| &argument.needs).copied().collect();
        } else {
            value.not_null = total && arguments.iter().all(|argument| argument.not_null);
        }
        value.makes_rows |= function.returns_set;
        Ok(value)
    }

    /// Refuses an order of distinct arguments by something else.
    fn check_distinct_order(&mut self, call: &Call) -> Step<()> {
        if call.order_by.is_empty() {
            return Ok(());
        }
        let mut written = Vec::new();
        for expr in call.arguments.iter().map(|(_, argument)| argument).chain(&call.order_by) {
            let mark = self.mark();
            self.expression(expr)?;
            written.push(self.written_alike(&expr.range, mark.references));
            self.references.truncate(mark.references);
        }
        let ordered = written.split_off(call.arguments.len());
        let wrong = call.order_by.iter().zip(&ordered).find(|(_, text)| !written.contains(text));
        let Some((wrong, _)) = wrong else { return Ok(()) };
        let diagnostic = Diagnostic::new("distinct arguments are ordered by something that is none of them");
        Err(self.fail(&wrong.range, diagnostic.help("order by an argument, or leave `DISTINCT` out")))
    }

    /// The value of a function over a window.
    fn over(&mut self, window: &Window, called: Called, filtered: bool, range: &Range<usize>) -> Step<Value> {
        let Called { function, arguments, result, .. } = called;
        let framed = self.window(window, range)?.framed;
        let mut value = Value::from_parts(result, false, &arguments, range.clone());
        let known = arguments.iter().all(|argument| argument.not_null);
        value.not_null = function.schema.is_none()
            && (proven::always_counts(&function.name)
                || proven::ranks(&function.name)
                || (!filtered && !framed && known && proven::of_frame(&function.name)));
        Ok(value)
    }

    /// The value of an aggregate; `own` says that it is of the query at hand and not of one around it.
    fn aggregated(&mut self, called: Called, own: bool, filtered: bool, range: &Range<usize>) -> Value {
        let Called { function, arguments, result, .. } = called;
        let mut value = Value::from_parts(result, false, &arguments, range.clone());
        value.aggregates = own;
        let known = arguments.iter().all(|argument| argument.not_null);
        value.not_null = own
            && function.schema.is_none()
            && function.kind == FunctionKind::Aggregate
            && (proven::always_counts(&function.name)
                || (self.grouping == Grouping::Plain
                    && !filtered
                    && (proven::of_any_rows(&function.name) || (known && proven::of_rows(&function.name)))));
        value
    }

    /// What a call means; the arguments of an ordered-set aggregate are those in its parentheses and then those it orders by.
    pub(super) fn meaning(&mut self, call: &Call, range: &Range<usize>) -> Step<Meaning> {
        let mut arguments = Vec::new();
        for (_, argument) in &call.arguments {
            arguments.push(self.expression(argument)?);
        }
        for ordered in &call.within_group {
            arguments.push(self.expression(ordered)?);
        }
        let mut names: Vec<Option<&Name>> = call.arguments.iter().map(|(name, _)| name.as_ref()).collect();
        names.resize(arguments.len(), None);
        let Some(function) = call.name.last() else {
            return Err(self.fail(range, Diagnostic::new("a function's name is missing")));
        };
        let schema = call.name.len().checked_sub(2).and_then(|index| call.name.get(index));
        let known = self.functions_named(schema.map(|name| name.text.as_str()), &function.text);
        let mut candidates: Vec<Candidate> = known.iter().filter_map(|known| candidate(known, &arguments, &names, call.variadic)).collect();
        candidates.sort_by_key(|candidate| (candidate.gathers, candidate.defaults));
        let actual = Self::types_of(&arguments);
        let plain = call.variadic == Variadic::No && names.iter().all(Option::is_none) && call.over.is_none() && !call.star;
        let exact = candidates.iter().position(|candidate| candidate.declared == actual);
        if let (None, true, [only]) = (exact, plain, arguments.as_slice())
            && let Some(target) = self.type_called(schema, &function.text)
            && self.is_cast_function(only.ty, target)
        {
            let argument = only.clone();
            let mut value = self.convert(argument, target, &[], Context::Explicit)?;
            value.range = range.clone();
            return Ok(Meaning::Value(Box::new(value)));
        }
        let choice = exact.map_or_else(|| self.choose_function(&candidates, &actual), Choice::One);
        match choice {
            Choice::One(index) => {
                let chosen = candidates.swap_remove(index);
                self.called(chosen, arguments, &function.range).map(|called| Meaning::Function(Box::new(called)))
            }
            Choice::None | Choice::Ambiguous => {
                // `f(row)` may be the field `f` of the row.
                if let (true, None, [only]) = (plain, schema, arguments.as_slice())
                    && self.types.fields(only.ty).is_some_and(|fields| fields.iter().any(|field| field.name == function.text))
                {
                    let value = self.fields(only.clone(), std::slice::from_ref(function))?;
                    return Ok(Meaning::Value(Box::new(value)));
                }
                Err(self.no_function((schema, function), &actual, choice == Choice::Ambiguous, !known.is_empty()))
            }
        }
    }

    /// `row.f`, which is `f(row)` where `f` is no field of it.
    pub(super) fn call_of_row(&mut self, row: &Value, function: &Name) -> Step<Option<Value>> {
        let arguments = [row.clone()];
        let known = self.functions_named(None, &function.text);
        let mut candidates: Vec<Candidate> = known.iter().filter_map(|it| candidate(it, &arguments, &[None], Variadic::No)).collect();
        candidates.retain(|it| it.function.kind == FunctionKind::Function && !it.function.returns_set);
        let Choice::One(index) = self.choose_function(&candidates, &Self::types_of(&arguments)) else { return Ok(None) };
        let called = self.called(candidates.swap_remove(index), arguments.to_vec(), &function.range)?;
        Ok(Some(Value::from_parts(called.result, false, &called.arguments, function.range.clone())))
    }

    fn no_function(&mut self, (schema, function): (Option<&Name>, &Name), actual: &[Oid], ambiguous: bool, named: bool) -> super::Failed {
        let types: Vec<String> = actual.iter().map(|ty| self.types.named(*ty)).collect();
        let schema = schema.filter(|schema| schema.text != "pg_catalog").map(|schema| format!("{}.", schema.text));
        let call = format!("{}{}({})", schema.unwrap_or_default(), function.text, types.join(", "));
        let known = self.knows_functions(&function.text, actual);
        if ambiguous {
            let diagnostic = Diagnostic::new(format!("function `{call}` could be several"));
            return self.fail_if_known(known, &function.range, diagnostic.help("cast the arguments to say which"));
        }
        let diagnostic = Diagnostic::new(format!("function `{call}` does not exist"));
        let diagnostic = if named {
            diagnostic.help("there are functions of that name for other arguments: cast them")
        } else {
            let mut of_the_system: Vec<&str> = snapshot::function_names().collect();
            of_the_system.dedup();
            diagnostic.help_nearest(&nearest(&function.text, of_the_system))
        };
        self.fail_if_known(known, &function.range, diagnostic)
    }

    fn choose_function(&self, candidates: &[Candidate], actual: &[Oid]) -> Choice {
        // Of those that declare the same, the one that needs nothing gathered and no default comes first, and is the only one seen.
        let mut seen: Vec<usize> = Vec::new();
        for (index, candidate) in candidates.iter().enumerate() {
            if !seen.iter().any(|earlier| candidates[*earlier].declared == candidate.declared) {
                seen.push(index);
            }
        }
        let declared: Vec<Vec<Oid>> = seen.iter().map(|index| candidates[*index].declared.clone()).collect();
        match choose(&self.types, &declared, actual) {
            Choice::One(index) => Choice::One(seen[index]),
            other => other,
        }
    }

    /// The functions that a name may mean; what an earlier schema of the path has for the same arguments hides a later one.
    pub(super) fn functions_named(&mut self, schema: Option<&str>, name: &str) -> Vec<Function> {
        match schema {
            Some("pg_catalog") => snapshot::functions(name),
            Some(schema) => self.own_functions(schema, name),
            None => {
                let mut found: Vec<Function> = Vec::new();
                for schema in self.path_of_functions() {
                    let mut more = if schema == "pg_catalog" { snapshot::functions(name) } else { self.own_functions(&schema, name) };
                    if !found.is_empty() {
                        more.retain(|function| !found.iter().any(|earlier| earlier.inputs == function.inputs));
                    }
                    found.append(&mut more);
                }
                found
            }
        }
    }

    /// The functions and aggregates of a schema that have that name.
    fn own_functions(&mut self, schema: &str, name: &str) -> Vec<Function> {
        let mut found = super::objects::functions(self.catalog, &mut self.types, schema, name);
        found.extend(super::defined::aggregates(self.catalog, &mut self.types, schema, name));
        found
    }

    /// The type that a function's name is, for casts in the form of calls.
    fn type_called(&mut self, schema: Option<&Name>, name: &str) -> Option<Oid> {
        match schema.map(|schema| schema.text.as_str()) {
            None | Some("pg_catalog") => snapshot::type_named("", name).filter(|ty| self.types.shape(*ty) != super::types::Shape::Pseudo),
            Some(_) => None,
        }
    }

    fn called(&mut self, chosen: Candidate, arguments: Vec<Value>, range: &Range<usize>) -> Step<Called> {
        let actual = Self::types_of(&arguments);
        let Candidate { function, declared, gathers, .. } = chosen;
        let alone = if gathers { function.inputs.len().saturating_sub(1) } else { arguments.len() };
        if function.kind == FunctionKind::Procedure {
            let message = format!("`{}` is a procedure", function.name);
            return Err(self.fail(range, Diagnostic::new(message).help("call it with `CALL`")));
        }
        if function.mutable && self.needs_immutable() {
            self.note_mutable(&function.name, range);
        }
        let polymorphic = |ty: &Oid| is_polymorphic(*ty);
        let any = declared.iter().any(polymorphic) || polymorphic(&function.result);
        let solution = if any { solve(&self.types, &declared, &actual) } else { None };
        let mut unsaid = false;
        let mut meant = |ty: Oid| {
            if !is_polymorphic(ty) {
                return ty;
            }
            let found = solution.as_ref().and_then(|solution| solution.actual(ty));
            unsaid |= found.is_none();
            found.unwrap_or(UNKNOWN)
        };
        let wanted: Vec<Oid> = declared.iter().map(|ty| meant(*ty)).collect();
        let outputs: Vec<(String, Oid)> = function.outputs.iter().map(|(name, ty)| (name.clone(), meant(*ty))).collect();
        let mut result = meant(function.result);
        if unsaid {
            let diagnostic = Diagnostic::new(format!("nothing says what type `{}` is for", function.name));
            return Err(self.fail(range, diagnostic.help("cast an argument")));
        }
        if result == RECORD && outputs.len() > 1 {
            let field = |(name, ty): &(String, Oid)| Field { name: name.clone(), ty: *ty, modifiers: Vec::new() };
            result = self.types.anonymous(outputs.iter().map(field).collect());
        }
        let mut converted = Vec::new();
        for (argument, wanted) in arguments.into_iter().zip(wanted) {
            let argument = if wanted == ANY { self.settled(argument) } else { argument };
            converted.push(if wanted == ANY { argument } else { self.convert(argument, wanted, &[], Context::Implicit)? });
        }
        Ok(Called { function, declared, alone, arguments: converted, result, outputs })
    }
}

/// What a call over a window may not have.
fn not_over(function: &Function, call: &Call) -> Option<&'static str> {
    if call.distinct {
        Some("`DISTINCT`")
    } else if !call.order_by.is_empty() {
        Some("`ORDER BY` within the parentheses")
    } else if matches!(function.kind, FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet) {
        Some("an ordered-set aggregate")
    } else if function.kind == FunctionKind::Window && call.filter.is_some() {
        Some("`FILTER` of a window function")
    } else {
        None
    }
}

/// The function as a call of these arguments would use it; None if there are too many, too few, or one of another name.
fn candidate(function: &Function, arguments: &[Value], names: &[Option<&Name>], variadic: Variadic) -> Option<Candidate> {
    let count = arguments.len();
    let inputs = function.inputs.len();
    if names.iter().any(Option::is_some) {
        return by_name(function, names);
    }
    if function.variadic != 0 && variadic == Variadic::No && count + 1 > inputs && count >= inputs {
        let mut declared = function.inputs.clone();
        declared.pop();
        declared.resize(count, function.variadic);
        return Some(Candidate { function: function.clone(), declared, gathers: true, defaults: 0 });
    }
    if count > inputs || count + function.defaults < inputs {
        return None;
    }
    if variadic == Variadic::Yes && (function.variadic == 0 || count != inputs) {
        return None;
    }
    let declared = function.inputs[..count].to_vec();
    // What gathers any type takes an array only after `VARIADIC`.
    if function.variadic == ANY && variadic == Variadic::No {
        return None;
    }
    Some(Candidate { function: function.clone(), declared, gathers: false, defaults: inputs - count })
}

/// Arguments by name: those before the first name go by position, all that are left must have defaults.
fn by_name(function: &Function, names: &[Option<&Name>]) -> Option<Candidate> {
    let inputs = function.inputs.len();
    let mut taken = vec![false; inputs];
    let mut declared = Vec::new();
    for (position, name) in names.iter().enumerate() {
        let index = match name {
            None => position,
            Some(name) => function.input_names.iter().position(|known| *known == name.text)?,
        };
        if *taken.get(index)? {
            return None;
        }
        taken[index] = true;
        declared.push(function.inputs[index]);
    }
    let missing = taken.iter().take(inputs.saturating_sub(function.defaults)).any(|taken| !taken);
    let defaults = inputs - names.len();
    (!missing).then(|| Candidate { function: function.clone(), declared, gathers: false, defaults })
}
