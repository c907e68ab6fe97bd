//! Inserting a row, or changing the one that is there.

use std::borrow::Cow;

use tokio_postgres::Row;

use super::lookup::the_row;
use super::{Upsertable, many};
use crate::error::Result;
use crate::query::{Assignments, ColumnDef, Query, Statement};

/// A table's keys and unique constraints; the derive emits an enum of them for each table that has any.
pub trait Target: Copy + Send + Sync + 'static {
    /// The columns in which two rows cannot be the same.
    #[doc(hidden)]
    fn columns(self) -> &'static [&'static ColumnDef];
}

/// What the derive says of a table beside its columns, for an upsert.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct OnConflict {
    /// The column that is set to the time.
    pub touched: Option<&'static ColumnDef>,
    /// What brings a hidden row back, as an assignment; empty where none is hidden.
    pub show: &'static str,
    /// The column by which a row is hidden.
    pub hidden_by: &'static str,
}

/// ` ON CONFLICT ("a") DO UPDATE SET "b" = EXCLUDED."b"`. What is said is changed, and the row is seen afterwards. Where nothing is
/// said but the target itself, the row is still written: only so is it returned.
pub(super) fn write_conflict<R: Upsertable>(target: &[&'static ColumnDef], said: &[&'static ColumnDef], sql: &mut String) {
    let names: Vec<&str> = target.iter().map(|column| column.quoted()).collect();
    sql.push_str(" ON CONFLICT (");
    sql.push_str(&names.join(", "));
    sql.push_str(") DO UPDATE SET ");
    let of_target = |column: &ColumnDef| target.iter().any(|other| other.name() == column.name());
    let mut changed: Vec<&str> = said.iter().filter(|column| !of_target(column)).map(|column| column.quoted()).collect();
    if changed.is_empty() {
        changed.extend(names.first());
    }
    for (index, column) in changed.iter().enumerate() {
        if index > 0 {
            sql.push_str(", ");
        }
        for part in [column, " = EXCLUDED.", column] {
            sql.push_str(part);
        }
    }
    let OnConflict { touched, show, hidden_by } = R::ON_CONFLICT;
    if let Some(touched) = touched.filter(|touched| !said.iter().any(|column| column.name() == touched.name())) {
        sql.push_str(", ");
        sql.push_str(touched.quoted());
        sql.push_str(" = now()");
    }
    if !show.is_empty() && !said.iter().any(|column| column.name() == hidden_by) {
        sql.push_str(", ");
        sql.push_str(show);
    }
}

pub(super) struct Upsert<R: Upsertable> {
    pub(super) new: R::New,
    pub(super) on: R::Target,
}

impl<R: Upsertable> Query for Upsert<R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        let assignments = Assignments::of(&self.new);
        let mut sql = format!("INSERT INTO {}", R::QUOTED);
        assignments.write_insert(&mut sql, 0);
        let said: Vec<_> = assignments.said().iter().map(|said| said.column).collect();
        write_conflict::<R>(self.on.columns(), &said, &mut sql);
        sql.push_str(" RETURNING ");
        sql.push_str(R::SELECT);
        Statement { sql: Cow::Owned(sql), params: assignments.params().collect() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

pub(super) struct UpsertMany<R: Upsertable> {
    pub(super) new: Vec<R::New>,
    pub(super) on: R::Target,
}

impl<R: Upsertable> Query for UpsertMany<R> {
    type Output = Vec<R::Row>;

    fn is_needless(&self) -> bool {
        self.new.is_empty()
    }

    fn statement(&self) -> Statement<'_> {
        many::statement::<R>(&self.new, false, |said, sql| write_conflict::<R>(self.on.columns(), said, sql))
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        many::in_order::<R>(&self.new, false, &rows)
    }
}
