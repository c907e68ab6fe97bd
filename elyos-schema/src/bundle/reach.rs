//! What a seed reads beyond the names it writes: the tables behind a view, and those whose rows a table shows as its own.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, RelationName, Table, TableKind};

/// The relations, and all that rows can reach them from: a view's own relations, the children of a table, the parents of a partition.
pub(super) fn reach(catalog: &Catalog, names: BTreeSet<RelationName>) -> BTreeSet<RelationName> {
    let mut reached = names.clone();
    let mut left: Vec<RelationName> = names.into_iter().collect();
    while let Some(name) = left.pop() {
        let Some(table) = catalog.table(&name.schema, &name.name) else { continue };
        let children = catalog.tables().filter(|child| child.parents.contains(&name)).map(Table::full_name);
        for next in behind(table).iter().cloned().chain(children) {
            if reached.insert(next.clone()) {
                left.push(next);
            }
        }
    }
    // Rows that are written to the whole may go to the partition.
    let mut parts: Vec<RelationName> = reached.iter().cloned().collect();
    while let Some(name) = parts.pop() {
        let Some(table) = catalog.table(&name.schema, &name.name).filter(|table| table.is_partition) else { continue };
        for parent in &table.parents {
            if reached.insert(parent.clone()) {
                parts.push(parent.clone());
            }
        }
    }
    reached
}

/// The relations that a statement which writes these writes in truth: through a view, those behind it.
pub(super) fn written(catalog: &Catalog, names: BTreeSet<RelationName>) -> BTreeSet<RelationName> {
    let mut reached = names.clone();
    let mut left: Vec<RelationName> = names.into_iter().collect();
    while let Some(name) = left.pop() {
        let Some(table) = catalog.table(&name.schema, &name.name) else { continue };
        for next in behind(table) {
            if reached.insert(next.clone()) {
                left.push(next.clone());
            }
        }
    }
    reached
}

/// The relations that a view is made from. A table made from a query keeps nothing of it.
fn behind(table: &Table) -> &[RelationName] {
    let is_view = matches!(table.kind, TableKind::View | TableKind::MaterializedView);
    table.query.as_ref().filter(|_| is_view).map_or(&[], |query| &query.reads)
}
