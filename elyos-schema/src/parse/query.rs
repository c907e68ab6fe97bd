//! Queries of the syntax tree → the [query model](crate::query).

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    expression::{expr, exprs, order_by, window},
    from,
    name::{child, name, range},
    write,
};
use crate::{
    ddl::Name,
    query::{Body, CommonTable, Cycle, Expr, ExprKind, Grouping, Lock, Query, Select, SetOperation, Target, With},
};

/// The query of a statement that has one; None for any other.
pub(super) fn of_statement(statement: &ast::Stmt) -> Option<Query> {
    match statement {
        ast::Stmt::Insert(it) => write::insert(it),
        ast::Stmt::Update(it) => write::update(it),
        ast::Stmt::Delete(it) => write::delete(it),
        ast::Stmt::Merge(it) => write::merge(it),
        _ => select_variant(&ast::SelectVariant::cast(statement.syntax().clone())?),
    }
}

/// A `SELECT`, `VALUES`, `TABLE`, or several of them.
pub(super) fn select_variant(variant: &ast::SelectVariant) -> Option<Query> {
    let node = variant.syntax();
    let body = match variant {
        ast::SelectVariant::Select(it) => select(it.syntax(), it.select_clause()),
        ast::SelectVariant::SelectInto(it) => select(it.syntax(), it.select_clause()),
        ast::SelectVariant::Values(it) => Body::Values(it.row_list()?.rows().map(|row| exprs(row.syntax())).collect()),
        ast::SelectVariant::Table(it) => {
            let item = from::relation(&it.relation_name()?, None)?;
            let star = Expr::new(ExprKind::Star(Vec::new()), range(node));
            Body::Select(Box::new(Select { targets: vec![Target { expr: star, alias: None }], from: vec![item], ..Select::default() }))
        }
        ast::SelectVariant::ParenSelect(it) => Body::Nested(Box::new(select_variant(&it.select()?)?)),
        ast::SelectVariant::CompoundSelect(it) => return compound(it),
    };
    let mut query = Query { with: with(node), body, order_by: Vec::new(), limits: Vec::new(), locks: Vec::new(), range: range(node) };
    add_tail(&mut query, node);
    Some(query)
}

/// A query in parentheses where an expression may stand too.
pub(super) fn paren_query(paren: &ast::ParenExpr) -> Option<Query> {
    select_variant(&paren.syntax().children().find_map(ast::SelectVariant::cast)?)
}

/// `WITH` before a statement.
pub(super) fn with(node: &SyntaxNode) -> Option<With> {
    let clause: ast::WithClause = child(node)?;
    let tables = clause.with_tables().filter_map(|table| common_table(&table)).collect();
    Some(With { recursive: clause.recursive_token().is_some(), tables })
}

fn common_table(table: &ast::WithTable) -> Option<CommonTable> {
    let query = match table.query()? {
        ast::WithQuery::Insert(it) => write::insert(&it),
        ast::WithQuery::Update(it) => write::update(&it),
        ast::WithQuery::Delete(it) => write::delete(&it),
        ast::WithQuery::Merge(it) => write::merge(&it),
        other => select_variant(&ast::SelectVariant::cast(other.syntax().clone())?),
    };
    let search = table.search_clause().and_then(|clause| {
        let breadth = matches!(clause.search_order(), Some(ast::SearchOrder::BreadthFirst(_)));
        Some((name(clause.set_column()?.column_name_ref()?.syntax()), breadth))
    });
    let cycle = table.cycle_clause().and_then(|clause| {
        let set = clause.set_column()?;
        let values = set.column_to().and_then(|to| Some((expr(&to.expr()?), expr(&to.default()?.expr()?))));
        Some(Cycle { mark: name(set.column_name_ref()?.syntax()), values, path: name(clause.path()?.column_name_ref()?.syntax()) })
    });
    Some(CommonTable { name: name(table.name()?.syntax()), columns: column_names(table.column_list()), query: query?, search, cycle })
}

/// The names of a list of columns.
pub(super) fn column_names(list: Option<ast::ColumnList>) -> Vec<Name> {
    list.map(|list| list.column_names().map(|column| name(column.syntax())).collect()).unwrap_or_default()
}

fn select(node: &SyntaxNode, clause: Option<ast::SelectClause>) -> Body {
    let quantifier = clause.as_ref().and_then(ast::SelectClause::select_quantifier);
    let distinct_on = match &quantifier {
        Some(ast::SelectQuantifier::DistinctClause(distinct)) => distinct.distinct_on().map(|on| exprs(on.syntax())).unwrap_or_default(),
        _ => Vec::new(),
    };
    let having: Option<ast::HavingClause> = child(node);
    let windows: Option<ast::WindowClause> = child(node);
    let windows = windows.into_iter().flat_map(|clause| clause.window_defs().collect::<Vec<_>>());
    let distinct = matches!(quantifier, Some(ast::SelectQuantifier::DistinctClause(_)));
    Body::Select(Box::new(Select {
        distinct,
        distinct_on,
        targets: clause.and_then(|clause| clause.target_list()).as_ref().map(targets).unwrap_or_default(),
        from: child::<ast::FromClause>(node).map(|clause| from::items(clause.syntax())).unwrap_or_default(),
        filter: child::<ast::WhereClause>(node).and_then(|clause| clause.expr()).map(|condition| expr(&condition)),
        group_by: child::<ast::GroupByClause>(node)
            .and_then(|clause| clause.group_by_list())
            .map(|list| list.group_bys().map(|item| grouping(&item)).collect())
            .unwrap_or_default(),
        having: having.and_then(|clause| clause.expr()).map(|condition| expr(&condition)),
        windows: windows
            .filter_map(|definition| {
                let spec = definition.window_spec();
                Some((name(definition.window()?.syntax()), spec.as_ref().map(window).unwrap_or_default()))
            })
            .collect(),
    }))
}

/// A list of what is selected or returned.
pub(super) fn targets(list: &ast::TargetList) -> Vec<Target> {
    let target = |target: ast::Target| {
        let expr = match target.expr() {
            Some(found) => expr(&found),
            None => Expr::new(ExprKind::Star(Vec::new()), range(target.syntax())),
        };
        let alias = target.as_name().and_then(|alias| alias.name()).map(|alias| name(alias.syntax()));
        Target { expr, alias }
    };
    list.targets().map(target).collect()
}

fn grouping(item: &ast::GroupBy) -> Grouping {
    let plain = |node: &SyntaxNode| Grouping::Sets(exprs(node).into_iter().map(Grouping::Expr).collect());
    match item {
        ast::GroupBy::GroupingExpr(it) => it.expr().map_or_else(|| Grouping::Sets(Vec::new()), |found| Grouping::Expr(expr(&found))),
        ast::GroupBy::GroupingRollup(it) => plain(it.syntax()),
        ast::GroupBy::GroupingCube(it) => plain(it.syntax()),
        ast::GroupBy::GroupingSets(it) => Grouping::Sets(it.group_bys().map(|item| grouping(&item)).collect()),
    }
}

/// Adds what follows a query: its order and how many of its rows.
fn add_tail(query: &mut Query, node: &SyntaxNode) {
    for clause in node.children().filter_map(ast::SelectTailClause::cast) {
        match clause {
            ast::SelectTailClause::OrderByClause(it) => query.order_by.extend(order_by(&it)),
            ast::SelectTailClause::LimitClause(it) => {
                let value = it.limit_value().map(|value| match value {
                    ast::LimitValue::Expr(value) => expr(&value),
                    // `LIMIT ALL` is a limit that limits nothing, which only makes the answer more careful.
                    ast::LimitValue::All(all) => Expr::new(ExprKind::Literal(crate::query::Literal::Null), range(all.syntax())),
                });
                query.limits.extend(value);
            }
            ast::SelectTailClause::OffsetClause(it) => query.limits.extend(it.expr().map(|value| expr(&value))),
            ast::SelectTailClause::FetchClause(it) => {
                let one = Expr::new(ExprKind::Literal(crate::query::Literal::Integer("1".to_owned())), range(it.syntax()));
                query.limits.push(it.expr().map_or(one, |value| expr(&value)));
            }
            ast::SelectTailClause::LockingClause(it) => {
                let of = it.locking_of().map(|of| exprs(of.syntax())).unwrap_or_default();
                query.locks.push(Lock { of, range: range(it.syntax()) });
            }
        }
    }
}

/// Set operations: `INTERSECT` binds tighter than the others, which group to the left
/// (<https://www.postgresql.org/docs/current/queries-union.html>). The parser crate leaves a `WITH` before them with the first operand
/// and what follows them with the last one, which belong to the whole.
fn compound(it: &ast::CompoundSelect) -> Option<Query> {
    let mut operands = Vec::new();
    let mut operations = Vec::new();
    flatten(it, &mut operands, &mut operations)?;
    let last = operands.len().checked_sub(1)?;
    let with = operands.first_mut()?.1.with.take();
    let mut order_by = std::mem::take(&mut operands.get_mut(last)?.1.order_by);
    let mut limits = std::mem::take(&mut operands.get_mut(last)?.1.limits);
    let mut locks = std::mem::take(&mut operands.get_mut(last)?.1.locks);
    // Each level of the tree may have its own end of the text.
    let mut rest =
        Query { with: None, body: Body::Values(Vec::new()), order_by: Vec::new(), limits: Vec::new(), locks: Vec::new(), range: 0..0 };
    for level in it.syntax().descendants().filter(|node| is_level(node, it.syntax())) {
        add_tail(&mut rest, &level);
    }
    order_by.append(&mut rest.order_by);
    limits.append(&mut rest.limits);
    locks.append(&mut rest.locks);
    let mut sums: Vec<Query> = Vec::new();
    let mut pending: Vec<SetOperation> = Vec::new();
    for (index, (_, operand)) in operands.into_iter().enumerate() {
        match index.checked_sub(1).and_then(|before| operations.get(before)) {
            Some(SetOperation::Intersect) => {
                let left = sums.pop()?;
                sums.push(combined(SetOperation::Intersect, left, operand));
            }
            Some(operation) => {
                pending.push(*operation);
                sums.push(operand);
            }
            None => sums.push(operand),
        }
    }
    let mut sums = sums.into_iter();
    let mut whole = sums.next()?;
    for (operation, right) in pending.into_iter().zip(sums) {
        whole = combined(operation, whole, right);
    }
    Some(Query { with, order_by, limits, locks, range: range(it.syntax()), ..whole })
}

fn combined(operation: SetOperation, left: Query, right: Query) -> Query {
    let range = left.range.start..right.range.end;
    let body = Body::Set { operation, left: Box::new(left), right: Box::new(right) };
    Query { with: None, body, order_by: Vec::new(), limits: Vec::new(), locks: Vec::new(), range }
}

/// Whether a node is a set operation that belongs to the outermost one, with no parentheses between.
fn is_level(node: &SyntaxNode, outermost: &SyntaxNode) -> bool {
    let compound = |node: &SyntaxNode| ast::CompoundSelect::can_cast(node.kind());
    compound(node) && node.ancestors().take_while(|above| above != outermost).all(|above| compound(&above))
}

fn flatten(it: &ast::CompoundSelect, operands: &mut Vec<(bool, Query)>, operations: &mut Vec<SetOperation>) -> Option<()> {
    // The tree leans to the left: its levels first, then their right sides from the inside out.
    let mut rights = Vec::new();
    let mut level = it.clone();
    loop {
        rights.push((level.op()?, level.rhs()?));
        match level.lhs()? {
            ast::SelectVariant::CompoundSelect(inner) => level = inner,
            other => {
                operands.push((true, select_variant(&other)?));
                break;
            }
        }
    }
    for (op, right) in rights.into_iter().rev() {
        operations.push(match op {
            ast::CompoundOp::Union(it) if matches!(it.all_or_distinct(), Some(ast::AllOrDistinct::All(_))) => SetOperation::UnionAll,
            ast::CompoundOp::Union(_) => SetOperation::Union,
            ast::CompoundOp::Intersect(_) => SetOperation::Intersect,
            ast::CompoundOp::Except(_) => SetOperation::Except,
        });
        match right {
            ast::SelectVariant::CompoundSelect(inner) => flatten(&inner, operands, operations)?,
            other => operands.push((true, select_variant(&other)?)),
        }
    }
    Some(())
}
