//! Which rows an update or a delete is of: what holds of them, or that every row is meant.

use super::put;
use crate::error::{Error, Kind, Result};
use crate::query::{Filter, Fragment, Param};
use crate::repository::Repository;

/// A condition was said, or that there is none.
#[derive(Debug, Clone, Copy)]
pub enum Conditioned {}

/// No condition was said.
#[derive(Debug, Clone, Copy)]
pub enum Unconditioned {}

/// Which rows an update or a delete is of has been said.
#[diagnostic::on_unimplemented(
    message = "which rows are meant has not been said",
    label = "say `.filter(…)`, or `.every_row()` where every row of the table is meant"
)]
pub trait Said {}

impl Said for Conditioned {}

/// The rows that are meant.
#[derive(Clone, Default)]
pub(super) struct Rows {
    conditions: Fragment,
    pub(super) with_hidden: bool,
    /// Whether a condition leaves out a row, or it was said by name that none does.
    pub(super) is_said: bool,
}

impl Rows {
    pub(super) fn add<R>(&mut self, filter: Filter<R>) {
        self.is_said |= !filter.is_of_every_row();
        if !self.conditions.is_empty() {
            self.conditions.add(" AND ");
        }
        self.conditions.append(filter.into_fragment());
    }

    /// An error where every row would be meant, and that has not been said.
    pub(super) fn check<R: Repository>(&self) -> Result<()> {
        if self.is_said { Ok(()) } else { Err(Error::new(Kind::EveryRow { table: R::TABLE })) }
    }

    /// ` WHERE …`; a hidden row is not there.
    pub(super) fn write<'s, R: Repository>(&'s self, sql: &mut String, params: &mut Vec<Param<'s>>) {
        let mut word = " WHERE ";
        if !self.conditions.is_empty() {
            sql.push_str(word);
            put(&self.conditions, sql, params);
            word = " AND ";
        }
        if !self.with_hidden && !R::VISIBLE.is_empty() {
            sql.push_str(word);
            sql.push_str(R::VISIBLE);
        }
    }
}

/// How updates and deletes say which rows they are of: those are in `rows`, beside their other fields. What is refused without it, to run, is
/// written out in each: an error of the compiler's would else tell of the macro.
macro_rules! conditioned {
    ($ty:ident { $($field:ident),* }) => {
        impl<R: $crate::repository::Editable, C> $ty<R, C> {
            /// The rows that meet the condition; with others, those that meet all of them.
            ///
            /// # Errors
            ///
            /// When it runs, where no condition leaves out a row, as [`Filter::all_of`](crate::query::Filter::all_of) of none does not: `every_row` says that by name.
            pub fn filter(mut self, filter: $crate::query::Filter<R>) -> $ty<R, Conditioned> {
                self.rows.add(filter);
                self.said()
            }

            /// [`filter`](Self::filter) where there is a condition. It does not count as one: without another, `every_row` has to be said.
            pub fn filter_if(mut self, filter: Option<$crate::query::Filter<R>>) -> Self {
                if let Some(filter) = filter {
                    self.rows.add(filter);
                }
                self
            }

            /// Every row of the table, but for what a condition excludes.
            pub fn every_row(mut self) -> $ty<R, Conditioned> {
                self.rows.is_said = true;
                self.said()
            }

            fn said(self) -> $ty<R, Conditioned> {
                $ty { $($field: self.$field,)* rows: self.rows, of: PhantomData }
            }
        }
    };
}

pub(super) use conditioned;
