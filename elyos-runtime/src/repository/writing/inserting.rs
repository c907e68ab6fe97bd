//! Inserting rows, of values or of a query, and what happens where one is there already.

use std::fmt;

use tokio_postgres::Row;

use super::conflict::{Conflict, condition};
use super::{Counted, Returning, Takes, Writing, put, put_list, write_returning};
use crate::error::Result;
use crate::executor::Executor;
use crate::query::{
    Assignments, Closed, Column, ColumnDef, Filter, Fragment, Item, Param, Reading, Select, Selected, Selection, Shape, Unsaid, Whole,
};
use crate::repository::many::{self, Grouping};
use crate::repository::upsert::Arbiter;
use crate::repository::{Insertable, Repository, Upsertable};

/// An insert that is put together; [`inserting`](Insertable::inserting) begins one.
#[must_use = "it writes nothing until it runs: `.run(&db)`, `.all(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct Inserting<R: Insertable, M = Keeping> {
    new: Vec<R::New>,
    conflict: Conflict,
    condition: Fragment,
    of: std::marker::PhantomData<fn() -> M>,
}

/// Rows that a query selects, to be inserted; [`inserting_from`](Insertable::inserting_from) begins it.
#[must_use = "it writes nothing until it runs: `.run(&db)`, `.all(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct InsertingFrom<R, M = Keeping> {
    columns: Vec<&'static ColumnDef>,
    query: Fragment,
    conflict: Conflict,
    condition: Fragment,
    of: std::marker::PhantomData<fn() -> (R, M)>,
}

/// Columns of one table: one, or a tuple of several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no columns of `{R}`",
    label = "a column of that table, or a tuple of them, is wanted"
)]
pub trait ColumnsOf<R> {
    /// Their definitions.
    #[doc(hidden)]
    fn list(&self) -> Vec<&'static ColumnDef>;
}

impl<R, T, N> ColumnsOf<R> for Column<R, T, N> {
    fn list(&self) -> Vec<&'static ColumnDef> {
        vec![self.def()]
    }
}

/// Columns that take what a query selects, each by its type.
#[diagnostic::on_unimplemented(
    message = "these columns do not take what the query selects",
    label = "as many are wanted, of the same types, and `Option`s only where a column takes null"
)]
pub trait TakesRows<R, O>: ColumnsOf<R> {}

impl<R, T, N: Takes<M>, M> TakesRows<R, Item<T, M>> for Column<R, T, N> {}
// As for `Covers`: so that an error is about this trait.
impl<R, T, N> TakesRows<R, Unsaid> for Column<R, T, N> {}

macro_rules! tuples {
    ($($($column:ident $reading:ident),*;)*) => {
        $(impl<R, $($column: ColumnsOf<R>),*> ColumnsOf<R> for ($($column,)*) {
            #[allow(non_snake_case, reason = "a column is called after its type")]
            fn list(&self) -> Vec<&'static ColumnDef> {
                let ($($column,)*) = self;
                let mut list = Vec::new();
                $(list.extend($column.list());)*
                list
            }
        }

        impl<R, $($reading,)* $($column: TakesRows<R, $reading>),*> TakesRows<R, ($($reading,)*)> for ($($column,)*) {})*
    };
}

tuples! {
    C1 O1;
    C1 O1, C2 O2;
    C1 O1, C2 O2, C3 O3;
    C1 O1, C2 O2, C3 O3, C4 O4;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11, C12 O12;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11, C12 O12, C13 O13;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11, C12 O12, C13 O13, C14 O14;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11, C12 O12, C13 O13, C14 O14, C15 O15;
    C1 O1, C2 O2, C3 O3, C4 O4, C5 O5, C6 O6, C7 O7, C8 O8, C9 O9, C10 O10, C11 O11, C12 O12, C13 O13, C14 O14, C15 O15, C16 O16;
}

impl<R: Insertable> Inserting<R> {
    pub(in crate::repository) fn new(new: Vec<R::New>) -> Self {
        Self { new, conflict: Conflict::Fails, condition: Fragment::default(), of: std::marker::PhantomData }
    }
}

impl<R: Repository> InsertingFrom<R> {
    pub(in crate::repository) fn new<C: TakesRows<R, O>, S: Closed, O: Reading>(columns: &C, query: Select<S, O>) -> Self {
        let of = std::marker::PhantomData;
        Self {
            columns: columns.list(),
            query: query.into_fragment(Shape::AsTheyAre),
            conflict: Conflict::Fails,
            condition: Fragment::default(),
            of,
        }
    }
}

/// What a row that is there becomes has not been said.
#[derive(Debug, Clone, Copy)]
pub enum Keeping {}

/// What a row that is there becomes has been said.
#[derive(Debug, Clone, Copy)]
pub enum Merging {}

/// That a row that is there is changed has been said.
#[diagnostic::on_unimplemented(
    message = "what a row that is there becomes has not been said",
    label = "say `.or_update(…)` or `.or_update_only(…)` before it"
)]
pub trait Merges {}

impl Merges for Merging {}

macro_rules! conflicts {
    ($($ty:ident { $($field:ident),* };)*) => {
        $(impl<R: Insertable, M> $ty<R, M> {
            fn meeting<N>(self, conflict: Conflict) -> $ty<R, N> {
                $ty { $($field: self.$field,)* conflict, condition: Fragment::default(), of: std::marker::PhantomData }
            }

            /// Leaves out the rows of which one is there already, by whatever constraint.
            pub fn or_nothing(self) -> $ty<R> {
                self.meeting(Conflict::Nothing(None))
            }

            /// Leaves out the rows of which one is there already, by that constraint.
            pub fn or_nothing_on(self, on: R::Target) -> $ty<R>
            where
                R: Upsertable,
            {
                self.meeting(Conflict::Nothing(Some(Arbiter::of(on))))
            }

            /// Where a row is there already, by that constraint, changes it to all that is said.
            pub fn or_update(self, on: R::Target) -> $ty<R, Merging>
            where
                R: Upsertable,
            {
                self.meeting(Conflict::update::<R>(on, None))
            }

            /// Where a row is there already, by that constraint, changes these columns of it to what is said of them.
            pub fn or_update_only<C: ColumnsOf<R>>(self, on: R::Target, columns: C) -> $ty<R, Merging>
            where
                R: Upsertable,
            {
                self.meeting(Conflict::update::<R>(on, Some(columns.list())))
            }

            /// Changes a row that is there only where the condition holds: of that row, and of [`excluded`](super::excluded), what was to be
            /// inserted. A row that it does not hold of does not come back.
            pub fn update_if(mut self, filter: Filter<R>) -> Self
            where
                M: Merges,
            {
                if !self.condition.is_empty() {
                    self.condition.add(" AND ");
                }
                self.condition.append(filter.into_fragment());
                self
            }

            /// Runs it; gives how many rows it wrote.
            pub fn run<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, i64>
            where
                M: 'a,
            {
                ex.run(Counted::new(self))
            }

            /// Runs it; gives the rows that it wrote.
            pub fn all<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Vec<R::Row>>
            where
                M: 'a,
            {
                self.returning(Whole::<R>::new()).all(ex)
            }

            /// With what comes back of each row that it wrote: columns, expressions, or `Repository::row()`.
            pub fn returning<L: Selection<R, I>, I>(self, columns: L) -> Returning<Self, L::Reading> {
                Returning::new(self, columns)
            }
        })*
    };
}

conflicts! {
    Inserting { new };
    InsertingFrom { columns, query };
}

impl<R: Insertable, M> Inserting<R, M> {
    fn grouping(&self) -> Grouping {
        let leaves_out = matches!(self.conflict, Conflict::Nothing(_)) || !self.condition.is_empty();
        Grouping::of::<R>(&self.new, self.conflict.is_update(), leaves_out)
    }

    /// The inserts; how many there are.
    fn write_kinds<'s>(&'s self, grouping: Grouping, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) -> usize {
        // Both stand in the insert of each kind of rows, with the same numbers.
        let condition = condition(&self.condition, params);
        let mut list = String::new();
        put_list(returning, &mut list, params);
        if let [new] = self.new.as_slice() {
            let assignments = Assignments::of(new);
            let said: Vec<_> = assignments.said().iter().map(|said| said.column).collect();
            sql.push_str("INSERT INTO ");
            sql.push_str(R::QUOTED);
            assignments.write_insert(sql, params.len());
            self.conflict.write(&condition, &said, sql);
            sql.push_str(" RETURNING ");
            sql.push_str(&list);
            params.extend(assignments.params());
            return 1;
        }
        let conflict = |said: &[&'static ColumnDef], sql: &mut String| self.conflict.write(&condition, said, sql);
        many::write_kinds::<R>(&self.new, grouping, conflict, &list, sql, params)
    }
}

impl<R: Insertable, M> Writing for Inserting<R, M> {
    type Repository = R;

    fn is_needless(&self) -> bool {
        self.new.is_empty()
    }

    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        let kinds = self.write_kinds(self.grouping(), returning, sql, params);
        many::write_rows(kinds, sql);
    }

    fn write_counted<'s>(&'s self, one: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        let mut inserts = String::with_capacity(256);
        // Nobody asks for an order.
        let grouping = Grouping::of_all(self.conflict.is_update());
        let kinds = self.write_kinds(grouping, one, &mut inserts, params);
        if kinds > 1 {
            sql.push_str(&inserts);
            many::write_count(kinds, sql);
        } else {
            for part in ["WITH changed AS (", &inserts, ") SELECT count(*) FROM changed"] {
                sql.push_str(part);
            }
        }
    }

    fn places(&self, rows: &[Row]) -> Result<(usize, Option<Vec<usize>>)> {
        let grouping = self.grouping();
        if self.new.len() == 1 || many::count(&self.new, grouping) == 1 {
            return Ok((0, None));
        }
        Ok((1, many::places(&self.new, grouping, rows)?))
    }
}

impl<R: Insertable, M> Writing for InsertingFrom<R, M> {
    type Repository = R;

    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        let names: Vec<&str> = self.columns.iter().map(|column| column.quoted()).collect();
        for part in ["INSERT INTO ", R::QUOTED, " (", &names.join(", "), ") "] {
            sql.push_str(part);
        }
        let is_cast = self.columns.iter().any(|column| !column.bound_as().is_empty());
        if is_cast {
            // What was selected as text becomes what it is again.
            for (index, column) in self.columns.iter().enumerate() {
                let (mark, ty) = column.bound();
                sql.push_str(if index == 0 { "SELECT " } else { ", " });
                for part in ["\"elyos ", &(index + 1).to_string(), "\"", mark, ty] {
                    sql.push_str(part);
                }
            }
            sql.push_str(" FROM (");
        }
        put(&self.query, sql, params);
        if is_cast {
            sql.push_str(") AS given(");
            for index in 0..self.columns.len() {
                for part in [if index == 0 { "" } else { ", " }, "\"elyos ", &(index + 1).to_string(), "\""] {
                    sql.push_str(part);
                }
            }
            sql.push(')');
        }
        let condition = condition(&self.condition, params);
        self.conflict.write(&condition, &self.columns, sql);
        write_returning(returning, sql, params);
    }
}

impl<R: Insertable, M> fmt::Debug for Inserting<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inserting({} into {})", self.new.len(), R::TABLE)
    }
}

impl<R: Repository, M> fmt::Debug for InsertingFrom<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InsertingFrom({} into {})", self.query.to_sql(), R::TABLE)
    }
}
