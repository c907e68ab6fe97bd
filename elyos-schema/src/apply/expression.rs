//! Names within the texts of expressions, which PostgreSQL keeps as trees: a rename reaches them.

use crate::{
    catalog::{RelationName, Table, names::quote},
    parse::{Token, TokenKind, folded, is_reserved, tokens},
};

/// The text with a column's name replaced wherever it can be one: not before `(`, and behind a dot only as `table.column`.
pub(super) fn rename_column(text: &str, table: &str, from: &str, to: &str) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    replace(text, &all, |index| {
        let next = all.get(index + 1).map(|token| token.text);
        let before = |back: usize| index.checked_sub(back).and_then(|at| all.get(at));
        let qualified = before(1).is_some_and(|token| token.text == ".");
        let of_table = qualified && before(2).and_then(folded).is_some_and(|name| name == table);
        (is_column(&all, index, from) && next != Some("(") && next != Some(".") && (!qualified || of_table)).then(|| (1, quote(to)))
    })
}

/// Whether a token may be this column: the name, and no keyword, type or part of a phrase (`AT TIME ZONE`, `EXTRACT(year FROM …)`).
fn is_column(all: &[Token<'_>], index: usize, column: &str) -> bool {
    let token = &all[index];
    if folded(token).is_none_or(|name| name != column) {
        return false;
    }
    let before = |back: usize| index.checked_sub(back).and_then(|at| all.get(at));
    let is = |back: usize, words: &[&str]| {
        before(back).is_some_and(|token| token.kind == TokenKind::Word && words.iter().any(|word| token.text.eq_ignore_ascii_case(word)))
    };
    if before(1).is_some_and(|token| token.text == "::") {
        return false;
    }
    if token.kind == TokenKind::QuotedName || before(1).is_some_and(|token| token.text == ".") {
        return true;
    }
    let of_a_time = is(1, &["at", "with", "without", "time"]) && ["time", "zone", "local"].contains(&column);
    let of_a_type = is(1, &["double", "character", "char", "bit"]) && ["precision", "varying"].contains(&column);
    let of_an_extract = before(1).is_some_and(|token| token.text == "(") && is(2, &["extract"]);
    !is_reserved(token.text) && !of_a_time && !of_a_type && !of_an_extract
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

/// Whether a text has a word that may be this column.
pub(super) fn mentions(text: &str, column: &str) -> bool {
    let all: Vec<Token<'_>> = tokens(text).collect();
    (0..all.len()).any(|index| is_column(&all, index, column))
}

/// Whether a table is partitioned by a column, or by an expression of it. The first word of the key says how, and is none of them.
pub(super) fn is_partitioned_by(table: &Table, column: &str) -> bool {
    let behind = |key: &String| key.find('(').and_then(|open| key.get(open..)).is_some_and(|columns| mentions(columns, column));
    table.partition_key.as_ref().is_some_and(behind)
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
    fn a_column_is_renamed_where_it_is_one() {
        let renamed = rename_column("a > 0 and t.A < u.a and a(1) = 'a' and \"a\" is null::a", "t", "a", "B c");
        assert_eq!(renamed, "\"B c\" > 0 and t.\"B c\" < u.a and a(1) = 'a' and \"B c\" is null::a");
    }

    #[test]
    fn a_keyword_is_no_column() {
        let renamed = rename_column("case when \"end\" > 0 then t.end else 1 end", "t", "end", "b");
        assert_eq!(renamed, "case when b > 0 then t.b else 1 end");
        assert_eq!(rename_column("x at time zone 'utc' > time", "t", "time", "b"), "x at time zone 'utc' > b");
        assert!(!mentions("extract(year from a)", "year") && mentions("extract(a from year)", "year"));
    }

    #[test]
    fn a_type_is_renamed_where_it_is_one() {
        let name = |name: &str| RelationName { schema: "public".to_owned(), name: name.to_owned() };
        assert_eq!(rename_type("'a'::mood = public.mood 'b' or mood", &name("mood"), &name("m")), "'a'::public.m = public.m 'b' or mood");
    }
}
