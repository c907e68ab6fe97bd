//! Changing, removing and counting the rows that meet a condition.

use std::borrow::Cow;
use std::fmt::Write as _;

use tokio_postgres::Row;

use super::lookup::write_where;
use super::write::{write_touch, write_visible};
use super::{Editable, Repository};
use crate::error::{Error, Kind, Result};
use crate::query::{Assignments, Filter, Query, Statement, read};

/// The number in the first column of the one row; none is none.
fn number(rows: &[Row]) -> Result<i64> {
    rows.first().map_or(Ok(0), |row| read(row, 0))
}

pub(super) struct CountWhere<R>(pub(super) Filter<R>);

impl<R: Repository> Query for CountWhere<R> {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        let mut sql = format!("SELECT count(*) FROM {}", R::QUOTED);
        write_where::<R>(&mut sql, false);
        sql.push_str(if R::VISIBLE.is_empty() { " WHERE " } else { " AND " });
        self.0.write(&mut sql, 0);
        Statement { sql: Cow::Owned(sql), params: self.0.params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        number(&rows)
    }
}

/// Counts what the statement changes, at the server: the rows themselves stay there.
fn counted(changing: &str) -> String {
    format!("WITH changed AS ({changing} RETURNING 1) SELECT count(*) FROM changed")
}

/// An error where the condition leaves out no row: such a statement is not sent.
fn not_of_every_row<R: Repository>(filter: &Filter<R>) -> Result<()> {
    if filter.is_of_every_row() { Err(Error::new(Kind::EveryRow { table: R::TABLE })) } else { Ok(()) }
}

pub(super) struct UpdateWhere<R: Editable> {
    pub(super) filter: Filter<R>,
    pub(super) patch: R::Patch,
}

impl<R: Editable> Query for UpdateWhere<R> {
    type Output = i64;

    fn is_needless(&self) -> bool {
        self.filter.is_of_every_row() || Assignments::of(&self.patch).is_empty()
    }

    fn statement(&self) -> Statement<'_> {
        let assignments = Assignments::of(&self.patch);
        let mut sql = format!("UPDATE {} SET ", R::QUOTED);
        assignments.write_update(&mut sql, 0);
        write_touch::<R>(&assignments, &mut sql);
        sql.push_str(" WHERE ");
        let mut params: Vec<_> = assignments.params().collect();
        self.filter.write(&mut sql, params.len());
        write_visible::<R>(&mut sql);
        params.extend(self.filter.params());
        Statement { sql: Cow::Owned(counted(&sql)), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        not_of_every_row(&self.filter)?;
        number(&rows)
    }
}

pub(super) struct DeleteWhere<R>(pub(super) Filter<R>);

impl<R: Editable> Query for DeleteWhere<R> {
    type Output = i64;

    fn is_needless(&self) -> bool {
        self.0.is_of_every_row()
    }

    fn statement(&self) -> Statement<'_> {
        let mut sql = String::new();
        // Writing to a String cannot fail.
        let _ = if R::HIDE.is_empty() {
            write!(sql, "DELETE FROM {} WHERE ", R::QUOTED)
        } else {
            write!(sql, "UPDATE {} SET {} WHERE ", R::QUOTED, R::HIDE)
        };
        self.0.write(&mut sql, 0);
        write_visible::<R>(&mut sql);
        Statement { sql: Cow::Owned(counted(&sql)), params: self.0.params() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64> {
        not_of_every_row(&self.0)?;
        number(&rows)
    }
}
