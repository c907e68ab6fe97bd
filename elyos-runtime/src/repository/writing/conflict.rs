//! What an insert does where a row is there already.

use super::put;
use crate::query::{Column, ColumnDef, Expr, Fragment, Nullness, Param};
use crate::repository::Upsertable;
use crate::repository::upsert::{Arbiter, write_conflict};

/// The value that an insert wanted to write, in what is done where a row is there already.
#[must_use]
pub fn excluded<R: crate::query::Table, T, N: Nullness>(column: Column<R, T, N>) -> Expr<R, T, N> {
    Expr::new(Fragment::text("EXCLUDED.").then(column.def().quoted()), column.form())
}

/// Writes the update of an upsert, by the target and the columns that become what the new row has.
pub(super) type WriteUpdate = fn(Arbiter, &[&'static ColumnDef], &mut String);

/// What is done where a row is there already.
#[derive(Clone, Default)]
pub(super) enum Conflict {
    /// It is an error.
    #[default]
    Fails,
    /// The new row is left out; where a constraint is named, only by that.
    Nothing(Option<Arbiter>),
    /// The row that is there becomes what is said; where columns are named, what is said of those alone.
    Update { target: Arbiter, only: Option<Vec<&'static ColumnDef>>, write: WriteUpdate },
}

impl Conflict {
    pub(super) fn update<R: Upsertable>(on: R::Target, only: Option<Vec<&'static ColumnDef>>) -> Self {
        Self::Update { target: Arbiter::of(on), only, write: write_conflict::<R> }
    }

    /// Whether the row that is there is changed: a column that a new row does not say must not become its default then.
    pub(super) const fn is_update(&self) -> bool {
        matches!(self, Self::Update { .. })
    }

    /// What stands before `RETURNING`, by the columns that are said.
    pub(super) fn write(&self, condition: &str, said: &[&'static ColumnDef], sql: &mut String) {
        match self {
            Self::Fails => {}
            Self::Nothing(None) => sql.push_str(" ON CONFLICT DO NOTHING"),
            Self::Nothing(Some(target)) => {
                target.write(sql);
                sql.push_str(" DO NOTHING");
            }
            Self::Update { target, only, write } => {
                // A column that the new row does not say would become its default.
                let changed: Option<Vec<_>> = only
                    .as_ref()
                    .map(|only| said.iter().copied().filter(|said| only.iter().any(|only| only.name() == said.name())).collect());
                write(*target, changed.as_deref().unwrap_or(said), sql);
                sql.push_str(condition);
            }
        }
    }
}

/// ` WHERE …`, with its values before all that come later.
pub(super) fn condition<'s>(fragment: &'s Fragment, params: &mut Vec<Param<'s>>) -> String {
    let mut sql = String::new();
    if !fragment.is_empty() {
        sql.push_str(" WHERE ");
        put(fragment, &mut sql, params);
    }
    sql
}
