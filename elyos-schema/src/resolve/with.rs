//! `WITH` (<https://www.postgresql.org/docs/current/queries-with.html>).

use super::{
    Failed, Resolver, Step,
    rows::{RowColumn, Rows},
    snapshot::Oid,
    types::{BOOL, RECORD, RECORD_ARRAY, TEXT, UNKNOWN},
};
use crate::{
    ddl::{Name, Qualified},
    diagnostic::Diagnostic,
    query::{Body, CommonTable, FromItem, FromKind, Query, SetOperation, With},
};

/// The common tables in sight, innermost last.
#[derive(Debug, Default)]
pub(super) struct CommonTables {
    tables: Vec<Entry>,
}

/// A common table, and how far it is resolved.
#[derive(Debug)]
struct Entry {
    name: String,
    state: State,
    /// How many queries around it, and how many common tables, it sees.
    scopes: usize,
    tables: usize,
    /// How often it has been named in its own recursive part.
    named: usize,
    /// Where that part begins, while it is being resolved.
    recursion: Option<Within>,
}

/// How many sub-queries of expressions are around a place, and how many sides of joins that may have no row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) sub_queries: usize,
    pub(super) missing_sides: usize,
}

#[derive(Debug)]
enum State {
    /// Of a `WITH RECURSIVE` that has not come to it yet.
    Waiting(Box<CommonTable>),
    /// Its own query is being resolved, and it may not be named but in a recursive part.
    Open,
    Done(Vec<RowColumn>),
    Failed,
}

/// What was in sight before a `WITH`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame(usize);

impl Resolver<'_> {
    pub(super) fn open_with(&mut self, with: Option<&With>) -> Step<Frame> {
        let frame = Frame(self.common_tables.tables.len());
        let Some(with) = with else { return Ok(frame) };
        let result = self.add_tables(with, frame.0);
        if let Err(failed) = result {
            self.close_with(frame);
            return Err(failed);
        }
        Ok(frame)
    }

    pub(super) fn close_with(&mut self, frame: Frame) {
        self.common_tables.tables.truncate(frame.0);
    }

    fn add_tables(&mut self, with: &With, first: usize) -> Step<()> {
        for (index, table) in with.tables.iter().enumerate() {
            if with.tables[..index].iter().any(|other| other.name.text == table.name.text) {
                let message = format!("`WITH` names `{}` twice", table.name.text);
                return Err(self.fail(&table.name.range, Diagnostic::new(message)));
            }
        }
        if let Some(write) = with.tables.iter().find(|table| self.depth > 1 && matches!(table.query.body, Body::Write(_))) {
            let diagnostic = Diagnostic::new("what a sub-query selects `WITH` cannot write");
            return Err(self.fail(&write.query.range, diagnostic.help("write in the `WITH` of the whole statement")));
        }
        if with.recursive {
            for table in &with.tables {
                let state = State::Waiting(Box::new(table.clone()));
                self.common_tables.tables.push(Entry {
                    name: table.name.text.clone(),
                    state,
                    scopes: self.scopes.len(),
                    tables: first + with.tables.len(),
                    named: 0,
                    recursion: None,
                });
            }
            for index in 0..with.tables.len() {
                self.resolve_waiting(first + index)?;
            }
        } else {
            for table in &with.tables {
                let rows = self.query(&table.query)?;
                let columns = self.with_names(table, rows)?;
                let (scopes, tables) = (self.scopes.len(), self.common_tables.tables.len());
                let state = State::Done(columns);
                self.common_tables.tables.push(Entry { name: table.name.text.clone(), state, scopes, tables, named: 0, recursion: None });
            }
        }
        Ok(())
    }

    /// The columns of the common table of that name, if there is one.
    pub(super) fn common_table(&mut self, name: &Qualified) -> Step<Option<Vec<RowColumn>>> {
        let Some(index) = self.common_tables.tables.iter().rposition(|entry| entry.name == name.name) else {
            return Ok(None);
        };
        self.resolve_waiting(index)?;
        let within = self.within;
        if let Some(entry) = self.common_tables.tables.get_mut(index) {
            entry.named += 1;
            let wrong = entry.recursion.and_then(|start| {
                if within.sub_queries > start.sub_queries {
                    Some("a sub-query")
                } else if within.missing_sides > start.missing_sides {
                    Some("the side of an outer join that may have no row")
                } else if entry.named > 1 {
                    Some("more than one place")
                } else {
                    None
                }
            });
            if let Some(wrong) = wrong {
                let diagnostic = Diagnostic::new(format!("recursive table `{}` is named in {wrong}", name.name));
                return Err(self.fail(&name.range, diagnostic.help("join it once, with an inner join, in the recursive part")));
            }
        }
        match self.common_tables.tables.get(index).map(|entry| &entry.state) {
            Some(State::Done(columns)) => Ok(Some(columns.clone())),
            Some(State::Failed) => Err(Failed),
            _ => {
                let message = format!("`{}` is named where only a table may be that is there already", name.name);
                Err(self.fail(&name.range, Diagnostic::new(message).help("name it in the second part of its `UNION`, once")))
            }
        }
    }

    fn resolve_waiting(&mut self, index: usize) -> Step<()> {
        let Some(entry) = self.common_tables.tables.get_mut(index) else { return Ok(()) };
        if !matches!(entry.state, State::Waiting(_)) {
            return Ok(());
        }
        let State::Waiting(table) = std::mem::replace(&mut entry.state, State::Open) else { return Ok(()) };
        // It sees the names around its `WITH`, not those around the place that names it first.
        let (scopes, tables) = (entry.scopes, entry.tables);
        let hidden_scopes = self.scopes.split_off(scopes.min(self.scopes.len()));
        let hidden_tables = self.common_tables.tables.split_off(tables.min(self.common_tables.tables.len()));
        let columns = self.recursive_columns(&table, index);
        self.scopes.extend(hidden_scopes);
        self.common_tables.tables.extend(hidden_tables);
        if let Some(entry) = self.common_tables.tables.get_mut(index) {
            entry.state = match &columns {
                Ok(columns) => State::Done(columns.clone()),
                Err(_) => State::Failed,
            };
        }
        columns.map(|_| ())
    }

    /// A table of `WITH RECURSIVE`: the part before `UNION` says names and types, which the part behind it sees.
    fn recursive_columns(&mut self, table: &CommonTable, index: usize) -> Step<Vec<RowColumn>> {
        let Body::Set { operation: operation @ (SetOperation::Union | SetOperation::UnionAll), left, right } = &table.query.body else {
            let rows = self.query(&table.query)?;
            return self.with_names(table, rows);
        };
        let frame = self.open_with(table.query.with.as_ref())?;
        let found = self.fixed_point(table, (*operation, left, right), index);
        self.close_with(frame);
        found
    }

    fn fixed_point(
        &mut self,
        table: &CommonTable,
        (operation, left, right): (SetOperation, &Query, &Query),
        index: usize,
    ) -> Step<Vec<RowColumn>> {
        let first = self.operand(left)?;
        let mut base = first.clone();
        for column in base.columns.iter_mut().filter(|column| column.ty == UNKNOWN) {
            column.ty = TEXT;
        }
        // First it is supposed that what is never null in the first part stays so; what the second part then contradicts is taken back.
        let mut supposed = base.columns.clone();
        for _ in 0..2 {
            let rows = Rows { columns: supposed.clone(), exactly_one: false, multiplies: false, open: Vec::new() };
            let columns = self.with_names(table, rows)?;
            if let Some(entry) = self.common_tables.tables.get_mut(index) {
                entry.state = State::Done(columns);
                entry.named = 0;
                entry.recursion = Some(self.within);
            }
            let second = self.operand(right)?;
            if let Some(entry) = self.common_tables.tables.get_mut(index) {
                entry.recursion = None;
            }
            if self.common_tables.tables.get(index).is_none_or(|entry| entry.named == 0) {
                let rows = self.combined(operation, first, second, &table.query.range)?;
                return self.with_names(table, rows);
            }
            self.refuse_tail(&table.query)?;
            let whole = self.combined(operation, base.clone(), second, &table.query.range)?;
            for (column, base) in whole.columns.iter().zip(&base.columns) {
                if column.ty != base.ty || column.modifiers != base.modifiers {
                    let (from, to) = (self.types.written(base.ty, &base.modifiers), self.types.written(column.ty, &column.modifiers));
                    let message = format!("column `{}` is `{from}` in the first part of the recursion and `{to}` in all of it", base.name);
                    return Err(self.fail(&right.range, Diagnostic::new(message).help(format!("cast it in the first part: `::{to}`"))));
                }
            }
            let holds = whole.columns.iter().zip(&supposed).all(|(found, supposed)| found.not_null || !supposed.not_null);
            if holds {
                break;
            }
            for column in &mut supposed {
                column.not_null = false;
            }
        }
        self.with_names(table, Rows { columns: supposed, exactly_one: false, multiplies: false, open: Vec::new() })
    }

    /// Refuses what would be done with all rows of a recursion, which has none of them until it is at its end.
    fn refuse_tail(&mut self, query: &Query) -> Step<()> {
        let order = query.order_by.iter().map(|item| ("ORDER BY", item.range.clone()));
        let limits = query.limits.iter().map(|item| ("LIMIT` and `OFFSET", item.range.clone()));
        let locks = query.locks.iter().map(|lock| ("FOR UPDATE", lock.range.clone()));
        let Some((what, range)) = order.chain(limits).chain(locks).next() else { return Ok(()) };
        let diagnostic = Diagnostic::new(format!("`{what}` is not possible in a recursive table"));
        Err(self.fail(&range, diagnostic.help("write it in the query that selects from the table")))
    }

    /// Whether a recursive part names its own table in the `FROM` of the query at hand.
    pub(super) fn is_recursing(&self, from: &[FromItem]) -> bool {
        let mut left: Vec<&FromItem> = from.iter().collect();
        while let Some(item) = left.pop() {
            match &item.kind {
                FromKind::Relation { name, .. } if name.schema.is_none() => {
                    let meant = self.common_tables.tables.iter().rev().find(|entry| entry.name == name.name);
                    if meant.is_some_and(|entry| entry.recursion.is_some()) {
                        return true;
                    }
                }
                FromKind::Join(join) => left.extend([&join.left, &join.right]),
                _ => {}
            }
        }
        false
    }

    /// The columns with the names that `WITH` gives them, and those that `SEARCH` and `CYCLE` add.
    fn with_names(&mut self, table: &CommonTable, rows: Rows) -> Step<Vec<RowColumn>> {
        let mut columns = rows.columns;
        if table.columns.len() > columns.len() {
            let message = format!("{} names for {} columns", table.columns.len(), columns.len());
            return Err(self.fail(&table.name.range, Diagnostic::new(message)));
        }
        for (column, name) in columns.iter_mut().zip(&table.columns) {
            column.name.clone_from(&name.text);
        }
        let added = |name: &Name, ty: Oid| RowColumn { name: name.text.clone(), ty, modifiers: Vec::new(), not_null: false };
        if let Some((name, breadth)) = &table.search {
            columns.push(added(name, if *breadth { RECORD } else { RECORD_ARRAY }));
        }
        if let Some(cycle) = &table.cycle {
            let ty = match &cycle.values {
                None => BOOL,
                Some((value, default)) => {
                    let values = vec![self.expression(value)?, self.expression(default)?];
                    self.unified(values, "CYCLE")?.0
                }
            };
            columns.push(added(&cycle.mark, ty));
            columns.push(added(&cycle.path, RECORD_ARRAY));
        }
        Ok(columns)
    }
}
