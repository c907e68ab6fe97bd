//! Names within the texts of expressions, which PostgreSQL keeps as trees: a rename reaches them.

use std::ops::Range;

use super::{
    Applier,
    named::{self, Place},
    policy::read_as,
};
use crate::{
    catalog::{Catalog, RelationName, Table, expressions_of, names::quote},
    parse::{Token, TokenKind, folded, is_reserved, tokens},
};

/// A partition key with a column's name replaced wherever it can be one.
pub(super) fn rename_in_key(text: &str, from: &str, to: &str) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    replace(text, &all, |index| is_column_of_key(&all, index, from).then(|| (1, quote(to))))
}

/// Whether a token of a partition key may be this column: the name, neither before `(` nor behind `::`, and no keyword. The first word of
/// the key says how, and is none.
fn is_column_of_key(all: &[Token<'_>], index: usize, column: &str) -> bool {
    let token = &all[index];
    let is = |at: Option<usize>, signs: &[&str]| at.and_then(|at| all.get(at)).is_some_and(|token| signs.contains(&token.text));
    index > 0
        && folded(token).is_some_and(|name| name == column)
        && !is(index.checked_sub(1), &["::"])
        && !is(Some(index + 1), &["(", "."])
        && (token.kind == TokenKind::QuotedName || !is_reserved(token.text))
}

/// Whether an expression of a table, which has no query in it, names a column of that.
pub(super) fn mentions(catalog: &Catalog, table: &Table, text: &str, column: &str) -> bool {
    let of_it = |place: &Place| place.column.as_deref() == Some(column);
    has_word(text, column) && named::names(catalog, text, table, &|_| None).places.iter().any(of_it)
}

fn has_word(text: &str, word: &str) -> bool {
    tokens(text).any(|token| folded(&token).is_some_and(|name| name == word))
}

/// The text with `schema.name` replaced, and the bare name where a type stands.
pub(super) fn rename_type(text: &str, from: &RelationName, to: &RelationName) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    replace(text, &all, |index| {
        let name = |at: usize| all.get(at).and_then(folded);
        let cast = index.checked_sub(1).and_then(|at| all.get(at)).is_some_and(|token| token.text == "::");
        // A call is of a function of that name, which keeps it.
        let call = !cast && all.get(index + 3).is_some_and(|open| open.text == "(");
        if name(index)? == from.schema && all.get(index + 1).is_some_and(|dot| dot.text == ".") && name(index + 2)? == from.name && !call {
            return Some((3, to.to_string()));
        }
        (cast && name(index)? == from.name && all.get(index + 1).is_none_or(|dot| dot.text != ".")).then(|| (1, to.to_string()))
    })
}

/// Whether a table is partitioned by a column, or by an expression of it.
pub(super) fn is_partitioned_by(table: &Table, column: &str) -> bool {
    let Some(key) = &table.partition_key else { return false };
    let all: Vec<Token<'_>> = tokens(key).collect();
    (0..all.len()).any(|index| is_column_of_key(&all, index, column))
}

/// Expressions of a table that have changed, by their place among [`texts_of`] it.
pub(super) type Changed = Vec<(usize, String)>;

impl Applier<'_> {
    /// The expressions of a table once something else stands in some places of theirs; `word` is in all of those.
    pub(super) fn with_replaced(&self, owner: &RelationName, word: &str, new: impl Fn(&Place) -> Option<String>) -> Changed {
        let Some(table) = self.table(owner) else { return Vec::new() };
        let mut changed = Vec::new();
        // The last may be a partition key, which is no expression.
        let key = usize::from(table.partition_key.is_some());
        let count = expressions_of(table).count() - key;
        for (index, text) in expressions_of(table).take(count).enumerate().filter(|(_, text)| has_word(text, word)) {
            let places = named::names(self.catalog, text, table, &|name| read_as(name, table)).places;
            let mut pieces: Vec<(Range<usize>, String)> =
                places.iter().filter_map(|place| Some((place.range.clone()?, new(place)?))).collect();
            pieces.sort_by_key(|(range, _)| range.start);
            pieces.dedup();
            let mut text = text.clone();
            for (range, new) in pieces.into_iter().rev().filter(|(range, _)| text.get(range.clone()).is_some()).collect::<Vec<_>>() {
                text.replace_range(range, &new);
            }
            changed.push((index, text));
        }
        changed
    }

    pub(super) fn put_replaced(&mut self, owner: &RelationName, changed: Changed) {
        let Some(table) = self.table_mut(owner).filter(|_| !changed.is_empty()) else { return };
        let mut all: Vec<&mut String> = texts_of(table).collect();
        for (index, text) in changed {
            if let Some(old) = all.get_mut(index) {
                **old = text;
            }
        }
    }
}

/// Copies a text, but for the runs of tokens that `new` has something else for.
pub(super) fn replace(text: &str, all: &[Token<'_>], new: impl Fn(usize) -> Option<(usize, String)>) -> String {
    let (mut copied, mut index, mut whole) = (0, 0, String::new());
    while index < all.len() {
        match new(index) {
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
    fn a_partition_key_has_columns() {
        assert_eq!(rename_in_key("RANGE (a, lower(a), (a::a)) ", "a", "B c"), "RANGE (\"B c\", lower(\"B c\"), (\"B c\"::a)) ");
        assert_eq!(rename_in_key("list (list, hash(hash))", "hash", "b"), "list (list, hash(b))");
        assert_eq!(rename_in_key("list (list)", "list", "b"), "list (b)");
    }

    #[test]
    fn a_type_is_renamed_where_it_is_one() {
        let name = |name: &str| RelationName { schema: "public".to_owned(), name: name.to_owned() };
        assert_eq!(rename_type("'a'::mood = public.mood 'b' or mood", &name("mood"), &name("m")), "'a'::public.m = public.m 'b' or mood");
    }
}
