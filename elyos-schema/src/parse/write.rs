//! `INSERT`, `UPDATE`, `DELETE` and `MERGE`, as far as they say what they return
//! (<https://www.postgresql.org/docs/current/dml-returning.html>).

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    expression::expr,
    from,
    name::{child, name, qualified, range},
    query::{select_variant, targets, with},
};
use crate::{
    ddl::{Name, Qualified},
    query::{Body, Expr, Query, Write, WriteKind},
};

fn new(kind: WriteKind, table: Qualified, alias: Option<Name>) -> Write {
    Write {
        kind,
        table,
        only: false,
        alias,
        source: None,
        columns: Vec::new(),
        sets: Vec::new(),
        from: Vec::new(),
        filter: None,
        returning: Vec::new(),
    }
}

fn query(node: &SyntaxNode, write: Write) -> Query {
    let returning: Option<ast::ReturningClause> = child(node);
    let returning = returning.and_then(|clause| clause.target_list()).as_ref().map(targets).unwrap_or_default();
    let body = Body::Write(Box::new(Write { returning, ..write }));
    Query { with: with(node), body, order_by: Vec::new(), limits: Vec::new(), locks: Vec::new(), range: range(node) }
}

pub(super) fn insert(it: &ast::Insert) -> Option<Query> {
    let alias = it.alias().and_then(|alias| alias.name()).map(|alias| name(alias.syntax()));
    let mut write = new(WriteKind::Insert, qualified(it.relation_name_ref()?.syntax())?, alias);
    write.columns = it.column_target_list().map(|list| column_targets(&list)).unwrap_or_default();
    write.source = match it.insert_source()? {
        ast::InsertSource::SelectVariant(source) => Some(select_variant(&source)?),
        ast::InsertSource::DefaultValues(_) => None,
    };
    Some(query(it.syntax(), write))
}

pub(super) fn update(it: &ast::Update) -> Option<Query> {
    let relation = it.relation_name()?;
    let alias = it.alias().and_then(|alias| alias.name()).map(|alias| name(alias.syntax()));
    let mut write = new(WriteKind::Update, qualified(relation.relation_name_ref()?.syntax())?, alias);
    write.only = relation.only_token().is_some();
    write.sets = it.set_clause().map(|clause| sets(&clause)).unwrap_or_default();
    write.from = it.from_clause().map(|clause| from::items(clause.syntax())).unwrap_or_default();
    write.filter = filter(it.where_clause_or_current_of());
    Some(query(it.syntax(), write))
}

pub(super) fn delete(it: &ast::Delete) -> Option<Query> {
    let relation = it.relation_name()?;
    let alias = it.alias().and_then(|alias| alias.name()).map(|alias| name(alias.syntax()));
    let mut write = new(WriteKind::Delete, qualified(relation.relation_name_ref()?.syntax())?, alias);
    write.only = relation.only_token().is_some();
    write.from = it.using_clause().map(|clause| from::items(clause.syntax())).unwrap_or_default();
    write.filter = filter(it.where_clause_or_current_of());
    Some(query(it.syntax(), write))
}

pub(super) fn merge(it: &ast::Merge) -> Option<Query> {
    let relation = it.table_relation_name()?;
    let alias = it.alias().and_then(|alias| alias.name()).map(|alias| name(alias.syntax()));
    let mut write = new(WriteKind::Merge, qualified(relation.table_name_ref()?.syntax())?, alias);
    write.only = relation.only_token().is_some();
    let using = it.using_on_clause()?;
    write.from = using.from_list_item().map(|item| from::list_item(&item)).into_iter().collect();
    write.filter = using.on_clause().and_then(|on| on.expr()).map(|condition| expr(&condition));
    Some(query(it.syntax(), write))
}

fn filter(clause: Option<ast::WhereClauseOrCurrentOf>) -> Option<Expr> {
    match clause? {
        ast::WhereClauseOrCurrentOf::WhereClause(clause) => clause.expr().map(|condition| expr(&condition)),
        ast::WhereClauseOrCurrentOf::WhereCurrentOf(_) => None,
    }
}

fn column_targets(list: &ast::ColumnTargetList) -> Vec<Name> {
    list.column_targets().filter_map(|target| target.name()).map(|column| name(column.syntax())).collect()
}

fn sets(clause: &ast::SetClause) -> Vec<(Name, Option<Expr>)> {
    let mut found = Vec::new();
    for column in clause.set_column_list().into_iter().flat_map(|list| list.set_columns().collect::<Vec<_>>()) {
        match column {
            ast::SetColumn::SetSingleColumn(single) => {
                let Some(target) = single.column_target().and_then(|target| target.name()) else { continue };
                let value = match single.set_expr() {
                    Some(value) => child::<ast::Expr>(value.syntax()).map(|value| expr(&value)),
                    None => None,
                };
                found.push((name(target.syntax()), value));
            }
            ast::SetColumn::SetMultipleColumns(several) => {
                let columns = several.column_target_list().map(|list| column_targets(&list)).unwrap_or_default();
                found.extend(columns.into_iter().map(|column| (column, None)));
            }
        }
    }
    found
}
