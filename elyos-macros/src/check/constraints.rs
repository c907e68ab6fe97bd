//! The constraints of a table as variants of an enum.

use elyos_schema::Catalog;
use elyos_schema::catalog::Table;
use proc_macro2::Ident;

use crate::model::{Constraint, Elsewhere};
use crate::{docs, names};

/// What tells a part of a constraint in a partition from others: its columns, where its name is another.
#[derive(PartialEq)]
enum Kind<'t> {
    Unique(&'t [String]),
    Foreign(&'t [String]),
    Other,
}

/// What a violation can name: constraints, and unique indexes.
fn all(table: &Table) -> Vec<(&str, Kind<'_>, String)> {
    let listed = |columns: &[String]| columns.join(", ");
    let mut all = Vec::new();
    if let Some(key) = &table.primary_key {
        all.push((key.name.as_str(), Kind::Unique(&key.columns), format!("primary key ({})", listed(&key.columns))));
    }
    for key in &table.unique {
        all.push((key.name.as_str(), Kind::Unique(&key.columns), format!("unique ({})", listed(&key.columns))));
    }
    for key in &table.foreign_keys {
        let doc = format!("foreign key ({}) to {}.{}", listed(&key.columns), key.references_schema, key.references_table);
        all.push((key.name.as_str(), Kind::Foreign(&key.columns), doc));
    }
    all.extend(table.checks.iter().map(|check| (check.name.as_str(), Kind::Other, "check".to_owned())));
    all.extend(table.exclusions.iter().map(|exclusion| (exclusion.name.as_str(), Kind::Other, "exclusion".to_owned())));
    for index in table.indexes.iter().filter(|index| index.unique) {
        let kind = index.columns.as_deref().map_or(Kind::Other, Kind::Unique);
        all.push((index.name.as_str(), kind, "unique index".to_owned()));
    }
    all
}

/// Each constraint with its names; of those that would be called alike all but the first have a number.
pub(super) fn constraints(table: &Table, catalog: &Catalog) -> Vec<Constraint> {
    let named = |table: &Table, name: &str| [table.schema.clone(), table.name.clone(), name.to_owned()];
    let partitions = partitions(table, catalog);
    let mut constraints: Vec<Constraint> = Vec::new();
    for (name, kind, doc) in all(table) {
        let is_free = |variant: &Ident| constraints.iter().all(|known| known.variant != *variant);
        let variant = names::free_variant(names::identifier(&names::camel(name)), name, is_free);
        let mut parts = vec![named(table, name)];
        for partition in &partitions {
            let part = all(partition).into_iter().find(|(other, of, _)| *other == name || (kind != Kind::Other && *of == kind));
            parts.extend(part.map(|(other, _, _)| named(partition, other)));
        }
        let elsewhere = table.partition_key.as_ref().and_then(|_| elsewhere(table, name));
        constraints.push(Constraint { variant, doc: format!("{}: {}.", docs::code(name), docs::prose(&doc)), names: parts, elsewhere });
    }
    constraints
}

/// What a constraint of a partitioned table is called by in a partition.
fn elsewhere(table: &Table, name: &str) -> Option<Elsewhere> {
    let behind = |columns: &[String], label: &str| Elsewhere::Behind(format!("_{}_{label}", columns.join("_")));
    if table.primary_key.as_ref().is_some_and(|key| key.name == name) {
        return Some(Elsewhere::Behind("_pkey".to_owned()));
    }
    if let Some(key) = table.unique.iter().find(|key| key.name == name) {
        return Some(behind(&key.columns, "key"));
    }
    if let Some(index) = table.indexes.iter().find(|index| index.name == name) {
        return index.columns.as_deref().map(|columns| behind(columns, "idx"));
    }
    let is_passed_on = table.checks.iter().any(|check| check.name == name) || table.foreign_keys.iter().any(|key| key.name == name);
    is_passed_on.then_some(Elsewhere::Same)
}

/// The partitions of a table, and theirs.
pub(super) fn partitions<'c>(table: &Table, catalog: &'c Catalog) -> Vec<&'c Table> {
    let mut found: Vec<&Table> = Vec::new();
    let mut wholes = vec![table.full_name()];
    while let Some(whole) = wholes.pop() {
        for part in catalog.tables().filter(|other| other.is_partition && other.parents.contains(&whole)) {
            wholes.push(part.full_name());
            found.push(part);
        }
    }
    found
}
