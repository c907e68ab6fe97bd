//! Functions and procedures (<https://www.postgresql.org/docs/current/sql-createfunction.html>).

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    alter::{cascades, last_part},
    constraint::expression,
    name::{name, qualified, text},
    token::tokens,
    types::function_type,
};
use crate::{
    catalog::{Mode, Volatility},
    ddl::{Argument, CreateFunction, Ddl, FunctionChange, FunctionOptions, RoutineKind, Signature},
};

/// `CREATE FUNCTION`.
pub(super) fn create_function(it: &ast::CreateFunction) -> Option<Ddl> {
    let mut arguments = arguments(it.param_list().as_ref());
    let mut returns = None;
    let mut returns_set = false;
    if let Some(written) = it.ret_type() {
        if let Some(columns) = written.return_table_arg_list() {
            returns_set = true;
            arguments.extend(columns.args().filter_map(|column| {
                Some(Argument {
                    name: column.name().map(|written| name(written.syntax())),
                    mode: Mode::Table,
                    ty: function_type(&column.func_type()?)?,
                    default: None,
                })
            }));
        } else {
            returns = written.func_type().and_then(|ty| function_type(&ty));
            returns_set = tokens(&text(written.syntax())).nth(1).is_some_and(|word| word.text.eq_ignore_ascii_case("setof"));
        }
    }
    Some(Ddl::CreateFunction(Box::new(CreateFunction {
        name: qualified(it.name()?.syntax())?,
        or_replace: it.or_replace().is_some(),
        procedure: false,
        arguments,
        returns,
        returns_set,
        options: options(it.option_list(), it.body().is_some()),
    })))
}

/// `CREATE PROCEDURE`.
pub(super) fn create_procedure(it: &ast::CreateProcedure) -> Option<Ddl> {
    Some(Ddl::CreateFunction(Box::new(CreateFunction {
        name: qualified(it.name()?.syntax())?,
        or_replace: it.or_replace().is_some(),
        procedure: true,
        arguments: arguments(it.param_list().as_ref()),
        returns: None,
        returns_set: false,
        options: options(it.option_list(), it.body().is_some()),
    })))
}

pub(super) fn arguments(list: Option<&ast::ParamList>) -> Vec<Argument> {
    let Some(list) = list else { return Vec::new() };
    list.params()
        .filter_map(|parameter| {
            Some(Argument {
                name: parameter.name().map(|written| name(written.syntax())),
                mode: match parameter.mode() {
                    Some(ast::ParamMode::ParamOut(_)) => Mode::Out,
                    Some(ast::ParamMode::ParamInOut(_)) => Mode::InOut,
                    Some(ast::ParamMode::ParamVariadic(_)) => Mode::Variadic,
                    Some(ast::ParamMode::ParamIn(_)) | None => Mode::In,
                },
                ty: function_type(&parameter.func_type()?)?,
                default: parameter.param_default().and_then(|default| default.expr()).map(|expr| expression(&expr)),
            })
        })
        .collect()
}

fn options(list: Option<ast::FuncOptionList>, has_body: bool) -> FunctionOptions {
    use ast::FuncOption as O;
    let mut options = FunctionOptions { has_body, ..FunctionOptions::default() };
    for option in list.into_iter().flat_map(|list| list.options().collect::<Vec<_>>()) {
        match option {
            O::AsFuncOption(_) => options.has_body = true,
            O::LanguageFuncOption(it) => {
                let quoted = it.literal().and_then(|literal| literal.string_value());
                options.language = it.language_ref().map(|language| name(language.syntax()).text).or(quoted);
            }
            O::VolatilityFuncOption(it) => {
                options.volatility = Some(match it {
                    ast::VolatilityFuncOption::Immutable(_) => Volatility::Immutable,
                    ast::VolatilityFuncOption::Stable(_) => Volatility::Stable,
                    ast::VolatilityFuncOption::Volatile(_) => Volatility::Volatile,
                });
            }
            O::StrictFuncOption(_) | O::ReturnsNullOnNullInputFuncOption(_) => options.strict = Some(true),
            O::CalledOnNullInputFuncOption(_) => options.strict = Some(false),
            O::SecurityDefinerFuncOption(_) => options.security_definer = Some(true),
            O::SecurityInvokerFuncOption(_) => options.security_definer = Some(false),
            O::WindowFuncOption(_) => options.window = true,
            // Cost, rows, parallel safety, settings and the body itself: nothing a caller's types depend on.
            _ => {}
        }
    }
    if has_body && options.language.is_none() {
        options.language = Some("sql".to_owned());
    }
    options
}

/// `DROP FUNCTION`, `DROP PROCEDURE` and `DROP ROUTINE`.
pub(super) fn drop_functions(statement: &ast::Stmt) -> Option<Ddl> {
    let (functions, if_exists, behavior): (Vec<Signature>, bool, _) = match statement {
        ast::Stmt::DropFunction(it) => {
            let list = it.function_sig_list()?;
            let all = list
                .function_sigs()
                .filter_map(|one| signature(RoutineKind::Function, one.function_name_ref()?.syntax(), one.param_list()));
            (all.collect(), it.if_exists().is_some(), it.drop_behavior())
        }
        ast::Stmt::DropProcedure(it) => {
            let list = it.procedure_sig_list()?;
            let all = list
                .procedure_sigs()
                .filter_map(|one| signature(RoutineKind::Procedure, one.procedure_name_ref()?.syntax(), one.param_list()));
            (all.collect(), it.if_exists().is_some(), it.drop_behavior())
        }
        ast::Stmt::DropRoutine(it) => {
            let list = it.routine_sig_list()?;
            let all =
                list.routine_sigs().filter_map(|one| signature(RoutineKind::Routine, one.routine_name_ref()?.syntax(), one.param_list()));
            (all.collect(), it.if_exists().is_some(), it.drop_behavior())
        }
        _ => return None,
    };
    Some(Ddl::DropFunctions { functions, if_exists, cascade: cascades(behavior.as_ref()) })
}

/// A function's name and, where they are written, its arguments.
pub(super) fn signature(kind: RoutineKind, written: &SyntaxNode, list: Option<ast::ParamList>) -> Option<Signature> {
    Some(Signature { kind, name: qualified(written)?, arguments: list.map(|list| arguments(Some(&list))) })
}

/// `ALTER FUNCTION`, `ALTER PROCEDURE` and `ALTER ROUTINE`.
pub(super) fn alter_function(statement: &ast::Stmt) -> Option<Ddl> {
    let (function, change) = match statement {
        ast::Stmt::AlterFunction(it) => {
            let written = it.function_sig()?;
            let function = signature(RoutineKind::Function, written.function_name_ref()?.syntax(), written.param_list())?;
            let change = match it.action()? {
                ast::AlterFunctionAction::FunctionRenameTo(to) => FunctionChange::RenameTo(last_part(to.function_name()?.syntax())?),
                ast::AlterFunctionAction::SetSchema(to) => FunctionChange::SetSchema(name(to.schema_ref()?.syntax())),
                ast::AlterFunctionAction::FuncOptionList(list) => FunctionChange::Options(options(Some(list), false)),
                _ => FunctionChange::Nothing,
            };
            (function, change)
        }
        ast::Stmt::AlterProcedure(it) => {
            let written = it.procedure_sig()?;
            let function = signature(RoutineKind::Procedure, written.procedure_name_ref()?.syntax(), written.param_list())?;
            let change = match it.action()? {
                ast::AlterProcedureAction::ProcedureRenameTo(to) => FunctionChange::RenameTo(last_part(to.syntax())?),
                ast::AlterProcedureAction::SetSchema(to) => FunctionChange::SetSchema(name(to.schema_ref()?.syntax())),
                ast::AlterProcedureAction::FuncOptionList(list) => FunctionChange::Options(options(Some(list), false)),
                _ => FunctionChange::Nothing,
            };
            (function, change)
        }
        ast::Stmt::AlterRoutine(it) => {
            let written = it.routine_sig()?;
            let function = signature(RoutineKind::Routine, written.routine_name_ref()?.syntax(), written.param_list())?;
            let change = match it.action()? {
                ast::AlterRoutineAction::RoutineRenameTo(to) => FunctionChange::RenameTo(last_part(to.syntax())?),
                ast::AlterRoutineAction::SetSchema(to) => FunctionChange::SetSchema(name(to.schema_ref()?.syntax())),
                ast::AlterRoutineAction::FuncOptionList(list) => FunctionChange::Options(options(Some(list), false)),
                _ => FunctionChange::Nothing,
            };
            (function, change)
        }
        _ => return None,
    };
    Some(Ddl::AlterFunction { function, change })
}
