//! A query as plain data: what the parser hands to [`resolve`](crate::resolve).
//!
//! Special syntax is already the function or operator that PostgreSQL's grammar makes of it (`a LIKE b` is `a ~~ b`, `POSITION(a IN b)` is
//! `pg_catalog.position(b, a)`), so that types, nulls and column names follow from one rule each.

mod expr;

use std::ops::Range;

pub(crate) use expr::{Call, Expr, ExprKind, Literal, Quantifier, Subscript, Test, Variadic};

use crate::ddl::{Name, Qualified, TypeName};

/// A query or a statement that may return rows (<https://www.postgresql.org/docs/current/queries.html>).
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) with: Option<With>,
    pub(crate) body: Body,
    pub(crate) order_by: Vec<Expr>,
    /// `LIMIT`, `OFFSET`, `FETCH`: how many rows, never what they are.
    pub(crate) limits: Vec<Expr>,
    /// `FOR UPDATE` and the like.
    pub(crate) locks: Vec<Lock>,
    pub(crate) range: Range<usize>,
}

/// `FOR UPDATE [OF table, …]`.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    pub(crate) of: Vec<Expr>,
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct With {
    pub(crate) recursive: bool,
    pub(crate) tables: Vec<CommonTable>,
}

#[derive(Clone, Debug)]
pub(crate) struct CommonTable {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) query: Query,
    /// The column that `SEARCH … SET` adds, and whether it is a breadth-first one.
    pub(crate) search: Option<(Name, bool)>,
    pub(crate) cycle: Option<Cycle>,
}

/// `CYCLE … SET mark [TO value DEFAULT value] USING path`.
#[derive(Clone, Debug)]
pub(crate) struct Cycle {
    pub(crate) mark: Name,
    pub(crate) values: Option<(Expr, Expr)>,
    pub(crate) path: Name,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Expr>>),
    /// A query in parentheses, whose own `WITH`, `ORDER BY` and limits are inside.
    Nested(Box<Query>),
    Set {
        operation: SetOperation,
        left: Box<Query>,
        right: Box<Query>,
    },
    Write(Box<Write>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperation {
    Union,
    UnionAll,
    Intersect,
    Except,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Select {
    /// `DISTINCT`, which settles the types of literals.
    pub(crate) distinct: bool,
    pub(crate) distinct_on: Vec<Expr>,
    pub(crate) targets: Vec<Target>,
    pub(crate) from: Vec<FromItem>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group_by: Vec<Grouping>,
    pub(crate) having: Option<Expr>,
    pub(crate) windows: Vec<(Name, Window)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) expr: Expr,
    pub(crate) alias: Option<Name>,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are few at a time: an allocation for each would cost more than the room")]
pub(crate) enum Grouping {
    Expr(Expr),
    /// `ROLLUP`, `CUBE` and `GROUPING SETS`, in which a column may be null because it is not grouped by.
    Sets(Vec<Grouping>),
}

/// A window, named or written after `OVER`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    pub(crate) base: Option<Name>,
    pub(crate) partition_by: Vec<Expr>,
    pub(crate) order_by: Vec<Expr>,
    /// Without one that is written the frame always has the row itself.
    pub(crate) frame: Option<Frame>,
    /// `OVER (w …)`, and not `OVER w`: another window that begins as the named one does.
    pub(crate) copied: bool,
}

/// `ROWS BETWEEN … AND …`.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) units: FrameUnits,
    /// What stands before `PRECEDING` and `FOLLOWING`.
    pub(crate) offsets: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameUnits {
    Rows,
    Range,
    Groups,
}

#[derive(Clone, Debug)]
pub(crate) struct FromItem {
    pub(crate) kind: FromKind,
    pub(crate) alias: Option<Alias>,
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) name: Option<Name>,
    pub(crate) columns: Vec<Name>,
    /// `AS t(a int, b text)`, for a function that returns records.
    pub(crate) definitions: Vec<(Name, TypeName)>,
}

#[derive(Clone, Debug)]
pub(crate) enum FromKind {
    Relation {
        name: Qualified,
        only: bool,
    },
    Query {
        query: Box<Query>,
        lateral: bool,
    },
    /// One function, or those of `ROWS FROM`, each with its column definitions.
    Functions {
        calls: Vec<(Expr, Vec<(Name, TypeName)>)>,
        ordinality: bool,
        rows_from: bool,
    },
    /// `XMLTABLE` and `JSON_TABLE`: the expressions in it, and its columns with whether they are `FOR ORDINALITY` or `NOT NULL`.
    Table {
        name: &'static str,
        inputs: Vec<Expr>,
        columns: Vec<(Name, TypeName, bool)>,
    },
    Join(Box<Join>),
    /// What the grammar has and this model has not.
    Unsupported,
}

#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) kind: JoinKind,
    pub(crate) left: FromItem,
    pub(crate) right: FromItem,
    pub(crate) condition: JoinCondition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
}

#[derive(Clone, Debug)]
pub(crate) enum JoinCondition {
    None,
    Natural,
    Using { columns: Vec<Name>, alias: Option<Name> },
    On(Expr),
}

/// `INSERT`, `UPDATE`, `DELETE` or `MERGE`.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) kind: WriteKind,
    pub(crate) table: Qualified,
    pub(crate) only: bool,
    pub(crate) alias: Option<Name>,
    /// The rows to insert.
    pub(crate) source: Option<Query>,
    /// The columns to insert into, or all.
    pub(crate) columns: Vec<Name>,
    /// What columns are set to; None for `DEFAULT` and for several columns set by a sub-query.
    pub(crate) sets: Vec<(Name, Option<Expr>)>,
    /// `FROM` of an update, `USING` of a delete or merge.
    pub(crate) from: Vec<FromItem>,
    /// `WHERE`, or a merge's `ON`.
    pub(crate) filter: Option<Expr>,
    pub(crate) returning: Vec<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteKind {
    Insert,
    Update,
    Delete,
    Merge,
}
