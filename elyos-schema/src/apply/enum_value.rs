//! `ALTER TYPE … RENAME VALUE` in expressions, where PostgreSQL keeps the value itself and the text has its name.

use super::{
    Applier,
    drop::is_of,
    expression::{replace, texts_of},
};
use crate::{
    catalog::{RelationName, Table, UserType, as_in_expression},
    parse::{Token, TokenKind, folded, tokens},
};

/// A value of an enum and its new name.
struct Renamed<'a> {
    ty: &'a RelationName,
    from: &'a str,
    to: &'a str,
}

impl Applier<'_> {
    /// A value has another name: in defaults, checks, indexes and policies.
    pub(super) fn rename_value(&mut self, ty: &RelationName, from: &str, to: &str) {
        let renamed = Renamed { ty, from, to };
        let mut tables = self.referring(ty);
        tables.extend(self.referring(&as_in_expression(ty)));
        tables.sort();
        tables.dedup();
        for table in tables {
            if let Some(table) = self.table_mut(&table) {
                renamed.in_table(table);
            }
        }
        for user in self.catalog.schemas.values_mut().flat_map(|schema| schema.types.values_mut()) {
            let UserType::Domain(domain) = user else { continue };
            if !is_of(&domain.base, ty) {
                continue;
            }
            let is_value = |name: &str| name == "value";
            domain.default.iter_mut().for_each(|text| *text = renamed.in_text(text, true, is_value));
            domain.checks.iter_mut().for_each(|check| check.expression = renamed.in_text(&check.expression, false, is_value));
        }
    }
}

impl Renamed<'_> {
    fn in_table(&self, table: &mut Table) {
        let of_it: Vec<String> = table.columns.iter().filter(|it| is_of(&it.ty, self.ty)).map(|column| column.name.clone()).collect();
        let is_column = |name: &str| of_it.iter().any(|column| column == name);
        for column in table.columns.iter_mut().filter(|column| is_column(&column.name)) {
            column.default.iter_mut().chain(&mut column.generated).for_each(|text| *text = self.in_text(text, true, is_column));
        }
        for text in texts_of(table) {
            *text = self.in_text(text, false, is_column);
        }
    }

    /// The text with the literals replaced that are of the enum: cast to it, compared with a column of it, or the whole text of such a
    /// column.
    fn in_text(&self, text: &str, of_it: bool, is_column: impl Fn(&str) -> bool) -> String {
        let all: Vec<Token<'_>> = tokens(text).collect();
        let name = |at: usize| all.get(at).and_then(folded);
        let sign = |at: usize, sign: &str| all.get(at).is_some_and(|token| token.text == sign);
        let is_cast = |at: usize| {
            let qualified =
                || name(at + 2).as_ref() == Some(&self.ty.schema) && sign(at + 3, ".") && name(at + 4).as_ref() == Some(&self.ty.name);
            sign(at + 1, "::") && (name(at + 2).as_ref() == Some(&self.ty.name) || qualified())
        };
        let alone = |at: usize| of_it && all[..at].iter().all(|token| token.text == "(");
        let passed = |token: &Token<'_>| match token.kind {
            TokenKind::Text | TokenKind::Sign => token.text != ")" && token.text != ".",
            TokenKind::Word => {
                ["in", "not", "any", "array", "is", "distinct", "from"].iter().any(|word| token.text.eq_ignore_ascii_case(word))
            }
            TokenKind::QuotedName | TokenKind::Number => false,
        };
        let compared = |at: usize| {
            let before = all[..at].iter().rev().find(|token| !passed(token)).and_then(folded);
            let behind = all.get(at + 1).filter(|token| token.kind == TokenKind::Sign).and_then(|_| name(at + 2));
            before.into_iter().chain(behind).any(|name| is_column(&name))
        };
        replace(text, &all, |at| {
            let is_literal = all[at].kind == TokenKind::Text && all[at].text == literal(self.from);
            (is_literal && (is_cast(at) || alone(at) || compared(at))).then(|| (1, literal(self.to)))
        })
    }
}

fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
