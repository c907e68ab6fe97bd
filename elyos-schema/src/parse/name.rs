//! Names as PostgreSQL reads them (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>).

use std::ops::Range;

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode, normalize_name_node},
};

use crate::{
    catalog::names::{MOST_BYTES, cut, quote},
    ddl::{Name, Qualified},
};

/// The bytes of a node. All white space and comments are outside of the nodes that they are beside, but for a file's own.
pub(super) fn range(node: &SyntaxNode) -> Range<usize> {
    let whole = node.text_range();
    usize::from(whole.start())..usize::from(whole.end())
}

/// The text of a node.
pub(super) fn text(node: &SyntaxNode) -> String {
    super::negation::restored(node.text().to_string())
}

/// A single name: folded unless quoted, and cut to 63 bytes.
pub(super) fn name(node: &SyntaxNode) -> Name {
    let text = plain(node).unwrap_or_else(|| cut(&normalize_name_node(node)));
    Name { text: super::exclusion::restored(text), range: range(node) }
}

/// The name of a node that is but one word, which means what it says.
fn plain(node: &SyntaxNode) -> Option<String> {
    let only = node.first_child_or_token()?;
    let word = only.as_token()?.text();
    let is_plain = word.len() <= MOST_BYTES && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (is_plain && only.next_sibling_or_token().is_none()).then(|| word.to_owned())
}

/// The parts of a dotted name, first to last.
pub(super) fn parts(path: &SyntaxNode) -> Vec<Name> {
    let mut parts = Vec::new();
    add_parts(path, &mut parts);
    parts
}

fn add_parts(path: &SyntaxNode, parts: &mut Vec<Name>) {
    if ast::PathSegment::can_cast(path.kind()) || ast::PathSegmentRef::can_cast(path.kind()) {
        parts.push(name(path));
    } else {
        path.children().for_each(|inner| add_parts(&inner, parts));
    }
}

/// A name that may carry its schema; of `database.schema.name` the last two parts.
pub(super) fn qualified(node: &SyntaxNode) -> Option<Qualified> {
    let mut parts = parts(node);
    let last = parts.pop()?;
    let schema = parts.pop();
    let start = schema.as_ref().map_or(last.range.start, |schema| schema.range.start);
    Some(Qualified { schema: schema.map(|name| name.text), name: last.text, range: start..last.range.end })
}

/// A name with its schema as SQL writes it, without `pg_catalog`.
pub(super) fn qualified_text(node: &SyntaxNode) -> String {
    let parts = parts(node);
    let parts = parts.iter().filter(|part| part.text != "pg_catalog").map(|part| quote(&part.text));
    parts.collect::<Vec<_>>().join(".")
}

/// `schema.table.column` or `table.column`.
pub(super) fn qualified_column(node: &SyntaxNode) -> Option<(Qualified, Name)> {
    let mut parts = parts(node);
    let column = parts.pop()?;
    let table = parts.pop()?;
    let schema = parts.pop();
    let start = schema.as_ref().map_or(table.range.start, |schema| schema.range.start);
    Some((Qualified { schema: schema.map(|name| name.text), name: table.text, range: start..table.range.end }, column))
}

/// The first child of a kind.
pub(super) fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

/// The children of a kind.
pub(super) fn children<N: AstNode>(node: &SyntaxNode) -> impl Iterator<Item = N> {
    node.children().filter_map(N::cast)
}
