//! What the table's constraints make of methods and of an upsert's targets.

use elyos_schema::catalog::{Index, Key, Table};
use elyos_schema::parse::{Token, TokenKind, tokens};
use syn::Ident;

use crate::model::{SoftDelete, Target, Unique};
use crate::{docs, names};

/// Columns in which no two rows are the same.
struct UniqueSet<'t> {
    name: &'t str,
    columns: &'t [String],
    deferrable: bool,
    /// Of which rows that holds, as the index says it, where it is not all.
    predicate: Option<&'t str>,
}

/// The unique constraints, and the unique indexes over plain columns, which hold as much; but for what can be undecided until the end of
/// a transaction. Of rows that are hidden nothing needs to hold: an index over all those that are seen is as good.
fn unique_sets<'t>(table: &'t Table, soft_delete: Option<&SoftDelete>) -> Vec<UniqueSet<'t>> {
    let of = |key: &'t Key| UniqueSet { name: &key.name, columns: &key.columns, deferrable: key.deferrable, predicate: None };
    let mut sets: Vec<UniqueSet<'t>> = table.unique.iter().map(of).collect();
    let indexes = || table.indexes.iter().filter(|index| index.unique);
    let mut add = |index: &'t Index, predicate| {
        if let Some(columns) = index.columns.as_deref() {
            sets.push(UniqueSet { name: &index.name, columns, deferrable: false, predicate });
        }
    };
    indexes().filter(|index| !index.partial).for_each(|index| add(index, None));
    for index in indexes().filter(|index| index.partial) {
        let predicate = index.predicate.as_deref();
        if let Some(predicate) = predicate.filter(|predicate| soft_delete.is_some_and(|soft| holds_of_the_seen(predicate, soft))) {
            add(index, Some(predicate));
        }
    }
    sets
}

/// Whether a predicate holds of every row that is seen: it says no more than that.
fn holds_of_the_seen(predicate: &str, soft: &SoftDelete) -> bool {
    // Its text stands in statements, which a comment would end.
    if predicate.contains("--") || predicate.contains("/*") {
        return false;
    }
    let column = soft.column.as_str();
    let said = |token: Token<'_>| match token.kind {
        TokenKind::Word => {
            let word = token.text.to_ascii_lowercase();
            if names::quoted(&word) == column { column.to_owned() } else { word }
        }
        _ => token.text.to_owned(),
    };
    let words: Vec<String> = tokens(predicate).filter(|token| !matches!(token.text, "(" | ")")).map(said).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if soft.is_time {
        return words == [column, "is", "null"];
    }
    match words.as_slice() {
        [of, "is", "not", "true"] => *of == column,
        ["not", of] | [of, "is" | "=", "false"] | [of, "<>" | "!=", "true"] => *of == column && !soft.is_nullable,
        _ => false,
    }
}

/// The unique constraints that rows are found by: each set of columns once, and not those of the key.
pub(super) fn uniques(
    table: &Table,
    key: &[usize],
    soft_delete: Option<&SoftDelete>,
    place: impl Fn(&String) -> Option<usize>,
) -> Vec<Unique> {
    let mut uniques: Vec<Unique> = Vec::with_capacity(table.unique.len());
    for UniqueSet { name, columns, predicate, .. } in unique_sets(table, soft_delete) {
        let places: Vec<usize> = columns.iter().filter_map(&place).collect();
        if places == key || uniques.iter().any(|known| known.columns == places) {
            continue;
        }
        // A row that is seen meets it, but the server need not know that.
        let predicate = predicate.filter(|_| soft_delete.is_some_and(|soft| !soft.is_time)).map(str::to_owned);
        let is_free = |method: &Ident| uniques.iter().all(|known| known.method != *method);
        let method = names::free(names::lookup(columns), "find_by_", name, is_free);
        uniques.push(Unique { name: name.to_owned(), method, columns: places, predicate });
    }
    uniques
}

/// The foreign keys that rows are listed by: each set of columns once, and none of which at most one row can be.
pub(super) fn references(table: &Table, key: &[usize], uniques: &[Unique], place: impl Fn(&String) -> Option<usize>) -> Vec<Unique> {
    let mut references: Vec<Unique> = Vec::new();
    for foreign in &table.foreign_keys {
        let places: Vec<usize> = foreign.columns.iter().filter_map(&place).collect();
        if places == key || uniques.iter().chain(&references).any(|known| known.columns == places) {
            continue;
        }
        let is_free = |method: &Ident| references.iter().all(|known| known.method != *method);
        let method = names::free(names::list(&foreign.columns), "list_by_", &foreign.name, is_free);
        references.push(Unique { name: foreign.name.clone(), method, columns: places, predicate: None });
    }
    references
}

/// What an insert can meet a row by.
pub(super) fn targets(table: &Table, soft_delete: Option<&SoftDelete>, place: impl Fn(&String) -> Option<usize>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let key = table.primary_key.iter().map(|key| UniqueSet {
        name: &key.name,
        columns: &key.columns,
        deferrable: key.deferrable,
        predicate: None,
    });
    for UniqueSet { name, columns, deferrable, predicate } in key.chain(unique_sets(table, soft_delete)) {
        let places: Vec<usize> = columns.iter().filter_map(&place).collect();
        // PostgreSQL takes none that is deferrable.
        if deferrable || targets.iter().any(|known| known.columns == places) {
            continue;
        }
        let is_free = |variant: &Ident| targets.iter().all(|known| known.variant != *variant);
        let variant = names::free_variant(names::variant(columns), name, is_free);
        let of = if predicate.is_some() { ", of the rows that are seen" } else { "" };
        targets.push(Target {
            variant,
            doc: format!("{}{of}", docs::code(name)),
            columns: places,
            predicate: predicate.map(str::to_owned),
        });
    }
    targets
}
