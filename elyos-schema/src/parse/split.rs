//! Where a statement ends. The parser crate reads the statements behind a `CREATE SCHEMA … element;` as further elements of it; here they
//! become statements again.

use std::ops::Range;

use squawk_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{self, AstNode},
};

use super::name::range;

/// The statements that a node of the parser really is: itself, and those it took in.
pub(super) fn split(statement: ast::Stmt) -> Vec<ast::Stmt> {
    let taken_in: Vec<ast::Stmt> = match &statement {
        ast::Stmt::CreateSchema(create) => {
            let behind = create.schema_elements().skip_while(|element| !ends_statement(element.syntax())).skip(1);
            behind.filter_map(|element| ast::Stmt::cast(element.syntax().clone())).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(statement).chain(taken_in).collect()
}

/// The elements of a `CREATE SCHEMA` up to its semicolon.
pub(super) fn own_elements(create: &ast::CreateSchema) -> Vec<ast::SchemaElement> {
    let mut own = Vec::new();
    for element in create.schema_elements() {
        let last = ends_statement(element.syntax());
        own.push(element);
        if last {
            break;
        }
    }
    own
}

/// A statement's bytes from its first token to its last, which is not the semicolon.
pub(super) fn statement_range(statement: &ast::Stmt) -> Range<usize> {
    let whole = without_semicolon(statement.syntax());
    match statement {
        ast::Stmt::CreateSchema(create) => match own_elements(create).last() {
            Some(last) => whole.start..without_semicolon(last.syntax()).end,
            None => whole,
        },
        _ => whole,
    }
}

fn ends_statement(node: &SyntaxNode) -> bool {
    node.last_token().is_some_and(|token| token.kind() == SyntaxKind::SEMICOLON)
}

fn without_semicolon(node: &SyntaxNode) -> Range<usize> {
    let whole = range(node);
    if !ends_statement(node) {
        return whole;
    }
    let mut last = node.last_token().and_then(|token| token.prev_token());
    while let Some(token) = last.as_ref().filter(|token| token.kind().is_trivia()) {
        last = token.prev_token();
    }
    whole.start..last.map_or(whole.end, |token| usize::from(token.text_range().end())).max(whole.start)
}
