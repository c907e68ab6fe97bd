//! What the manifest says about tables, held against the catalog: the tables to truncate, the admin's row.

use super::{
    Admin,
    manifest::{AdminEntry, Manifest, Word},
};
use crate::{
    catalog::{Catalog, RelationName, Table, TableKind},
    diagnostic::Diagnostic,
    nearest::nearest,
};

/// The tables to truncate, in the manifest's order.
pub(super) fn truncate(manifest: &Manifest, catalog: Option<&Catalog>, found: &mut Vec<Diagnostic>) -> Vec<RelationName> {
    let mut listed: Vec<(RelationName, &Word)> = Vec::new();
    for word in &manifest.truncate {
        let Some(name) = relation(manifest, word, catalog, found) else {
            continue;
        };
        if catalog.and_then(|catalog| catalog.table(&name.schema, &name.name)).is_some_and(|table| !has_rows(table)) {
            found.push(
                Diagnostic::new(format!("`{}` is a view, which cannot be truncated", word.text))
                    .at(&manifest.source, word.range.clone())
                    .help("remove it from the list"),
            );
        } else if let Some((_, first)) = listed.iter().find(|(known, _)| *known == name) {
            let diagnostic = Diagnostic::new(format!("table `{}` is listed twice", word.text)).at(&manifest.source, word.range.clone());
            found.push(diagnostic.label(&manifest.source, first.range.clone(), "here already").help("remove one of the two"));
        } else {
            listed.push((name, word));
        }
    }
    if let Some(catalog) = catalog {
        references_from_outside(manifest, catalog, &listed, found);
    }
    listed.into_iter().map(|(name, _)| name).collect()
}

fn has_rows(table: &Table) -> bool {
    !matches!(table.kind, TableKind::View | TableKind::MaterializedView)
}

/// PostgreSQL truncates no table that one outside the statement references, even if that one is empty.
fn references_from_outside(manifest: &Manifest, catalog: &Catalog, listed: &[(RelationName, &Word)], found: &mut Vec<Diagnostic>) {
    for table in catalog.tables().filter(|table| !is_listed(catalog, table, listed)) {
        for key in &table.foreign_keys {
            let Some((_, word)) = listed.iter().find(|(name, _)| name.schema == key.references_schema && name.name == key.references_table)
            else {
                continue;
            };
            let outside = format!("{}.{}", table.schema, table.name);
            let diagnostic = Diagnostic::new(format!(
                "`{}` cannot be truncated without `{outside}`, whose foreign key `{}` references it",
                word.text, key.name
            ));
            found.push(diagnostic.at(&manifest.source, word.range.clone()).help(format!("add `\"{outside}\"` to the list")));
        }
    }
}

/// Whether a table is in the list, or one that it inherits from is: `TRUNCATE` reaches partitions and children.
fn is_listed(catalog: &Catalog, table: &Table, listed: &[(RelationName, &Word)]) -> bool {
    let name = table.full_name();
    listed.iter().any(|(known, _)| *known == name)
        || table
            .parents
            .iter()
            .filter_map(|parent| catalog.table(&parent.schema, &parent.name))
            .any(|parent| is_listed(catalog, parent, listed))
}

/// The relation a manifest's `schema.table` means. Without a catalog every name is believed.
fn relation(manifest: &Manifest, word: &Word, catalog: Option<&Catalog>, found: &mut Vec<Diagnostic>) -> Option<RelationName> {
    let (schema, name) = split(&word.text);
    let Some(catalog) = catalog else {
        let schema = schema.unwrap_or_else(|| manifest.search_path.first().cloned().unwrap_or_else(|| "public".to_owned()));
        return Some(RelationName { schema, name });
    };
    if let Some(table) = catalog.resolve(schema.as_deref(), &name) {
        return Some(table.full_name());
    }
    let known: Vec<String> =
        catalog.tables().filter(|table| has_rows(table)).map(|table| format!("{}.{}", table.schema, table.name)).collect();
    let near = nearest(&word.text, known.iter().map(String::as_str));
    found.push(
        Diagnostic::new(format!("no table `{}` in the schema", word.text))
            .at(&manifest.source, word.range.clone())
            .help_nearest_or(&near, "tables are written `schema.table`, exactly as the schema has them"),
    );
    None
}

/// `schema.table`, either part in double quotes if it has a dot in it. Names are exact: nothing is folded.
fn split(text: &str) -> (Option<String>, String) {
    let mut parts: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted && parts.len() == 1 => parts.push(String::new()),
            letter => parts.last_mut().into_iter().for_each(|part| part.push(letter)),
        }
    }
    let name = parts.pop().unwrap_or_default();
    (parts.pop(), name)
}

/// The admin's row, if its table, key and column exist.
pub(super) fn admin(manifest: &Manifest, entry: &AdminEntry, catalog: Option<&Catalog>, found: &mut Vec<Diagnostic>) -> Option<Admin> {
    let table = relation(manifest, &entry.table, catalog, found)?;
    if let Some(definition) = catalog.and_then(|catalog| catalog.table(&table.schema, &table.name)).filter(|table| table.columns_known) {
        let columns: Vec<String> = definition.columns.iter().map(|column| format!("`{}`", column.name)).collect();
        for column in entry.key.iter().map(|(column, _)| column).chain([&entry.column]) {
            if definition.column(&column.text).is_none() {
                let near = nearest(&column.text, definition.columns.iter().map(|column| column.name.as_str()));
                let diagnostic = Diagnostic::new(format!("table `{}` has no column `{}`", entry.table.text, column.text));
                found.push(
                    diagnostic
                        .at(&manifest.source, column.range.clone())
                        .help_nearest_or(&near, format!("its columns are {}", columns.join(", "))),
                );
            }
        }
    }
    let key = entry.key.iter().map(|(column, value)| (column.text.clone(), value.clone())).collect();
    Some(Admin { table, key, column: entry.column.text.clone(), env: entry.env.clone() })
}
