//! Relations made from a query: views, materialized views, `CREATE TABLE AS`, `SELECT … INTO`.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    dml,
    name::{name, qualified, range},
    table::persistence,
    view,
};
use crate::ddl::{CreateRelation, Ddl, Persistence, Qualified, RelationDefinition, RelationKind};

/// What creates a relation from a query.
pub(super) fn lower(statement: &ast::Stmt) -> Option<Ddl> {
    let reads = || {
        let touched = dml::touched_within(statement.syntax());
        let whole = range(statement.syntax());
        let all = touched.reads.into_iter().map(|read| Qualified { schema: read.schema, name: read.name, range: whole.clone() });
        all.collect::<Vec<_>>()
    };
    let create = match statement {
        ast::Stmt::CreateView(it) => CreateRelation {
            or_replace: it.or_replace().is_some(),
            persistence: persistence(it.persistence().as_ref()),
            recursive: it.recursive_token().is_some(),
            column_names: columns(it.column_list()),
            query: it.query().map(|query| range(query.syntax())),
            reads: reads(),
            definition: view::view(it),
            ..empty(it.view()?.syntax(), RelationKind::View)?
        },
        ast::Stmt::CreateMaterializedView(it) => CreateRelation {
            if_not_exists: it.if_not_exists().is_some(),
            column_names: columns(it.column_list()),
            query: it.query().map(|query| range(query.syntax())),
            reads: reads(),
            definition: view::materialized_view(it),
            ..empty(it.view()?.syntax(), RelationKind::MaterializedView)?
        },
        ast::Stmt::CreateTableAs(it) => {
            let written = it.table_arg_list().into_iter().flat_map(|list| list.args().collect::<Vec<_>>());
            CreateRelation {
                if_not_exists: it.if_not_exists().is_some(),
                persistence: persistence(it.persistence().as_ref()),
                column_names: written
                    .filter_map(|argument| match argument {
                        ast::TableArg::Column(column) => column.name().map(|column| name(column.syntax())),
                        _ => None,
                    })
                    .collect(),
                query: it.query().map(|query| range(query.syntax())),
                reads: reads(),
                definition: view::table_as(it),
                ..empty(it.table_name()?.syntax(), RelationKind::Table)?
            }
        }
        ast::Stmt::SelectInto(it) => {
            let into = it.into_clause()?;
            CreateRelation {
                persistence: persistence(into.persistence().as_ref()),
                query: Some(range(it.syntax())),
                reads: reads(),
                definition: view::select_into(it),
                ..empty(into.table_name()?.syntax(), RelationKind::Table)?
            }
        }
        _ => return None,
    };
    Some(Ddl::CreateRelation(Box::new(create)))
}

fn empty(written: &SyntaxNode, kind: RelationKind) -> Option<CreateRelation> {
    Some(CreateRelation {
        name: qualified(written)?,
        kind,
        if_not_exists: false,
        or_replace: false,
        persistence: Persistence::Permanent,
        recursive: false,
        column_names: Vec::new(),
        query: None,
        reads: Vec::new(),
        definition: RelationDefinition::default(),
    })
}

fn columns(list: Option<ast::ColumnList>) -> Vec<crate::ddl::Name> {
    list.map(|list| list.column_names().map(|column| name(column.syntax())).collect()).unwrap_or_default()
}
