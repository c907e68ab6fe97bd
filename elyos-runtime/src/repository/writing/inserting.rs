//! Inserting rows, of values or of a query, and what happens where one is there already.

use std::fmt;

use tokio_postgres::Row;

use super::conflict::{Conflict, condition};
use super::{Counted, Returning, Takes, Writing, put, write_returning};
use crate::executor::Executor;
use crate::query::{
    Assignments, Closed, Column, ColumnDef, Filter, Fragment, Item, Param, Reading, Select, Selected, Selection, Unsaid, Whole,
};
use crate::repository::{Insertable, Repository, Target as _, Upsertable, many};

/// An insert that is put together; [`inserting`](Insertable::inserting) begins one.
#[must_use = "it writes nothing until it runs: `.run(&db)`, `.all(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct Inserting<R: Insertable> {
    new: Vec<R::New>,
    conflict: Conflict,
    condition: Fragment,
}

/// Rows that a query selects, to be inserted; [`inserting_from`](Insertable::inserting_from) begins it.
#[must_use = "it writes nothing until it runs: `.run(&db)`, `.all(&db)`, or `.returning(…)` and `.all(&db)`"]
pub struct InsertingFrom<R> {
    columns: Vec<&'static ColumnDef>,
    query: Fragment,
    conflict: Conflict,
    condition: Fragment,
    of: std::marker::PhantomData<fn() -> R>,
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
}

impl<R: Insertable> Inserting<R> {
    pub(in crate::repository) fn new(new: Vec<R::New>) -> Self {
        Self { new, conflict: Conflict::Fails, condition: Fragment::default() }
    }
}

impl<R: Repository> InsertingFrom<R> {
    pub(in crate::repository) fn new<C: TakesRows<R, O>, S: Closed, O: Reading>(columns: &C, query: Select<S, O>) -> Self {
        let of = std::marker::PhantomData;
        Self { columns: columns.list(), query: query.into_fragment(), conflict: Conflict::Fails, condition: Fragment::default(), of }
    }
}

macro_rules! conflicts {
    ($($ty:ident $bound:ident;)*) => {
        $(impl<R: $bound> $ty<R> {
            /// Leaves out the rows of which one is there already, by whatever constraint.
            pub fn or_nothing(self) -> Self {
                Self { conflict: Conflict::Nothing(&[]), ..self }
            }

            /// Leaves out the rows of which one is there already, by that constraint.
            pub fn or_nothing_on(self, on: R::Target) -> Self
            where
                R: Upsertable,
            {
                Self { conflict: Conflict::Nothing(on.columns()), ..self }
            }

            /// Where a row is there already, by that constraint, changes it to all that is said.
            pub fn or_update(self, on: R::Target) -> Self
            where
                R: Upsertable,
            {
                Self { conflict: Conflict::update::<R>(on, None), ..self }
            }

            /// Where a row is there already, by that constraint, changes these columns of it to what is said of them.
            pub fn or_update_only<C: ColumnsOf<R>>(self, on: R::Target, columns: C) -> Self
            where
                R: Upsertable,
            {
                Self { conflict: Conflict::update::<R>(on, Some(columns.list())), ..self }
            }

            /// Changes a row that is there only where the condition holds: of that row, and of [`excluded`](super::excluded), what was to be
            /// inserted. A row that it does not hold of does not come back.
            pub fn update_if(mut self, filter: Filter<R>) -> Self {
                if !self.condition.is_empty() {
                    self.condition.add(" AND ");
                }
                self.condition.append(filter.into_fragment());
                self
            }

            /// Runs it; gives how many rows it wrote.
            pub fn run<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, i64> {
                ex.run(Counted::new(self))
            }

            /// Runs it; gives the rows that it wrote.
            pub fn all<'a, E: Executor + 'a>(self, ex: E) -> E::Output<'a, Vec<R::Row>> {
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
    Inserting Insertable;
    InsertingFrom Insertable;
}

impl<R: Insertable> Writing for Inserting<R> {
    type Repository = R;

    fn is_needless(&self) -> bool {
        self.new.is_empty()
    }

    fn write<'s>(&'s self, returning: &'s Selected, sql: &mut String, params: &mut Vec<Param<'s>>) {
        // Both stand in the insert of each kind of rows, with the same numbers.
        let condition = condition(&self.condition, params);
        let mut list = String::new();
        put(returning.fragment(), &mut list, params);
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
            return;
        }
        let conflict = |said: &[&'static ColumnDef], sql: &mut String| self.conflict.write(&condition, said, sql);
        many::write::<R>(&self.new, !self.conflict.is_update(), conflict, &list, sql, params);
    }

    fn first(&self, _: &[Row]) -> usize {
        usize::from(self.new.len() > 1 && many::is_of_several_kinds(&self.new, !self.conflict.is_update()))
    }
}

impl<R: Insertable> Writing for InsertingFrom<R> {
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

impl<R: Insertable> fmt::Debug for Inserting<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inserting({} into {})", self.new.len(), R::TABLE)
    }
}

impl<R: Repository> fmt::Debug for InsertingFrom<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InsertingFrom({} into {})", self.query.to_sql(), R::TABLE)
    }
}
