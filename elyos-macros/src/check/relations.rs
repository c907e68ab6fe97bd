//! What the user calls relations, as far as this table's schema can say; the other table's half is checked by the compiler.

use std::collections::HashSet;

use elyos_schema::catalog::Table;
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Error, Ident};

use super::named::place;
use super::table::shown;
use crate::attr::Errors;
use crate::attr::relation::{By, End as Said, RelationInput};
use crate::model::{ColumnModel, End, ForeignKeyModel, RelationModel, Way};
use crate::names;

/// The foreign keys of a table.
pub(super) fn foreign_keys(table: &Table, place: impl Fn(&String) -> Option<usize>) -> Vec<ForeignKeyModel> {
    let keys = table.foreign_keys.iter().map(|key| ForeignKeyModel {
        columns: key.columns.iter().filter_map(&place).collect(),
        table: format!("{}.{}", names::quoted(&key.references_schema), names::quoted(&key.references_table)),
        to: key.references_columns.iter().map(|column| names::quoted(column)).collect(),
    });
    // One whose columns are not all known could connect by others only.
    keys.filter(|key| key.columns.len() == key.to.len()).collect()
}

pub(super) fn relations(inputs: &[RelationInput], table: &Table, columns: &[ColumnModel], errors: &mut Errors) -> Vec<RelationModel> {
    let mut taken: HashSet<String> = columns.iter().map(|column| column.constant.to_string()).collect();
    let mut relations = Vec::with_capacity(inputs.len());
    for input in inputs {
        if !taken.insert(input.name.to_string()) {
            let message = format!("the relation `{0}` would be the handle `{0}`, which there is already", input.name);
            errors.push(Error::new(input.name.span(), message));
            continue;
        }
        if let Some(way) = way(input, table, columns, errors) {
            relations.push(RelationModel { constant: input.name.clone(), other: input.other.clone(), way });
        }
    }
    relations
}

fn way(input: &RelationInput, table: &Table, columns: &[ColumnModel], errors: &mut Errors) -> Option<Way> {
    Some(match &input.by {
        By::Through { link, near, far } => {
            let near = match near {
                Said::Key(by) => End::Key(said(by)),
                Said::Columns(pairs) => {
                    let own = |ours: &Ident| columns.get(place(ours, table, errors)?).map(|column| column.name.clone());
                    End::On(meant(pairs, own)?)
                }
            };
            let far = match far {
                Said::Key(by) => End::Key(said(by)),
                Said::Columns(pairs) => End::On(meant(pairs, |theirs| Some(theirs.unraw().to_string()))?),
            };
            Way::Through { link: link.clone(), near, far }
        }
        By::Key(by) if !input.to_one => Way::Children(said(by)),
        By::Key(by) => Way::Parent(own_key(input, by, table, columns, errors)?),
        By::Columns(pairs) if input.to_one => {
            let pairs = pairs.iter().map(|(theirs, ours)| Some((place(ours, table, errors)?, theirs.unraw().to_string())));
            Way::ParentOn(pairs.collect::<Option<_>>()?)
        }
        By::Columns(pairs) => {
            let quoted = |index: usize| columns.get(index).map(|column| column.quoted.clone());
            let pairs = pairs.iter().map(|(theirs, ours)| Some((theirs.unraw().to_string(), quoted(place(ours, table, errors)?)?)));
            Way::ChildrenOn(pairs.collect::<Option<_>>()?)
        }
    })
}

/// The columns of a table between, and those of another that they mean.
fn meant(pairs: &[(Ident, Ident)], mut name: impl FnMut(&Ident) -> Option<String>) -> Option<Vec<(String, String)>> {
    pairs.iter().map(|(link, other)| Some((link.unraw().to_string(), name(other)?))).collect()
}

fn said(columns: &[Ident]) -> Vec<String> {
    columns.iter().map(|column| column.unraw().to_string()).collect()
}

/// The columns of a foreign key of this table's own.
fn own_key(input: &RelationInput, by: &[Ident], table: &Table, columns: &[ColumnModel], errors: &mut Errors) -> Option<Vec<String>> {
    let places: Vec<usize> = by.iter().map(|ident| place(ident, table, errors)).collect::<Option<_>>()?;
    let named: Vec<String> = places.iter().filter_map(|place| columns.get(*place)).map(|column| column.name.clone()).collect();
    let is_meant = |key: &&elyos_schema::catalog::ForeignKey| named.is_empty() || key.columns == named;
    if table.foreign_keys.iter().any(|key| is_meant(&key)) {
        return Some(named);
    }
    let of = if named.is_empty() { String::new() } else { format!(" of {}", named.join(", ")) };
    let message = format!(
        "{} has no foreign key{of}, by which its rows would lead to `{}`\n= help: name the columns that mean each other: `on (theirs = ours)`",
        shown(table),
        input.other.to_token_stream().to_string().replace(' ', "")
    );
    errors.push(Error::new(by.first().unwrap_or(&input.name).span(), message));
    None
}
