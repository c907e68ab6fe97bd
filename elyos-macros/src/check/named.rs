//! The options that name columns.

use elyos_schema::catalog::Table;
use elyos_schema::nearest;
use syn::ext::IdentExt as _;
use syn::{Error, Ident};

use super::table::{did_you_mean, shown};
use crate::attr::{Errors, Input};
use crate::model::{ColumnModel, OnInsert, SoftDelete};
use crate::names;

/// The named columns, by their places.
pub(super) struct Named<'i> {
    pub(super) search: Vec<usize>,
    pub(super) secret: Vec<usize>,
    pub(super) types: Vec<(usize, &'i syn::Type)>,
    soft_delete: Option<(usize, &'i Ident)>,
    updated_at: UpdatedAt<'i>,
}

enum UpdatedAt<'i> {
    /// The column of that name, if there is one that holds a time.
    Unsaid,
    Named(usize, &'i Ident),
    No,
}

impl<'i> Named<'i> {
    pub(super) fn read(input: &'i Input, table: &Table, errors: &mut Errors) -> Self {
        let search = places(&input.search, table, "searched", errors);
        let secret = places(&input.secret, table, "secret", errors);
        for ident in &input.search {
            if place(ident, table, &mut Errors::default()).is_some_and(|place| secret.contains(&place)) {
                let message = format!(
                    "the column `{}` is secret and searched\n= help: who may search finds out what is found, a character after the other: \
                     leave it out of `search` or of `secret`",
                    ident.unraw()
                );
                errors.push(Error::new(ident.span(), message));
            }
        }
        let mut types: Vec<(usize, &syn::Type)> = Vec::with_capacity(input.types.len());
        for (ident, ty) in &input.types {
            match place(ident, table, errors) {
                Some(index) if types.iter().any(|(other, _)| *other == index) => {
                    errors.push(Error::new(ident.span(), format!("the column `{}` has a type already", ident.unraw())));
                }
                Some(index) => types.push((index, ty)),
                None => {}
            }
        }
        let soft_delete = input.soft_delete.as_ref().and_then(|ident| Some((place(ident, table, errors)?, ident)));
        let updated_at = match &input.updated_at {
            None => UpdatedAt::Unsaid,
            Some(ident) if ident == "none" && table.column("none").is_none() => UpdatedAt::No,
            Some(ident) => place(ident, table, errors).map_or(UpdatedAt::No, |index| UpdatedAt::Named(index, ident)),
        };
        Self { search, secret, types, soft_delete, updated_at }
    }

    /// How rows are hidden: by a time that is null while they are seen, or by a flag that is false.
    pub(super) fn soft_delete(&self, columns: &[ColumnModel], table: &Table, errors: &mut Errors) -> Option<SoftDelete> {
        let (index, ident) = self.soft_delete?;
        let (column, ty) = (columns.get(index)?, &table.columns.get(index)?.ty);
        let quoted = column.quoted.clone();
        if is_time(ty) && column.nullable && column.insert != OnInsert::Absent {
            return Some(SoftDelete {
                visible: format!("{quoted} IS NULL"),
                hidden: format!("{quoted} IS NOT NULL"),
                hide: format!("{quoted} = now()"),
                show: format!("{quoted} = NULL"),
                column: quoted,
                is_time: true,
                is_nullable: true,
            });
        }
        if ty.name == "bool" && ty.schema.is_none() && ty.array_dimensions == 0 && column.insert != OnInsert::Absent {
            return Some(SoftDelete {
                visible: format!("{quoted} IS NOT TRUE"),
                hidden: quoted.clone(),
                hide: format!("{quoted} = true"),
                show: format!("{quoted} = false"),
                column: quoted,
                is_time: false,
                is_nullable: column.nullable,
            });
        }
        let message = format!(
            "the column `{}` of {} cannot say whether a row is deleted\n= help: it takes a time that may be null, or a boolean",
            column.name,
            shown(table)
        );
        errors.push(Error::new(ident.span(), message));
        None
    }

    /// The column that an update sets to the time.
    pub(super) fn touched(&self, columns: &[ColumnModel], table: &Table, errors: &mut Errors) -> Option<usize> {
        let holds_time = |index: usize| {
            let absent = columns.get(index).is_none_or(|column| column.insert == OnInsert::Absent);
            !absent && table.columns.get(index).is_some_and(|column| is_time(&column.ty))
        };
        match self.updated_at {
            UpdatedAt::No => None,
            UpdatedAt::Unsaid => columns.iter().position(|column| column.name == "updated_at").filter(|index| holds_time(*index)),
            UpdatedAt::Named(index, _) if holds_time(index) => Some(index),
            UpdatedAt::Named(_, ident) => {
                let message = format!(
                    "the column `{}` of {} cannot hold the time of an update\n= help: it takes a date or a timestamp",
                    ident.unraw(),
                    shown(table)
                );
                errors.push(Error::new(ident.span(), message));
                None
            }
        }
    }
}

fn is_time(ty: &elyos_schema::catalog::Type) -> bool {
    ty.schema.is_none() && ty.array_dimensions == 0 && matches!(ty.name.as_str(), "timestamp" | "timestamptz" | "date")
}

/// The places of columns, each named once.
fn places(idents: &[Ident], table: &Table, what: &str, errors: &mut Errors) -> Vec<usize> {
    let mut places = Vec::with_capacity(idents.len());
    for ident in idents {
        match place(ident, table, errors) {
            Some(index) if places.contains(&index) => {
                errors.push(Error::new(ident.span(), format!("the column `{}` is {what} already", ident.unraw())));
            }
            Some(index) => places.push(index),
            None => {}
        }
    }
    places
}

/// The place of a column, by its name or its field's.
pub(super) fn place(ident: &Ident, table: &Table, errors: &mut Errors) -> Option<usize> {
    let name = ident.unraw().to_string();
    let known = table.columns.iter().position(|column| column.name == name);
    let known = known.or_else(|| table.columns.iter().position(|column| names::snake(&column.name) == name));
    if known.is_none() {
        let near = nearest(&name, table.columns.iter().map(|column| column.name.as_str()));
        errors.push(Error::new(ident.span(), format!("{} has no column `{name}`{}", shown(table), did_you_mean(&near))));
    }
    known
}
