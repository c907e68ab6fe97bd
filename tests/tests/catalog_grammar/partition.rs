//! Partitions of every strategy, with bounds of the key's types.

use elyos_schema::{
    Catalog,
    catalog::{Column, Table, TableKind, names::quote},
};

use super::Grammar;

impl Grammar {
    pub(super) fn partition(&mut self, catalog: &Catalog) -> String {
        let Some(parent) = self.one(catalog, |table| table.kind == TableKind::Partitioned).cloned() else {
            return format!(
                "create table {} (id int, a int, b text, d date) partition by {}",
                self.new_name(),
                self.pick(&["list (a)", "range (a, id)", "hash (b)", "range (id)", "list (b)", "range (d)", "list ((a is null))"])
            );
        };
        let bound = self.bound(&parent);
        let name = parent.full_name();
        match self.below(10) {
            0 | 1 => {
                let fits = self.one(catalog, |table| {
                    table.kind == TableKind::Table && table.parents.is_empty() && table.columns.len() == parent.columns.len()
                });
                let fits = fits.map(|table| table.full_name().to_string()).filter(|_| self.chance(80));
                let (child, _) = self.table(catalog);
                format!("alter table {name} attach partition {} {bound}", fits.unwrap_or(child))
            }
            2 | 3 => {
                let children: Vec<String> =
                    catalog.tables().filter(|table| table.parents.contains(&name)).map(|table| table.full_name().to_string()).collect();
                if children.is_empty() {
                    return format!("create table {} partition of {name} {bound}", self.new_name());
                }
                format!("alter table {name} detach partition {}", self.one_of(&children, "nothing"))
            }
            4 => {
                let column = self.column(Some(&parent));
                format!("create table {} partition of {name} ({column} not null) {bound}", self.new_name())
            }
            5 => {
                let column = self.sorted_column(Some(&parent));
                let strategy = self.pick(&["list", "range", "hash"]);
                format!("create table {} partition of {name} {bound} partition by {strategy} ({column})", self.new_name())
            }
            6 => {
                let column = self.column(Some(&parent));
                let condition = self.condition(Some(&parent), &column);
                format!("create table {} partition of {name} (check ({condition})) {bound}", self.new_name())
            }
            _ => format!("create table {} partition of {name} {bound}", self.new_name()),
        }
    }

    /// A bound that the key's strategy allows, mostly.
    fn bound(&mut self, parent: &Table) -> String {
        let key = parent.partition_key.clone().unwrap_or_default();
        let (strategy, columns) = key.split_once('(').unwrap_or_default();
        let columns = columns.trim_end().trim_end_matches(')');
        let strategy = if self.chance(3) { "hash".to_owned() } else { strategy.trim().to_lowercase() };
        if strategy == "hash" {
            let modulus = self.pick(&["4", "4", "2", "8"]);
            let remainder = self.below(modulus.parse().expect("it is a number"));
            return format!("for values with (modulus {modulus}, remainder {remainder})");
        }
        // An expression of a key gives no column, and takes only the bounds that every type has.
        let found: Vec<Option<&Column>> =
            columns.split(", ").map(|name| parent.columns.iter().find(|column| quote(&column.name) == name)).collect();
        if self.chance(25) {
            return "default".to_owned();
        }
        if strategy == "list" {
            let values = found.first().map_or(NO_VALUES, |column| values_of(*column));
            let value = self.pick(values).to_owned();
            let more = self.pick(values);
            return format!(
                "for values in ({value}{})",
                if more == value || self.chance(50) { String::new() } else { format!(", {more}") }
            );
        }
        let mut from = Vec::new();
        let mut to = Vec::new();
        for column in found {
            let values = values_of(column);
            // Behind an infinite value there are only such, mostly.
            if values.len() < 3 || from.last() == Some(&"minvalue") && !self.chance(5) || self.chance(10) {
                from.push("minvalue");
                to.push("maxvalue");
                continue;
            }
            let least = self.below(values.len() - 2);
            from.push(values[least + 1]);
            to.push(values[values.len() - 1]);
        }
        format!("for values from ({}) to ({})", from.join(", "), to.join(", "))
    }
}

const NO_VALUES: &[&str] = &["null"];

/// Some values of a column's type in their order, null before all.
fn values_of(column: Option<&Column>) -> &'static [&'static str] {
    let Some(ty) = column.map(|column| &column.ty).filter(|ty| ty.schema.is_none() && ty.array_dimensions == 0) else {
        return NO_VALUES;
    };
    match ty.name.as_str() {
        "int2" | "int4" | "int8" => &["null", "1", "10", "20", "30"],
        "text" => &["null", "'a'", "'b'", "'it''s'", "'z'"],
        "date" => &["null", "'2020-01-01'", "'2021-01-01'", "'2022-02-02'"],
        "bool" => &["null", "false", "true"],
        _ => NO_VALUES,
    }
}
