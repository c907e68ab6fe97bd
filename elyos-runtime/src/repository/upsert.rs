//! Inserting a row, or changing the one that is there.

use std::borrow::Cow;

use tokio_postgres::Row;

use super::lookup::inserted_row;
use super::{Upsertable, many};
use crate::error::Result;
use crate::query::{Assignments, ColumnDef, Query, Statement};

/// A table's keys and unique constraints; the derive emits an enum of them for each table that has any.
pub trait Target: Copy + Send + Sync + 'static {
    /// The columns in which two rows cannot be the same.
    #[doc(hidden)]
    fn columns(self) -> &'static [&'static ColumnDef];

    /// Of which rows that holds, as the index says it; empty where it is all.
    #[doc(hidden)]
    fn predicate(self) -> &'static str {
        ""
    }
}

/// What an insert meets a row by, as SQL has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arbiter {
    columns: &'static [&'static ColumnDef],
    predicate: &'static str,
}

impl Arbiter {
    pub(super) fn of(target: impl Target) -> Self {
        Self { columns: target.columns(), predicate: target.predicate() }
    }

    /// ` ON CONFLICT ("a", "b") WHERE (…)`
    pub(super) fn write(&self, sql: &mut String) {
        for (index, column) in self.columns.iter().enumerate() {
            sql.push_str(if index == 0 { " ON CONFLICT (" } else { ", " });
            sql.push_str(column.quoted());
        }
        sql.push(')');
        if !self.predicate.is_empty() {
            for part in [" WHERE (", self.predicate, ")"] {
                sql.push_str(part);
            }
        }
    }
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
/// said but the target itself, the row is still written as it is: only so is it returned.
pub(super) fn write_conflict<R: Upsertable>(target: Arbiter, said: &[&'static ColumnDef], sql: &mut String) {
    target.write(sql);
    sql.push_str(" DO UPDATE SET ");
    let target = target.columns;
    let of_target = |column: &ColumnDef| target.iter().any(|other| other.name() == column.name());
    let mut separator = "";
    let mut set = |parts: &[&str]| {
        sql.push_str(separator);
        for part in parts {
            sql.push_str(part);
        }
        separator = ", ";
    };
    let mut is_as_it_was = true;
    for column in said.iter().filter(|column| !of_target(column)) {
        set(&[column.quoted(), " = EXCLUDED.", column.quoted()]);
        is_as_it_was = false;
    }
    let OnConflict { touched, show, hidden_by } = R::ON_CONFLICT;
    if let Some(touched) = touched.filter(|touched| !said.iter().any(|column| column.name() == touched.name())) {
        set(&[touched.quoted(), " = now()"]);
        is_as_it_was = false;
    }
    if !show.is_empty() && !said.iter().any(|column| column.quoted() == hidden_by) {
        set(&[show]);
        is_as_it_was = false;
    }
    if is_as_it_was {
        set(&as_it_is::<R>(target));
    }
}

/// An assignment that changes nothing: of the target's column or of any other one that takes a value, itself. A table whose columns
/// all are the server's to make has one that is made anew of them, or its identity, in which no two rows meet.
fn as_it_is<R: Upsertable>(target: &[&'static ColumnDef]) -> Vec<&'static str> {
    let mut takes_value = target.iter().copied().chain(R::COLUMNS).filter(|column| column.is_assignable());
    if let Some(column) = takes_value.next() {
        return vec![column.quoted(), " = ", R::QUOTED, ".", column.quoted()];
    }
    let made = R::COLUMNS.iter().find(|column| column.is_generated()).or_else(|| target.first().copied());
    made.map_or_else(Vec::new, |column| vec![column.quoted(), " = DEFAULT"])
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
        write_conflict::<R>(Arbiter::of(self.on), &said, &mut sql);
        sql.push_str(" RETURNING ");
        sql.push_str(R::SELECT);
        Statement { sql: Cow::Owned(sql), params: assignments.params().collect() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        inserted_row::<R>(&rows)
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
        many::statement::<R>(&self.new, true, |said, sql| write_conflict::<R>(Arbiter::of(self.on), said, sql))
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        many::in_order::<R>(&self.new, true, &rows)
    }
}
