//! `DEFAULT` of a column or a domain. What may stand behind it without parentheses is less than elsewhere (`b_expr` in PostgreSQL's grammar): a
//! word that could begin the next constraint (`NOT NULL`, `COLLATE`) is that.

use std::ops::Range;

use squawk_syntax::{
    SyntaxElement, SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    constraint::expression,
    name::{qualified, range},
    negation,
};
use crate::ddl::{Qualified, Rule};

/// The default, or what of it PostgreSQL's grammar does not take there.
pub(super) fn default(expr: &ast::Expr) -> Rule {
    let collate = trailing_collate(expr);
    if let Some((what, place)) = refused(expr, collate.as_ref()) {
        return Rule::NoDefault { what, place };
    }
    let mut default = expression(expr);
    if let Some(inner) = collate.and_then(|collate| collate.expr()) {
        default.text.truncate(range(inner.syntax()).end - default.start);
    }
    Rule::Default(default)
}

/// The collation that stands behind a default: it is the column's.
pub(super) fn collation_behind(constraint: &SyntaxNode) -> Option<Qualified> {
    let expr = ast::DefaultConstraint::cast(constraint.clone())?.expr()?;
    trailing_collate(&expr)?.collation_ref().and_then(|it| qualified(it.syntax()))
}

/// The `COLLATE` at the end of an expression, in no parentheses of it.
fn trailing_collate(expr: &ast::Expr) -> Option<ast::Collate> {
    let mut last = expr.clone();
    loop {
        last = match last {
            ast::Expr::Collate(it) => return Some(it),
            ast::Expr::BinExpr(it) => it.rhs()?,
            ast::Expr::PrefixExpr(it) => it.expr()?,
            _ => return None,
        }
    }
}

/// The first word that needs parentheses around it, and its place.
fn refused(expr: &ast::Expr, collation: Option<&ast::Collate>) -> Option<(String, Range<usize>)> {
    let mut left = vec![expr.clone()];
    let mut found: Vec<Range<usize>> = Vec::new();
    while let Some(next) = left.pop() {
        match next {
            ast::Expr::BinExpr(it) => {
                let between = |it: &ast::BinExpr| Some(range(it.lhs()?.syntax()).end..range(it.rhs()?.syntax()).start);
                if it.op().is_some_and(|op| is_no_operator_of_a_default(&op)) {
                    found.extend(between(&it));
                }
                left.extend(it.lhs().into_iter().chain(it.rhs()));
            }
            ast::Expr::PrefixExpr(it) => {
                let is_not = match it.op() {
                    Some(ast::PrefixOp::Not(_)) => true,
                    Some(ast::PrefixOp::CustomOp(op)) => negation::is_not(&op.syntax().text().to_string()),
                    _ => false,
                };
                if is_not {
                    let start = range(it.syntax()).start;
                    found.push(start..start + "not".len());
                }
                left.extend(it.expr());
            }
            ast::Expr::PostfixExpr(it) => found.extend(it.op().map(|op| place(&op.syntax_element()))),
            ast::Expr::BetweenExpr(it) => {
                let word = it.syntax().children_with_tokens().find(|part| part.as_token().is_some_and(|token| !token.kind().is_trivia()));
                found.extend(word.map(|word| place(&word)));
            }
            // Behind the others it is the column's.
            ast::Expr::Collate(it) => {
                if collation.is_none_or(|last| last.syntax() != it.syntax()) {
                    found.extend(it.expr().map(|inner| range(inner.syntax()).end..range(it.syntax()).end));
                }
                left.extend(it.expr());
            }
            ast::Expr::CastExpr(it) if it.colon_colon().is_some() => left.extend(it.expr()),
            ast::Expr::CallExpr(it) if it.any_fn().is_some() || it.some_fn().is_some() || it.all_fn().is_some() => {
                found.push(range(it.syntax()));
            }
            _ => {}
        }
    }
    let first = found.into_iter().min_by_key(|place| place.start)?;
    let start = range(expr.syntax()).start;
    let text = super::name::text(expr.syntax());
    let written = text.get(first.start - start..first.end - start)?;
    let words: Vec<&str> = written.split_ascii_whitespace().collect();
    let start = first.start + (written.len() - written.trim_start().len());
    Some((words.join(" "), start..start + written.trim().len()))
}

fn place(element: &SyntaxElement) -> Range<usize> {
    let whole = element.text_range();
    usize::from(whole.start())..usize::from(whole.end())
}

fn is_no_operator_of_a_default(op: &ast::BinOp) -> bool {
    use ast::BinOp as B;
    matches!(
        op,
        B::And(_)
            | B::Or(_)
            | B::AtTimeZone(_)
            | B::Overlaps(_)
            | B::Escape(_)
            | B::In(_)
            | B::NotIn(_)
            | B::Is(_)
            | B::IsNot(_)
            | B::Like(_)
            | B::NotLike(_)
            | B::Ilike(_)
            | B::NotIlike(_)
            | B::SimilarTo(_)
            | B::NotSimilarTo(_)
    )
}
