//! What a caller of a function takes and gives.

use std::collections::{BTreeMap, HashSet};

use elyos_schema::Catalog;
use elyos_schema::catalog::{Argument, Function, Mode, Type};
use syn::Ident;
use syn::ext::IdentExt as _;

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
    /// What stands for the arguments that have a place, in their order.
    pub(crate) places: Vec<Place>,
    pub(crate) answer: Answer,
}

/// What stands for an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The next of the inputs.
    Input,
    /// Nothing goes in: it only comes out of the procedure, of which a call says null.
    Output,
}

/// The functions of a schema.
#[derive(Default)]
pub(crate) struct Functions {
    pub(crate) callers: Vec<Caller>,
    /// Those that have no caller, and why.
    pub(crate) uncalled: Vec<(String, &'static str)>,
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

impl Answer {
    /// The types of what comes back.
    fn types(&self) -> impl Iterator<Item = &RustType> {
        let (value, columns) = match self {
            Self::Nothing => (None, [].as_slice()),
            Self::Value { ty, .. } => (Some(ty), [].as_slice()),
            Self::Row { columns, .. } => (None, columns.as_slice()),
        };
        value.into_iter().chain(columns.iter().map(|column| &column.ty))
    }
}

/// A column of what comes back.
pub(crate) struct Output {
    pub(crate) field: Ident,
    pub(crate) quoted: String,
    pub(crate) doc: String,
    pub(crate) ty: RustType,
}

/// The callers by schema; of what nobody calls, as a trigger's function, there is none, and of what no statement can call neither.
pub(crate) fn callers(catalog: &Catalog, mapping: Mapping<'_>) -> BTreeMap<String, Functions> {
    let mut schemas: BTreeMap<String, Functions> = BTreeMap::new();
    let functions: Vec<&Function> = catalog.functions().filter(|function| !function.window && !is_called_by_server(function)).collect();
    for function in &functions {
        let of_schema = schemas.entry(function.schema.clone()).or_default();
        let mut caller = match caller(function, catalog, mapping) {
            Ok(caller) => caller,
            Err(why) => {
                of_schema.uncalled.push((function.signature(), why));
                continue;
            }
        };
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
        // Names that only case, signs or types tell apart: the first has the name, the next are numbered.
        let (method, base) = (caller.method.unraw().to_string(), caller.base.clone());
        let is_taken = |caller: &Caller| of_schema.callers.iter().any(|known| known.method == caller.method || known.base == caller.base);
        let mut number = 1;
        while is_taken(&caller) {
            number += 1;
            caller.method = names::identifier(&format!("{method}_{number}"));
            caller.base = format!("{base}{number}");
        }
        of_schema.callers.push(caller);
    }
    schemas
}

/// Functions of which only the server has the arguments.
fn is_called_by_server(function: &Function) -> bool {
    let types = function.arguments.iter().map(|argument| &argument.ty).chain(&function.returns);
    let is_own = |ty: &Type| ty.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    types.into_iter().any(|ty| {
        is_own(ty)
            && matches!(
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
            )
    })
}

/// The caller, or why there is none.
fn caller(function: &Function, catalog: &Catalog, mapping: Mapping<'_>) -> Result<Caller, &'static str> {
    let mut types_known = function.arguments.iter().map(|argument| &argument.ty).chain(&function.returns);
    if types_known.any(is_polymorphic) {
        return Err("what it takes or gives is of any type");
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
    // An argument behind one that is left out can only be given by its name; those that only come out are before all of them.
    let with_place = |argument: &&Argument| match argument.mode {
        Mode::Out => function.procedure,
        _ => argument.is_input() && argument.default.is_none(),
    };
    let places = function.arguments.iter().filter(with_place);
    let places = places.map(|argument| if argument.mode == Mode::Out { Place::Output } else { Place::Input }).collect();
    let answer = answer(function, catalog, mapping).ok_or("each call has to say the columns that it gives")?;
    // What `CALL` gives cannot be cast.
    if function.procedure && answer.types().any(|ty| ty.cast.is_some()) {
        return Err("`CALL` gives a type as it is that only the schema has, or that travels as text");
    }
    let shown = format!("{}.{}", function.schema, function.name);
    let comment = function.comment.as_deref().map(|comment| format!("{}\n\n", docs::prose(comment))).unwrap_or_default();
    let kind = if function.procedure { "procedure" } else { "function" };
    Ok(Caller {
        method: names::identifier(&names::snake(&function.name)),
        base: names::camel(&function.name),
        quoted: format!("{}.{}", names::quoted(&function.schema), names::quoted(&function.name)),
        doc: format!("{comment}Calls the {kind} {}.", docs::code(&format!("{}.{}", function.schema, function.signature()))),
        shown,
        is_procedure: function.procedure,
        inputs,
        optional,
        places,
        answer,
    })
}

/// A type that only a call's own arguments decide.
fn is_polymorphic(ty: &Type) -> bool {
    let own = ty.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    own && (ty.name.starts_with("any") || ty.name == "unknown")
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
        Output {
            field: names::field(&name),
            quoted: names::quoted(&name),
            doc: docs::code(&ty.without_modifiers()),
            ty: types::rust_type(ty, catalog, mapping),
        }
    };
    match (columns.as_slice(), &function.returns) {
        ([], None) => Some(Answer::Nothing),
        ([], Some(ty)) if ty.name == "void" && ty.schema.is_none() => Some(Answer::Nothing),
        // Its columns are the call's own.
        ([], Some(ty)) if ty.name == "record" && ty.schema.is_none() => None,
        ([], Some(ty)) => match composite(ty, catalog) {
            Some(columns) => {
                let columns = columns.iter().enumerate().map(|(index, (name, ty))| named(Some(name), ty, index));
                Some(Answer::Row { columns: distinct(columns.collect()), many })
            }
            None => Some(Answer::Value { ty: types::rust_type(ty, catalog, mapping), many }),
        },
        ([only], _) if !table && !function.procedure => Some(Answer::Value { ty: types::rust_type(&only.ty, catalog, mapping), many }),
        (columns, _) => {
            let columns = columns.iter().enumerate().map(|(index, column)| named(column.name.as_deref(), &column.ty, index));
            Some(Answer::Row { columns: distinct(columns.collect()), many })
        }
    }
}

/// The columns; those that would be called alike are numbered by their places.
fn distinct(mut columns: Vec<Output>) -> Vec<Output> {
    let mut taken = HashSet::new();
    for (index, column) in columns.iter_mut().enumerate() {
        while !taken.insert(column.field.clone()) {
            column.field = names::identifier(&format!("{}_{}", column.field.unraw(), index + 1));
        }
    }
    columns
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
