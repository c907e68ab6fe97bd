//! Removing the rows that meet a condition.

use std::fmt;
use std::marker::PhantomData;

use super::{Conditioned, Counted, Returning, Rows, Said, Unconditioned, Writing, conditioned, write_returning};
use crate::error::Result;
use crate::executor::Executor;
use crate::query::{Param, Selected, Selection};
use crate::repository::Editable;

/// A delete that is put together; [`deleting`](Editable::deleting) begins one. With `soft_delete` it hides the rows.
#[must_use = "it removes nothing until it runs: `.run(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct Deleting<R, C = Unconditioned> {
    rows: Rows,
    permanently: bool,
    of: PhantomData<fn() -> (R, C)>,
}

impl<R: Editable> Deleting<R> {
    pub(in crate::repository) fn new() -> Self {
        Self { rows: Rows::default(), permanently: false, of: PhantomData }
    }
}

impl<R: Editable, C> Deleting<R, C> {
    /// Removes the rows, hidden ones too, where without it `soft_delete` would hide them.
    pub fn permanently(mut self) -> Self {
        self.permanently = true;
        self.rows.with_hidden = true;
        self
    }
}

conditioned!(Deleting { permanently });

impl<R: Editable, C: 'static> Deleting<R, C> {
    /// Runs it; gives how many rows it removed or hid.
    pub fn run<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, i64>
    where
        C: Said,
    {
        ex.run(Counted::new(self))
    }

    /// With what comes back of each row: columns, expressions, or `Repository::row()`.
    pub fn returning<L: Selection<R, I>, I>(self, columns: L) -> Returning<Self, L::Reading>
    where
        C: Said,
    {
        Returning::new(self, columns)
    }
}

impl<R: Editable, C> Writing for Deleting<R, C> {
    type Repository = R;

    fn check(&self) -> Result<()> {
        self.rows.check::<R>()
    }

    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        if R::HIDE.is_empty() || self.permanently {
            sql.push_str("DELETE FROM ");
            sql.push_str(R::QUOTED);
        } else {
            for part in ["UPDATE ", R::QUOTED, " SET ", R::HIDE] {
                sql.push_str(part);
            }
        }
        self.rows.write::<R>(sql, params);
        write_returning(returning, sql, params);
    }
}

impl<R: Editable, C> fmt::Debug for Deleting<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deleting({})", R::TABLE)
    }
}
