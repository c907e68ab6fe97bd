//! Related rows of rows that one has already: one statement for any number of them.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use tokio_postgres::Row;

use super::super::fragment::{Fragment, Numbers};
use super::super::selection::Reading;
use super::super::{ColumnDef, Fields, Many as Values, Param, Query, Statement};
use super::branch::records;
use super::{Cardinality, Loaded, PARENT, Related, Relation, Whole, key};
use crate::error::Result;
use crate::executor::Executor;
use crate::repository::Repository;

/// Loads what rows are related to.
pub struct Load<'r, P: Repository, L> {
    /// The related rows of a row, as records.
    records: Fragment,
    reading: L,
    /// The columns by which the rows lead on, with their places in a row.
    keys: Vec<(usize, &'static ColumnDef)>,
    rows: &'r [P::Row],
}

impl<P: Repository, C: Repository, O: Reading, N: Cardinality> Related<P, C, O, N> {
    /// What these rows are related to: for each of them, in their order.
    pub fn load<'a, E: Executor + 'a>(self, ex: E, rows: &'a [P::Row]) -> E::Output<'a, Loaded<N, O>>
    where
        P::Row: Sync,
    {
        ex.run(Load::<P, _>::new(&self, rows))
    }
}

impl<P: Repository, C: Repository, N: Cardinality> Relation<P, C, N> {
    /// What these rows are related to: for each of them, in their order. One statement for any number of rows; of none there is none.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{UserRepository, users};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// let found = UserRepository::find_all(&db)?;
    /// for (user, groups) in found.iter().zip(users::GROUPS.load(&db, &found)?) {
    ///     println!("{} is in {} groups", user.full_name, groups.len());
    /// }
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    pub fn load<'a, E: Executor + 'a>(self, ex: E, rows: &'a [P::Row]) -> E::Output<'a, Loaded<N, Whole<C>>>
    where
        P::Row: Sync,
    {
        self.related().load(ex, rows)
    }
}

impl<'r, P: Repository, L> Load<'r, P, L> {
    fn new<C: Repository, O: Reading, N: Cardinality<Reading<O> = L>>(related: &Related<P, C, O, N>, rows: &'r [P::Row]) -> Self {
        let path = related.relation.path();
        let columns = path.keys();
        // Cast only here: an array of composites would be taken apart into their fields.
        let names = columns.iter().enumerate().map(|(number, column)| {
            let mut sql = Fragment::default();
            key(number, &mut sql);
            let (mark, ty) = column.bound();
            if ty.is_empty() { sql } else { sql.then(mark).then(ty) }
        });
        let source = path.source(PARENT, names);
        let place = |key: &&ColumnDef| P::COLUMNS.iter().enumerate().find(|(_, column)| column.quoted() == key.quoted());
        let keys = columns.iter().filter_map(place).collect();
        let reading = N::reading(related.select.reading().clone());
        Self { records: records(related.body(), source), reading, keys, rows }
    }
}

impl<P: Repository, L: Reading> Query for Load<'_, P, L>
where
    P::Row: Sync,
{
    type Output = Vec<L::Output>;

    fn is_needless(&self) -> bool {
        self.rows.is_empty()
    }

    /// The keys are a table of their own, an array for each column, whose numbers give the order.
    fn statement(&self) -> Statement<'_> {
        let (mut sql, mut numbers) = (String::with_capacity(512), Numbers::default());
        sql.push_str("SELECT ");
        self.records.write(&mut sql, &mut numbers);
        let taken = numbers.taken();
        sql.push_str(" FROM unnest(");
        let mut params = Vec::with_capacity(taken + self.keys.len());
        self.records.params(&mut params, &mut Numbers::default());
        let mut names = String::new();
        for (number, (place, column)) in self.keys.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}${}", if number == 0 { "" } else { ", " }, taken + number + 1);
            let _ = write!(names, "\"elyos key {}\", ", number + 1);
            let mut values = Values::with_capacity(self.rows.len());
            for row in self.rows {
                values.push(row.field(*place));
            }
            params.push(Param::many(values, column.travel()).named(Some(column.name())));
        }
        let _ = write!(sql, ") WITH ORDINALITY AS {PARENT}({names}\"elyos place\") ORDER BY {PARENT}.\"elyos place\"");
        Statement { sql: Cow::Owned(sql), params }
    }

    fn read(&self, rows: Vec<Row>) -> Result<Self::Output> {
        rows.iter().map(|row| self.reading.read(row, 0)).collect()
    }
}

impl<P: Repository, L> fmt::Debug for Load<'_, P, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Load({})", self.records.to_sql())
    }
}
