//! What a query selects, and what its rows become.

use std::marker::PhantomData;

use super::cells::Raw;
use super::form::Reader;
use super::fragment::{Fragment, Numbers};
use super::list::{List, Shape};
use super::{Cells, Form, FromRow, Has, NotNull, Null, Nullness, SqlType, Table};
use crate::error::Result;
use crate::repository::Repository;

/// A select list.
#[doc(hidden)]
pub struct Selected(pub(crate) List);

impl std::fmt::Debug for Selected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sql = String::new();
        self.0.write(Shape::AsRead, &mut sql, &mut Numbers::default());
        f.write_str(&sql)
    }
}

impl Selected {
    /// One expression, as what it is read.
    pub(crate) fn item<T>(sql: Fragment, form: &Form<T>) -> Self {
        Self(List::value(sql, form))
    }

    /// A number that says nothing.
    pub(crate) fn one() -> Self {
        Self(List::value(Fragment::text("1"), &i32::FORM))
    }

    /// All columns of a table.
    pub(crate) fn row<A: Table>() -> Self {
        Self(List::row(A::NAME, A::Repository::COLUMNS))
    }

    /// This list and that behind it; for generated code.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.append(other.0);
        self
    }
}

/// What can be selected in a query over the tables `S`: columns and expressions, tuples of up to sixteen of them, whole rows, relations,
/// and the structs that `#[derive(Columns)]` makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected in this query",
    label = "a column or an expression, a tuple of them, `Repository::row()`, or a struct of `#[derive(Columns)]` is wanted"
)]
pub trait Selection<S, I> {
    /// What reads the rows.
    type Reading: Reading;

    /// The select list, and what reads it.
    #[doc(hidden)]
    fn select(self) -> (Selected, Self::Reading);
}

/// What the columns of a row become.
pub trait Reading: Clone + Send + Sync + 'static {
    /// What they become.
    type Output: Send + 'static;

    /// How many columns it takes.
    #[doc(hidden)]
    fn width(&self) -> usize;

    /// Reads the columns from the given place on.
    #[doc(hidden)]
    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output>;
}

/// One column.
pub struct Item<T, N> {
    one: Reader<T>,
    of: PhantomData<fn() -> N>,
}

impl<T, N> Item<T, N> {
    pub(crate) fn new(one: Reader<T>) -> Self {
        Self { one, of: PhantomData }
    }
}

impl<T, N> Clone for Item<T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, N> Copy for Item<T, N> {}

impl<T, N> std::fmt::Debug for Item<T, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Item")
    }
}

impl<T: Send + 'static, N: Nullness> Reading for Item<T, N> {
    type Output = N::Of<T>;

    fn width(&self) -> usize {
        1
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<N::Of<T>> {
        let Raw(ty, raw) = cells.raw(first)?;
        let value = raw.map(|raw| (self.one)(ty, raw)).transpose().and_then(N::of);
        value.map_err(|error| cells.wrong(first, error))
    }
}

/// All columns of a table, as its row.
pub struct Whole<A, N = NotNull>(PhantomData<fn() -> (A, N)>);

impl<A, N> Whole<A, N> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A, N> Clone for Whole<A, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, N> Copy for Whole<A, N> {}

impl<A, N> std::fmt::Debug for Whole<A, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Whole")
    }
}

impl<A: Table> Whole<A, NotNull> {
    /// As an `Option`: the row that a left join may not find.
    #[must_use]
    pub fn nullable(self) -> Whole<A, Null> {
        Whole::new()
    }
}

/// The row of a table that is joined under an alias: `row_of::<Manager>()`. That of a repository's table is `UserRepository::row()`.
#[must_use]
pub fn row_of<A: Table>() -> Whole<A> {
    Whole::new()
}

impl<S: Has<A, I>, A: Table, I> Selection<S, I> for Whole<A, NotNull>
where
    NotNull: super::Covers<<S as Has<A, I>>::Far>,
{
    type Reading = Self;

    fn select(self) -> (Selected, Self) {
        (Selected::row::<A>(), self)
    }
}

impl<A: Table> Reading for Whole<A, NotNull> {
    type Output = <A::Repository as Repository>::Row;

    fn width(&self) -> usize {
        A::Repository::COLUMNS.len()
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
        FromRow::from_row(cells, first)
    }
}

impl<S: Has<A, I>, A: Table, I> Selection<S, I> for Whole<A, Null> {
    type Reading = Self;

    /// Whether there is a row stands before it. A row of nothing but nulls is one: `IS NULL` would not tell it from none, but what is not
    /// distinct from null is no row.
    fn select(self) -> (Selected, Self) {
        let sql = Fragment::text("(").then(A::NAME).then(".* IS NOT DISTINCT FROM NULL)");
        (Selected::item(sql, &bool::FORM).and(Selected::row::<A>()), self)
    }
}

impl<A: Table> Reading for Whole<A, Null> {
    type Output = Option<<A::Repository as Repository>::Row>;

    fn width(&self) -> usize {
        A::Repository::COLUMNS.len() + 1
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
        let is_missing: bool = cells.cell(first)?;
        if is_missing { Ok(None) } else { FromRow::from_row(cells, first + 1).map(Some) }
    }
}

macro_rules! tuples {
    ($($first:ident $first_index:ident $(, $more:ident $index:ident)*;)*) => {
        $(
            impl<S, $first_index, $first: Selection<S, $first_index> $(, $index, $more: Selection<S, $index>)*>
                Selection<S, ($first_index, $($index,)*)> for ($first, $($more,)*)
            {
                type Reading = ($first::Reading, $($more::Reading,)*);

                #[allow(non_snake_case, reason = "a part is called after its type")]
                fn select(self) -> (Selected, Self::Reading) {
                    let ($first, $($more,)*) = self;
                    let (list, $first) = $first.select();
                    $(let (more, $more) = $more.select();
                    let list = list.and(more);)*
                    (list, ($first, $($more,)*))
                }
            }

            impl<$first: Reading $(, $more: Reading)*> Reading for ($first, $($more,)*) {
                type Output = ($first::Output, $($more::Output,)*);

                #[allow(non_snake_case, reason = "a part is called after its type")]
                fn width(&self) -> usize {
                    let ($first, $($more,)*) = self;
                    $first.width() $(+ $more.width())*
                }

                #[allow(non_snake_case, unused_assignments, reason = "a part is called after its type; nothing is behind the last")]
                fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
                    let ($first, $($more,)*) = self;
                    let mut next = first;
                    Ok((
                        { let value = $first.read(cells, next)?; next += $first.width(); value },
                        $({ let value = $more.read(cells, next)?; next += $more.width(); value },)*
                    ))
                }
            }
        )*
    };
}

tuples! {
    A1 I1;
    A1 I1, A2 I2;
    A1 I1, A2 I2, A3 I3;
    A1 I1, A2 I2, A3 I3, A4 I4;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11, A12 I12;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11, A12 I12, A13 I13;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11, A12 I12, A13 I13, A14 I14;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11, A12 I12, A13 I13, A14 I14, A15 I15;
    A1 I1, A2 I2, A3 I3, A4 I4, A5 I5, A6 I6, A7 I7, A8 I8, A9 I9, A10 I10, A11 I11, A12 I12, A13 I13, A14 I14, A15 I15, A16 I16;
}

/// What fills a field of a struct that `#[derive(Columns)]` is on: an expression of that field's type.
#[diagnostic::on_unimplemented(
    message = "a field of `{F}` cannot be filled with `{Self}`",
    label = "not a `{F}`",
    note = "a column that may be null fills an `Option`; one of a table that is left joined is made one by `.nullable()`"
)]
pub trait Fills<F, S, I> {
    /// What reads it.
    type Reading: Reading<Output = F>;

    /// The select list, and what reads it.
    #[doc(hidden)]
    fn fill(self) -> (Selected, Self::Reading);
}

macro_rules! fills {
    ($([$($generics:tt)*] $ty:ty, $field:ty, $index:ty;)*) => {
        $(impl<S, $($generics)*> Fills<$field, S, $index> for $ty
        where
            $ty: Selection<S, $index>,
            <$ty as Selection<S, $index>>::Reading: Reading<Output = $field>,
        {
            type Reading = <$ty as Selection<S, $index>>::Reading;

            fn fill(self) -> (Selected, Self::Reading) {
                self.select()
            }
        })*
    };
}

fills! {
    [R, T, I] super::Column<R, T, NotNull>, T, I;
    [R, T, I] super::Column<R, T, Null>, Option<T>, I;
    [T] super::Expr<S, T, NotNull>, T, ();
    [T] super::Expr<S, T, Null>, Option<T>, ();
    [A: Table, I] Whole<A, NotNull>, <A::Repository as Repository>::Row, I;
    [A: Table, I] Whole<A, Null>, Option<<A::Repository as Repository>::Row>, I;
}

/// What was read, made a struct; for generated code.
#[doc(hidden)]
pub struct Made<R: Reading, T> {
    reading: R,
    make: fn(R::Output) -> T,
}

impl<R: Reading, T> Made<R, T> {
    pub fn new(reading: R, make: fn(R::Output) -> T) -> Self {
        Self { reading, make }
    }
}

impl<R: Reading, T> Clone for Made<R, T> {
    fn clone(&self) -> Self {
        Self { reading: self.reading.clone(), make: self.make }
    }
}

impl<R: Reading, T> std::fmt::Debug for Made<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Made")
    }
}

impl<R: Reading, T: Send + 'static> Reading for Made<R, T> {
    type Output = T;

    fn width(&self) -> usize {
        self.reading.width()
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<T> {
        self.reading.read(cells, first).map(self.make)
    }
}

/// Rows of a sub-query in one column, each a record.
#[derive(Debug, Clone)]
pub struct Rows<O>(pub(crate) O);

impl<O: Reading> Reading for Rows<O> {
    type Output = Vec<O::Output>;

    fn width(&self) -> usize {
        1
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
        cells.related(first, &self.0)
    }
}

/// The first row of a sub-query in one column, if there is one.
#[derive(Debug, Clone)]
pub struct FirstOf<O>(pub(crate) O);

impl<O: Reading> Reading for FirstOf<O> {
    type Output = Option<O::Output>;

    fn width(&self) -> usize {
        1
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
        Ok(cells.related(first, &self.0)?.into_iter().next())
    }
}
