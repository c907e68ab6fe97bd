//! The queries that relations are made from: views, materialised views, `CREATE TABLE AS`, `SELECT INTO`.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    name::{name, range},
    query::{column_names, of_statement, select_variant},
};
use crate::{
    ddl::{Name, Qualified, RelationDefinition},
    query::{Body, CommonTable, Expr, ExprKind, FromItem, FromKind, Query, Select, Target, With},
};

/// `CREATE VIEW` (<https://www.postgresql.org/docs/current/sql-createview.html>).
pub(super) fn view(it: &ast::CreateView) -> RelationDefinition {
    let columns = column_names(it.column_list());
    let query = it.query().as_ref().and_then(select_variant);
    if it.recursive_token().is_none() {
        return RelationDefinition { query, columns };
    }
    let view = it.view().and_then(|view| super::name::parts(view.syntax()).pop());
    let query = view.zip(query).map(|(view, query)| recursive(it.syntax(), view, columns.clone(), query));
    RelationDefinition { query, columns }
}

/// `CREATE RECURSIVE VIEW v (c) AS q` is `CREATE VIEW v AS WITH RECURSIVE v (c) AS (q) SELECT c FROM v`.
fn recursive(node: &SyntaxNode, view: Name, columns: Vec<Name>, query: Query) -> Query {
    let whole = range(node);
    let relation = Qualified { schema: None, name: view.text.clone(), range: view.range.clone() };
    let item = FromItem { kind: FromKind::Relation { name: relation, only: false }, alias: None, range: view.range.clone() };
    let star = Target { expr: Expr::new(ExprKind::Star(Vec::new()), whole.clone()), alias: None };
    let table = CommonTable { name: view, columns, query, search: None, cycle: None };
    Query {
        with: Some(With { recursive: true, tables: vec![table] }),
        body: Body::Select(Box::new(Select { targets: vec![star], from: vec![item], ..Select::default() })),
        order_by: Vec::new(),
        limits: Vec::new(),
        locks: Vec::new(),
        range: whole,
    }
}

/// `CREATE MATERIALIZED VIEW`.
pub(super) fn materialized_view(it: &ast::CreateMaterializedView) -> RelationDefinition {
    RelationDefinition { query: it.query().as_ref().and_then(select_variant), columns: column_names(it.column_list()) }
}

/// `CREATE TABLE … AS`.
pub(super) fn table_as(it: &ast::CreateTableAs) -> RelationDefinition {
    let query = match it.query() {
        Some(ast::CreateTableAsQuery::SelectVariant(query)) => select_variant(&query),
        // What a prepared statement returns, no file says.
        Some(ast::CreateTableAsQuery::Execute(_)) | None => None,
    };
    let columns = it.table_arg_list().into_iter().flat_map(|list| list.args().collect::<Vec<_>>()).filter_map(|argument| match argument {
        ast::TableArg::Column(column) => column.name().map(|column| name(column.syntax())),
        _ => None,
    });
    RelationDefinition { query, columns: columns.collect() }
}

/// `SELECT … INTO`.
pub(super) fn select_into(it: &ast::SelectInto) -> RelationDefinition {
    let query = ast::Stmt::cast(it.syntax().clone()).as_ref().and_then(of_statement);
    RelationDefinition { query, columns: Vec::new() }
}
