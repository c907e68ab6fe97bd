//! `FROM` and its like (<https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-FROM>).

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    expression::expr,
    name::{child, name, qualified, range},
    query::{column_names, paren_query, select_variant},
    special,
    types::type_name,
};
use crate::{
    ddl::{Name, TypeName},
    query::{Alias, Expr, ExprKind, FromItem, FromKind, Join, JoinCondition, JoinKind},
};

/// The items of a `FROM` or `USING`.
pub(super) fn items(clause: &SyntaxNode) -> Vec<FromItem> {
    clause.children().filter_map(ast::FromListItem::cast).map(|item| list_item(&item)).collect()
}

/// A table that a statement names, with its alias.
pub(super) fn relation(written: &ast::RelationName, alias: Option<Name>) -> Option<FromItem> {
    let kind = FromKind::Relation { name: qualified(written.relation_name_ref()?.syntax())?, only: written.only_token().is_some() };
    let alias = alias.map(|name| Alias { name: Some(name), columns: Vec::new(), definitions: Vec::new() });
    Some(FromItem { kind, alias, range: range(written.syntax()) })
}

/// An item or a join; what cannot be made into one is [`FromKind::Unsupported`], with its place.
pub(super) fn list_item(item: &ast::FromListItem) -> FromItem {
    let whole = range(item.syntax());
    let found = match item {
        ast::FromListItem::JoinExpr(join) => join_expr(join),
        ast::FromListItem::FromItem(item) => from_item(item),
    };
    found.unwrap_or(FromItem { kind: FromKind::Unsupported, alias: None, range: whole })
}

fn join_expr(it: &ast::JoinExpr) -> Option<FromItem> {
    joined(list_item(&it.from_list_item()?), &it.join()?)
}

fn joined(left: FromItem, join: &ast::Join) -> Option<FromItem> {
    let kind = match join.join_type()? {
        ast::JoinType::JoinInner(_) | ast::JoinType::JoinCross(_) => JoinKind::Inner,
        ast::JoinType::JoinLeft(_) => JoinKind::Left,
        ast::JoinType::JoinRight(_) => JoinKind::Right,
        ast::JoinType::JoinFull(_) => JoinKind::Full,
    };
    let condition = match join.join_condition() {
        _ if join.natural_token().is_some() => JoinCondition::Natural,
        Some(ast::JoinCondition::OnClause(on)) => JoinCondition::On(expr(&on.expr()?)),
        Some(ast::JoinCondition::JoinUsingClause(using)) => JoinCondition::Using {
            columns: using.column_ref_list()?.column_name_refs().map(|column| name(column.syntax())).collect(),
            alias: using.alias().and_then(|alias| alias.name()).map(|alias| name(alias.syntax())),
        },
        None => JoinCondition::None,
    };
    attached(left, kind, condition, &join.from_list_item()?)
}

/// Joins group to the left. The parser crate takes what follows a join without a condition into its right side; here it is taken out again.
fn attached(left: FromItem, kind: JoinKind, condition: JoinCondition, right: &ast::FromListItem) -> Option<FromItem> {
    if let ast::FromListItem::JoinExpr(inner) = right
        && matches!(condition, JoinCondition::None | JoinCondition::Natural)
    {
        let first = attached(left, kind, condition, &inner.from_list_item()?)?;
        return joined(first, &inner.join()?);
    }
    let right = list_item(right);
    let range = left.range.start..right.range.end;
    Some(FromItem { kind: FromKind::Join(Box::new(Join { kind, left, right, condition })), alias: None, range })
}

fn from_item(item: &ast::FromItem) -> Option<FromItem> {
    let kind = match item {
        ast::FromItem::RelationFromItem(it) => {
            let reference = it.relation_name_ref()?;
            // A function that is called without parentheses looks like a table.
            match special::sql_value(&reference.syntax().clone(), None) {
                Some(value) => functions(vec![(Expr::new(value, range(reference.syntax())), Vec::new())], false),
                None => FromKind::Relation { name: qualified(reference.syntax())?, only: it.only_token().is_some() },
            }
        }
        ast::FromItem::FunctionFromItem(it) => {
            let call = expr(&ast::Expr::CallExpr(it.call_expr()?));
            functions(vec![(call, Vec::new())], it.with_ordinality().is_some())
        }
        ast::FromItem::ExprFromItem(it) => {
            let found = match (it.call_expr(), it.cast_expr()) {
                (Some(call), _) => expr(&ast::Expr::CallExpr(call)),
                (None, Some(cast)) => expr(&ast::Expr::CastExpr(cast)),
                (None, None) => return None,
            };
            functions(vec![(found, Vec::new())], false)
        }
        ast::FromItem::RowsFromItem(it) => {
            let call = |argument: ast::RowsFromArg| {
                let found = expr(&ast::Expr::CallExpr(argument.call_expr()?));
                Some((found, argument.column_def_list().as_ref().map(definitions).unwrap_or_default()))
            };
            let calls = it.rows_from_args().map(call).collect::<Option<_>>()?;
            FromKind::Functions { calls, ordinality: it.with_ordinality().is_some(), rows_from: true }
        }
        ast::FromItem::ParenFromItem(it) => {
            let lateral = it.lateral_token().is_some();
            let found = it.paren_select().map(|select| select_variant(&ast::SelectVariant::ParenSelect(select)));
            match (found, it.paren_expr()) {
                (Some(query), _) => FromKind::Query { query: Box::new(query?), lateral },
                (None, Some(paren)) => match (paren_query(&paren), paren.from_list_item()) {
                    (Some(query), _) => FromKind::Query { query: Box::new(query), lateral },
                    (None, Some(inner)) => {
                        let inner = list_item(&inner);
                        let alias = alias(item);
                        return Some(match (alias, inner) {
                            (None, inner) => FromItem { range: range(item.syntax()), ..inner },
                            // An alias of a join hides the names in it.
                            (alias, inner) => FromItem { alias, range: range(item.syntax()), ..inner },
                        });
                    }
                    (None, None) => match paren.expr().map(|inner| expr(&inner))?.kind {
                        ExprKind::SubQuery(query) => FromKind::Query { query, lateral },
                        _ => return None,
                    },
                },
                (None, None) => return None,
            }
        }
        ast::FromItem::XmlTableFromItem(it) => xml_table(&it.xml_table()?)?,
        ast::FromItem::JsonTableFromItem(_) | ast::FromItem::GraphTableFromItem(_) => return None,
    };
    Some(FromItem { kind, alias: alias(item), range: range(item.syntax()) })
}

fn functions(calls: Vec<(Expr, Vec<(Name, TypeName)>)>, ordinality: bool) -> FromKind {
    FromKind::Functions { calls, ordinality, rows_from: false }
}

fn alias(item: &ast::FromItem) -> Option<Alias> {
    let alias = item.alias()?;
    let (columns, definitions) = match alias.columns() {
        Some(ast::FromAliasColumns::ColumnList(list)) => (column_names(Some(list)), Vec::new()),
        Some(ast::FromAliasColumns::ColumnDefList(list)) => (Vec::new(), definitions(&list)),
        None => (Vec::new(), Vec::new()),
    };
    Some(Alias { name: alias.name().map(|alias| name(alias.syntax())), columns, definitions })
}

fn definitions(list: &ast::ColumnDefList) -> Vec<(Name, TypeName)> {
    list.column_defs().filter_map(|column| Some((name(column.name()?.syntax()), type_name(&column.ty()?)?))).collect()
}

/// `XMLTABLE` (<https://www.postgresql.org/docs/current/functions-xml.html#FUNCTIONS-XML-PROCESSING-XMLTABLE>).
fn xml_table(it: &ast::XmlTable) -> Option<FromKind> {
    let column = |column: ast::XmlTableColumn| {
        let named = name(column.column_name()?.syntax());
        let ordinality = column.ty().is_none();
        let integer = || TypeName {
            name: crate::ddl::Qualified { schema: None, name: "int4".to_owned(), range: range(column.syntax()) },
            modifiers: Vec::new(),
            array_dimensions: 0,
            built_in: true,
            of_column: None,
        };
        let ty = column.ty().as_ref().map_or_else(|| Some(integer()), type_name)?;
        let options: Option<ast::XmlColumnOptionList> = child(column.syntax());
        let not_null =
            options.is_some_and(|list| list.xml_column_options().any(|option| matches!(option, ast::XmlColumnOption::OptionNotNull(_))));
        Some((named, ty, ordinality || not_null))
    };
    let passing = it.xml_row_passing_clause()?;
    let inputs = passing
        .syntax()
        .descendants()
        .filter_map(ast::Expr::cast)
        .filter(|found| found.syntax().parent().is_none_or(|parent| !ast::Expr::can_cast(parent.kind())));
    Some(FromKind::Table {
        name: "xmltable",
        inputs: inputs.map(|found| expr(&found)).collect(),
        columns: it.xml_table_column_list()?.xml_table_columns().map(column).collect::<Option<_>>()?,
    })
}
