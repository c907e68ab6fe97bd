//! `CREATE INDEX` (<https://www.postgresql.org/docs/current/sql-createindex.html>), its columns and their names.

use squawk_syntax::ast::{self, AstNode};

use super::{
    alter::last_part,
    constraint::{expression, says_something},
    exclusion,
    name::{name, qualified, qualified_text, range, text},
};
use crate::ddl::{CreateIndex, IndexColumn, IndexItem, Name};

/// `CREATE INDEX` in all its forms.
pub(super) fn create_index(it: &ast::CreateIndex) -> Option<CreateIndex> {
    let included = items(it.index_include_clause().and_then(|clause| clause.partition_item_list()));
    let include = included.into_iter().filter_map(|item| match item.column {
        IndexColumn::Column(column) => Some(column),
        IndexColumn::Expression { .. } => None,
    });
    Some(CreateIndex {
        name: it.index().and_then(|index| last_part(index.syntax())),
        if_not_exists: it.if_not_exists().is_some(),
        table: qualified(it.table_relation_name()?.syntax())?,
        only: it.table_relation_name()?.only_token().is_some(),
        unique: it.unique_token().is_some(),
        method: it.using_method().and_then(|using| using.access_method_ref()).map(|method| name(method.syntax()).text),
        items: items(it.partition_item_list()),
        include: include.collect(),
        nulls_not_distinct: matches!(it.nulls_distinct_option(), Some(ast::NullsDistinctOption::NullsNotDistinct(_))),
        predicate: it.where_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)).filter(says_something),
    })
}

/// The columns of an index or a partition key.
pub(super) fn items(list: Option<ast::PartitionItemList>) -> Vec<IndexItem> {
    list.map(|list| list.partition_items().filter_map(|item| index_item(&item)).collect()).unwrap_or_default()
}

fn index_item(item: &ast::PartitionItem) -> Option<IndexItem> {
    let (column, collation) = column_and_collation(&item.expr()?);
    let collation = collation.or_else(|| item.collate().and_then(|collate| collate.collation_ref()).map(|it| qualified_text(it.syntax())));
    let parameters = item.attribute_list().map(|list| text(list.syntax())).unwrap_or_default();
    Some(IndexItem {
        column,
        collation,
        operator_class: item.op_class_ref().map(|class| format!("{}{parameters}", qualified_text(class.syntax()))),
        descending: matches!(item.sort_order(), Some(ast::SortOrder::SortDesc(_))),
        nulls_first: item.nulls_order().map(|order| matches!(order, ast::NullsOrder::NullsFirst(_))),
    })
}

/// An item of an exclusion constraint and its operator.
pub(super) fn excluded(item: &ast::ConstraintExclusion) -> Option<(IndexItem, String)> {
    let (expr, operator_class, sorted) = exclusion::class(item.expr()?);
    let (column, collation) = column_and_collation(&expr);
    let operator = match (item.op(), item.operator_call()) {
        (Some(operator), _) => text(operator.syntax()),
        (None, Some(call)) => text(call.op()?.syntax()),
        (None, None) => return None,
    };
    let (descending, nulls_first) = (sorted.descending, sorted.nulls_first);
    Some((IndexItem { column, collation, operator_class, descending, nulls_first }, operator))
}

/// The grammar reads `name COLLATE "C"` as an expression; in an index it is the column `name`.
fn column_and_collation(expr: &ast::Expr) -> (IndexColumn, Option<String>) {
    if let ast::Expr::Collate(collate) = expr
        && let Some(inner) = collate.expr()
        && let Some(collation) = collate.collation_ref()
    {
        return (index_column(&inner), Some(qualified_text(collation.syntax())));
    }
    (index_column(expr), None)
}

/// A column of an index, or an expression and the name its column gets.
fn index_column(expr: &ast::Expr) -> IndexColumn {
    if let ast::Expr::NameRef(column) = expr {
        return IndexColumn::Column(name(column.syntax()));
    }
    let mut written = expression(expr);
    if let ast::Expr::ParenExpr(paren) = expr
        && let Some(inner) = paren.expr()
    {
        (written.text, written.start) = (text(inner.syntax()), range(inner.syntax()).start);
        // `((name))` is the column all the same.
        if let ast::Expr::NameRef(column) = unwrapped(&inner) {
            return IndexColumn::Column(name(column.syntax()));
        }
    }
    let cast = match unwrapped(expr) {
        ast::Expr::CastExpr(cast) => match (cast.expr().map(|inner| unwrapped(&inner)), cast.ty()) {
            (Some(ast::Expr::NameRef(column)), Some(ty)) => super::types::type_name(&ty).map(|ty| (name(column.syntax()), Box::new(ty))),
            _ => None,
        },
        _ => None,
    };
    IndexColumn::Expression { name: expression_name(expr).map(|(name, _)| name), expression: written, cast }
}

/// What is in parentheses, if it is.
pub(super) fn unwrapped(expr: &ast::Expr) -> ast::Expr {
    match expr {
        ast::Expr::ParenExpr(paren) => paren.expr().map_or_else(|| expr.clone(), |inner| unwrapped(&inner)),
        _ => expr.clone(),
    }
}

/// The name PostgreSQL gives an expression's column, where the expression suggests one, and whether it may give way to that of a
/// cast around it (`FigureColnameInternal` in its source).
pub(super) fn expression_name(expr: &ast::Expr) -> Option<(String, bool)> {
    let firm = |name: &str| Some((name.to_owned(), false));
    match expr {
        ast::Expr::NameRef(column) => Some((name(column.syntax()).text, false)),
        ast::Expr::FieldExpr(field) => field.field().map(|field| (name(field.syntax()).text, false)),
        ast::Expr::ParenExpr(paren) => paren.expr().and_then(|inner| expression_name(&inner)),
        ast::Expr::Collate(collate) => collate.expr().and_then(|inner| expression_name(&inner)),
        ast::Expr::IndexExpr(index) => index.base().and_then(|inner| expression_name(&inner)),
        ast::Expr::SliceExpr(slice) => slice.base().and_then(|inner| expression_name(&inner)),
        ast::Expr::CastExpr(cast) => match cast.expr().and_then(|inner| expression_name(&inner)) {
            Some((name, false)) => Some((name, false)),
            _ => super::types::type_name(&cast.ty()?).map(|ty| (ty.name.name, true)),
        },
        ast::Expr::CaseExpr(case) => match case.else_clause().and_then(|otherwise| otherwise.expr()).and_then(|it| expression_name(&it)) {
            Some((name, false)) => Some((name, false)),
            _ => Some(("case".to_owned(), true)),
        },
        ast::Expr::ArrayExpr(_) => firm("array"),
        ast::Expr::TupleExpr(_) => firm("row"),
        ast::Expr::BinExpr(it) if matches!(it.op(), Some(ast::BinOp::AtTimeZone(_))) => firm("timezone"),
        ast::Expr::CallExpr(call) => match call.expr() {
            Some(function) => expression_name(&function),
            None => special_function(call),
        },
        _ => None,
    }
}

/// Functions with a syntax of their own begin with their name, but for a few.
fn special_function(call: &ast::CallExpr) -> Option<(String, bool)> {
    let words: Vec<String> = super::token::tokens(&text(call.syntax())).take(3).map(|token| token.text.to_ascii_lowercase()).collect();
    let name = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["trim", "(", "leading"] => "ltrim".to_owned(),
        ["trim", "(", "trailing"] => "rtrim".to_owned(),
        ["trim", ..] => "btrim".to_owned(),
        ["collation", ..] => "pg_collation_for".to_owned(),
        [first, ..] => (*first).to_owned(),
        [] => return None,
    };
    Some((name, false))
}

/// The names of an index's columns, as far as they say one.
pub(super) fn column_names(items: &[IndexItem]) -> Vec<Name> {
    items
        .iter()
        .filter_map(|item| match &item.column {
            IndexColumn::Column(name) => Some(name.clone()),
            IndexColumn::Expression { .. } => None,
        })
        .collect()
}
