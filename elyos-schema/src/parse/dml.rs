//! Which relations a statement reads and which it writes, by the names it uses. What a function it calls does is not seen.

use std::collections::BTreeSet;

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    WrittenName,
    name::{name, qualified},
    special,
};

/// The relations a statement touches.
#[derive(Default)]
pub(super) struct Touched {
    pub reads: BTreeSet<WrittenName>,
    pub writes: BTreeSet<WrittenName>,
}

/// Collects the relations of a statement and all that is nested in it.
pub(super) fn touched(statement: &ast::Stmt) -> Touched {
    let concerns = matches!(
        statement,
        ast::Stmt::Select(_)
            | ast::Stmt::SelectInto(_)
            | ast::Stmt::CompoundSelect(_)
            | ast::Stmt::ParenSelect(_)
            | ast::Stmt::Table(_)
            | ast::Stmt::Values(_)
            | ast::Stmt::Insert(_)
            | ast::Stmt::Update(_)
            | ast::Stmt::Delete(_)
            | ast::Stmt::Merge(_)
            | ast::Stmt::Copy(_)
            | ast::Stmt::Truncate(_)
            | ast::Stmt::Explain(_)
            | ast::Stmt::CreateTableAs(_)
            | ast::Stmt::Declare(_)
            | ast::Stmt::Call(_)
    );
    if concerns { touched_within(statement.syntax()) } else { Touched::default() }
}

/// [`touched`] for a query that is part of a statement.
pub(super) fn touched_within(query: &SyntaxNode) -> Touched {
    let mut touched = Touched::default();
    for node in query.descendants() {
        visit(&node, &mut touched);
    }
    touched
}

fn visit(node: &SyntaxNode, touched: &mut Touched) {
    if let Some(item) = ast::RelationFromItem::cast(node.clone()) {
        touched.reads.extend(
            item.relation_name_ref()
                .filter(|table| special::sql_value(table.syntax(), None).is_none())
                .and_then(|table| written(table.syntax()))
                .filter(|table| !is_common_table(table, node)),
        );
    } else if let Some(table) = ast::Table::cast(node.clone()) {
        touched.reads.extend(table.relation_name().and_then(|table| written(table.syntax())).filter(|table| !is_common_table(table, node)));
    } else if let Some(insert) = ast::Insert::cast(node.clone()) {
        touched.writes.extend(insert.relation_name_ref().and_then(|table| written(table.syntax())));
    } else if let Some(update) = ast::Update::cast(node.clone()) {
        touched.writes.extend(update.relation_name().and_then(|table| written(table.syntax())));
    } else if let Some(delete) = ast::Delete::cast(node.clone()) {
        touched.writes.extend(delete.relation_name().and_then(|table| written(table.syntax())));
    } else if let Some(merge) = ast::Merge::cast(node.clone()) {
        touched.writes.extend(merge.table_relation_name().and_then(|table| written(table.syntax())));
    } else if let Some(truncate) = ast::Truncate::cast(node.clone()) {
        let tables = truncate.table_list().into_iter().flat_map(|list| list.table_relation_names().collect::<Vec<_>>());
        touched.writes.extend(tables.filter_map(|table| written(table.syntax())));
    } else if let Some(copy) = ast::Copy::cast(node.clone()) {
        let table = copy.copy_table().and_then(|table| table.table_name_ref()).and_then(|table| written(table.syntax()));
        match copy.copy_direction() {
            Some(ast::CopyDirection::CopyFrom(_)) => touched.writes.extend(table),
            _ => touched.reads.extend(table),
        }
    }
}

fn written(node: &SyntaxNode) -> Option<WrittenName> {
    qualified(node).map(|name| WrittenName { schema: name.schema, name: name.name })
}

/// Whether the name is one that a `WITH` around the place gives.
fn is_common_table(table: &WrittenName, place: &SyntaxNode) -> bool {
    // The file has every statement as its child, and no `WITH`.
    let mut around = place.ancestors().take_while(|ancestor| !ast::SourceFile::can_cast(ancestor.kind()));
    table.schema.is_none()
        && around.any(|ancestor| {
            with_clauses(&ancestor)
                .iter()
                .flat_map(|with| with.with_tables().collect::<Vec<_>>())
                .filter_map(|with| with.name())
                .any(|with| name(with.syntax()).text == table.name)
        })
}

/// The `WITH` clauses that hold for all of a node. That of `WITH … SELECT … UNION SELECT …` is in the tree of its first `SELECT`.
fn with_clauses(node: &SyntaxNode) -> Vec<ast::WithClause> {
    let mut first = node.clone();
    while let Some(compound) = ast::CompoundSelect::cast(first.clone())
        && let Some(left) = compound.syntax().first_child().filter(|left| ast::ParenSelect::cast(left.clone()).is_none())
    {
        first = left;
    }
    first.children().filter_map(ast::WithClause::cast).collect()
}
