//! Expressions (<https://www.postgresql.org/docs/current/sql-expressions.html>).

use std::ops::Range;

use super::{Query, Window};
use crate::ddl::{Name, TypeName};

#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// `a`, `t.a`, `s.t.a`, or a field of one of these.
    Column(Vec<Name>),
    /// `*`, `t.*`.
    Star(Vec<Name>),
    /// `(e).*`.
    FieldStar(Box<Expr>),
    /// `(e).a`.
    Field(Box<Expr>, Name),
    /// `$1` is 1.
    Parameter(usize),
    Literal(Literal),
    Cast(Box<Expr>, TypeName),
    Collate(Box<Expr>),
    /// A column whose field is taken.
    Parenthesised(Box<Expr>),
    Call(Box<Call>),
    /// `a + b`, `- b`, with the operator's schema where `OPERATOR(…)` has one.
    Operator {
        schema: Option<String>,
        name: String,
        left: Option<Box<Expr>>,
        right: Box<Expr>,
    },
    /// At least two, so that a long chain is no deep tree.
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Is {
        value: Box<Expr>,
        test: Test,
        negated: bool,
    },
    /// `IS [NOT] DISTINCT FROM`.
    Distinct {
        left: Box<Expr>,
        right: Box<Expr>,
        negated: bool,
    },
    /// `[NOT] IN (…)`: of both the same is known.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
    },
    InQuery {
        value: Box<Expr>,
        query: Box<Query>,
        negated: bool,
    },
    /// `a = ANY (array)`, `a < ALL (select …)`.
    Quantified {
        name: String,
        left: Box<Expr>,
        all: bool,
        right: Quantifier,
    },
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        negated: bool,
        symmetric: bool,
    },
    Case {
        value: Option<Box<Expr>>,
        branches: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Coalesce(Vec<Expr>),
    /// `GREATEST` and `LEAST`.
    Extreme {
        name: &'static str,
        values: Vec<Expr>,
    },
    NullIf(Box<Expr>, Box<Expr>),
    Array(Vec<Expr>),
    ArrayQuery(Box<Query>),
    Row(Vec<Expr>),
    SubQuery(Box<Query>),
    Exists(Box<Query>),
    Subscripts(Box<Expr>, Vec<Subscript>),
    /// `CURRENT_DATE`, `LOCALTIME(3)` …
    SqlValue {
        name: &'static str,
        precision: Option<i64>,
    },
    Grouping(Vec<Expr>),
    /// An expression of XML or SQL/JSON syntax: its column's name, its type, and the expressions in it. It may always be null.
    Special {
        name: &'static str,
        ty: TypeName,
        inputs: Vec<Expr>,
    },
    /// What the grammar has and this model has not.
    Unsupported,
}

#[derive(Clone, Debug)]
pub(crate) enum Quantifier {
    Array(Box<Expr>),
    Query(Box<Query>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Null,
    True,
    False,
    Unknown,
    Document,
    /// `IS NORMALIZED`, `IS JSON`.
    Other,
}

#[derive(Clone, Debug)]
pub(crate) enum Literal {
    Null,
    Default,
    Bool,
    /// As written, to see how large it is.
    Integer(String),
    Numeric,
    String,
    Bits,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are few at a time: an allocation for each would cost more than the room")]
pub(crate) enum Subscript {
    Index(Expr),
    Slice(Option<Expr>, Option<Expr>),
}

/// A call of a function or an aggregate.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Its name with its schema, if written.
    pub(crate) name: Vec<Name>,
    pub(crate) arguments: Vec<(Option<Name>, Expr)>,
    pub(crate) variadic: Variadic,
    /// `count(*)`.
    pub(crate) star: bool,
    pub(crate) distinct: bool,
    pub(crate) order_by: Vec<Expr>,
    pub(crate) within_group: Vec<Expr>,
    pub(crate) filter: Option<Expr>,
    pub(crate) over: Option<Window>,
}

/// Whether the last argument is written with `VARIADIC`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variadic {
    No,
    Yes,
}

impl Expr {
    pub(crate) fn new(kind: ExprKind, range: Range<usize>) -> Self {
        Self { kind, range }
    }
}
