//! A chain's pieces put together by the manual's table of precedence (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE>).

use std::ops::Range;

use crate::{
    ddl::TypeName,
    query::{Expr, ExprKind, Literal, Quantifier, Query, Test},
};

/// A piece of a chain.
pub(super) enum Piece {
    Operand(Operand),
    Prefix(Prefix),
    Infix(Infix),
    Postfix(Postfix),
    Between { negated: bool, symmetric: bool },
    BetweenAnd,
}

/// What an operator applies to; the right side of `IN` and of `= ANY` is no expression.
pub(super) enum Operand {
    Expr(Expr),
    List(Vec<Expr>, Range<usize>),
    Query(Query, Range<usize>),
    Quantified { all: bool, right: Quantifier, range: Range<usize> },
}

/// An operator before its operand, and where it stands.
pub(super) enum Prefix {
    Not(usize),
    Operator(Option<String>, String, usize),
}

/// An operator between two operands.
pub(super) enum Infix {
    And,
    Or,
    Operator(Option<String>, String),
    /// `LIKE` and its kin as operators, and whether an `ESCAPE` wraps the pattern in `similar_to_escape`.
    Like {
        name: &'static str,
        similar: bool,
    },
    Escape,
    In {
        negated: bool,
    },
    Distinct {
        negated: bool,
    },
    AtTimeZone,
    Overlaps,
}

/// What follows its operand.
pub(super) enum Postfix {
    Is(Test, bool),
    AtLocal(Range<usize>),
    /// `IS NORMALIZED`, and whether there is a `NOT`.
    Normalized(bool),
    Cast(TypeName),
    Collate,
}

/// The manual's table, lowest first.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARISON: u8 = 5;
    pub(super) const LIKE: u8 = 6;
    pub(super) const ESCAPE: u8 = 7;
    pub(super) const OTHER: u8 = 8;
    pub(super) const SUM: u8 = 9;
    pub(super) const PRODUCT: u8 = 10;
    pub(super) const POWER: u8 = 11;
    pub(super) const AT: u8 = 12;
    pub(super) const COLLATE: u8 = 13;
    pub(super) const SIGN: u8 = 14;
    pub(super) const CAST: u8 = 15;
}

/// The expression that the pieces of a chain are; None where they are none.
pub(super) fn bound(pieces: Vec<Piece>) -> Option<Expr> {
    let mut reader = Reader { pieces: pieces.into_iter().peekable() };
    let found = reader.read(0)?;
    match (reader.pieces.next(), found) {
        (None, Operand::Expr(found)) => Some(found),
        _ => None,
    }
}

/// Reads pieces by their precedence, each operator taking what binds tighter.
struct Reader {
    pieces: std::iter::Peekable<std::vec::IntoIter<Piece>>,
}

impl Reader {
    fn read(&mut self, least: u8) -> Option<Operand> {
        let mut left = match self.pieces.next()? {
            Piece::Operand(operand) => operand,
            Piece::Prefix(Prefix::Not(at)) => {
                let inner = self.expr(level::NOT)?;
                let whole = at..inner.range.end;
                Operand::Expr(Expr::new(ExprKind::Not(Box::new(inner)), whole))
            }
            Piece::Prefix(Prefix::Operator(schema, name, at)) => {
                let sign = schema.is_none() && matches!(name.as_str(), "-" | "+");
                let right = self.expr(if sign { level::SIGN } else { level::OTHER + 1 })?;
                let whole = at..right.range.end;
                let kind = match right.kind {
                    ExprKind::Literal(number) if schema.is_none() && name == "-" && is_number(&number) => {
                        ExprKind::Literal(negated(number))
                    }
                    kind => {
                        let right = Box::new(Expr::new(kind, right.range));
                        ExprKind::Operator { schema, name, left: None, right }
                    }
                };
                Operand::Expr(Expr::new(kind, whole))
            }
            _ => return None,
        };
        loop {
            let (found, right_least) = match self.pieces.peek() {
                Some(Piece::Infix(infix)) => infix_level(infix),
                Some(Piece::Postfix(postfix)) => (postfix_level(postfix), 0),
                Some(Piece::Between { .. }) => (level::LIKE, level::LIKE + 1),
                _ => break,
            };
            if found < least {
                break;
            }
            let Operand::Expr(target) = left else { return None };
            left = Operand::Expr(match self.pieces.next()? {
                Piece::Infix(infix) => {
                    let right = self.read(right_least)?;
                    combine(infix, target, right)?
                }
                Piece::Postfix(postfix) => apply(postfix, target),
                Piece::Between { negated, symmetric } => {
                    let low = self.expr(level::LIKE + 1)?;
                    let Some(Piece::BetweenAnd) = self.pieces.next() else { return None };
                    let high = self.expr(level::LIKE + 1)?;
                    let whole = target.range.start..high.range.end;
                    let kind = ExprKind::Between { value: Box::new(target), low: Box::new(low), high: Box::new(high), negated, symmetric };
                    Expr::new(kind, whole)
                }
                _ => return None,
            });
        }
        Some(left)
    }

    fn expr(&mut self, least: u8) -> Option<Expr> {
        match self.read(least)? {
            Operand::Expr(found) => Some(found),
            _ => None,
        }
    }
}

/// How tight an operator binds to its left and, one more where it groups to the left or not at all, to its right.
fn infix_level(infix: &Infix) -> (u8, u8) {
    let level = match infix {
        Infix::Or => level::OR,
        Infix::And => level::AND,
        Infix::Distinct { .. } => level::IS,
        Infix::Like { .. } | Infix::In { .. } => level::LIKE,
        Infix::Escape => level::ESCAPE,
        Infix::AtTimeZone => level::AT,
        Infix::Overlaps | Infix::Operator(Some(_), _) => level::OTHER,
        Infix::Operator(None, name) => match name.as_str() {
            "=" | "<" | ">" | "<=" | ">=" | "<>" => level::COMPARISON,
            "+" | "-" => level::SUM,
            "*" | "/" | "%" => level::PRODUCT,
            "^" => level::POWER,
            _ => level::OTHER,
        },
    };
    (level, level + 1)
}

fn postfix_level(postfix: &Postfix) -> u8 {
    match postfix {
        Postfix::Is(..) | Postfix::Normalized(_) => level::IS,
        Postfix::AtLocal(_) => level::AT,
        Postfix::Collate => level::COLLATE,
        Postfix::Cast(_) => level::CAST,
    }
}

fn apply(postfix: Postfix, value: Expr) -> Expr {
    let whole = value.range.clone();
    let kind = match postfix {
        Postfix::Is(test, negated) => ExprKind::Is { value: Box::new(value), test, negated },
        Postfix::Normalized(negated) => {
            let call = super::special::system_call("is_normalized", vec![value], whole.clone());
            return if negated { Expr::new(ExprKind::Not(Box::new(call)), whole) } else { call };
        }
        Postfix::AtLocal(whole) => return super::special::system_call("timezone", vec![value], whole),
        Postfix::Cast(ty) => {
            let whole = whole.start..ty.name.range.end;
            return Expr::new(ExprKind::Cast(Box::new(value), ty), whole);
        }
        Postfix::Collate => ExprKind::Collate(Box::new(value)),
    };
    Expr::new(kind, whole)
}

fn combine(infix: Infix, left: Expr, right: Operand) -> Option<Expr> {
    let start = left.range.start;
    let (infix, right) = match (infix, right) {
        (Infix::In { negated }, Operand::List(list, range)) => {
            let is_in = Expr::new(ExprKind::In { value: Box::new(left), list }, start..range.end);
            return Some(if negated { Expr::new(ExprKind::Not(Box::new(is_in)), start..range.end) } else { is_in });
        }
        (Infix::In { negated }, Operand::Query(query, range)) => {
            return Some(Expr::new(ExprKind::InQuery { value: Box::new(left), query: Box::new(query), negated }, start..range.end));
        }
        (Infix::Operator(_, name), Operand::Quantified { all, right, range }) => {
            return Some(Expr::new(ExprKind::Quantified { name, left: Box::new(left), all, right }, start..range.end));
        }
        (Infix::Like { name, .. }, Operand::Quantified { all, right, range }) => {
            let name = name.to_owned();
            return Some(Expr::new(ExprKind::Quantified { name, left: Box::new(left), all, right }, start..range.end));
        }
        (infix, Operand::Expr(right)) => (infix, right),
        _ => return None,
    };
    let whole = start..right.range.end;
    let kind = match infix {
        Infix::And => {
            let mut items = match left.kind {
                ExprKind::And(items) => items,
                kind => vec![Expr::new(kind, left.range)],
            };
            items.push(right);
            ExprKind::And(items)
        }
        Infix::Or => {
            let mut items = match left.kind {
                ExprKind::Or(items) => items,
                kind => vec![Expr::new(kind, left.range)],
            };
            items.push(right);
            ExprKind::Or(items)
        }
        Infix::Operator(schema, name) => ExprKind::Operator { schema, name, left: Some(Box::new(left)), right: Box::new(right) },
        Infix::Like { name, similar } => {
            // `ESCAPE` has made a pattern of the right side already.
            let right = if similar && !is_escaped(&right) {
                let range = right.range.clone();
                super::special::system_call("similar_to_escape", vec![right], range)
            } else if similar {
                renamed(right)
            } else {
                right
            };
            ExprKind::Operator { schema: None, name: name.to_owned(), left: Some(Box::new(left)), right: Box::new(right) }
        }
        Infix::Escape => return Some(super::special::system_call("like_escape", vec![left, right], whole)),
        Infix::Distinct { negated } => ExprKind::Distinct { left: Box::new(left), right: Box::new(right), negated },
        Infix::AtTimeZone => return Some(super::special::system_call("timezone", vec![right, left], whole)),
        Infix::Overlaps => {
            let (ExprKind::Row(mut arguments), ExprKind::Row(rest)) = (left.kind, right.kind) else { return None };
            arguments.extend(rest);
            return Some(super::special::system_call("overlaps", arguments, whole));
        }
        Infix::In { .. } => return None,
    };
    Some(Expr::new(kind, whole))
}

fn is_number(literal: &Literal) -> bool {
    matches!(literal, Literal::Integer(_) | Literal::Numeric)
}

/// A number with the other sign: the least integers are no others with a sign before them (`doNegate` in PostgreSQL's source).
fn negated(number: Literal) -> Literal {
    match number {
        Literal::Integer(digits) => Literal::Integer(match digits.strip_prefix('-') {
            Some(positive) => positive.to_owned(),
            None => format!("-{digits}"),
        }),
        other => other,
    }
}

fn is_escaped(pattern: &Expr) -> bool {
    matches!(&pattern.kind, ExprKind::Call(call) if call.name.last().is_some_and(|name| name.text == "like_escape"))
}

/// `SIMILAR TO … ESCAPE` escapes by a function of its own.
fn renamed(mut pattern: Expr) -> Expr {
    if let ExprKind::Call(call) = &mut pattern.kind
        && let Some(name) = call.name.last_mut()
    {
        "similar_to_escape".clone_into(&mut name.text);
    }
    pattern
}
