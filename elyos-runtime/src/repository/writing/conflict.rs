//! What an insert does where a row is there already.

use super::put;
use crate::query::{Column, ColumnDef, Expr, Fragment, Nullness, Param};
use crate::repository::upsert::write_conflict;
use crate::repository::{Target, Upsertable};

/// The value that an insert wanted to write, in what is done where a row is there already.
#[must_use]
pub fn excluded<R: crate::query::Table, T, N: Nullness>(column: Column<R, T, N>) -> Expr<R, T, N> {
    Expr::new(Fragment::text("EXCLUDED.").then(column.def().quoted()), column.form())
}

/// Writes the update of an upsert, by the target and the columns that become what the new row has.
pub(super) type WriteUpdate = fn(&[&'static ColumnDef], &[&'static ColumnDef], &mut String);

/// What is done where a row is there already.
#[derive(Clone, Default)]
pub(super) enum Conflict {
    /// It is an error.
    #[default]
    Fails,
    /// The new row is left out; where columns are named, only if those are the same.
    Nothing(&'static [&'static ColumnDef]),
    /// The row that is there becomes what is said; where columns are named, what is said of those alone.
    Update { target: &'static [&'static ColumnDef], only: Option<Vec<&'static ColumnDef>>, write: WriteUpdate },
}

impl Conflict {
    pub(super) fn update<R: Upsertable>(on: R::Target, only: Option<Vec<&'static ColumnDef>>) -> Self {
        Self::Update { target: on.columns(), only, write: write_conflict::<R> }
    }

    /// Whether the row that is there is changed: a column that a new row does not say must not become its default then.
    pub(super) const fn is_update(&self) -> bool {
        matches!(self, Self::Update { .. })
    }

    /// What stands before `RETURNING`, by the columns that are said.
    pub(super) fn write(&self, condition: &str, said: &[&'static ColumnDef], sql: &mut String) {
        match self {
            Self::Fails => {}
            Self::Nothing([]) => sql.push_str(" ON CONFLICT DO NOTHING"),
            Self::Nothing(target) => {
                sql.push_str(" ON CONFLICT (");
                sql.push_str(&target.iter().map(|column| column.quoted()).collect::<Vec<_>>().join(", "));
                sql.push_str(") DO NOTHING");
            }
            Self::Update { target, only, write } => {
                // A column that the new row does not say would become its default.
                let changed: Option<Vec<_>> = only
                    .as_ref()
                    .map(|only| said.iter().copied().filter(|said| only.iter().any(|only| only.name() == said.name())).collect());
                write(target, changed.as_deref().unwrap_or(said), sql);
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
