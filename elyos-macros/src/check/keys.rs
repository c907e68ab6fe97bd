//! What the table's constraints make of methods and of an upsert's targets.

use std::collections::HashMap;

use elyos_schema::catalog::{Key, Table};
use syn::Error;

use super::table::shown;
use crate::attr::{Errors, Input};
use crate::model::{Target, Unique};
use crate::{docs, names};

/// The unique constraints, and the unique indexes over plain columns of all rows, which hold as much; but for what can be undecided
/// until the end of a transaction.
fn unique_sets(table: &Table) -> impl Iterator<Item = (&str, &[String], bool)> {
    let of = |key: &Key| key.deferrable;
    let constraints = table.unique.iter().map(move |key| (key.name.as_str(), key.columns.as_slice(), of(key)));
    let indexes = table.indexes.iter().filter(|index| index.unique && !index.partial);
    constraints.chain(indexes.filter_map(|index| Some((index.name.as_str(), index.columns.as_deref()?, false))))
}

/// The unique constraints that rows are found by: each set of columns once, and not those of the key.
pub(super) fn uniques(
    table: &Table,
    key: &[usize],
    place: impl Fn(&String) -> Option<usize>,
    input: &Input,
    errors: &mut Errors,
) -> Vec<Unique> {
    let mut uniques: Vec<Unique> = Vec::with_capacity(table.unique.len());
    let mut methods: HashMap<String, &str> = HashMap::new();
    for (name, columns, _) in unique_sets(table) {
        let places: Vec<usize> = columns.iter().filter_map(&place).collect();
        if places == key || uniques.iter().any(|known| known.columns == places) {
            continue;
        }
        let unique = Unique { name: name.to_owned(), method: names::lookup(columns), columns: places };
        if let Some(other) = methods.insert(unique.method.to_string(), name) {
            let message =
                format!("the unique constraints `{other}` and `{name}` of {} would both have the method `{}`", shown(table), unique.method);
            errors.push(Error::new(input.table.span(), message));
        }
        uniques.push(unique);
    }
    uniques
}

/// The foreign keys that rows are listed by: each set of columns once, and none of which at most one row can be.
pub(super) fn references(table: &Table, key: &[usize], uniques: &[Unique], place: impl Fn(&String) -> Option<usize>) -> Vec<Unique> {
    let mut references: Vec<Unique> = Vec::new();
    for foreign in &table.foreign_keys {
        let places: Vec<usize> = foreign.columns.iter().filter_map(&place).collect();
        let known = places == key || uniques.iter().chain(&references).any(|known| known.columns == places);
        let method = names::list(&foreign.columns);
        // Two sets of columns that are called alike: the first has the method.
        if !known && !references.iter().any(|known| known.method == method) {
            references.push(Unique { name: foreign.name.clone(), method, columns: places });
        }
    }
    references
}

/// What an insert can meet a row by.
pub(super) fn targets(table: &Table, place: impl Fn(&String) -> Option<usize>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let key = table.primary_key.iter().map(|key| (key.name.as_str(), key.columns.as_slice(), key.deferrable));
    for (name, columns, deferrable) in key.chain(unique_sets(table)) {
        let places: Vec<usize> = columns.iter().filter_map(&place).collect();
        let variant = names::variant(columns);
        // PostgreSQL takes none that is deferrable.
        if deferrable || targets.iter().any(|known| known.columns == places || known.variant == variant) {
            continue;
        }
        targets.push(Target { variant, doc: docs::code(name), columns: places });
    }
    targets
}
