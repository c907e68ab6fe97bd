//! Operators, aggregates and casts that the schema creates (<https://www.postgresql.org/docs/current/extend.html>).

use super::{
    objects,
    snapshot::{self, Cast, Context, Function, FunctionKind, Oid, Operator},
    types::Types,
};
use crate::{
    catalog::{Catalog, Meaning, Mode},
    ddl::CastContext,
};

/// The operators of that name in a schema.
pub(super) fn operators(catalog: &Catalog, types: &mut Types, schema: &str, name: &str) -> Vec<Operator> {
    let mut found = Vec::new();
    for carried in catalog.carried().filter(|carried| carried.schema.as_deref() == Some(schema)) {
        let Some(Meaning::Operator { name: known, left, right, function }) = &carried.meaning else { continue };
        if known != name {
            continue;
        }
        let left = left.as_ref().map_or(0, |left| types.number(catalog, left));
        let right = types.number(catalog, right);
        let inputs: Vec<Oid> = [left, right].into_iter().filter(|ty| *ty != 0).collect();
        if let Some(called) = function_of(catalog, types, function, &inputs) {
            // What a schema's function may return is not looked into: nothing of it is proven.
            found.push(Operator { left, right, result: called.result, function: "", strict: called.strict, mutable: called.mutable });
        }
    }
    found
}

/// The aggregates of that name in a schema, as functions.
pub(super) fn aggregates(catalog: &Catalog, types: &mut Types, schema: &str, name: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for carried in catalog.carried().filter(|carried| carried.schema.as_deref() == Some(schema)) {
        let Some(Meaning::Aggregate { name: known, arguments, state, last }) = &carried.meaning else { continue };
        if known != name {
            continue;
        }
        let state = types.number(catalog, state);
        let result = match last {
            None => Some(state),
            Some(last) => function_of(catalog, types, last, &[state]).map(|called| called.result),
        };
        let Some(result) = result else { continue };
        let variadic = arguments.iter().find(|argument| argument.mode == Mode::Variadic);
        let variadic = variadic.map_or(0, |argument| {
            let array = types.number(catalog, &argument.ty);
            types.gathered(array)
        });
        found.push(Function {
            name: name.to_owned(),
            schema: Some(schema.to_owned()),
            kind: FunctionKind::Aggregate,
            strict: false,
            returns_set: false,
            mutable: false,
            variadic,
            defaults: 0,
            result,
            inputs: arguments.iter().map(|argument| types.number(catalog, &argument.ty)).collect(),
            outputs: Vec::new(),
            input_names: arguments.iter().map(|argument| argument.name.clone().unwrap_or_default()).collect(),
        });
    }
    found
}

/// The casts of the schema.
pub(super) fn casts(catalog: &Catalog, types: &mut Types) -> Vec<((Oid, Oid), Cast)> {
    let mut found = Vec::new();
    for carried in catalog.carried() {
        let Some(Meaning::Cast { source, target, context, binary }) = &carried.meaning else { continue };
        let context = match context {
            CastContext::Implicit => Context::Implicit,
            CastContext::Assignment => Context::Assignment,
            CastContext::Explicit => Context::Explicit,
        };
        let ends = (types.number(catalog, source), types.number(catalog, target));
        found.push((ends, Cast { context, binary: *binary, mutable: false }));
    }
    found
}

/// The function that a definition names: the one for these types, or the only one that takes them first. It is strict only if all are that
/// it may be.
fn function_of(catalog: &Catalog, types: &mut Types, (schema, name): &(Option<String>, String), inputs: &[Oid]) -> Option<Function> {
    let mut known = match schema.as_deref() {
        None | Some("pg_catalog") => snapshot::functions(name),
        Some(_) => Vec::new(),
    };
    let schemas: Vec<String> = match schema {
        Some(schema) => vec![schema.clone()],
        None => catalog.schemas().map(|schema| schema.name().to_owned()).collect(),
    };
    for schema in schemas {
        known.extend(objects::functions(catalog, types, &schema, name));
    }
    let exact = known.iter().position(|function| function.inputs == inputs);
    let begins = || known.iter().position(|function| function.inputs.starts_with(inputs));
    let arity = || known.iter().position(|function| function.inputs.len() == inputs.len());
    let found = exact.or_else(begins).or_else(arity)?;
    let strict = known.iter().filter(|function| function.inputs.len() == inputs.len()).all(|function| function.strict);
    let function = known.swap_remove(found);
    Some(Function { strict: strict && function.strict, ..function })
}
