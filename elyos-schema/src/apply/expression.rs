//! Names within the texts of expressions, which PostgreSQL keeps as trees: a rename reaches them.

use crate::{
    catalog::{RelationName, Table, names::quote},
    parse::{Token, TokenKind, folded, tokens},
};

/// The text with a column's name replaced wherever it can be one: not before `(`, and behind a dot only as `table.column`.
pub(super) fn rename_column(text: &str, table: &str, from: &str, to: &str) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    replace(text, &all, |index| {
        let next = all.get(index + 1).map(|token| token.text);
        let before = |back: usize| index.checked_sub(back).and_then(|at| all.get(at));
        let qualified = before(1).is_some_and(|token| token.text == ".");
        let of_table = qualified && before(2).and_then(folded).is_some_and(|name| name == table);
        let is_type = before(1).is_some_and(|token| token.text == "::");
        (folded(&all[index])? == from && next != Some("(") && next != Some(".") && !is_type && (!qualified || of_table))
            .then(|| (1, quote(to)))
    })
}

/// The text with `schema.name` replaced, and the bare name where a type stands.
pub(super) fn rename_type(text: &str, from: &RelationName, to: &RelationName) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    replace(text, &all, |index| {
        let name = |at: usize| all.get(at).and_then(folded);
        if name(index)? == from.schema && all.get(index + 1).is_some_and(|dot| dot.text == ".") && name(index + 2)? == from.name {
            return Some((3, to.to_string()));
        }
        let cast = index.checked_sub(1).and_then(|at| all.get(at)).is_some_and(|token| token.text == "::");
        (cast && name(index)? == from.name && all.get(index + 1).is_none_or(|dot| dot.text != ".")).then(|| (1, to.to_string()))
    })
}

/// Whether a text has a word that may be this column.
pub(super) fn mentions(text: &str, column: &str) -> bool {
    tokens(text).any(|token| folded(&token).is_some_and(|name| name == column))
}

/// Copies a text, but for the runs of tokens that `new` has something else for.
fn replace(text: &str, all: &[Token<'_>], new: impl Fn(usize) -> Option<(usize, String)>) -> String {
    let (mut copied, mut index, mut whole) = (0, 0, String::new());
    while index < all.len() {
        let replaced = if matches!(all[index].kind, TokenKind::Word | TokenKind::QuotedName) { new(index) } else { None };
        match replaced {
            Some((count, text_for_them)) => {
                whole.push_str(&text[copied..all[index].start]);
                whole.push_str(&text_for_them);
                let last = all[index + count - 1];
                copied = last.start + last.text.len();
                index += count;
            }
            None => index += 1,
        }
    }
    whole.push_str(&text[copied..]);
    whole
}

/// Every expression of a table, to be changed.
pub(super) fn texts_of(table: &mut Table) -> impl Iterator<Item = &mut String> {
    let columns = table.columns.iter_mut().flat_map(|column| column.default.iter_mut().chain(&mut column.generated));
    let checks = table.checks.iter_mut().map(|check| &mut check.expression);
    let parts = table
        .indexes
        .iter_mut()
        .flat_map(|index| index.parts.iter_mut().filter_map(|part| part.expression.as_mut()).chain(&mut index.predicate));
    let exclusions = table.exclusions.iter_mut().flat_map(|exclusion| {
        exclusion.elements.iter_mut().filter_map(|(part, _)| part.expression.as_mut()).chain(&mut exclusion.predicate)
    });
    let policies = table.policies.iter_mut().flat_map(|policy| policy.using.iter_mut().chain(&mut policy.with_check));
    columns.chain(checks).chain(parts).chain(exclusions).chain(policies).chain(&mut table.partition_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_renamed_where_it_is_one() {
        let renamed = rename_column("a > 0 and t.A < u.a and a(1) = 'a' and \"a\" is null::a", "t", "a", "B c");
        assert_eq!(renamed, "\"B c\" > 0 and t.\"B c\" < u.a and a(1) = 'a' and \"B c\" is null::a");
    }

    #[test]
    fn a_type_is_renamed_where_it_is_one() {
        let name = |name: &str| RelationName { schema: "public".to_owned(), name: name.to_owned() };
        assert_eq!(rename_type("'a'::mood = public.mood 'b' or mood", &name("mood"), &name("m")), "'a'::public.m = public.m 'b' or mood");
    }
}
