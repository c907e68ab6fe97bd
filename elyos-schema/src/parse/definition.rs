//! What expressions need of an operator, an aggregate or a cast
//! (<https://www.postgresql.org/docs/current/sql-createoperator.html>, `sql-createaggregate.html`, `sql-createcast.html`).

use squawk_syntax::ast::{self, AstNode};

use super::{
    name::name,
    routine::arguments,
    token::{folded, tokens},
    types::type_name,
};
use crate::{
    catalog::Mode,
    ddl::{Argument, CastContext, Definition, Qualified, TypeName},
};

/// The definition in a statement that creates one; None where it cannot be read.
pub(super) fn of(statement: &ast::Stmt) -> Option<Definition> {
    match statement {
        ast::Stmt::CreateOperator(it) => {
            let list = it.attribute_list()?;
            let function = function(&list, "function").or_else(|| function(&list, "procedure"))?;
            Some(Definition::Operator { left: ty(&list, "leftarg"), right: ty(&list, "rightarg")?, function })
        }
        ast::Stmt::CreateAggregate(it) => {
            let list = it.attribute_list()?;
            let state = ty(&list, "stype")?;
            // The old form names its one argument among the options, "ANY" for none.
            let base = ty(&list, "basetype");
            let arguments = if it.param_list().is_some() {
                arguments(it.param_list().as_ref())
            } else {
                let named = base.filter(|ty| !ty.name.name.eq_ignore_ascii_case("any"));
                named.map(|ty| Argument { name: None, mode: Mode::In, ty, default: None }).into_iter().collect()
            };
            Some(Definition::Aggregate { arguments, state, last: function(&list, "finalfunc") })
        }
        ast::Stmt::CreateCast(it) => {
            let types = it.cast_sig()?;
            let context = match it.cast_context() {
                Some(ast::CastContext::AsImplicit(_)) => CastContext::Implicit,
                Some(ast::CastContext::AsAssignment(_)) => CastContext::Assignment,
                None => CastContext::Explicit,
            };
            let binary = matches!(it.cast_method(), Some(ast::CastMethod::WithoutFunction(_)));
            Some(Definition::Cast { source: type_name(&types.lhs()?)?, target: type_name(&types.rhs()?)?, context, binary })
        }
        _ => None,
    }
}

fn option(list: &ast::AttributeList, wanted: &str) -> Option<ast::AttributeValue> {
    let named = |option: &ast::AttributeOption| option.name().is_some_and(|written| name(written.syntax()).text == wanted);
    list.attribute_options().find(named)?.attribute_value()
}

fn ty(list: &ast::AttributeList, wanted: &str) -> Option<TypeName> {
    type_name(&option(list, wanted)?.ty()?)
}

/// A function's name, which the grammar reads like a type's.
fn function(list: &ast::AttributeList, wanted: &str) -> Option<Qualified> {
    let value = option(list, wanted)?;
    let written = super::name::text(value.syntax());
    let parts: Vec<String> = tokens(&written).filter(|token| token.text != ".").filter_map(|token| folded(&token)).collect();
    let (own, path) = parts.split_last()?;
    Some(Qualified { schema: path.last().cloned(), name: own.clone(), range: super::name::range(value.syntax()) })
}
