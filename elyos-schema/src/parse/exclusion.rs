//! Two places where PostgreSQL's grammar takes what the parser crate does not, both about the word `EXCLUDE`
//! (<https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE>). They are written over with as many bytes, so that
//! the rest parses and every offset stays what it was; [`restored`] and [`class`] undo it in the tree.
//!
//! - A column may be named so: `create table t (exclude int)`. It becomes [`COLUMN`], which is a name.
//! - An item of an exclusion constraint may have an operator class and an order: `exclude using gist (net inet_ops desc with &&)`. It becomes
//!   `net.inet_ops.desc`, which can be nothing else there, as an item is a column, a call, or an expression in parentheses.

use std::borrow::Cow;

use squawk_syntax::ast::{self, AstNode};

use super::{
    name::{name, text},
    token::{Token, TokenKind, tokens},
};

/// What stands for a column's name `exclude` while the text is parsed.
const COLUMN: &str = "e$clude";

/// The text as the parser crate can read it. One without the word costs a search.
pub(super) fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    if !has_word(text.as_bytes(), b"exclude", 1) {
        return text;
    }
    let tokens: Vec<Token<'_>> = tokens(&text).collect();
    let mut bytes = text.as_bytes().to_vec();
    for (index, token) in tokens.iter().enumerate().filter(|(_, token)| is(token, "exclude")) {
        let behind = tokens.get(index + 1..).unwrap_or_default();
        match behind {
            [open, ..] if open.text == "(" => divide(behind, &mut bytes),
            [using, _, rest @ ..] if is(using, "using") => divide(rest, &mut bytes),
            [next, ..] if begins_element(&tokens[..index]) && matches!(next.kind, TokenKind::Word | TokenKind::QuotedName) => {
                bytes[token.start..token.start + COLUMN.len()].copy_from_slice(COLUMN.as_bytes());
            }
            _ => {}
        }
    }
    // Whole ASCII characters were replaced by others.
    String::from_utf8(bytes).map_or(text, Cow::Owned)
}

/// Puts a dot before the operator classes in the parentheses that the tokens begin with.
fn divide(tokens: &[Token<'_>], bytes: &mut [u8]) {
    let mut depth = 0usize;
    let mut in_item = true;
    for pair in tokens.windows(2) {
        let [before, token] = pair else { return };
        match before.text {
            "(" => depth += 1,
            ")" if depth <= 1 => return,
            ")" => depth -= 1,
            "," if depth == 1 => in_item = true,
            _ => {}
        }
        if depth != 1 || is(token, "with") || is(token, "collate") {
            in_item &= depth != 1;
            continue;
        }
        let ends_value = matches!(before.kind, TokenKind::Word | TokenKind::QuotedName) || before.text == ")";
        let names_class = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
        let between = before.start + before.text.len();
        if in_item && ends_value && names_class && bytes.get(between).is_some_and(u8::is_ascii_whitespace) {
            bytes[between] = b'.';
        }
    }
}

/// Whether an element of a table's list follows.
fn begins_element(before: &[Token<'_>]) -> bool {
    before.last().is_some_and(|token| matches!(token.text, "(" | ","))
}

pub(super) fn is(token: &Token<'_>, word: &str) -> bool {
    token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case(word)
}

/// Whether the word, in small letters, is anywhere in the text, in any case: a look that costs less than its tokens. It looks for the letter
/// of the word at `rare`, which is best a rare one.
pub(super) fn has_word(text: &[u8], word: &[u8], rare: usize) -> bool {
    let is_here = |at: usize| {
        let start = at.checked_sub(rare)?;
        text.get(start..start + word.len())
    };
    let letter = word[rare];
    memchr::memchr2_iter(letter, letter.to_ascii_uppercase(), text).filter_map(is_here).any(|found| found.eq_ignore_ascii_case(word))
}

/// A name as the file has it.
pub(super) fn restored(name: String) -> String {
    if name == COLUMN { "exclude".to_owned() } else { name }
}

/// How an item is sorted, where it is said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sorted {
    pub(super) descending: bool,
    pub(super) nulls_first: Option<bool>,
}

/// What an item of an exclusion constraint is over, its operator class, and how it is sorted.
pub(super) fn class(item: ast::Expr) -> (ast::Expr, Option<String>, Sorted) {
    let (mut base, mut class, mut sorted) = (item, Vec::new(), Sorted::default());
    let mut end = None;
    while let ast::Expr::FieldExpr(field) = &base {
        let (Some(inner), Some(last)) = (field.base(), field.syntax().last_child()) else { break };
        let word = text(&last).to_ascii_lowercase();
        match word.as_str() {
            "first" | "last" if class.is_empty() && end.is_none() => end = Some(word == "first"),
            "nulls" if class.is_empty() && end.is_some() => sorted.nulls_first = end.take(),
            "asc" | "desc" if class.is_empty() => sorted.descending = word == "desc",
            _ => class.insert(0, crate::catalog::names::quote(&name(&last).text)),
        }
        base = inner;
    }
    class.retain(|part| part != "pg_catalog");
    let class = (!class.is_empty()).then(|| class.join("."));
    debug_assert!(!text(base.syntax()).is_empty());
    (base, class, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        readable(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn only_what_the_crate_cannot_read_is_written_over() {
        assert_eq!(read("create table t (a int, Exclude integer)"), "create table t (a int, e$clude integer)");
        assert_eq!(
            read("exclude using gist (a with =, lower(b) text_ops with =)"),
            "exclude using gist (a with =, lower(b).text_ops with =)"
        );
        assert_eq!(
            read("exclude using btree (a int4_ops desc with =, b nulls first with =)"),
            "exclude using btree (a.int4_ops.desc with =, b.nulls.first with =)"
        );
        assert_eq!(read("exclude (net\n inet_ops with &&) where (a  is null)"), "exclude (net. inet_ops with &&) where (a  is null)");
        let kept = "exclude using gist (a collate \"C\" with =, (b + c) with <>), check (exclude > 0 and x <> 'exclude a')";
        assert_eq!(read(kept), kept);
        let frame = "select sum(a) over (rows unbounded preceding exclude current row)";
        assert_eq!(read(frame), frame);
    }
}
