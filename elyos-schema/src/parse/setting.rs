//! `search_path` (<https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH>) as statements set it.

use squawk_syntax::ast::{self, AstNode};

use super::{
    name::{child, name, parts, text},
    token::{TokenKind, tokens},
};
use crate::ddl::Ddl;

/// `SET search_path`, in both of its spellings.
pub(super) fn search_path(it: &ast::Set) -> Option<Ddl> {
    let path = path(it)?;
    let local = matches!(it.set_scope(), Some(ast::SetScope::LocalScope(_)));
    Some(if local { Ddl::SetLocalSearchPath(path) } else { Ddl::SetSearchPath(path) })
}

/// The schemas that it is set to; `Some(None)` for the default.
#[allow(clippy::option_option, reason = "another parameter is set, or this one to its default")]
fn path(it: &ast::Set) -> Option<Option<Vec<String>>> {
    match it.set_target()? {
        ast::SetTarget::SetConfig(config) => {
            let parameter = parts(config.config_parameter_ref()?.syntax()).pop()?;
            if parameter.text != "search_path" {
                return None;
            }
            let ast::ConfigAssignment::ToConfigValue(to) = config.config_assignment()? else {
                return None;
            };
            if to.default_token().is_some() {
                return Some(None);
            }
            let path = to.config_values().filter_map(|value| match value {
                ast::ConfigValue::Literal(literal) => literal.string_value(),
                ast::ConfigValue::ConfigValueName(written) => Some(name(written.syntax()).text),
                ast::ConfigValue::PrefixExpr(_) => None,
            });
            Some(Some(path.collect()))
        }
        ast::SetTarget::SetSchemaValue(schema) => {
            let literal = schema.literal().or_else(|| child(schema.syntax()))?;
            Some(Some(vec![literal.string_value()?]))
        }
        _ => None,
    }
}

/// `RESET search_path` and `RESET ALL`.
pub(super) fn reset(it: &ast::Reset) -> Option<Ddl> {
    match it.reset_target()? {
        ast::ResetTarget::All(_) => Some(Ddl::SetSearchPath(None)),
        ast::ResetTarget::ConfigParameterRef(parameter) if parts(parameter.syntax()).pop()?.text == "search_path" => {
            Some(Ddl::SetSearchPath(None))
        }
        _ => None,
    }
}

/// `SELECT pg_catalog.set_config('search_path', '…', false)`, which is how `pg_dump` writes it.
pub(super) fn set_config(it: &ast::Select) -> Option<Ddl> {
    let written = text(it.syntax());
    let words: Vec<_> = tokens(&written).take(10).collect();
    let mut rest = words.split_first().filter(|(first, _)| first.text.eq_ignore_ascii_case("select"))?.1;
    if let [schema, dot, behind @ ..] = rest
        && schema.text.eq_ignore_ascii_case("pg_catalog")
        && dot.text == "."
    {
        rest = behind;
    }
    let [function, open, parameter, comma, value, ..] = rest else { return None };
    if !function.text.eq_ignore_ascii_case("set_config") || open.text != "(" || parameter.text != "'search_path'" || comma.text != "," {
        return None;
    }
    let value = value.text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    let names = tokens(&value).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName));
    Some(Ddl::SetSearchPath(Some(names.filter_map(|token| super::token::folded(&token)).filter(|name| !name.is_empty()).collect())))
}
