//! Calls of functions and procedures that a statement makes, and what the bodies of those do to a catalog.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    block,
    constant::{Values, text_of},
    name::{name, qualified, range, text},
};
use crate::{
    catalog::{Function, Mode},
    ddl::{Call, Ddl, Qualified},
};

/// The functions that a query calls.
pub(super) fn calls_of_query(query: &SyntaxNode, values: &Values) -> Vec<Call> {
    let calls = query.descendants().filter_map(ast::CallExpr::cast);
    calls
        .filter_map(|call| {
            let name = function_name(&call.expr()?)?;
            Some(Call { sure: is_made_once(call.syntax(), query), ..written(name, call.arg_list(), values, call.syntax()) })
        })
        .filter(is_no_system_function)
        .collect()
}

/// The procedure that a `CALL` calls.
pub(super) fn call(it: &ast::Call, values: &Values) -> Option<Call> {
    let name = qualified(it.procedure_name_ref()?.syntax())?;
    let call = written(name, it.arg_list(), values, it.syntax());
    Some(Call { procedure: true, ..call }).filter(is_no_system_function)
}

fn function_name(written: &ast::Expr) -> Option<Qualified> {
    let (schema, last) = match written {
        ast::Expr::NameRef(it) => (None, it.syntax().clone()),
        ast::Expr::FieldExpr(it) => match it.base()? {
            ast::Expr::NameRef(schema) => (Some(name(schema.syntax()).text), it.field()?.syntax().clone()),
            _ => return None,
        },
        _ => return None,
    };
    Some(Qualified { schema, name: name(&last).text, range: range(written.syntax()) })
}

fn is_no_system_function(call: &Call) -> bool {
    call.name.schema.as_deref() != Some("pg_catalog")
}

fn written(name: Qualified, list: Option<ast::ArgList>, values: &Values, node: &SyntaxNode) -> Call {
    let arguments = list.into_iter().flat_map(|list| list.args().collect::<Vec<_>>());
    let arguments = arguments.map(|argument| text_of(&text(argument.syntax()), values)).collect();
    Call { name, arguments, procedure: false, sure: true, range: range(node) }
}

/// Whether a call is made once, whatever the rows and the values are: in the list of a query that reads nothing, or as what it reads from.
fn is_made_once(call: &SyntaxNode, query: &SyntaxNode) -> bool {
    let reads = query.children().any(|part| ast::FromClause::can_cast(part.kind()));
    let mut around = call.ancestors().skip(1).take_while(|node| node != query);
    if !reads {
        let plain = |node: &SyntaxNode| {
            ast::SelectClause::can_cast(node.kind())
                || ast::TargetList::can_cast(node.kind())
                || ast::Target::can_cast(node.kind())
                || ast::ArgList::can_cast(node.kind())
                || ast::Arg::can_cast(node.kind())
                || ast::Expr::cast(node.clone())
                    .is_some_and(|it| matches!(it, ast::Expr::CallExpr(_) | ast::Expr::CastExpr(_) | ast::Expr::ParenExpr(_)))
        };
        return around.all(|node| plain(&node));
    }
    // Of several things read from, one may have no row.
    let is_from = |node: &SyntaxNode| ast::FromClause::can_cast(node.kind());
    let depth = around.position(|node| is_from(&node));
    depth.is_some_and(|depth| depth <= 1) && query.descendants().filter(|node| ast::FromItem::can_cast(node.kind())).count() == 1
}

/// What the body of a function does to a catalog; none where that is not known, nothing for what is written in a language that is not read.
pub(crate) fn body(function: &Function, arguments: &[Option<String>]) -> Option<Vec<Ddl>> {
    let place = function.range.clone();
    let sql = function.source.text().get(place.clone())?;
    let file = super::tree::without_error(place.start, &super::readable(sql.into()))?;
    let statement = file.stmts().find(|statement| !matches!(statement, ast::Stmt::EmptyStmt(_)))?;
    let (options, plpgsql) = match &statement {
        ast::Stmt::CreateFunction(it) => (it.option_list(), it.plpgsql()),
        ast::Stmt::CreateProcedure(it) => (it.option_list(), it.plpgsql()),
        _ => return None,
    };
    let values = values(function, arguments);
    if let Some(body) = plpgsql {
        return Some(block::of_body(&body, values, range(statement.syntax())));
    }
    if function.language != "sql" {
        return Some(Vec::new());
    }
    let literal = options?.options().find_map(|option| match option {
        ast::FuncOption::AsFuncOption(it) => match it.as_func_target()? {
            ast::AsFuncTarget::AsDefinition(definition) => definition.literal(),
            ast::AsFuncTarget::AsObjFile(_) => None,
        },
        _ => None,
    });
    // What stands between `BEGIN ATOMIC` and `END` can be no DDL.
    let Some(literal) = literal else { return Some(Vec::new()) };
    let text = literal.string_value()?;
    let start = range(literal.syntax()).start + super::name::text(literal.syntax()).find(text.as_str()).unwrap_or(1);
    Some(block::statements(&text, start, &values))
}

/// The values of a function's arguments, by their names and numbers.
fn values(function: &Function, given: &[Option<String>]) -> Values {
    let mut values = Values::new();
    let inputs = function.arguments.iter().filter(|argument| argument.is_input());
    for (index, argument) in inputs.enumerate().filter(|(_, argument)| argument.mode != Mode::Variadic) {
        let default = || argument.default.as_ref().and_then(|default| text_of(default, &Values::new()));
        let Some(value) = given.get(index).map_or_else(default, Clone::clone) else { continue };
        values.insert(format!("${}", index + 1), value.clone());
        if let Some(name) = &argument.name {
            values.insert(name.clone(), value);
        }
    }
    values
}
