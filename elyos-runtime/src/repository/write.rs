//! Insert, update, delete; each gives back what the database made of it.

use std::borrow::Cow;

use tokio_postgres::Row;

use super::lookup::the_row;
use super::{Editable, Insertable, Keyed};
use crate::error::Result;
use crate::query::{Assignments, Query, Statement};

pub(super) struct Insert<R: Insertable>(pub(super) R::New);

impl<R: Insertable> Query for Insert<R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        let assignments = Assignments::of(&self.0);
        let mut sql = format!("INSERT INTO {}", R::QUOTED);
        assignments.write_insert(&mut sql);
        sql.push_str(" RETURNING ");
        sql.push_str(R::COLUMNS);
        Statement { sql: Cow::Owned(sql), values: assignments.into_values() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

pub(super) struct Update<'k, R: Editable> {
    pub(super) key: R::Key<'k>,
    pub(super) patch: R::Patch,
}

impl<R: Editable> Query for Update<'_, R> {
    type Output = R::Row;

    /// A patch that says nothing only reads: no row is written, no trigger fires.
    fn statement(&self) -> Statement<'_> {
        let mut values = R::key_values(&self.key);
        let assignments = Assignments::of(&self.patch);
        if assignments.is_empty() {
            return Statement { sql: R::FIND.into(), values };
        }
        let mut sql = format!("UPDATE {} SET ", R::QUOTED);
        assignments.write_update(&mut sql, values.len());
        sql.push_str(" WHERE ");
        sql.push_str(R::KEY_IS);
        sql.push_str(" RETURNING ");
        sql.push_str(R::COLUMNS);
        values.extend(assignments.into_values());
        Statement { sql: Cow::Owned(sql), values }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

pub(super) struct Delete<'k, R: Keyed>(pub(super) R::Key<'k>);

impl<R: Keyed> Query for Delete<'_, R> {
    type Output = bool;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: R::DELETE.into(), values: R::key_values(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<bool> {
        Ok(!rows.is_empty())
    }
}
