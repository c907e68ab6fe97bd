//! Partitions of every strategy.

use elyos_schema::{Catalog, catalog::TableKind};

use super::Grammar;

impl Grammar {
    pub(super) fn partition(&mut self, catalog: &Catalog) -> String {
        let Some(parent) = self.one(catalog, |table| table.kind == TableKind::Partitioned).cloned() else {
            return format!(
                "create table {} (id int, a int, b text) partition by {}",
                self.new_name(),
                self.pick(&["list (a)", "range (a, id)", "hash (b)", "range (id)", "list (b)"])
            );
        };
        let key = parent.partition_key.clone().unwrap_or_default().to_lowercase();
        let bound = if key.starts_with("hash") {
            format!("for values with (modulus 4, remainder {})", self.below(4))
        } else {
            "default".to_owned()
        };
        let name = parent.full_name();
        match self.below(10) {
            0 | 1 => {
                let (child, _) = self.table(catalog);
                format!("alter table {name} attach partition {child} {bound}")
            }
            2 | 3 => {
                let child = self.one(catalog, |table| table.parents.contains(&name)).map(|table| table.full_name().to_string());
                format!("alter table {name} detach partition {}", child.unwrap_or_else(|| self.new_name()))
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
}
