//! Relations: which rows of another table a row is connected with, and loading them with it.

mod batch;
mod branch;
mod key;
mod levels;
mod planted;
mod related;
mod tree;

use std::fmt;
use std::marker::PhantomData;

pub use batch::Load;
pub(crate) use branch::Branch;
use branch::{PARENT, Path, Way, key};
pub use key::{ForeignKey, column_of, key_to};
pub(crate) use levels::Levels;
pub use related::Related;
pub use tree::{Grow, Tree, With};

use super::fragment::Fragment;
use super::selection::{FirstOf, Reading, Rows};
use super::{Filter, Ordering, Selection, Table, Whole, select_of};
use crate::repository::Repository;
use key::{Reference, covers, find};

/// Any number of rows.
#[derive(Debug, Clone, Copy)]
pub enum ToMany {}

/// One row at most.
#[derive(Debug, Clone, Copy)]
pub enum ToOne {}

/// [`ToMany`] or [`ToOne`].
pub trait Cardinality: Copy + Send + Sync + 'static {
    /// What reads the rows.
    type Reading<O: Reading>: Reading;

    /// What reads the rows, each as that one does.
    #[doc(hidden)]
    fn reading<O: Reading>(each: O) -> Self::Reading<O>;
}

impl Cardinality for ToMany {
    type Reading<O: Reading> = Rows<O>;

    fn reading<O: Reading>(each: O) -> Rows<O> {
        Rows(each)
    }
}

impl Cardinality for ToOne {
    type Reading<O: Reading> = FirstOf<O>;

    fn reading<O: Reading>(each: O) -> FirstOf<O> {
        FirstOf(each)
    }
}

/// How rows of `P` lead to rows of `C`: to any number, or to one at most.
///
/// The derive emits one for each `relation(…)` and `to_one(…)`, under the table's name: `users::GROUPS`.
pub struct Relation<P, C, N = ToMany> {
    way: Way,
    of: Between<P, C, N>,
}

type Between<P, C, N> = PhantomData<fn() -> (P, C, N)>;

/// What is loaded for each of some rows.
pub(super) type Loaded<N, O> = Vec<<<N as Cardinality>::Reading<O> as Reading>::Output>;

impl<P: Repository, C: Repository> Relation<P, C, ToMany> {
    /// By the other table's foreign key to this one: the only one, or that of these columns.
    ///
    /// # Panics
    ///
    /// When there is none, or more than one; for a constant that is when the program is compiled.
    #[must_use]
    pub const fn children(by: &'static [&'static str]) -> Self {
        Self::new(Way::Children(Reference::new(find(C::FOREIGN_KEYS, C::TABLE, P::QUOTED, P::TABLE, by), P::COLUMNS)))
    }

    /// By columns of the other table that no foreign key makes refer to this one.
    #[doc(hidden)]
    #[must_use]
    pub const fn children_on(key: &'static ForeignKey) -> Self {
        key.check_types(P::COLUMNS);
        Self::new(Way::Children(Reference::new(key, P::COLUMNS)))
    }

    /// By the foreign keys of a table between, to both.
    ///
    /// # Panics
    ///
    /// As [`children`](Self::children).
    #[must_use]
    pub const fn through<L: Repository>(near: &'static [&'static str], far: &'static [&'static str]) -> Self {
        Self::new(Way::Through {
            link: L::QUOTED,
            visible: L::VISIBLE,
            near: Reference::new(find(L::FOREIGN_KEYS, L::TABLE, P::QUOTED, P::TABLE, near), P::COLUMNS),
            far: Reference::new(find(L::FOREIGN_KEYS, L::TABLE, C::QUOTED, C::TABLE, far), C::COLUMNS),
            once: covers(
                find(L::FOREIGN_KEYS, L::TABLE, P::QUOTED, P::TABLE, near),
                find(L::FOREIGN_KEYS, L::TABLE, C::QUOTED, C::TABLE, far),
                L::KEY,
            ),
        })
    }

    /// By columns of a table between, at least some of which no foreign key makes refer to the two.
    #[doc(hidden)]
    #[must_use]
    pub const fn through_on<L: Repository>(near: &'static ForeignKey, far: &'static ForeignKey) -> Self {
        near.check_types(P::COLUMNS);
        far.check_types(C::COLUMNS);
        Self::new(Way::Through {
            link: L::QUOTED,
            visible: L::VISIBLE,
            near: Reference::new(near, P::COLUMNS),
            far: Reference::new(far, C::COLUMNS),
            once: covers(near, far, L::KEY),
        })
    }
}

impl<P: Repository, C: Repository> Relation<P, C, ToOne> {
    /// By a foreign key of this table to the other.
    ///
    /// # Panics
    ///
    /// When it refers to another table; for a constant that is when the program is compiled.
    #[must_use]
    pub const fn parent(by: &'static [&'static str]) -> Self {
        let key = find(P::FOREIGN_KEYS, P::TABLE, C::QUOTED, C::TABLE, by);
        Self::new(Way::Parent { key: Reference::new(key, C::COLUMNS), once: true })
    }

    /// By columns of this table that no foreign key makes refer to the other.
    #[doc(hidden)]
    #[must_use]
    pub const fn parent_on(key: &'static ForeignKey) -> Self {
        key.check_types(C::COLUMNS);
        Self::new(Way::Parent { key: Reference::new(key, C::COLUMNS), once: false })
    }
}

impl<P, C, N> Relation<P, C, N> {
    const fn new(way: Way) -> Self {
        Self { way, of: PhantomData }
    }

    /// The relation of an alias of the table.
    #[must_use]
    pub const fn of<A: Table<Repository = P>>(self) -> Relation<A, C, N> {
        Relation::new(self.way)
    }
}

impl<P, C: Repository, N> Relation<P, C, N> {
    fn path(&self) -> Path {
        Path { way: self.way, to: C::QUOTED }
    }

    /// The rows of `C` behind a row of `P`.
    fn source_of_table(&self) -> Fragment
    where
        P: Table,
    {
        self.path().source_of(P::NAME)
    }

    fn related(self) -> Related<P, C, Whole<C>, N> {
        Related::new(self, select_of())
    }
}

/// What can be said of the rows that a relation leads to, without saying anything else first.
impl<P: Table, C: Repository, N: Cardinality> Relation<P, C, N> {
    /// Those that meet the condition.
    pub fn filter(self, filter: Filter<C>) -> Related<P, C, Whole<C>, N> {
        self.related().filter(filter)
    }

    /// Those that meet the condition, where there is one.
    pub fn filter_if(self, filter: Option<Filter<C>>) -> Related<P, C, Whole<C>, N> {
        self.related().filter_if(filter)
    }

    /// In that order; without one they are in that of their key.
    pub fn order_by<B: Ordering<C, I>, I>(self, by: B) -> Related<P, C, Whole<C>, N> {
        self.related().order_by(by)
    }

    /// So many at most for each row.
    pub fn limit(self, rows: u32) -> Related<P, C, Whole<C>, N> {
        self.related().limit(rows)
    }

    /// Without the first so many for each row.
    pub fn offset(self, rows: u32) -> Related<P, C, Whole<C>, N> {
        self.related().offset(rows)
    }

    /// With what they are related to themselves.
    pub fn with<L: Selection<C, I>, I>(self, related: L) -> Related<P, C, <Whole<C> as Grow<L::Reading>>::Grown, N>
    where
        Whole<C>: Grow<L::Reading>,
    {
        self.related().with(related)
    }

    /// These of their columns only.
    pub fn columns<L: Selection<C, I>, I>(self, columns: L) -> Related<P, C, L::Reading, N> {
        self.related().columns(columns)
    }

    /// Also those that are hidden.
    pub fn with_hidden(self) -> Related<P, C, Whole<C>, N> {
        self.related().with_hidden()
    }
}

impl<P, C, N> Clone for Relation<P, C, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, C, N> Copy for Relation<P, C, N> {}

impl<P, C: Repository, N> fmt::Debug for Relation<P, C, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relation(to {} by {})", C::TABLE, self.path().keys().iter().map(|key| key.quoted()).collect::<Vec<_>>().join(", "))
    }
}
