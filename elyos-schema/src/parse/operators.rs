//! Chains of operators, taken apart into operands and operators.
//!
//! The parser crate binds operators of more than one character to the right and `|` and `->` differently, which PostgreSQL does not; so a
//! chain of operators is taken apart here, and put together again in [`precedence`](super::precedence).

use std::ops::Range;

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::expression::{expr, test_of};
use super::name::{parts, range};
use super::negation;
use super::precedence::{Infix, Operand, Piece, Postfix, Prefix, bound};
use crate::query::{Expr, ExprKind, Quantifier, Test};

/// Whether the expression is a piece of such a chain.
pub(super) fn is_chain(node: &SyntaxNode) -> bool {
    ast::BinExpr::can_cast(node.kind())
        || ast::PrefixExpr::can_cast(node.kind())
        || ast::PostfixExpr::can_cast(node.kind())
        || ast::BetweenExpr::can_cast(node.kind())
        || ast::Collate::can_cast(node.kind())
        || ast::CastExpr::cast(node.clone()).is_some_and(|cast| cast.colon_colon().is_some())
}

/// The expression that a chain of operators is; None where the parser could make nothing of it.
pub(super) fn chain(node: &SyntaxNode) -> Option<Expr> {
    let mut pieces = Vec::new();
    flatten(node, &mut pieces)?;
    bound(pieces)
}

/// The chain's pieces from left to right, without recursion over its length.
fn flatten(node: &SyntaxNode, pieces: &mut Vec<Piece>) -> Option<()> {
    #[expect(clippy::large_enum_variant, reason = "there are few at a time: an allocation for each would cost more than the room")]
    enum Step {
        Visit(SyntaxNode),
        Emit(Piece),
    }
    let mut stack = vec![Step::Visit(node.clone())];
    while let Some(step) = stack.pop() {
        let node = match step {
            Step::Emit(piece) => {
                pieces.push(piece);
                continue;
            }
            Step::Visit(node) => node,
        };
        if !is_chain(&node) {
            pieces.push(Piece::Operand(operand(&node)?));
            continue;
        }
        let visit = |found: Option<ast::Expr>| found.map(|found| Step::Visit(found.syntax().clone()));
        let steps = match ast::Expr::cast(node.clone())? {
            ast::Expr::BinExpr(it) => {
                let mut operands = it.syntax().children().filter(|child| !is_orphan(child)).filter_map(ast::Expr::cast);
                let (left, right) = (operands.next(), operands.next());
                match it.op()? {
                    op @ (ast::BinOp::Is(_) | ast::BinOp::IsNot(_)) => {
                        let negated = matches!(op, ast::BinOp::IsNot(_));
                        vec![visit(left)?, Step::Emit(Piece::Postfix(Postfix::Is(test_of(&right?)?, negated)))]
                    }
                    op => vec![visit(left)?, Step::Emit(Piece::Infix(infix(&op)?)), visit(right)?],
                }
            }
            ast::Expr::PrefixExpr(it) => {
                vec![Step::Emit(Piece::Prefix(prefix(&it.op()?, range(&node).start)?)), visit(it.expr())?]
            }
            ast::Expr::PostfixExpr(it) => vec![visit(it.expr())?, Step::Emit(Piece::Postfix(postfix(&it.op()?, &range(&node))))],
            ast::Expr::BetweenExpr(it) => vec![
                visit(it.target())?,
                Step::Emit(between_piece(&it)),
                visit(it.start())?,
                Step::Emit(Piece::BetweenAnd),
                visit(it.end())?,
            ],
            ast::Expr::CastExpr(it) => {
                let cast = Piece::Postfix(Postfix::Cast(super::types::type_name(&it.ty()?)?));
                let mut steps = vec![visit(it.expr())?, Step::Emit(cast)];
                // Of `a::b BETWEEN c AND d` the parser crate makes two expressions, one behind the other.
                if let Some(between) = it.syntax().next_sibling().filter(is_orphan).and_then(ast::BetweenExpr::cast) {
                    steps.push(Step::Emit(between_piece(&between)));
                    steps.push(visit(between.target())?);
                    steps.push(Step::Emit(Piece::BetweenAnd));
                    steps.push(visit(between.start())?);
                }
                steps
            }
            ast::Expr::Collate(it) => vec![visit(it.expr())?, Step::Emit(Piece::Postfix(Postfix::Collate))],
            _ => return None,
        };
        stack.extend(steps.into_iter().rev());
    }
    Some(())
}

/// Whether a `BETWEEN` stands on its own, what it tests being the cast before it.
pub(super) fn is_orphan(node: &SyntaxNode) -> bool {
    let first = node.children_with_tokens().find(|element| !element.kind().is_trivia());
    ast::BetweenExpr::can_cast(node.kind()) && first.is_some_and(|first| first.as_token().is_some())
}

fn between_piece(it: &ast::BetweenExpr) -> Piece {
    let symmetric = matches!(it.between_symmetry(), Some(ast::BetweenSymmetry::Symmetric(_)));
    Piece::Between { negated: it.not_token().is_some(), symmetric }
}

fn operand(node: &SyntaxNode) -> Option<Operand> {
    let whole = range(node);
    match ast::Expr::cast(node.clone())? {
        ast::Expr::CallExpr(call) => {
            let (all, query, array) = if let Some(it) = call.any_fn() {
                (false, it.select_variant(), it.expr())
            } else if let Some(it) = call.some_fn() {
                (false, it.select_variant(), it.expr())
            } else if let Some(it) = call.all_fn() {
                (true, it.select_variant(), it.expr())
            } else {
                return Some(Operand::Expr(expr(&ast::Expr::CallExpr(call))));
            };
            let right = match (query, array) {
                (Some(query), _) => Quantifier::Query(Box::new(super::query::select_variant(&query)?)),
                (None, Some(array)) => match expr(&array) {
                    Expr { kind: ExprKind::SubQuery(query), .. } => Quantifier::Query(query),
                    array => Quantifier::Array(Box::new(array)),
                },
                (None, None) => return None,
            };
            Some(Operand::Quantified { all, right, range: whole })
        }
        found => {
            // Only after `IN` a list or a query is not the expression it looks like.
            let after_in = node.parent().and_then(ast::BinExpr::cast).filter(|parent| {
                matches!(parent.op(), Some(ast::BinOp::In(_) | ast::BinOp::NotIn(_)))
                    && parent.rhs().is_some_and(|right| right.syntax() == node)
            });
            if after_in.is_none() {
                return Some(Operand::Expr(expr(&found)));
            }
            match &found {
                ast::Expr::TupleExpr(tuple) if tuple.row_token().is_none() => {
                    Some(Operand::List(super::expression::exprs(tuple.syntax()), whole))
                }
                ast::Expr::ParenExpr(paren) => match (super::query::paren_query(paren), paren.expr()) {
                    (Some(query), _) => Some(Operand::Query(query, whole)),
                    (None, Some(only)) => match expr(&only) {
                        Expr { kind: ExprKind::SubQuery(query), .. } => Some(Operand::Query(*query, whole)),
                        only => Some(Operand::List(vec![only], whole)),
                    },
                    (None, None) => None,
                },
                _ => None,
            }
        }
    }
}

fn infix(op: &ast::BinOp) -> Option<Infix> {
    use ast::BinOp as B;
    let plain = |name: &str| Infix::Operator(None, name.to_owned());
    Some(match op {
        B::And(_) => Infix::And,
        B::Or(_) => Infix::Or,
        B::AtTimeZone(_) => Infix::AtTimeZone,
        B::Overlaps(_) => Infix::Overlaps,
        B::Escape(_) => Infix::Escape,
        B::In(_) => Infix::In { negated: false },
        B::NotIn(_) => Infix::In { negated: true },
        B::IsDistinctFrom(_) => Infix::Distinct { negated: false },
        B::IsNotDistinctFrom(_) => Infix::Distinct { negated: true },
        B::Like(_) => Infix::Like { name: "~~", similar: false },
        B::NotLike(_) => Infix::Like { name: "!~~", similar: false },
        B::Ilike(_) => Infix::Like { name: "~~*", similar: false },
        B::NotIlike(_) => Infix::Like { name: "!~~*", similar: false },
        B::SimilarTo(_) => Infix::Like { name: "~", similar: true },
        B::NotSimilarTo(_) => Infix::Like { name: "!~", similar: true },
        B::OperatorCall(call) => {
            let (schema, name) = operator_call(call)?;
            Infix::Operator(schema, name)
        }
        B::CustomOp(custom) => Infix::Operator(None, custom_name(custom)),
        B::Caret(_) => plain("^"),
        B::Eq(_) => plain("="),
        B::Gteq(_) => plain(">="),
        B::LAngle(_) => plain("<"),
        B::Lteq(_) => plain("<="),
        B::Minus(_) => plain("-"),
        // Both spellings are one operator.
        B::Neq(_) | B::Neqb(_) => plain("<>"),
        B::Percent(_) => plain("%"),
        B::Plus(_) => plain("+"),
        B::RAngle(_) => plain(">"),
        B::Slash(_) => plain("/"),
        B::Star(_) => plain("*"),
        B::ColonColon(_) | B::ColonEq(_) | B::FatArrow(_) | B::Is(_) | B::IsNot(_) => return None,
    })
}

fn prefix(op: &ast::PrefixOp, at: usize) -> Option<Prefix> {
    Some(match op {
        ast::PrefixOp::Not(_) => Prefix::Not(at),
        ast::PrefixOp::Minus(_) => Prefix::Operator(None, "-".to_owned(), at),
        ast::PrefixOp::Plus(_) => Prefix::Operator(None, "+".to_owned(), at),
        ast::PrefixOp::CustomOp(custom) => match custom_name(custom) {
            name if negation::is_not(&name) => Prefix::Not(at),
            name => Prefix::Operator(None, name, at),
        },
        ast::PrefixOp::OperatorCall(call) => {
            let (schema, name) = operator_call(call)?;
            Prefix::Operator(schema, name, at)
        }
    })
}

fn postfix(op: &ast::PostfixOp, whole: &Range<usize>) -> Postfix {
    use ast::PostfixOp as P;
    match op {
        P::IsNull(_) => Postfix::Is(Test::Null, false),
        P::NotNull(_) => Postfix::Is(Test::Null, true),
        P::AtLocal(_) => Postfix::AtLocal(whole.clone()),
        P::IsNormalized(_) => Postfix::Normalized(false),
        P::IsNotNormalized(_) => Postfix::Normalized(true),
        _ => Postfix::Is(Test::Other, false),
    }
}

fn custom_name(custom: &ast::CustomOp) -> String {
    let name: String = custom.tokens().filter(|token| !token.kind().is_trivia()).map(|token| token.text().to_owned()).collect();
    if name == "!=" { "<>".to_owned() } else { name }
}

fn operator_call(call: &ast::OperatorCall) -> Option<(Option<String>, String)> {
    let op = call.op()?;
    // The path ends with a dot, behind which the parser crate has a name that is empty.
    let path = op.path_ref().map(|path| parts(path.syntax())).unwrap_or_default();
    let schema = path.into_iter().map(|name| name.text).rfind(|name| !name.is_empty());
    let mut name = String::new();
    for element in op.syntax().descendants_with_tokens() {
        if let Some(token) = element.into_token()
            && !token.kind().is_trivia()
            && !token.parent_ancestors().take_while(|node| node != op.syntax()).any(|node| ast::PathRef::can_cast(node.kind()))
            && token.text() != "."
        {
            name.push_str(token.text());
        }
    }
    Some((schema, if name == "!=" { "<>".to_owned() } else { name }))
}
