//! Type names (<https://www.postgresql.org/docs/current/datatype.html>): the keywords' internal names, modifiers, array bounds.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode, is_quoted_name_node},
};

use super::name::{child, qualified, range};
use crate::ddl::{Qualified, TypeName};

/// A type as written. None where the parser could make nothing of it, which it has reported.
pub(super) fn type_name(ty: &ast::Type) -> Option<TypeName> {
    let node = ty.syntax();
    Some(match ty {
        ast::Type::ArrayType(array) => {
            let mut inner = type_name(&array.ty()?)?;
            let bounds = u32::try_from(array.array_bounds().count()).unwrap_or(u32::MAX);
            inner.array_dimensions = inner.array_dimensions.saturating_add(bounds.max(1));
            inner.name.range = range(node);
            inner
        }
        ast::Type::PathType(path) => path_type(path)?,
        ast::Type::VarcharType(varchar) => built_in(node, "varchar", arguments(varchar.arg_list())),
        ast::Type::CharacterType(character) => {
            let length = arguments(character.arg_list());
            // `character` without a length is `character(1)`, in contrast to `bpchar`.
            built_in(node, "bpchar", if length.is_empty() { vec![1] } else { length })
        }
        ast::Type::BitType(bit) => {
            let length = arguments(bit.arg_list());
            built_in(node, "bit", if length.is_empty() { vec![1] } else { length })
        }
        ast::Type::BitVaryingType(bit) => built_in(node, "varbit", arguments(bit.arg_list())),
        ast::Type::DoubleType(_) => built_in(node, "float8", Vec::new()),
        ast::Type::TimeType(time) => {
            let name = if with_time_zone(time.timezone().as_ref()) { "timetz" } else { "time" };
            built_in(node, name, precision(time.literal()))
        }
        ast::Type::TimestampType(time) => {
            let name = if with_time_zone(time.timezone().as_ref()) { "timestamptz" } else { "timestamp" };
            built_in(node, name, precision(time.literal()))
        }
        ast::Type::IntervalType(interval) => built_in(node, "interval", interval_modifiers(interval)),
    })
}

/// The type of an argument or a result, which may be that of a column: `table.column%TYPE`.
pub(super) fn function_type(ty: &ast::FuncType) -> Option<TypeName> {
    match ty {
        ast::FuncType::Type(ty) => type_name(ty),
        ast::FuncType::PercentType(of) => {
            let (table, column) = super::name::qualified_column(of.path_ref()?.syntax())?;
            let name = Qualified { schema: None, name: column.text.clone(), range: range(of.syntax()) };
            let array_dimensions = u32::try_from(of.array_bounds().count()).unwrap_or(u32::MAX);
            Some(TypeName { name, modifiers: Vec::new(), array_dimensions, built_in: false, of_column: Some((table, column)) })
        }
    }
}

pub(super) fn built_in(node: &SyntaxNode, name: &str, modifiers: Vec<i64>) -> TypeName {
    let name = Qualified { schema: None, name: name.to_owned(), range: range(node) };
    TypeName { name, modifiers, array_dimensions: 0, built_in: true, of_column: None }
}

fn path_type(path: &ast::PathType) -> Option<TypeName> {
    let reference = path.path_ref()?;
    let segment = reference.segment()?;
    let mut name = qualified(reference.syntax())?;
    let mut modifiers = arguments(path.arg_list());
    name.range = range(path.syntax());
    let keyword = name.schema.is_none() && !is_quoted_name_node(segment.syntax());
    let of_time = matches!(name.name.as_str(), "time" | "timetz" | "timestamp" | "timestamptz" | "interval");
    let system = name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    if of_time && system {
        modifiers.iter_mut().skip(usize::from(name.name == "interval")).for_each(|digits| *digits = (*digits).min(MOST_FRACTION));
    }
    let alias = if keyword { keyword_type(&name.name, &modifiers) } else { None };
    if let Some((internal, modifiers)) = alias {
        internal.clone_into(&mut name.name);
        return Some(TypeName { name, modifiers, array_dimensions: 0, built_in: true, of_column: None });
    }
    Some(TypeName { name, modifiers, array_dimensions: 0, built_in: false, of_column: None })
}

/// The types whose names are keywords of the grammar, and so mean the same whatever the search path is.
fn keyword_type(name: &str, modifiers: &[i64]) -> Option<(&'static str, Vec<i64>)> {
    let internal = match name {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "real" => "float4",
        "boolean" => "bool",
        "decimal" | "dec" | "numeric" => {
            // `numeric(5)` is `numeric(5,0)`.
            let mut modifiers = modifiers.to_vec();
            if modifiers.len() == 1 {
                modifiers.push(0);
            }
            return Some(("numeric", modifiers));
        }
        // The precision is in bits and only chooses the type.
        "float" => {
            return Some(match modifiers {
                [1..=24] => ("float4", Vec::new()),
                [] | [25..=53] => ("float8", Vec::new()),
                // There is no such one.
                _ => ("float8", modifiers.to_vec()),
            });
        }
        _ => return None,
    };
    Some((internal, modifiers.to_vec()))
}

fn with_time_zone(zone: Option<&ast::Timezone>) -> bool {
    matches!(zone, Some(ast::Timezone::WithTimezone(_)))
}

/// The digits of a second's fraction: PostgreSQL has six, and takes more for that many, with a warning.
fn precision(literal: Option<ast::Literal>) -> Vec<i64> {
    number(literal).into_iter().map(|digits| digits.min(MOST_FRACTION)).collect()
}

const MOST_FRACTION: i64 = 6;

fn number(literal: Option<ast::Literal>) -> Vec<i64> {
    literal.and_then(|literal| literal.syntax().text().to_string().trim().parse().ok()).into_iter().collect()
}

fn arguments(list: Option<ast::ArgList>) -> Vec<i64> {
    let Some(list) = list else { return Vec::new() };
    list.args().filter_map(|argument| argument.syntax().text().to_string().replace(char::is_whitespace, "").parse().ok()).collect()
}

/// Fields and precision as PostgreSQL packs them: the mask of fields, then the precision if there is one.
fn interval_modifiers(interval: &ast::IntervalType) -> Vec<i64> {
    const FULL_RANGE: i64 = 0x7FFF;
    if let Some(precision) = precision(interval.literal()).first() {
        return vec![FULL_RANGE, *precision];
    }
    interval.interval_qualifier().as_ref().map(interval_fields).unwrap_or_default()
}

/// The part of [`interval_modifiers`] that the fields say.
pub(super) fn interval_fields(qualifier: &ast::IntervalQualifier) -> Vec<i64> {
    // The bits of YEAR, MONTH, DAY, HOUR, MINUTE and SECOND in PostgreSQL's `utils/datetime.h`.
    const BITS: [i64; 6] = [1 << 2, 1 << 1, 1 << 3, 1 << 10, 1 << 11, 1 << 12];
    let words = qualifier.syntax().text().to_string().to_ascii_lowercase();
    let mut fields = ["year", "month", "day", "hour", "minute", "second"]
        .iter()
        .enumerate()
        .filter(|(_, field)| words.contains(**field))
        .map(|(index, _)| index);
    let Some(first) = fields.next() else {
        return Vec::new();
    };
    let last = fields.next_back().unwrap_or(first);
    let mask = BITS[first..=last].iter().fold(0, |mask, bit| mask | bit);
    std::iter::once(mask).chain(precision(child::<ast::Literal>(qualifier.syntax()))).collect()
}
