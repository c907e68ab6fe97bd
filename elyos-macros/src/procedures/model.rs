//! What a caller of a function takes and gives.

use std::collections::BTreeMap;

use elyos_schema::Catalog;
use elyos_schema::catalog::{Argument, Function, Mode, Type};
use syn::Ident;

use crate::docs;
use crate::names;
use crate::types::{self, Mapping, RustType};

/// A caller.
pub(crate) struct Caller {
    pub(crate) method: Ident,
    /// What its structs are called after.
    pub(crate) base: String,
    /// `"auth"."get_groups"`
    pub(crate) quoted: String,
    pub(crate) shown: String,
    pub(crate) doc: String,
    pub(crate) is_procedure: bool,
    pub(crate) inputs: Vec<Input>,
    pub(crate) optional: Vec<Input>,
    /// How many arguments of a procedure only come out of it.
    pub(crate) outputs_only: usize,
    pub(crate) answer: Answer,
}

/// An argument that goes in.
pub(crate) struct Input {
    pub(crate) field: Ident,
    /// As SQL names it, where it has a name.
    pub(crate) quoted: Option<String>,
    pub(crate) doc: String,
    pub(crate) ty: RustType,
    pub(crate) sql_type: String,
    pub(crate) variadic: bool,
    /// Whether the statement says its type.
    pub(crate) cast: bool,
}

/// What comes back.
pub(crate) enum Answer {
    Nothing,
    /// One value, or any number.
    Value {
        ty: RustType,
        many: bool,
    },
    /// One row, or any number.
    Row {
        columns: Vec<Output>,
        many: bool,
    },
}

/// A column of what comes back.
pub(crate) struct Output {
    pub(crate) field: Ident,
    pub(crate) quoted: String,
    pub(crate) doc: String,
    pub(crate) ty: RustType,
}

/// The callers by schema; of what cannot be called from outside, as a trigger's function, there is none.
pub(crate) fn callers(catalog: &Catalog, mapping: Mapping<'_>) -> BTreeMap<String, Vec<Caller>> {
    let mut schemas: BTreeMap<String, Vec<Caller>> = BTreeMap::new();
    let functions: Vec<&Function> = catalog.functions().filter(|function| !function.window).collect();
    for function in &functions {
        let Some(mut caller) = caller(function, catalog, mapping) else { continue };
        let overloaded = functions.iter().any(|other| {
            (&other.schema, &other.name) == (&function.schema, &function.name) && other.argument_types() != function.argument_types()
        });
        if overloaded {
            let types: Vec<String> = function.argument_types().iter().map(|ty| names::snake(ty)).collect();
            let suffix = types.join("_").trim_matches('_').to_owned();
            let name = if suffix.is_empty() { names::snake(&function.name) } else { format!("{}_{suffix}", names::snake(&function.name)) };
            caller.method = names::identifier(&name);
            caller.base = names::camel(&name);
            // The types say which of them is meant.
            caller.inputs.iter_mut().chain(&mut caller.optional).for_each(|input| input.cast = true);
        }
        let of_schema = schemas.entry(function.schema.clone()).or_default();
        // Names that only case or signs tell apart: the first has the name.
        if !of_schema.iter().any(|known| known.method == caller.method || known.base == caller.base) {
            of_schema.push(caller);
        }
    }
    schemas
}

fn caller(function: &Function, catalog: &Catalog, mapping: Mapping<'_>) -> Option<Caller> {
    let types_known = function.arguments.iter().map(|argument| &argument.ty).chain(&function.returns);
    if types_known.clone().any(is_pseudo) {
        return None;
    }
    let mut fields = Vec::new();
    let mut inputs = Vec::new();
    let mut optional = Vec::new();
    let variadic = function.arguments.iter().any(|argument| argument.mode == Mode::Variadic);
    for (index, argument) in function.arguments.iter().filter(|argument| argument.is_input()).enumerate() {
        let input = input(argument, index, &mut fields, catalog, mapping);
        match (&argument.default, &input.quoted) {
            (None, _) => inputs.push(input),
            (Some(_), Some(_)) if !variadic => optional.push(input),
            // It has no name to be given by: it is left to its default.
            (Some(_), _) => {}
        }
    }
    // An argument behind one that is left out can only be given by its name.
    let outputs_only = function.arguments.iter().filter(|argument| argument.mode == Mode::Out).count();
    let shown = format!("{}.{}", function.schema, function.name);
    let comment = function.comment.as_deref().map(|comment| format!("{}\n\n", docs::prose(comment))).unwrap_or_default();
    let kind = if function.procedure { "procedure" } else { "function" };
    Some(Caller {
        method: names::identifier(&names::snake(&function.name)),
        base: names::camel(&function.name),
        quoted: format!("{}.{}", names::quoted(&function.schema), names::quoted(&function.name)),
        doc: format!("{comment}Calls the {kind} {}.", docs::code(&format!("{}.{}", function.schema, function.signature()))),
        shown,
        is_procedure: function.procedure,
        inputs,
        optional,
        outputs_only: if function.procedure { outputs_only } else { 0 },
        answer: answer(function, catalog, mapping)?,
    })
}

/// A type that only a call's own arguments decide, or that no query gives.
fn is_pseudo(ty: &Type) -> bool {
    let own = ty.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    own && (ty.name.starts_with("any")
        || matches!(
            ty.name.as_str(),
            "trigger"
                | "event_trigger"
                | "internal"
                | "language_handler"
                | "fdw_handler"
                | "index_am_handler"
                | "table_am_handler"
                | "tsm_handler"
                | "cstring"
                | "pg_ddl_command"
                | "unknown"
        ))
}

fn input(argument: &Argument, index: usize, fields: &mut Vec<Ident>, catalog: &Catalog, mapping: Mapping<'_>) -> Input {
    let field = match &argument.name {
        Some(name) => names::field(name),
        None => names::identifier(&format!("arg{}", index + 1)),
    };
    // Two that would be called alike.
    let field = if fields.contains(&field) { names::identifier(&format!("arg{}", index + 1)) } else { field };
    fields.push(field.clone());
    let default = argument.default.as_deref().map(|default| format!(", by default {}", docs::code(default))).unwrap_or_default();
    let ty = types::rust_type(&argument.ty, catalog, mapping);
    Input {
        field,
        cast: ty.cast.is_some(),
        quoted: argument.name.as_deref().map(names::quoted),
        doc: format!("{}{default}", docs::code(&argument.ty.without_modifiers())),
        ty,
        sql_type: argument.ty.of_any_length(),
        variadic: argument.mode == Mode::Variadic,
    }
}

fn answer(function: &Function, catalog: &Catalog, mapping: Mapping<'_>) -> Option<Answer> {
    let out = |argument: &&Argument| matches!(argument.mode, Mode::Out | Mode::InOut | Mode::Table);
    let columns: Vec<&Argument> = function.arguments.iter().filter(out).collect();
    let table = columns.iter().any(|argument| argument.mode == Mode::Table);
    let many = function.returns_set || table;
    let named = |name: Option<&str>, ty: &Type, index: usize| {
        let name = name.map_or_else(|| format!("column{}", index + 1), str::to_owned);
        Some(Output {
            field: names::field(&name),
            quoted: names::quoted(&name),
            doc: docs::code(&ty.without_modifiers()),
            ty: types::rust_type(ty, catalog, mapping),
        })
    };
    match (columns.as_slice(), &function.returns) {
        ([], None) => Some(Answer::Nothing),
        ([], Some(ty)) if ty.name == "void" && ty.schema.is_none() => Some(Answer::Nothing),
        // Its columns are the call's own.
        ([], Some(ty)) if ty.name == "record" && ty.schema.is_none() => None,
        ([], Some(ty)) => match composite(ty, catalog) {
            Some(columns) => {
                let columns = columns.iter().enumerate().map(|(index, (name, ty))| named(Some(name), ty, index));
                Some(Answer::Row { columns: distinct(columns.collect::<Option<_>>()?)?, many })
            }
            None => Some(Answer::Value { ty: types::rust_type(ty, catalog, mapping), many }),
        },
        ([only], _) if !table && !function.procedure => Some(Answer::Value { ty: types::rust_type(&only.ty, catalog, mapping), many }),
        (columns, _) => {
            let columns = columns.iter().enumerate().map(|(index, column)| named(column.name.as_deref(), &column.ty, index));
            Some(Answer::Row { columns: distinct(columns.collect::<Option<_>>()?)?, many })
        }
    }
}

/// The columns, where no two have the same field.
fn distinct(columns: Vec<Output>) -> Option<Vec<Output>> {
    let doubled = columns.iter().enumerate().any(|(index, column)| columns[..index].iter().any(|other| other.field == column.field));
    (!doubled).then_some(columns)
}

/// The columns of a row's type: a table's, a view's or a composite's.
fn composite<'c>(ty: &Type, catalog: &'c Catalog) -> Option<Vec<(&'c str, &'c Type)>> {
    let schema = ty.schema.as_deref().filter(|_| ty.array_dimensions == 0)?;
    if let Some(table) = catalog.table(schema, &ty.name) {
        return Some(table.columns.iter().map(|column| (column.name.as_str(), &column.ty)).collect());
    }
    let composite = catalog.composites().find(|composite| composite.schema == schema && composite.name == ty.name)?;
    Some(composite.attributes.iter().map(|attribute| (attribute.name.as_str(), &attribute.ty)).collect())
}
