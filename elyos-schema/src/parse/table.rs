//! `CREATE TABLE` (<https://www.postgresql.org/docs/current/sql-createtable.html>) and its columns.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    constraint::constraint,
    index::{column_names, items, unwrapped},
    name::{child, name, qualified, range, text},
    types::type_name,
};
use crate::ddl::{ColumnDefinition, CreateTable, IndexColumn, LikeOptions, Name, PartitionKey, Persistence, TableElement};

/// `CREATE TABLE` in all its forms but `AS`.
pub(super) fn create_table(create: &ast::CreateTable) -> Option<CreateTable> {
    let node = create.syntax();
    let table = qualified(create.table_name()?.syntax())?;
    let own_name = table.name.clone();
    Some(CreateTable {
        name: table,
        if_not_exists: create.if_not_exists().is_some(),
        persistence: persistence(create.persistence().as_ref()),
        foreign: false,
        partitioned: create.partition_by().is_some(),
        partition_of: create.partition_of().and_then(|of| of.table_name_ref()).and_then(|table| qualified(table.syntax())),
        partition_key: create.partition_by().map(|key| partition_key(&key, &own_name)),
        partition_bound: create.partition_type().map(|bound| text(bound.syntax())),
        of_type: create.of_type().and_then(|of| of.ty()).and_then(|ty| type_name(&ty)).map(|ty| ty.name),
        inherits: inherits(node),
        elements: elements(create.table_arg_list()),
    })
}

/// `CREATE FOREIGN TABLE`.
pub(super) fn create_foreign_table(create: &ast::CreateForeignTable) -> Option<CreateTable> {
    Some(CreateTable {
        name: qualified(create.table_name()?.syntax())?,
        if_not_exists: create.if_not_exists().is_some(),
        persistence: Persistence::Permanent,
        foreign: true,
        partitioned: false,
        partition_of: create.partition_of().and_then(|of| of.table_name_ref()).and_then(|table| qualified(table.syntax())),
        partition_key: None,
        partition_bound: create.partition_type().map(|bound| text(bound.syntax())),
        of_type: None,
        inherits: inherits(create.syntax()),
        elements: elements(create.table_arg_list()),
    })
}

/// What stands behind `PARTITION BY`: how, and the key.
fn partition_key(key: &ast::PartitionBy, table: &str) -> PartitionKey {
    let written = text(key.syntax());
    // The two words and what is between them.
    let start = super::token::tokens(&written).nth(2).map_or(0, |token| token.start);
    let mut text = written[start..].to_owned();
    let offset = range(key.syntax()).start + start;
    let items = items(key.partition_item_list());
    // `((a))` is the column all the same; of the table's own name, it is its whole row.
    let nodes = key.partition_item_list().into_iter().flat_map(|list| list.partition_items().collect::<Vec<_>>());
    let wrapped = nodes.filter_map(|item| item.expr()).filter(|expr| matches!(expr, ast::Expr::ParenExpr(_)));
    let wrapped: Vec<(std::ops::Range<usize>, String)> = wrapped
        .filter_map(|expr| match unwrapped(&expr) {
            ast::Expr::NameRef(column) if name(column.syntax()).text != table => {
                Some((range(expr.syntax()), super::name::text(column.syntax())))
            }
            _ => None,
        })
        .collect();
    for (place, column) in wrapped.into_iter().rev() {
        text.replace_range(place.start - offset..place.end - offset, &column);
    }
    let expressions = items.iter().filter_map(|item| match &item.column {
        IndexColumn::Expression { expression, .. } => Some(expression.clone()),
        IndexColumn::Column(_) => None,
    });
    let expressions = expressions.collect();
    let is_row = |column: &Name| column.text == table && written.contains("((");
    PartitionKey { text, expressions, columns: column_names(&items).into_iter().filter(|column| !is_row(column)).collect() }
}

/// `TEMPORARY` and `UNLOGGED`.
pub(super) fn persistence(written: Option<&ast::Persistence>) -> Persistence {
    match written {
        None => Persistence::Permanent,
        Some(ast::Persistence::Temp(_)) => Persistence::Temporary,
        Some(ast::Persistence::Unlogged(_)) => Persistence::Unlogged,
    }
}

fn inherits(create: &SyntaxNode) -> Vec<crate::ddl::Qualified> {
    let Some(inherits) = child::<ast::Inherits>(create) else {
        return Vec::new();
    };
    inherits.table_name_refs().filter_map(|table| qualified(table.syntax())).collect()
}

fn elements(list: Option<ast::TableArgList>) -> Vec<TableElement> {
    let Some(list) = list else { return Vec::new() };
    list.args()
        .filter_map(|argument| match argument {
            ast::TableArg::Column(column) => definition(&column).map(TableElement::Column),
            ast::TableArg::TableConstraint(written) => constraint(written.syntax()).map(TableElement::Constraint),
            ast::TableArg::LikeClause(like) => {
                Some(TableElement::Like { table: qualified(like.relation_name_ref()?.syntax())?, options: like_options(&like) })
            }
        })
        .collect()
}

/// A column, each part of it looked at once.
fn definition(column: &ast::Column) -> Option<ColumnDefinition> {
    let (mut named, mut ty, mut collation, mut constraints) = (None, None, None, Vec::new());
    for part in column.syntax().children() {
        if ast::ColumnName::can_cast(part.kind()) {
            named = named.or_else(|| Some(name(&part)));
        } else if let Some(of) = ast::Type::cast(part.clone()) {
            ty = ty.or_else(|| type_name(&of));
        } else if let Some(collate) = ast::Collate::cast(part.clone()) {
            collation = collation.or_else(|| collate.collation_ref().and_then(|it| qualified(it.syntax())));
        } else {
            collation = collation.or_else(|| super::default::collation_behind(&part));
            constraints.extend(constraint(&part));
        }
    }
    Some(ColumnDefinition { name: named?, ty, collation, constraints, range: range(column.syntax()) })
}

fn like_options(like: &ast::LikeClause) -> LikeOptions {
    let mut options = LikeOptions::default();
    for option in like.like_options() {
        let (property, included) = match option {
            ast::LikeOption::IncludingProperty(including) => (including.table_property(), true),
            ast::LikeOption::ExcludingProperty(excluding) => (excluding.table_property(), false),
        };
        match property {
            Some(ast::TableProperty::PropertyAll(_)) => {
                options = LikeOptions {
                    comments: included,
                    constraints: included,
                    defaults: included,
                    generated: included,
                    identity: included,
                    indexes: included,
                    statistics: included,
                }
            }
            Some(ast::TableProperty::PropertyComments(_)) => options.comments = included,
            Some(ast::TableProperty::PropertyConstraints(_)) => options.constraints = included,
            Some(ast::TableProperty::PropertyDefaults(_)) => options.defaults = included,
            Some(ast::TableProperty::PropertyGenerated(_)) => options.generated = included,
            Some(ast::TableProperty::PropertyIdentity(_)) => options.identity = included,
            Some(ast::TableProperty::PropertyIndexes(_)) => options.indexes = included,
            Some(ast::TableProperty::PropertyStatistics(_)) => options.statistics = included,
            // Compression and storage are nothing a catalog here holds.
            _ => {}
        }
    }
    options
}
