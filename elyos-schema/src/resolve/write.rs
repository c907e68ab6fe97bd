//! What `INSERT`, `UPDATE`, `DELETE` and `MERGE` return (<https://www.postgresql.org/docs/current/dml-returning.html>).

use std::{collections::BTreeSet, ops::Range};

use super::{
    Resolver, Step,
    rows::Rows,
    scope::{Clause, ColumnId, Item, Relation, Scope, ScopeColumn},
    snapshot::Context,
    types::Types,
};
use crate::{
    catalog::RelationName,
    ddl::Name,
    diagnostic::Diagnostic,
    nearest::nearest,
    query::{Body, Expr, ExprKind, Literal, Query, Write, WriteKind},
};

impl Resolver<'_> {
    pub(super) fn write(&mut self, write: &Write, range: &Range<usize>) -> Step<Rows> {
        let start = self.facts.next();
        let mark = self.references.len();
        let (schema, columns, table, row) = self.table_columns(&write.table, write.only)?;
        let star = self.new_columns(columns);
        let own: BTreeSet<ColumnId> = star.iter().map(|column| column.id).collect();
        let written = RelationName { schema: schema.clone(), name: write.table.name.clone() };
        let elsewhere = !table || self.catalog.carried().any(|it| it.kind == "rule" && it.table.as_ref() == Some(&written));
        if elsewhere {
            // What comes back of a view is of its triggers, and of rules whatever they return: the query does not bind them.
            self.facts.forget(own.iter().copied());
        }
        let relation = Relation {
            schema: write.alias.is_none().then_some(schema),
            name: write.alias.as_ref().map_or_else(|| write.table.name.clone(), |alias| alias.text.clone()),
            columns: star.clone(),
            table,
            row,
            scalar: false,
            key: Vec::new(),
        };
        let target = Item { star, relations: vec![relation] };
        match write.kind {
            WriteKind::Insert => {
                self.scopes.push(Scope::nameless(Clause::Set));
                let checked = self.inserted(write, &target, range);
                self.scopes.pop();
                checked?;
            }
            WriteKind::Merge => self.facts.forget(own.iter().copied()),
            WriteKind::Update | WriteKind::Delete => {}
        }
        let before = [target.clone()];
        let visible: &[Item] = if write.kind == WriteKind::Merge { &[] } else { &before };
        let mut items = self.from(&write.from, visible)?;
        if write.kind == WriteKind::Merge {
            self.facts.forget(items.iter().flat_map(Item::ids).collect::<Vec<_>>());
        }
        items.insert(0, target.clone());
        self.scopes.push(Scope::of(items));
        let grouping = std::mem::take(&mut self.grouping);
        let as_it_was = elsewhere || write.kind == WriteKind::Update;
        let rows = self.written(write, &target, (&own, as_it_was), start);
        self.strike(mark, self.scopes.len().saturating_sub(1));
        self.grouping = grouping;
        self.scopes.pop();
        rows
    }

    /// The filter, what is set and what is returned; the filter is of the table's own columns as they were, which may not be what returns.
    fn written(&mut self, write: &Write, target: &Item, (own, as_it_was): (&BTreeSet<ColumnId>, bool), start: usize) -> Step<Rows> {
        if let Some(filter) = &write.filter {
            self.enter(Clause::Where);
            let condition = self.expression(filter)?;
            let mut needed = self.checked_condition(condition, "WHERE")?.if_true();
            // The condition was true of the row as it was; an update returns it as it is now.
            if as_it_was {
                needed.retain(|column| !own.contains(column));
            }
            if write.kind != WriteKind::Merge {
                self.facts.hold(&needed, start);
            }
        }
        self.enter(Clause::Set);
        for (name, value) in &write.sets {
            let column = self.target_column(target, name)?;
            if let Some(value) = value
                && !is_default(value)
            {
                self.assigned(value, &column)?;
            }
        }
        self.enter(Clause::Returning);
        self.returned(&write.returning)
    }

    /// Checks what is inserted against the columns it goes to.
    fn inserted(&mut self, write: &Write, target: &Item, range: &Range<usize>) -> Step<()> {
        let mut columns = Vec::new();
        for name in &write.columns {
            columns.push(self.target_column(target, name)?);
        }
        if write.columns.is_empty() {
            columns.clone_from(&target.star);
        }
        let Some(source) = &write.source else { return Ok(()) };
        if let Query { with: None, body: Body::Values(rows), .. } = source {
            for row in rows {
                if row.len() > columns.len() {
                    let message = format!("{} values for {} columns", row.len(), columns.len());
                    return Err(self.fail(&source.range, Diagnostic::new(message)));
                }
                for (value, column) in row.iter().zip(&columns) {
                    if !is_default(value) {
                        self.assigned(value, column)?;
                    }
                }
            }
            return Ok(());
        }
        let rows = self.sub_query(source)?;
        if rows.columns.len() > columns.len() {
            let message = format!("{} values for {} columns", rows.columns.len(), columns.len());
            return Err(self.fail(range, Diagnostic::new(message)));
        }
        Ok(())
    }

    /// A value goes into a column (<https://www.postgresql.org/docs/current/typeconv-query.html>).
    fn assigned(&mut self, value: &Expr, column: &ScopeColumn) -> Step<()> {
        let value = self.expression(value)?;
        // Of a column with subscripts or fields only a part is set, which is of another type.
        if Types::subscripted(column.ty).is_none() && self.types.fields(column.ty).is_none() {
            self.convert(value, column.ty, &column.modifiers, Context::Assignment)?;
        }
        Ok(())
    }

    fn target_column(&mut self, target: &Item, name: &Name) -> Step<ScopeColumn> {
        if let Some(column) = target.star.iter().find(|column| column.name == name.text) {
            Ok(column.clone())
        } else {
            let near = nearest(&name.text, target.star.iter().map(|column| column.name.as_str()));
            let message = format!("column `{}` does not exist", name.text);
            Err(self.fail(&name.range, Diagnostic::new(message).help_nearest(&near)))
        }
    }
}

fn is_default(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Literal(Literal::Default))
}
