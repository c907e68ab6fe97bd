//! What the user wrote against what the schema says; every error is gathered.

use std::collections::HashMap;

use elyos_schema::catalog::{Column, Identity, Table, TableKind};
use elyos_schema::{Catalog, nearest};
use syn::Error;

use crate::attr::{Errors, Input};
use crate::model::{ColumnModel, Model, OnInsert, Unique};
use crate::schema::Schema;
use crate::{names, types};

/// The model of the repository.
pub(crate) fn model(input: Input, schema: &Schema) -> Result<Model, Error> {
    let mut errors = Errors::default();
    let table = find_table(&input, &schema.catalog)?;
    let mut columns = Vec::with_capacity(table.columns.len());
    let mut fields: HashMap<String, &str> = HashMap::new();
    for column in &table.columns {
        let field = names::field(&column.name);
        if let Some(other) = fields.insert(field.to_string(), &column.name) {
            errors.push(Error::new(
                input.table.span(),
                format!("the columns `{other}` and `{}` of {} would both be the field `{field}`", column.name, shown(table)),
            ));
        }
        if field == "optional" && on_insert(column) == OnInsert::Required {
            errors.push(Error::new(
                input.table.span(),
                format!("the column `optional` of {} would be the field that holds the columns that may be left out", shown(table)),
            ));
        }
        match types::rust_type(&column.ty) {
            Ok(ty) => columns.push(ColumnModel {
                name: column.name.clone(),
                quoted: names::quoted(&column.name),
                field,
                constant: names::constant(&column.name),
                nullable: !column.not_null,
                insert: on_insert(column),
                doc: document(column),
                ty,
            }),
            Err(why) => errors.push(Error::new(input.table.span(), format!("the column `{}` of {}: {why}", column.name, shown(table)))),
        }
    }
    let search = input
        .search
        .iter()
        .filter_map(|ident| {
            let name = syn::ext::IdentExt::unraw(ident).to_string();
            let known = table.columns.iter().find(|column| column.name == name || names::snake(&column.name) == name);
            if known.is_none() {
                let near = nearest(&name, table.columns.iter().map(|column| column.name.as_str()));
                errors.push(Error::new(ident.span(), format!("{} has no column `{name}`{}", shown(table), did_you_mean(&near))));
            }
            known.map(|column| names::quoted(&column.name))
        })
        .collect();
    errors.finish()?;

    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let key: Vec<usize> = table.primary_key.iter().flat_map(|key| key.columns.iter().filter_map(place)).collect();
    let uniques = table
        .unique
        .iter()
        .map(|unique| Unique { name: unique.name.clone(), columns: unique.columns.iter().filter_map(place).collect() })
        .filter(|unique| unique.columns != key)
        .collect();
    Ok(Model {
        base: names::base(&input.ident.to_string()),
        module: names::identifier(&names::snake(&table.name)),
        shown: shown(table),
        quoted: format!("{}.{}", names::quoted(&table.schema), names::quoted(&table.name)),
        comment: table.comment.clone(),
        ident: input.ident,
        vis: input.vis,
        columns,
        key,
        uniques,
        search,
        schema_path: schema.path.clone(),
    })
}

fn shown(table: &Table) -> String {
    format!("{}.{}", table.schema, table.name)
}

/// `; did you mean …?`
fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean `{}`?", near.join("` or `")),
    }
}

fn find_table<'c>(input: &Input, catalog: &'c Catalog) -> Result<&'c Table, Error> {
    let wanted = input.table.value();
    let (schema, name) = wanted.split_once('.').unwrap_or(("public", &wanted));
    let Some(table) = catalog.table(schema, name) else {
        let known: Vec<String> = catalog.tables().map(shown).collect();
        let full = format!("{schema}.{name}");
        let mut near = nearest(&full, known.iter().map(String::as_str));
        // A table of that name in another schema is the likelier slip.
        let elsewhere = known.iter().map(String::as_str).filter(|known| known.ends_with(&format!(".{name}")));
        near.splice(0..0, elsewhere);
        near.dedup();
        return Err(Error::new(input.table.span(), format!("the schema has no table `{full}`{}", did_you_mean(&near))));
    };
    if !matches!(table.kind, TableKind::Table | TableKind::Partitioned | TableKind::Foreign) {
        return Err(Error::new(input.table.span(), format!("{} is a view: a repository needs a table", shown(table))));
    }
    if table.columns.is_empty() {
        return Err(Error::new(input.table.span(), format!("{} has no columns", shown(table))));
    }
    Ok(table)
}

fn on_insert(column: &Column) -> OnInsert {
    if column.generated.is_some() || column.identity == Some(Identity::Always) {
        OnInsert::Absent
    } else if column.not_null && column.default.is_none() && column.identity.is_none() {
        OnInsert::Required
    } else {
        OnInsert::Optional
    }
}

/// The comment, then the column as the schema has it.
fn document(column: &Column) -> String {
    use std::fmt::Write as _;
    let mut doc = column.comment.as_deref().map(|comment| format!("{comment}\n\n")).unwrap_or_default();
    // Writing to a String cannot fail.
    let _ = write!(doc, "`{} {}{}`", column.name, column.ty, if column.not_null { " not null" } else { "" });
    if let Some(default) = &column.default {
        let _ = write!(doc, ", by default `{default}`");
    }
    if column.identity.is_some() {
        doc.push_str(", an identity");
    }
    if let Some(generated) = &column.generated {
        let _ = write!(doc, ", generated as `{generated}`");
    }
    doc
}
