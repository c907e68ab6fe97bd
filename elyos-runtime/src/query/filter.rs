//! Conditions on the rows of a table, as values.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

use super::{Column, ColumnDef, Many, Param, Value};
use crate::page::{containing, escaped};

/// A condition on the rows of the table that `R` is the repository of.
///
/// ```
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::repositories::users;
///
/// let admins = users::IS_ACTIVE.eq(true).and(users::FULL_NAME.like("%admin%"));
/// assert_eq!(admins.to_sql(), r#"("is_active" = $1 AND "full_name" LIKE $2)"#);
/// # }
/// ```
pub struct Filter<R> {
    node: Node,
    of: PhantomData<fn() -> R>,
}

/// A value that a filter owns; filters are cloned with the requests that hold them.
type Owned = Arc<dyn ToSql + Send + Sync>;

#[derive(Clone)]
enum Node {
    Compare { column: &'static ColumnDef, operator: &'static str, value: Owned },
    Text { column: &'static ColumnDef, operator: &'static str, pattern: String },
    Between { column: &'static ColumnDef, low: Owned, high: Owned },
    Among { column: &'static ColumnDef, values: Vec<Owned> },
    Null { column: &'static ColumnDef, is: bool },
    Columns { left: &'static ColumnDef, operator: &'static str, right: &'static ColumnDef },
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
}

/// A value that a column of `T` is compared with: `&str` for a column of text, the value itself for one that may be null.
#[diagnostic::on_unimplemented(
    message = "a column of `{T}` cannot be compared with `{Self}`",
    note = "the value's type has to be the column's; `None` is asked about with `is_null()`"
)]
pub trait Operand<T> {
    /// What is bound.
    type Bound: ToSql + Send + Sync + 'static;

    /// The value as it is bound.
    fn bound(self) -> Self::Bound;
}

impl<T: ToSql + Send + Sync + 'static> Operand<T> for T {
    type Bound = T;

    fn bound(self) -> T {
        self
    }
}

impl<T: ToSql + Send + Sync + 'static> Operand<Option<T>> for T {
    type Bound = T;

    fn bound(self) -> T {
        self
    }
}

macro_rules! text {
    ($($column:ty)*) => {
        $(impl Operand<$column> for &str {
            type Bound = String;

            fn bound(self) -> String {
                self.to_owned()
            }
        })*
    };
}

text!(String Option<String>);

/// A column that holds text, or may.
pub trait TextColumn {}

impl TextColumn for String {}
impl TextColumn for Option<String> {}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident $operator:literal $of_column:ident;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(self, value: impl Operand<T>) -> Filter<R> {
                Filter::new(Node::Compare { column: self.def(), operator: $operator, value: Arc::new(value.bound()) })
            }

            #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") with another column of the row.")]
            #[must_use]
            pub fn $of_column(self, other: Self) -> Filter<R> {
                Filter::new(Node::Columns { left: self.def(), operator: $operator, right: other.def() })
            }
        )*
    };
}

impl<R, T> Column<R, T> {
    comparisons! {
        /// Equal to the value. A null equals nothing.
        eq "=" eq_column;
        /// Not equal to the value. A null is neither.
        ne "<>" ne_column;
        /// Smaller than the value.
        lt "<" lt_column;
        /// Smaller than the value, or equal.
        le "<=" le_column;
        /// Greater than the value.
        gt ">" gt_column;
        /// Greater than the value, or equal.
        ge ">=" ge_column;
    }

    /// From the one value to the other, both included.
    #[must_use]
    pub fn between(self, low: impl Operand<T>, high: impl Operand<T>) -> Filter<R> {
        Filter::new(Node::Between { column: self.def(), low: Arc::new(low.bound()), high: Arc::new(high.bound()) })
    }

    /// Equal to one of the values: one text of the statement for any number of them. No row is among none.
    #[must_use]
    pub fn is_in<V: Operand<T>>(self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        let values = values.into_iter().map(|value| Arc::new(value.bound()) as Owned).collect();
        Filter::new(Node::Among { column: self.def(), values })
    }

    /// Null.
    #[must_use]
    pub fn is_null(self) -> Filter<R> {
        Filter::new(Node::Null { column: self.def(), is: true })
    }

    /// Not null.
    #[must_use]
    pub fn is_not_null(self) -> Filter<R> {
        Filter::new(Node::Null { column: self.def(), is: false })
    }
}

impl<R, T: TextColumn> Column<R, T> {
    /// Matches the pattern, in which `%` stands for any text and `_` for any character.
    #[must_use]
    pub fn like(self, pattern: impl Into<String>) -> Filter<R> {
        self.matching("LIKE", pattern.into())
    }

    /// [`like`](Self::like), in any case.
    #[must_use]
    pub fn ilike(self, pattern: impl Into<String>) -> Filter<R> {
        self.matching("ILIKE", pattern.into())
    }

    /// Contains the text, in which every character is itself; in the same case.
    #[must_use]
    pub fn contains(self, text: &str) -> Filter<R> {
        self.matching("LIKE", containing(text))
    }

    /// Starts with the text, in the same case.
    #[must_use]
    pub fn starts_with(self, text: &str) -> Filter<R> {
        self.matching("LIKE", escaped(text) + "%")
    }

    /// Ends with the text, in the same case.
    #[must_use]
    pub fn ends_with(self, text: &str) -> Filter<R> {
        self.matching("LIKE", format!("%{}", escaped(text)))
    }

    fn matching(self, operator: &'static str, pattern: String) -> Filter<R> {
        Filter::new(Node::Text { column: self.def(), operator, pattern })
    }
}

impl<R> Filter<R> {
    fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(match self.node {
            Node::All(mut nodes) => {
                nodes.push(other.node);
                Node::All(nodes)
            }
            node => Node::All(vec![node, other.node]),
        })
    }

    /// This, and the other where there is one: for what a caller may or may not ask for.
    #[must_use]
    pub fn and_if(self, other: Option<Self>) -> Self {
        match other {
            Some(other) => self.and(other),
            None => self,
        }
    }

    /// Either, or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(match self.node {
            Node::Any(mut nodes) => {
                nodes.push(other.node);
                Node::Any(nodes)
            }
            node => Node::Any(vec![node, other.node]),
        })
    }

    /// Neither true nor null.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "it stands beside `and` and `or`, and reads as SQL does")]
    pub fn not(self) -> Self {
        Self::new(Node::Not(Box::new(self.node)))
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
        let mut taken = taken;
        self.node.write(sql, &mut taken);
    }

    /// The values, in the order of their numbers.
    pub(crate) fn params(&self) -> Vec<Param<'_>> {
        let mut params = Vec::new();
        self.node.params(&mut params);
        params
    }
}

/// `$n` and what makes it one of the column's type.
fn write_bound(column: &ColumnDef, sql: &mut String, taken: &mut usize) {
    *taken += 1;
    let (mark, ty) = column.bound();
    // Writing to a String cannot fail.
    let _ = write!(sql, "${taken}{mark}{ty}");
}

impl Node {
    fn write(&self, sql: &mut String, taken: &mut usize) {
        match self {
            Self::Compare { column, operator, .. } => {
                let _ = write!(sql, "{} {operator} ", column.quoted());
                write_bound(column, sql, taken);
            }
            Self::Text { column, operator, .. } => {
                *taken += 1;
                let _ = write!(sql, "{} {operator} ${taken}", column.quoted());
            }
            Self::Between { column, .. } => {
                let _ = write!(sql, "{} BETWEEN ", column.quoted());
                write_bound(column, sql, taken);
                sql.push_str(" AND ");
                write_bound(column, sql, taken);
            }
            Self::Among { column, .. } => {
                *taken += 1;
                let (mark, ty) = column.bound();
                let array = if mark.is_empty() { "" } else { "[]" };
                let _ = write!(sql, "{} = ANY(${taken}{mark}{ty}{array})", column.quoted());
            }
            Self::Null { column, is } => {
                let _ = write!(sql, "{} IS {}NULL", column.quoted(), if *is { "" } else { "NOT " });
            }
            Self::Columns { left, operator, right } => {
                let _ = write!(sql, "{} {operator} {}", left.quoted(), right.quoted());
            }
            Self::All(nodes) => write_joined(nodes, " AND ", sql, taken),
            Self::Any(nodes) => write_joined(nodes, " OR ", sql, taken),
            Self::Not(node) => {
                sql.push_str("NOT (");
                node.write(sql, taken);
                sql.push(')');
            }
        }
    }

    fn params<'f>(&'f self, params: &mut Vec<Param<'f>>) {
        match self {
            Self::Compare { column, value, .. } => params.push(Param::of(column, plain(value))),
            Self::Text { pattern, .. } => params.push(Param::new(pattern, super::Travel::TEXT)),
            Self::Between { column, low, high } => {
                params.push(Param::of(column, plain(low)));
                params.push(Param::of(column, plain(high)));
            }
            Self::Among { column, values } => {
                let mut many = Many::with_capacity(values.len());
                for value in values {
                    many.push(plain(value));
                }
                params.push(Param::many(many, column.travel()));
            }
            Self::Null { .. } | Self::Columns { .. } => {}
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.params(params)),
            Self::Not(node) => node.params(params),
        }
    }
}

/// Without the guarantee that it can be sent, which a bound value need not have.
fn plain(value: &Owned) -> Value<'_> {
    &**value
}

fn write_joined(nodes: &[Node], joint: &str, sql: &mut String, taken: &mut usize) {
    sql.push('(');
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            sql.push_str(joint);
        }
        node.write(sql, taken);
    }
    sql.push(')');
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<R> fmt::Debug for Filter<R> {
    /// The condition without its values, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({})", self.to_sql())
    }
}
