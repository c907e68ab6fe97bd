//! The table that a repository is of.

use elyos_schema::catalog::{Table, TableKind};
use elyos_schema::nearest;
use syn::Error;

use crate::attr::Input;
use crate::names;
use crate::schema::Schema;

pub(super) fn shown(table: &Table) -> String {
    format!("{}.{}", table.schema, table.name)
}

/// `; did you mean …?`
pub(super) fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean `{}`?", near.join("` or `")),
    }
}

pub(super) fn find_table<'c>(input: &Input, schema: &'c Schema) -> Result<&'c Table, Error> {
    let wanted = input.table.value();
    let (in_schema, name) = names::parts(&wanted);
    let has_schema = in_schema.is_some();
    let in_schema = in_schema.unwrap_or_else(|| "public".to_owned());
    let Some(table) = schema.catalog.table(&in_schema, &name) else {
        let known: Vec<String> = schema.catalog.tables().map(shown).collect();
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
    if table.columns.is_empty() {
        return Err(Error::new(input.table.span(), format!("{} has no columns", shown(table))));
    }
    Ok(table)
}

/// A view is only read.
pub(super) fn is_view(table: &Table) -> bool {
    matches!(table.kind, TableKind::View | TableKind::MaterializedView)
}
