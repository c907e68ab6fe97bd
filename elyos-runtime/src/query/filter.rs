//! Conditions on the rows of a query, as values.

use std::fmt;
use std::marker::PhantomData;

use super::Param;
use super::fragment::{Fragment, Numbers};

/// A condition on the rows of a query over the tables `S`; of one table that is its repository.
///
/// A condition that is undecided, as every comparison with null is, does not hold.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::query::Filter;
/// use elyos_runtime::repositories::{UserRepository, users};
///
/// let admins: Filter<UserRepository> = users::IS_ACTIVE.eq(true).and(users::FULL_NAME.like("%admin%"));
/// assert_eq!(admins.to_sql(), r#"("auth"."users"."is_active" = $1 AND "auth"."users"."full_name" LIKE $2)"#);
/// # }
/// ```
#[must_use]
pub struct Filter<S> {
    sql: Fragment,
    joint: Joint,
    holds: Holds,
    of: PhantomData<fn() -> S>,
}

/// What the condition is made of, so that a third stands beside two others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    One,
    And,
    Or,
}

/// Of which rows a condition holds, as far as that is known without looking at any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Of every row: nothing has been asked for.
    Always,
    /// Of none.
    Never,
    /// Of those that it is true of.
    Depending,
}

impl Holds {
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, Self::Always) => Self::Always,
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            _ => Self::Depending,
        }
    }

    const fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Depending => Self::Depending,
        }
    }

    const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl Joint {
    const fn text(self) -> &'static str {
        match self {
            Self::Or => " OR ",
            Self::One | Self::And => " AND ",
        }
    }
}

impl<S> Filter<S> {
    pub(crate) fn new(sql: Fragment) -> Self {
        Self { sql, joint: Joint::One, holds: Holds::Depending, of: PhantomData }
    }

    /// One that holds of every row, or of none.
    pub(crate) fn certain(sql: Fragment, holds: bool) -> Self {
        Self { holds: if holds { Holds::Always } else { Holds::Never }, ..Self::new(sql) }
    }

    /// Whether it holds of every row because nothing was asked for: it is all of no conditions, not in no values, or made of such.
    pub(crate) const fn is_of_every_row(&self) -> bool {
        matches!(self.holds, Holds::Always)
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        self.join(other, Joint::And)
    }

    /// This, and the other where there is one: for what a caller may or may not ask for.
    pub fn and_if(self, other: Option<Self>) -> Self {
        match other {
            Some(other) => self.and(other),
            None => self,
        }
    }

    /// Either, or both.
    pub fn or(self, other: Self) -> Self {
        self.join(other, Joint::Or)
    }

    /// All of them; of none it holds for every row. An update or a delete does not take that for a condition: that every row is meant is
    /// said by name.
    pub fn all_of(filters: impl IntoIterator<Item = Self>) -> Self {
        let none = || Self::certain(Fragment::text("true"), true);
        filters.into_iter().reduce(Self::and).unwrap_or_else(none)
    }

    /// Any of them; of none it holds for no row.
    pub fn any_of(filters: impl IntoIterator<Item = Self>) -> Self {
        let none = || Self::certain(Fragment::text("false"), false);
        filters.into_iter().reduce(Self::or).unwrap_or_else(none)
    }

    /// Decided, and not true: what is undecided holds neither way.
    #[allow(clippy::should_implement_trait, reason = "it stands beside `and` and `or`, and reads as SQL does")]
    pub fn not(self) -> Self {
        let holds = self.holds.not();
        Self { holds, ..Self::new(self.into_fragment().between("NOT (", ")")) }
    }

    fn join(self, other: Self, joint: Joint) -> Self {
        let holds = if joint == Joint::Or { self.holds.or(other.holds) } else { self.holds.and(other.holds) };
        let mut sql = self.parenthesised_in(joint);
        sql.add(joint.text());
        sql.append(other.parenthesised_in(joint));
        Self { sql, joint, holds, of: PhantomData }
    }

    /// Without parentheses among those of its own kind.
    fn parenthesised_in(self, joint: Joint) -> Fragment {
        if self.joint == Joint::One || self.joint == joint { self.sql } else { self.sql.between("(", ")") }
    }

    /// As a part of something larger.
    pub(crate) fn into_fragment(self) -> Fragment {
        if self.joint == Joint::One { self.sql } else { self.sql.between("(", ")") }
    }

    /// The condition as SQL, with a `$n` for every value.
    #[must_use]
    pub fn to_sql(&self) -> String {
        let mut sql = String::new();
        self.write(&mut sql, 0);
        sql
    }

    /// Appends the condition, its numbers following those that are taken.
    pub(crate) fn write(&self, sql: &mut String, taken: usize) {
        let whole = self.joint == Joint::One;
        if !whole {
            sql.push('(');
        }
        self.sql.write(sql, &mut Numbers::behind(taken));
        if !whole {
            sql.push(')');
        }
    }

    /// The values, in the order of their numbers.
    pub(crate) fn params(&self) -> Vec<Param<'_>> {
        let mut params = Vec::new();
        self.sql.params(&mut params, &mut Numbers::default());
        params
    }
}

impl<S> Clone for Filter<S> {
    fn clone(&self) -> Self {
        Self { sql: self.sql.clone(), joint: self.joint, holds: self.holds, of: PhantomData }
    }
}

impl<S> fmt::Debug for Filter<S> {
    /// The condition without its values, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({})", self.to_sql())
    }
}
