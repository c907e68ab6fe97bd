//! What the resolver asks of a [`Catalog`]: types and functions that the schema creates. The only file here that knows how it keeps them.

use super::{
    snapshot::{Function, FunctionKind, Oid},
    types::{Field, RECORD, Shape, TEXT, Types, VOID},
};
use crate::catalog::{self, Catalog, Mode, Type, UserType};

/// What a user's type is made of; a table's name is also that of its row type.
pub(super) fn shape(catalog: &Catalog, types: &mut Types, schema: &str, name: &str) -> Shape {
    let mut field = |name: &str, ty: &Type| Field { name: name.to_owned(), ty: types.number(catalog, ty), modifiers: ty.modifiers.clone() };
    match catalog.schemas.get(schema).and_then(|found| found.types.get(name)) {
        Some(UserType::Enum(_)) => Shape::Enum,
        Some(UserType::Domain(domain)) => Shape::Domain { base: types.number(catalog, &domain.base) },
        Some(UserType::Composite(composite)) => {
            Shape::Composite(composite.attributes.iter().map(|attribute| field(&attribute.name, &attribute.ty)).collect())
        }
        Some(UserType::Range(range)) => Shape::Range {
            subtype: types.number(catalog, &range.subtype),
            multirange: types.number(catalog, &of_schema(schema, &range.multirange)),
        },
        Some(UserType::Multirange { range }) => Shape::Multirange { range: types.number(catalog, &of_schema(schema, range)) },
        Some(UserType::Base { .. }) => Shape::Base,
        None => match catalog.table(schema, name).filter(|table| table.columns_known) {
            Some(table) => Shape::Composite(table.columns.iter().map(|column| field(&column.name, &column.ty)).collect()),
            None => Shape::Unknown,
        },
    }
}

fn of_schema(schema: &str, name: &str) -> Type {
    Type { schema: Some(schema.to_owned()), name: name.to_owned(), modifiers: Vec::new(), array_dimensions: 0 }
}

/// Whether a schema has a type of that name.
pub(super) fn has_type(catalog: &Catalog, schema: &str, name: &str) -> bool {
    catalog.schemas.get(schema).is_some_and(|found| found.types.contains_key(name) || found.tables.contains_key(name))
}

/// The functions and procedures of a schema that have that name.
pub(super) fn functions(catalog: &Catalog, types: &mut Types, schema: &str, name: &str) -> Vec<Function> {
    let Some(found) = catalog.schemas.get(schema) else { return Vec::new() };
    let mut functions: Vec<Function> =
        found.functions.get(name).into_iter().flatten().map(|function| as_function(catalog, types, function)).collect();
    if let Some(UserType::Range(range)) = found.types.get(name) {
        // A range type comes with functions that make its values.
        let (bound, result) = (types.number(catalog, &range.subtype), types.number(catalog, &of_schema(schema, name)));
        functions.extend([vec![bound, bound], vec![bound, bound, TEXT]].map(|inputs| constructor(schema, name, inputs, result)));
    }
    if let Some(UserType::Multirange { range }) = found.types.get(name) {
        // A multirange is made of none, one, or any number of its ranges.
        let (range, result) = (types.number(catalog, &of_schema(schema, range)), types.number(catalog, &of_schema(schema, name)));
        functions.extend([vec![], vec![range]].map(|inputs| constructor(schema, name, inputs, result)));
        let many = Types::array_of(range).map(|array| constructor(schema, name, vec![array], result));
        functions.extend(many.map(|function| Function { variadic: range, ..function }));
    }
    functions
}

fn constructor(schema: &str, name: &str, inputs: Vec<Oid>, result: Oid) -> Function {
    Function {
        name: name.to_owned(),
        schema: Some(schema.to_owned()),
        kind: FunctionKind::Function,
        strict: false,
        returns_set: false,
        mutable: false,
        variadic: 0,
        defaults: 0,
        result,
        inputs,
        outputs: Vec::new(),
        input_names: Vec::new(),
    }
}

fn as_function(catalog: &Catalog, types: &mut Types, function: &catalog::Function) -> Function {
    let inputs: Vec<_> = function.arguments.iter().filter(|argument| argument.is_input()).collect();
    let named = |(index, argument): (usize, &catalog::Argument)| argument.name.clone().unwrap_or_else(|| format!("column{}", index + 1));
    let outputs: Vec<(String, Oid)> = function
        .arguments
        .iter()
        .enumerate()
        .filter(|(_, argument)| matches!(argument.mode, Mode::Out | Mode::InOut | Mode::Table))
        .map(|(index, argument)| (named((index, argument)), types.number(catalog, &argument.ty)))
        .collect();
    let result = match (&function.returns, outputs.as_slice()) {
        (Some(returns), _) => types.number(catalog, returns),
        (None, [(_, only)]) => *only,
        (None, []) => VOID,
        (None, _) => RECORD,
    };
    let variadic = function.arguments.iter().find(|argument| argument.mode == Mode::Variadic);
    let variadic = variadic.map_or(0, |argument| {
        let ty = types.number(catalog, &argument.ty);
        if ty == super::types::ANY { ty } else { types.gathered(ty) }
    });
    Function {
        name: function.name.clone(),
        schema: Some(function.schema.clone()),
        kind: if function.procedure {
            FunctionKind::Procedure
        } else if function.window {
            FunctionKind::Window
        } else {
            FunctionKind::Function
        },
        strict: function.strict,
        returns_set: function.returns_set,
        // One in SQL may be put in place of its call, whatever it says of itself.
        mutable: function.volatility != catalog::Volatility::Immutable && function.language != "sql",
        variadic,
        defaults: inputs.iter().filter(|argument| argument.default.is_some()).count(),
        result,
        inputs: inputs.iter().map(|argument| types.number(catalog, &argument.ty)).collect(),
        outputs,
        input_names: inputs.iter().map(|argument| argument.name.clone().unwrap_or_default()).collect(),
    }
}
