//! The names of columns that have none (`FigureColname` in PostgreSQL's source;
//! <https://www.postgresql.org/docs/current/queries-select-lists.html#QUERIES-COLUMN-LABELS>).

use std::collections::HashMap;

use crate::query::{Expr, ExprKind};

/// The names of the columns of sub-queries in expressions, by the place of the sub-query.
pub(super) type SubQueryNames = HashMap<(usize, usize), String>;

/// The name of an expression's column.
pub(super) fn column_name(expr: &Expr, names: &SubQueryNames) -> String {
    figure(expr, names).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// A name, and whether it is more than what a cast would call it.
fn figure(expr: &Expr, names: &SubQueryNames) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match &expr.kind {
        // Of `t.*` the row goes by the name of its table.
        ExprKind::Column(parts) | ExprKind::Star(parts) => parts.last().and_then(|name| strong(&name.text)),
        ExprKind::Field(_, field) => strong(&field.text),
        ExprKind::Subscripts(base, _) | ExprKind::Collate(base) | ExprKind::Parenthesised(base) => figure(base, names),
        ExprKind::Call(call) => call.name.last().and_then(|name| strong(&name.text)),
        ExprKind::Cast(value, ty) => match figure(value, names) {
            Some(found @ (_, true)) => Some(found),
            _ => Some((ty.name.name.clone(), false)),
        },
        ExprKind::Case { otherwise, .. } => match otherwise.as_deref().and_then(|otherwise| figure(otherwise, names)) {
            Some(found @ (_, true)) => Some(found),
            _ => Some(("case".to_owned(), false)),
        },
        ExprKind::Coalesce(_) => strong("coalesce"),
        ExprKind::Extreme { name, .. } | ExprKind::SqlValue { name, .. } | ExprKind::Special { name, .. } => strong(name),
        ExprKind::NullIf(..) => strong("nullif"),
        ExprKind::Array(_) | ExprKind::ArrayQuery(_) => strong("array"),
        ExprKind::Row(_) => strong("row"),
        ExprKind::Exists(_) => strong("exists"),
        ExprKind::Grouping(_) => strong("grouping"),
        ExprKind::SubQuery(query) => names.get(&(query.range.start, query.range.end)).map(|name| (name.clone(), true)),
        _ => None,
    }
}
