//! Functions and procedures: which one a name and arguments mean, and what needs it.

use super::{Applier, written};
use crate::{
    catalog::{self, Function, Mode, RelationName, Type, Volatility, names},
    ddl::{Argument, CreateFunction, FunctionChange, FunctionOptions, Name, Qualified, RoutineKind, Signature},
    diagnostic::Diagnostic,
    nearest::nearest,
};

/// A function by schema, name and the types that tell it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FunctionName {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) types: Vec<String>,
}

impl Applier<'_> {
    pub(super) fn create_function(&mut self, create: &CreateFunction) {
        let Some(schema) = self.target_schema(&create.name, false) else {
            return;
        };
        let arguments = self.arguments(&create.arguments);
        let returns = create.returns.as_ref().map(|ty| self.resolve_type(ty));
        let options = &create.options;
        let mut function = Function {
            schema: schema.clone(),
            name: create.name.name.clone(),
            procedure: create.procedure,
            window: options.window,
            arguments,
            returns,
            returns_set: create.returns_set,
            volatility: Volatility::Volatile,
            strict: false,
            security_definer: false,
            language: options.language.clone().unwrap_or_else(|| "sql".to_owned()),
            comment: None,
            source: self.source.clone(),
            range: self.statement.clone(),
        };
        set_options(&mut function, options);
        if let Some(wrong) = wrong_arguments(&function) {
            return self.report(Diagnostic::new(format!("function `{}`: {wrong}", written(&create.name))), &create.name.range);
        }
        if self.is_aggregate(&function) || self.constructs_a_range(&function) {
            return self.exists_already("function", &function.signature(), &create.name.range);
        }
        let Some(found) = self.catalog.schemas.get_mut(&schema) else {
            return;
        };
        let overloads = found.functions.entry(function.name.clone()).or_default();
        let types = function.argument_types();
        let Some(known) = overloads.iter_mut().find(|known| known.argument_types() == types) else {
            overloads.push(function);
            return;
        };
        let wrong = if !create.or_replace {
            Some("already exists with the same argument types")
        } else if known.procedure != function.procedure {
            Some("is of another kind, which cannot be replaced")
        } else {
            cannot_replace(known, &function)
        };
        if let Some(wrong) = wrong {
            let diagnostic = Diagnostic::new(format!("function `{}` {wrong}", known.signature()));
            return self.report(
                diagnostic.help("`DROP FUNCTION` first, or say `CREATE OR REPLACE` with the same names and result"),
                &create.name.range,
            );
        }
        function.comment = known.comment.take();
        *known = function;
    }

    /// Whether an aggregate has the name and the arguments of a function.
    fn is_aggregate(&self, function: &Function) -> bool {
        let of_schema = self.catalog.carried.iter().filter(|it| it.schema.as_ref() == Some(&function.schema));
        let mut aggregates = of_schema.filter_map(|it| match &it.meaning {
            Some(catalog::Meaning::Aggregate { name, arguments, .. }) if *name == function.name => Some(arguments),
            _ => None,
        });
        aggregates.any(|arguments| {
            let types = arguments.iter().filter(|it| it.is_input()).map(|it| it.ty.without_modifiers());
            types.collect::<Vec<_>>() == function.argument_types()
        })
    }

    /// Whether a function would be the empty constructor that a multirange brings.
    fn constructs_a_range(&self, function: &Function) -> bool {
        let ty = self.catalog.schemas.get(&function.schema).and_then(|schema| schema.types.get(&function.name));
        matches!(ty, Some(catalog::UserType::Multirange { .. })) && function.argument_types().is_empty()
    }

    pub(super) fn arguments(&mut self, written: &[Argument]) -> Vec<catalog::Argument> {
        let argument = |argument: &Argument, ty: Type| catalog::Argument {
            name: argument.name.as_ref().map(|name| name.text.clone()),
            mode: argument.mode,
            ty,
            default: argument.default.as_ref().map(|default| default.text.clone()),
        };
        written
            .iter()
            .map(|one| {
                // The modifiers of an argument are thrown away.
                let ty = Type { modifiers: Vec::new(), ..self.resolve_type(&one.ty) };
                argument(one, ty)
            })
            .collect()
    }

    pub(super) fn function_mut(&mut self, name: &FunctionName) -> Option<&mut Function> {
        let overloads = self.catalog.schemas.get_mut(&name.schema)?.functions.get_mut(&name.name)?;
        overloads.iter_mut().find(|known| known.argument_types() == name.types)
    }

    /// The function that is meant, or a diagnostic unless it may be missing.
    pub(super) fn existing_function(&mut self, signature: &Signature, may_be_missing: bool) -> Option<FunctionName> {
        let before = self.found.len();
        let types: Option<Vec<String>> = signature.arguments.as_ref().map(|written| {
            let inputs = written.iter().filter(|argument| !matches!(argument.mode, Mode::Out | Mode::Table));
            inputs.map(|argument| self.resolve_type(&argument.ty).without_modifiers()).collect()
        });
        if may_be_missing && self.found.len() > before {
            // A function of a type that is not there is not there.
            self.found.truncate(before);
            return None;
        }
        let fits = |function: &&Function| {
            let kind = match signature.kind {
                RoutineKind::Function => !function.procedure,
                RoutineKind::Procedure => function.procedure,
                RoutineKind::Routine => true,
            };
            // Of a procedure all arguments may be named, also those that it only gives back.
            let of_all = |types: &Vec<String>| {
                function.procedure
                    && *types == function.arguments.iter().map(|argument| argument.ty.without_modifiers()).collect::<Vec<_>>()
            };
            kind && types.as_ref().is_none_or(|types| *types == function.argument_types() || of_all(types))
        };
        let name = &signature.name;
        let candidates = |schema: &catalog::Schema| -> Vec<FunctionName> {
            let overloads = schema.functions.get(&name.name).into_iter().flatten().filter(fits);
            overloads
                .map(|function| FunctionName {
                    schema: function.schema.clone(),
                    name: function.name.clone(),
                    types: function.argument_types(),
                })
                .collect()
        };
        let mut found: Vec<FunctionName> = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).map(candidates).unwrap_or_default(),
            None => self.path().map(candidates).find(|found| !found.is_empty()).unwrap_or_default(),
        };
        if let Some(other) = found.is_empty().then(|| self.of_another_kind(signature, types.as_deref())).flatten() {
            let diagnostic = Diagnostic::new(format!("`{}` is a {other}", written(name)));
            self.report(diagnostic.help(format!("call it so: `{}`", other.to_uppercase())), &name.range);
            return None;
        }
        let brought = types.is_none() && signature.kind != RoutineKind::Procedure && self.constructors_have(name);
        match found.len() + if brought { 2 } else { 0 } {
            1 => found.pop(),
            0 if may_be_missing || self.may_have_foreign_names() || name.schema.as_deref() == Some("pg_catalog") => None,
            0 => {
                self.unknown_function(name, types.as_deref());
                None
            }
            _ => {
                let diagnostic = Diagnostic::new(format!("function name `{}` is not unique", written(name)));
                self.report(diagnostic.help("write its argument types behind it"), &name.range);
                None
            }
        }
    }

    /// Whether a name is that of a range's or a multirange's constructors, of which there are several.
    fn constructors_have(&self, name: &Qualified) -> bool {
        let has = |schema: &catalog::Schema| {
            matches!(schema.types.get(&name.name), Some(catalog::UserType::Range(_) | catalog::UserType::Multirange { .. }))
        };
        match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).is_some_and(has),
            None => self.path().any(has),
        }
    }

    /// What a routine with exactly these arguments is, where it is not what the statement calls it.
    fn of_another_kind(&self, signature: &Signature, types: Option<&[String]>) -> Option<&'static str> {
        let (name, types) = (&signature.name, types?);
        let same = |schema: &catalog::Schema| {
            let overloads = schema.functions.get(&name.name).into_iter().flatten();
            overloads.filter(|function| function.argument_types() == types).map(|function| function.procedure).next()
        };
        let procedure = match &name.schema {
            Some(schema) => self.catalog.schemas.get(schema).and_then(same),
            None => self.path().find_map(same),
        }?;
        Some(if procedure { "procedure" } else { "function" })
    }

    fn unknown_function(&mut self, name: &Qualified, types: Option<&[String]>) {
        let known: Vec<String> = self.catalog.functions().map(|function| format!("{}.{}", function.schema, function.name)).collect();
        let near = nearest(&written(name), known.iter().map(String::as_str));
        let arguments = types.map(|types| format!("({})", types.join(", "))).unwrap_or_default();
        let diagnostic = Diagnostic::new(format!("function `{}{arguments}` does not exist", written(name))).help_nearest(&near);
        self.report(diagnostic, &name.range);
    }

    pub(super) fn alter_function(&mut self, signature: &Signature, change: &FunctionChange) {
        let Some(found) = self.existing_function(signature, false) else {
            return;
        };
        match change {
            FunctionChange::Options(options) => {
                if let Some(function) = self.function_mut(&found) {
                    set_options(function, options);
                }
            }
            FunctionChange::RenameTo(to) => self.move_function(&found, &found.schema.clone(), &to.text, to),
            FunctionChange::SetSchema(to) => self.move_function(&found, &to.text, &found.name.clone(), to),
            FunctionChange::Nothing => {}
        }
    }

    fn move_function(&mut self, found: &FunctionName, schema: &str, name: &str, place: &Name) {
        let Some(target) = self.catalog.schemas.get(schema) else {
            return self.unknown_schema(place);
        };
        if schema == found.schema && name == found.name && self.catalog.schemas.contains_key(schema) && place.text == schema {
            return;
        }
        if target.functions.get(name).is_some_and(|known| known.iter().any(|known| known.argument_types() == found.types)) {
            return self.exists_already("function", name, &place.range);
        }
        let Some(mut function) = self.take_function(found) else { return };
        let calls = self.calls_of(&function, &RelationName { schema: found.schema.clone(), name: found.name.clone() });
        self.rename_calls(&calls, &RelationName { schema: schema.to_owned(), name: name.to_owned() });
        schema.clone_into(&mut function.schema);
        name.clone_into(&mut function.name);
        if let Some(target) = self.catalog.schemas.get_mut(schema) {
            target.functions.entry(name.to_owned()).or_default().push(function);
        }
        self.function_moved((&found.schema, &found.name), (schema, name));
    }

    /// A function has another name: in the triggers that call it.
    pub(super) fn function_moved(&mut self, from: (&str, &str), to: (&str, &str)) {
        for table in self.referring(&RelationName { schema: from.0.to_owned(), name: from.1.to_owned() }) {
            for trigger in self.table_mut(&table).into_iter().flat_map(|table| &mut table.triggers) {
                if trigger.function.0.as_deref() == Some(from.0) && trigger.function.1 == from.1 {
                    trigger.function = (Some(to.0.to_owned()), to.1.to_owned());
                }
            }
        }
    }

    fn take_function(&mut self, name: &FunctionName) -> Option<Function> {
        let functions = &mut self.catalog.schemas.get_mut(&name.schema)?.functions;
        let overloads = functions.get_mut(&name.name)?;
        let at = overloads.iter().position(|known| known.argument_types() == name.types)?;
        let function = overloads.remove(at);
        if overloads.is_empty() {
            functions.remove(&name.name);
        }
        Some(function)
    }

    pub(super) fn drop_functions(&mut self, signatures: &[Signature], if_exists: bool, cascade: bool) {
        let found: Vec<(FunctionName, &Signature)> = signatures
            .iter()
            .filter_map(|signature| self.existing_function(signature, if_exists).map(|found| (found, signature)))
            .collect();
        for (name, signature) in found {
            let calls = |trigger: &catalog::Trigger| {
                trigger.function.0.as_deref() == Some(name.schema.as_str()) && trigger.function.1 == name.name && name.types.is_empty()
            };
            let callers = self.referring(&RelationName { schema: name.schema.clone(), name: name.name.clone() });
            let users: Vec<(RelationName, String)> = callers
                .iter()
                .filter_map(|table| self.table(table))
                .flat_map(|table| {
                    table.triggers.iter().filter(|trigger| calls(trigger)).map(|trigger| (table.full_name(), trigger.name.clone()))
                })
                .collect();
            if let Some((table, trigger)) = users.first().filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!(
                    "cannot drop function `{}`: trigger `{trigger}` of `{table}` calls it",
                    written(&signature.name)
                ));
                self.report(diagnostic.help("drop that first, or say `CASCADE`"), &signature.name.range);
                continue;
            }
            for (table, _) in &users {
                if let Some(table) = self.table_mut(table) {
                    table.triggers.retain(|trigger| !calls(trigger));
                }
            }
            let calls = self.function_mut(&name).cloned().map(|it| self.calls_of(&it, &it.full_name()));
            if let Some(calls) = calls {
                if let Some(caller) = self.first_caller(&calls).filter(|_| !cascade) {
                    let diagnostic = Diagnostic::new(format!("cannot drop function `{}`: {caller}", written(&signature.name)));
                    self.report(diagnostic.help("drop that first, or say `CASCADE`"), &signature.name.range);
                    continue;
                }
                self.remove_callers(&calls);
            }
            if let Some(cast) = self.first_cast_by(&name).filter(|_| !cascade) {
                let diagnostic = Diagnostic::new(format!("cannot drop function `{}`: {cast}", written(&signature.name)));
                self.report(diagnostic.help("drop that first, or say `CASCADE`"), &signature.name.range);
                continue;
            }
            self.remove_casts_by(&name);
            self.take_function(&name);
        }
    }

    /// Removes the functions that take or return a type that goes.
    pub(super) fn functions_of_type(&self, ty: &RelationName) -> Vec<String> {
        let of = |found: &Type| found.schema.as_deref() == Some(ty.schema.as_str()) && found.name == ty.name;
        let uses = |function: &&Function| function.returns.as_ref().is_some_and(of) || function.arguments.iter().any(|it| of(&it.ty));
        self.catalog
            .functions()
            .filter(uses)
            .map(|function| format!("{}.{}", names::quote(&function.schema), function.signature()))
            .collect()
    }

    /// See [`functions_of_type`](Self::functions_of_type).
    pub(super) fn remove_functions_of_type(&mut self, ty: &RelationName) {
        let of = |found: &Type| found.schema.as_deref() == Some(ty.schema.as_str()) && found.name == ty.name;
        for schema in self.catalog.schemas.values_mut() {
            for overloads in schema.functions.values_mut() {
                overloads.retain(|function| !function.returns.as_ref().is_some_and(of) && !function.arguments.iter().any(|it| of(&it.ty)));
            }
            schema.functions.retain(|_, overloads| !overloads.is_empty());
        }
    }
}

fn set_options(function: &mut Function, options: &FunctionOptions) {
    function.volatility = options.volatility.unwrap_or(function.volatility);
    function.strict = options.strict.unwrap_or(function.strict);
    function.security_definer = options.security_definer.unwrap_or(function.security_definer);
}

/// What PostgreSQL refuses of a list of arguments.
fn wrong_arguments(function: &Function) -> Option<String> {
    let inputs: Vec<&catalog::Argument> = function.arguments.iter().filter(|argument| argument.is_input()).collect();
    let first_default = inputs.iter().position(|argument| argument.default.is_some());
    if let Some(first) = first_default
        && inputs[first..].iter().any(|argument| argument.default.is_none() && argument.mode != Mode::Variadic)
    {
        return Some("arguments behind one with a default must have defaults too".to_owned());
    }
    // A caller names inputs, and reads outputs by their names.
    let reads = |argument: &catalog::Argument| matches!(argument.mode, Mode::Out | Mode::InOut | Mode::Table);
    for (at, argument) in function.arguments.iter().enumerate().filter(|(_, argument)| argument.name.is_some()) {
        let mut before = function.arguments[..at].iter().filter(|other| other.name == argument.name);
        if before.any(|other| {
            // In PL/pgSQL both would be one variable.
            other.is_input() && argument.is_input() || reads(other) && reads(argument) || function.language == "plpgsql"
        }) {
            return Some(format!("two arguments are called `{}`", argument.name.as_deref().unwrap_or_default()));
        }
    }
    let outputs = function.arguments.iter().any(|argument| matches!(argument.mode, Mode::Out | Mode::InOut | Mode::Table));
    if !function.procedure && function.returns.is_none() && !outputs {
        return Some("its result is not said".to_owned());
    }
    None
}

/// What keeps a function from being replaced by another of the same arguments (`ProcedureCreate` in PostgreSQL's source).
fn cannot_replace(old: &Function, new: &Function) -> Option<&'static str> {
    if old.window != new.window {
        return Some("is of another kind, which cannot be replaced");
    }
    if replaceable_result(old) != replaceable_result(new) {
        return Some("has another result, which cannot be replaced");
    }
    let inputs = |function: &Function| -> Vec<catalog::Argument> {
        function.arguments.iter().filter(|argument| argument.is_input()).cloned().collect()
    };
    let (before, now) = (inputs(old), inputs(new));
    if before.iter().zip(&now).any(|(old, new)| old.name.is_some() && old.name != new.name) {
        return Some("has arguments of other names, which cannot be replaced");
    }
    let defaults = |arguments: &[catalog::Argument]| arguments.iter().filter(|argument| argument.default.is_some()).count();
    (defaults(&now) < defaults(&before)).then_some("has more defaults, which cannot be taken away")
}

/// What a column of a record is called, and its type.
type NameAndType = (Option<String>, String);

/// The type of a function's result, whether it is a set, and the columns of a record, which count where there are several.
fn replaceable_result(function: &Function) -> (Option<String>, bool, Vec<NameAndType>) {
    let outputs = function.arguments.iter().filter(|argument| matches!(argument.mode, Mode::Out | Mode::InOut | Mode::Table));
    let mut outputs: Vec<_> = outputs.map(|argument| (argument.name.clone(), argument.ty.without_modifiers())).collect();
    let set = function.returns_set || function.arguments.iter().any(|argument| argument.mode == Mode::Table);
    let ty = match (&function.returns, outputs.as_slice()) {
        (Some(ty), _) => Some(ty.without_modifiers()),
        (None, []) => None,
        (None, [(_, only)]) if !function.procedure => Some(only.clone()),
        (None, _) => Some("record".to_owned()),
    };
    if ty.as_deref() != Some("record") {
        outputs.clear();
    }
    (ty, set, outputs)
}
