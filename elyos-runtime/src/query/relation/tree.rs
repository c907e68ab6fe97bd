//! Rows with what they are related to.

use std::ops::Deref;

use super::super::Cells;
use super::super::selection::{Made, Reading, Whole};
use super::super::{Nullness, Table};
use crate::error::Result;

/// A row and what it was selected with, a tuple in the order of the calls of `with`. The row's fields can be had without naming it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct With<T, L> {
    /// The row.
    pub row: T,
    /// What it was selected with.
    pub with: L,
}

impl<T, L> Deref for With<T, L> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.row
    }
}

/// Reads a [`With`].
#[derive(Debug, Clone)]
pub struct Tree<O, L> {
    row: O,
    with: L,
}

impl<O: Reading, L: Reading> Reading for Tree<O, L> {
    type Output = With<O::Output, L::Output>;

    fn width(&self) -> usize {
        self.row.width() + self.with.width()
    }

    fn read<C: Cells>(&self, cells: &C, first: usize) -> Result<Self::Output> {
        Ok(With { row: self.row.read(cells, first)?, with: self.with.read(cells, first + self.row.width())? })
    }
}

/// What can be selected with something more.
#[diagnostic::on_unimplemented(
    message = "this is not selected with relations",
    label = "`.with(…)` is for whole rows, and for eight relations at most: name them in `.columns(…)`"
)]
pub trait Grow<M> {
    /// What it is then.
    type Grown;

    /// With that behind it.
    #[doc(hidden)]
    fn grow(&self, more: M) -> Self::Grown;
}

impl<A: Table, N: Nullness, M> Grow<M> for Whole<A, N> {
    type Grown = Tree<Self, (M,)>;

    fn grow(&self, more: M) -> Self::Grown {
        Tree { row: *self, with: (more,) }
    }
}

impl<R: Reading, T, M> Grow<M> for Made<R, T> {
    type Grown = Tree<Self, (M,)>;

    fn grow(&self, more: M) -> Self::Grown {
        Tree { row: self.clone(), with: (more,) }
    }
}

macro_rules! trees {
    ($($($part:ident),*;)*) => {
        $(impl<O: Clone, $($part: Clone,)* M> Grow<M> for Tree<O, ($($part,)*)> {
            type Grown = Tree<O, ($($part,)* M,)>;

            #[allow(non_snake_case, reason = "a part is called after its type")]
            fn grow(&self, more: M) -> Self::Grown {
                let ($($part,)*) = self.with.clone();
                Tree { row: self.row.clone(), with: ($($part,)* more,) }
            }
        })*
    };
}

trees! {
    L1;
    L1, L2;
    L1, L2, L3;
    L1, L2, L3, L4;
    L1, L2, L3, L4, L5;
    L1, L2, L3, L4, L5, L6;
    L1, L2, L3, L4, L5, L6, L7;
}
