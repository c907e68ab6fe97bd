//! Changing the rows that meet a condition.

use std::fmt;
use std::marker::PhantomData;

use super::{Conditioned, Counted, Returning, Rows, Said, Unconditioned, Writing, conditioned, put, put_list, write_returning};
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;
use crate::query::{
    Argument, Assignments, Column, ColumnDef, Fragment, NotNull, Null, Nullness, Operation, Param, Selected, Selection, Unsaid,
};
use crate::repository::Editable;

/// An update that is put together; [`updating`](Editable::updating) begins one.
#[must_use = "it writes nothing until it runs: `.run(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct Updating<R: Editable, C = Unconditioned> {
    patch: R::Patch,
    set: Vec<(&'static ColumnDef, Fragment)>,
    rows: Rows,
    of: PhantomData<fn() -> C>,
}

/// A column takes what may or may not be null.
#[diagnostic::on_unimplemented(
    message = "a column that is never null cannot be set to what may be null",
    label = "give it a value for null: `.or_else(…)`"
)]
pub trait Takes<M> {}

impl Takes<NotNull> for NotNull {}
// As for `Covers`: so that an error is about this trait.
impl Takes<Unsaid> for NotNull {}
impl<M> Takes<M> for Null {}

impl<R: Editable> Updating<R> {
    pub(in crate::repository) fn new(patch: R::Patch) -> Self {
        Self { patch, set: Vec::new(), rows: Rows::default(), of: PhantomData }
    }
}

impl<R: Editable, C> Updating<R, C> {
    /// Sets a column to what an expression over the row is: `.set(users::VISITS, users::VISITS.plus(1))`.
    pub fn set<T, N: Nullness + Takes<V::Null>, V: Argument<R, T, I>, I>(mut self, column: Column<R, T, N>, value: V) -> Self {
        let Operation(value) = value.argument(&column.form(), Some(column.name()));
        self.set.push((column.def(), value));
        self
    }

    /// Sets a column to null.
    pub fn set_null<T>(mut self, column: Column<R, T, Null>) -> Self {
        self.set.push((column.def(), Fragment::text("NULL")));
        self
    }

    /// Also the rows that are hidden by `soft_delete`.
    pub fn with_hidden(mut self) -> Self {
        self.rows.with_hidden = true;
        self
    }
}

conditioned!(Updating { patch, set });

impl<R: Editable, C: 'static> Updating<R, C> {
    /// Runs it; gives how many rows it changed. What sets nothing is no statement and changes none.
    pub fn run<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, i64>
    where
        C: Said,
    {
        ex.run(Counted::new(self))
    }

    /// With what comes back of each row as it is then: columns, expressions, or `Repository::row()`. Of what sets nothing, the rows as
    /// they are.
    pub fn returning<L: Selection<R, I>, I>(self, columns: L) -> Returning<Self, L::Reading>
    where
        C: Said,
    {
        Returning::new(self, columns)
    }
}

impl<R: Editable, C> Writing for Updating<R, C> {
    type Repository = R;

    fn is_needless(&self) -> bool {
        self.set.is_empty() && Assignments::of(&self.patch).is_empty()
    }

    fn is_silent(&self) -> bool {
        false
    }

    fn check(&self) -> Result<()> {
        self.rows.check::<R>()?;
        let patch = Assignments::of(&self.patch);
        let mut said: Vec<&ColumnDef> = patch.said().iter().map(|said| said.column).collect();
        for (column, _) in &self.set {
            if said.iter().any(|other| other.name() == column.name()) {
                return Err(Error::new(Kind::SetTwice { column: column.name(), table: R::TABLE }));
            }
            said.push(column);
        }
        Ok(())
    }

    /// What sets nothing only reads, as `update` does: no row is written, no trigger fires.
    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        if self.is_needless() {
            sql.push_str("SELECT ");
            put_list(returning, sql, params);
            sql.push_str(" FROM ");
            sql.push_str(R::QUOTED);
            self.rows.write::<R>(sql, params);
            return;
        }
        let assignments = Assignments::of(&self.patch);
        sql.push_str("UPDATE ");
        sql.push_str(R::QUOTED);
        sql.push_str(" SET ");
        assignments.write_update(sql, params.len());
        params.extend(assignments.params());
        let mut is_first = assignments.is_empty();
        for (column, value) in &self.set {
            sql.push_str(if is_first { "" } else { ", " });
            is_first = false;
            sql.push_str(column.quoted());
            sql.push_str(" = ");
            put(value, sql, params);
        }
        let touched = R::TOUCHED.filter(|touched| !assignments.says(touched));
        if let Some(touched) = touched.filter(|touched| !self.set.iter().any(|(column, _)| column.name() == touched.name())) {
            sql.push_str(if is_first { "" } else { ", " });
            sql.push_str(touched.quoted());
            sql.push_str(" = now()");
        }
        self.rows.write::<R>(sql, params);
        write_returning(returning, sql, params);
    }
}

impl<R: Editable, C> fmt::Debug for Updating<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Updating({})", R::TABLE)
    }
}
