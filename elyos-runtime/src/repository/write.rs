//! Insert, update, delete; each gives back what the database made of it.

use std::borrow::Cow;

use tokio_postgres::Row;

use super::lookup::{inserted_row, key_params, the_row};
use super::{Editable, Insertable, SoftDelete};
use crate::error::Result;
use crate::query::{Assignments, Query, Statement};

pub(super) struct Insert<R: Insertable>(pub(super) R::New);

impl<R: Insertable> Query for Insert<R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        let assignments = Assignments::with_room(&self.0, R::COLUMNS.len());
        // The names stand in it twice, so that it is as long as this or shorter, where no value is cast.
        let mut sql = String::with_capacity(64 + R::QUOTED.len() + 2 * R::SELECT.len() + 6 * R::COLUMNS.len());
        sql.push_str("INSERT INTO ");
        sql.push_str(R::QUOTED);
        assignments.write_insert(&mut sql, 0);
        sql.push_str(" RETURNING ");
        sql.push_str(R::SELECT);
        Statement { sql: Cow::Owned(sql), params: assignments.params().collect() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        inserted_row::<R>(&rows)
    }
}

/// `, "updated_at" = now()`, where the table has such a column and nothing is said of it.
pub(super) fn write_touch<R: Editable>(assignments: &Assignments<'_>, sql: &mut String) {
    if let Some(touched) = R::TOUCHED
        && !assignments.says(touched)
    {
        sql.push_str(", ");
        sql.push_str(touched.quoted());
        sql.push_str(" = now()");
    }
}

/// ` AND "deleted_at" IS NULL`, where rows are hidden.
pub(super) fn write_visible<R: super::Repository>(sql: &mut String) {
    if !R::VISIBLE.is_empty() {
        sql.push_str(" AND ");
        sql.push_str(R::VISIBLE);
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
        let mut params = key_params::<R>(&self.key);
        let assignments = Assignments::of(&self.patch);
        if assignments.is_empty() {
            return Statement { sql: R::FIND.into(), params };
        }
        let mut sql = format!("UPDATE {} SET ", R::QUOTED);
        assignments.write_update(&mut sql, params.len());
        write_touch::<R>(&assignments, &mut sql);
        sql.push_str(" WHERE ");
        sql.push_str(R::KEY_IS);
        write_visible::<R>(&mut sql);
        sql.push_str(" RETURNING ");
        sql.push_str(R::SELECT);
        params.extend(assignments.params());
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}

pub(super) struct Delete<'k, R: Editable> {
    key: R::Key<'k>,
    permanently: bool,
}

impl<'k, R: Editable> Delete<'k, R> {
    pub(super) fn new(key: R::Key<'k>, permanently: bool) -> Self {
        Self { key, permanently }
    }
}

impl<R: Editable> Query for Delete<'_, R> {
    type Output = bool;

    fn statement(&self) -> Statement<'_> {
        let mut sql = if R::HIDE.is_empty() || self.permanently {
            format!("DELETE FROM {} WHERE {}", R::QUOTED, R::KEY_IS)
        } else {
            let mut sql = format!("UPDATE {} SET {} WHERE {}", R::QUOTED, R::HIDE, R::KEY_IS);
            write_visible::<R>(&mut sql);
            sql
        };
        sql.push_str(" RETURNING true");
        Statement { sql: Cow::Owned(sql), params: key_params::<R>(&self.key) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<bool> {
        Ok(!rows.is_empty())
    }
}

pub(super) struct Restore<'k, R: SoftDelete>(pub(super) R::Key<'k>);

impl<R: SoftDelete> Query for Restore<'_, R> {
    type Output = R::Row;

    fn statement(&self) -> Statement<'_> {
        let sql = format!("UPDATE {} SET {} WHERE {} AND {} RETURNING {}", R::QUOTED, R::SHOW, R::KEY_IS, R::HIDDEN, R::SELECT);
        Statement { sql: Cow::Owned(sql), params: key_params::<R>(&self.0) }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        the_row::<R>(&rows)
    }
}
