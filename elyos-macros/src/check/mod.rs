//! What the user wrote against what the schema says; every error is gathered.

mod constraints;
mod default;
mod keys;
mod named;
mod relations;
mod table;

use std::collections::HashMap;

use elyos_schema::Catalog;
use elyos_schema::catalog::{Column, Identity, Table, Trigger};
use proc_macro2::Span;
use quote::quote;
use syn::Error;

use crate::attr::{Errors, Input};
use crate::model::{ColumnModel, Copied, LeavesOut, Model, OnInsert};
use crate::schema::Schema;
use crate::types::{self, Mapping};
use crate::{docs, names};
use named::Named;
use table::{find_table, is_view, shown};

/// The model of the repository.
pub(crate) fn model(input: Input, schema: &Schema) -> Result<Model, Error> {
    let mut errors = Errors::default();
    let table = find_table(&input, schema)?;
    let named = Named::read(&input, table, &mut errors);
    let columns = columns(&input, table, schema, &named, &mut errors);
    // A column that is not understood has no place; what follows could only repeat that.
    errors.check()?;

    let writable = !is_view(table);
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let key: Vec<usize> = table.primary_key.iter().flat_map(|key| key.columns.iter().filter_map(place)).collect();
    let soft_delete = named.soft_delete(&columns, table, &mut errors);
    let uniques = keys::uniques(table, &key, soft_delete.as_ref(), place);
    let references = keys::references(table, &key, &uniques, place);
    let targets = keys::targets(table, soft_delete.as_ref(), place);
    let constraints = constraints::constraints(table, &schema.catalog);
    let touched = named.touched(&columns, table, &mut errors).filter(|_| writable);
    let foreign_keys = relations::foreign_keys(table, place);
    let relations = relations::relations(&input.relations, table, &columns, &mut errors);
    errors.finish()?;
    Ok(Model {
        base: names::base(&input.ident.to_string()),
        handles: names::handles(&table.name),
        shown: shown(table),
        quoted: format!("{}.{}", names::quoted(&table.schema), names::quoted(&table.name)),
        comment: table.comment.as_deref().map(docs::prose),
        search: named.search,
        ident: input.ident,
        vis: input.vis,
        columns,
        key,
        uniques,
        references,
        foreign_keys,
        relations,
        constraints,
        targets,
        soft_delete,
        touched,
        writable,
        leaves_out: leaves_out(table, &schema.catalog),
    })
}

/// By the triggers of the table's and of its partitions' that are called before a row is written.
fn leaves_out(table: &Table, catalog: &Catalog) -> LeavesOut {
    let mut tables = constraints::partitions(table, catalog);
    tables.push(table);
    let any = |is: fn(&Trigger) -> bool| tables.iter().any(|table| table.triggers.iter().any(is));
    LeavesOut { inserts: any(|trigger| trigger.before_insert), updates: any(|trigger| trigger.before_update) }
}

fn columns(input: &Input, table: &Table, schema: &Schema, named: &Named<'_>, errors: &mut Errors) -> Vec<ColumnModel> {
    let said = errors.take(schema.manifest.types_path()).flatten();
    let types = input.types_in.as_ref().or(said.as_ref()).map_or_else(|| quote!(crate::types), |path| quote!(#path));
    let mapping = Mapping { types: Some(&types), dates: schema.manifest.dates() };
    let mut columns = Vec::with_capacity(table.columns.len());
    let mut fields: HashMap<String, &str> = HashMap::new();
    let mut constants: HashMap<String, &str> = HashMap::new();
    for (index, column) in table.columns.iter().enumerate() {
        check_names(column, table, schema, (&mut fields, &mut constants), input.table.span(), errors);
        let own = named.types.iter().find(|(place, _)| *place == index);
        let ty = types::rust_type(&column.ty, &schema.catalog, mapping);
        let ty = match own {
            Some((_, own)) => ty.replaced(own),
            None => ty,
        };
        columns.push(ColumnModel {
            name: column.name.clone(),
            quoted: names::quoted(&column.name),
            field: names::field(&column.name),
            constant: names::constant(&column.name),
            nullable: !refuses_null(column, table, &schema.catalog),
            insert: on_insert(column, &schema.catalog),
            doc: document(column),
            // With modifiers, a cast would cut what an assignment refuses.
            sql_type: column.ty.of_any_length(),
            default: default::expression(column, &schema.catalog),
            domain_over: types::domain_over(&column.ty, &schema.catalog),
            operators_in: types::operators_in(&column.ty, &schema.catalog),
            // One of PostgreSQL's own has no schema before it.
            collated: column.collation.as_deref().or_else(|| schema.catalog.collation_of(&column.ty)).is_some_and(|of| of.contains('.')),
            copied: copied(column, schema),
            secret: named.secret.contains(&index),
            ty,
        });
    }
    columns
}

/// Whether a column has a field and a handle that no other has.
fn check_names<'t>(
    column: &'t Column,
    table: &Table,
    schema: &Schema,
    (fields, constants): (&mut HashMap<String, &'t str>, &mut HashMap<String, &'t str>),
    span: Span,
    errors: &mut Errors,
) {
    let (field, constant) = (names::field(&column.name), names::constant(&column.name));
    let mut both = |other: &str, what: String| {
        let message = format!("the columns `{other}` and `{}` of {} would both {what}", column.name, shown(table));
        errors.push(Error::new(span, message));
    };
    if let Some(other) = fields.insert(field.to_string(), &column.name) {
        both(other, format!("be the field `{field}`"));
    } else if let Some(other) = constants.insert(constant.to_string(), &column.name) {
        both(other, format!("have the handle `{constant}`"));
    }
    if field == "optional" && on_insert(column, &schema.catalog) == OnInsert::Required {
        let message = format!("the column `optional` of {} would be the field that holds the columns that may be left out", shown(table));
        errors.push(Error::new(span, message));
    }
}

fn copied(column: &Column, schema: &Schema) -> Copied {
    if column.generated.is_some() {
        Copied::Never
    } else if types::is_enum(&column.ty, &schema.catalog) {
        Copied::AsLabel
    } else {
        Copied::Plainly
    }
}

/// Whether no row has null there: a column of a domain that is not null takes none. The one of a view may be from an outer join.
fn refuses_null(column: &Column, table: &Table, catalog: &Catalog) -> bool {
    column.not_null || table.proven_not_null(&column.name) || (!is_view(table) && types::refuses_null(&column.ty, catalog))
}

fn on_insert(column: &Column, catalog: &Catalog) -> OnInsert {
    let has_default = || column.default.is_some() || column.identity.is_some() || types::has_default(&column.ty, catalog);
    if column.generated.is_some() || column.identity == Some(Identity::Always) {
        OnInsert::Absent
    } else if (column.not_null || types::refuses_null(&column.ty, catalog)) && !has_default() {
        OnInsert::Required
    } else {
        OnInsert::Optional
    }
}

/// The comment, then the column as the schema has it.
fn document(column: &Column) -> String {
    let mut doc = column.comment.as_deref().map(|comment| format!("{}\n\n", docs::prose(comment))).unwrap_or_default();
    let not_null = if column.not_null { " not null" } else { "" };
    doc.push_str(&docs::code(&format!("{} {}{not_null}", column.name, column.ty)));
    if let Some(default) = &column.default {
        doc.push_str(", by default ");
        doc.push_str(&docs::code(default));
    }
    if column.identity.is_some() {
        doc.push_str(", an identity");
    }
    if let Some(generated) = &column.generated {
        doc.push_str(", generated as ");
        doc.push_str(&docs::code(generated));
    }
    doc
}
