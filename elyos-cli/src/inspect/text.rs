//! A schema for people: a line a thing, a table's own indented below it.

use std::fmt::{self, Write as _};

use super::document::{Column, Document, Index, IndexColumn, Table};

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.tables.iter().try_for_each(|table| write_table(&mut text, table))?;
        for view in &self.views {
            let kind = if view.materialized { "materialized view" } else { "view" };
            writeln!(text, "{kind} {}.{}", view.schema, view.name)?;
            write_columns(&mut text, view.columns.as_deref())?;
            view.indexes.iter().try_for_each(|index| write_index(&mut text, index))?;
        }
        for one in &self.enums {
            writeln!(text, "enum {}.{}: {}", one.schema, one.name, one.values.join(", "))?;
        }
        for one in &self.domains {
            writeln!(text, "domain {}.{}: {}{}", one.schema, one.name, one.ty, if one.not_null { " not null" } else { "" })?;
        }
        for one in &self.composites {
            let attributes: Vec<String> = one.attributes.iter().map(|it| format!("{} {}", it.name, it.ty)).collect();
            writeln!(text, "type {}.{}: {}", one.schema, one.name, attributes.join(", "))?;
        }
        for one in &self.ranges {
            writeln!(text, "range {}.{}: {}", one.schema, one.name, one.subtype)?;
        }
        for one in &self.sequences {
            let owner = one.owned_by.as_ref().map(|it| format!(" of {}.{}.{}", it.schema, it.table, it.column)).unwrap_or_default();
            writeln!(text, "sequence {}.{}: {}{owner}", one.schema, one.name, one.ty)?;
        }
        for one in &self.functions {
            let arguments: Vec<&str> = one.arguments.iter().map(|argument| argument.ty.as_str()).collect();
            let returns = one.returns.as_ref().map(|it| format!(" returns {it}")).unwrap_or_default();
            writeln!(text, "{} {}.{}({}){returns}", one.kind, one.schema, one.name, arguments.join(", "))?;
        }
        f.write_str(text.trim_end())
    }
}

fn write_table(text: &mut String, table: &Table) -> fmt::Result {
    writeln!(text, "{} {}.{}", if table.kind == "table" { "table" } else { table.kind }, table.schema, table.name)?;
    write_columns(text, table.columns.as_deref())?;
    if let Some(key) = &table.primary_key {
        writeln!(text, "  primary key {} ({})", key.name, key.columns.join(", "))?;
    }
    for key in &table.unique {
        writeln!(text, "  unique {} ({})", key.name, key.columns.join(", "))?;
    }
    for key in &table.foreign_keys {
        let to = &key.references;
        let (from, columns) = (key.columns.join(", "), to.columns.join(", "));
        writeln!(text, "  foreign key {} ({from}) references {}.{} ({columns})", key.name, to.schema, to.table)?;
    }
    for check in &table.checks {
        writeln!(text, "  check {} ({})", check.name, check.expression)?;
    }
    table.exclusions.iter().try_for_each(|exclusion| writeln!(text, "  exclude {}", exclusion.name))?;
    table.indexes.iter().try_for_each(|index| write_index(text, index))?;
    table.policies.iter().try_for_each(|policy| writeln!(text, "  policy {} for {}", policy.name, policy.command))?;
    table.triggers.iter().try_for_each(|trigger| writeln!(text, "  trigger {} calls {}", trigger.name, trigger.function))
}

fn write_columns(text: &mut String, columns: Option<&[Column]>) -> fmt::Result {
    let Some(columns) = columns else {
        return writeln!(text, "  (columns come from a query)");
    };
    for column in columns {
        write!(text, "  {} {}", column.name, column.ty)?;
        if column.not_null {
            text.push_str(" not null");
        }
        if let Some(default) = &column.default {
            write!(text, " default {default}")?;
        }
        if let Some(identity) = column.identity {
            write!(text, " generated {identity} as identity")?;
        }
        if let Some(generated) = &column.generated {
            write!(text, " generated always as ({generated})")?;
        }
        text.push('\n');
    }
    Ok(())
}

fn write_index(text: &mut String, index: &Index) -> fmt::Result {
    let name = |column: &IndexColumn| column.column.clone().or(column.expression.clone()).unwrap_or_default();
    let columns: Vec<String> = index.columns.iter().map(name).collect();
    let unique = if index.unique { "unique index" } else { "index" };
    writeln!(text, "  {unique} {} ({})", index.name, columns.join(", "))
}
