//! What the user wrote against what the schema says; every error is gathered.

use std::collections::HashMap;

use elyos_schema::catalog::{Column, Identity, Table, TableKind};
use elyos_schema::nearest;
use syn::Error;

use crate::attr::{Errors, Input};
use crate::model::{ColumnModel, Model, OnInsert, Unique};
use crate::schema::Schema;
use crate::{docs, names, types};

/// What can be done about a column that no field can hold.
const NO_RUST_TYPE: &str = "a repository holds every column of its table: write this table's queries by hand; docs/repositories.md lists the \
                            types that have a Rust type";

/// The model of the repository.
pub(crate) fn model(input: Input, schema: &Schema) -> Result<Model, Error> {
    let mut errors = Errors::default();
    let table = find_table(&input, schema)?;
    let mut columns = Vec::with_capacity(table.columns.len());
    let mut fields: HashMap<String, &str> = HashMap::new();
    let mut constants: HashMap<String, &str> = HashMap::new();
    for column in &table.columns {
        let field = names::field(&column.name);
        if let Some(other) = fields.insert(field.to_string(), &column.name) {
            errors.push(Error::new(
                input.table.span(),
                format!("the columns `{other}` and `{}` of {} would both be the field `{field}`", column.name, shown(table)),
            ));
        } else if let Some(other) = constants.insert(names::constant(&column.name).to_string(), &column.name) {
            errors.push(Error::new(
                input.table.span(),
                format!(
                    "the columns `{other}` and `{}` of {} would both have the handle `{}`",
                    column.name,
                    shown(table),
                    names::constant(&column.name)
                ),
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
            Err(why) => errors.push(Error::new(
                input.table.span(),
                format!("the column `{}` of {}: {why}\n= help: {NO_RUST_TYPE}", column.name, shown(table)),
            )),
        }
    }
    let search = searched(&input, table, &mut errors);
    // A column that is not understood has no place; what follows could only repeat that.
    errors.check()?;

    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    let key: Vec<usize> = table.primary_key.iter().flat_map(|key| key.columns.iter().filter_map(place)).collect();
    let uniques = uniques(table, &key, place, &input, &mut errors);
    errors.finish()?;
    Ok(Model {
        base: names::base(&input.ident.to_string()),
        handles: names::identifier(&names::snake(&table.name)),
        shown: shown(table),
        quoted: format!("{}.{}", names::quoted(&table.schema), names::quoted(&table.name)),
        comment: table.comment.as_deref().map(docs::prose),
        ident: input.ident,
        vis: input.vis,
        columns,
        key,
        uniques,
        search,
        schema_path: schema.path.clone(),
    })
}

/// The columns that a search looks into, quoted.
fn searched(input: &Input, table: &Table, errors: &mut Errors) -> Vec<String> {
    let mut searched: Vec<String> = Vec::with_capacity(input.search.len());
    for ident in &input.search {
        let name = syn::ext::IdentExt::unraw(ident).to_string();
        let known = table.columns.iter().find(|column| column.name == name || names::snake(&column.name) == name);
        let Some(column) = known else {
            let near = nearest(&name, table.columns.iter().map(|column| column.name.as_str()));
            errors.push(Error::new(ident.span(), format!("{} has no column `{name}`{}", shown(table), did_you_mean(&near))));
            continue;
        };
        let quoted = names::quoted(&column.name);
        if searched.contains(&quoted) {
            errors.push(Error::new(ident.span(), format!("the column `{name}` is searched already")));
        } else {
            searched.push(quoted);
        }
    }
    searched
}

/// The unique constraints that rows are found by: each set of columns once, and not those of the key.
fn uniques(table: &Table, key: &[usize], place: impl Fn(&String) -> Option<usize>, input: &Input, errors: &mut Errors) -> Vec<Unique> {
    let mut uniques: Vec<Unique> = Vec::with_capacity(table.unique.len());
    let mut methods: HashMap<String, &str> = HashMap::new();
    for constraint in &table.unique {
        let columns: Vec<usize> = constraint.columns.iter().filter_map(&place).collect();
        if columns == key || uniques.iter().any(|known| known.columns == columns) {
            continue;
        }
        let unique = Unique { name: constraint.name.clone(), method: names::lookup(&constraint.columns), columns };
        if let Some(other) = methods.insert(unique.method.to_string(), &constraint.name) {
            errors.push(Error::new(
                input.table.span(),
                format!(
                    "the unique constraints `{other}` and `{}` of {} would both have the method `{}`",
                    unique.name,
                    shown(table),
                    unique.method
                ),
            ));
        }
        uniques.push(unique);
    }
    uniques
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

fn find_table<'c>(input: &Input, schema: &'c Schema) -> Result<&'c Table, Error> {
    let wanted = input.table.value();
    let (in_schema, name) = names::parts(&wanted);
    let has_schema = in_schema.is_some();
    let in_schema = in_schema.unwrap_or_else(|| "public".to_owned());
    let Some(table) = schema.catalog.table(&in_schema, &name) else {
        let known: Vec<String> = schema.catalog.tables().filter(|table| is_table(table)).map(shown).collect();
        let full = format!("{in_schema}.{name}");
        // A table of that name in another schema is the likelier slip.
        let mut near: Vec<&str> = known.iter().map(String::as_str).filter(|known| known.ends_with(&format!(".{name}"))).collect();
        for other in nearest(&full, known.iter().map(String::as_str)) {
            if !near.contains(&other) {
                near.push(other);
            }
        }
        let mut message = format!("{} has no table `{full}`{}", schema.shown, did_you_mean(&near));
        if !has_schema {
            message.push_str("\n= help: a table without a schema before it is one of `public`");
        }
        return Err(Error::new(input.table.span(), message));
    };
    if !is_table(table) {
        return Err(Error::new(input.table.span(), format!("{} is a view, and a repository is of a table", shown(table))));
    }
    if table.columns.is_empty() {
        return Err(Error::new(input.table.span(), format!("{} has no columns", shown(table))));
    }
    Ok(table)
}

fn is_table(table: &Table) -> bool {
    matches!(table.kind, TableKind::Table | TableKind::Partitioned | TableKind::Foreign)
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
