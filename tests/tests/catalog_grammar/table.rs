//! `CREATE TABLE` and `DROP TABLE`.

use elyos_schema::{Catalog, catalog::TableKind};

use super::Grammar;

const LIKE: &[&str] = &[
    "",
    " including all",
    " including indexes",
    " including constraints including defaults",
    " including all excluding indexes",
    " including identity including comments",
    " including generated including defaults",
    " including storage including compression",
    " including statistics including constraints",
    " including all excluding all including defaults",
    " including all excluding identity excluding constraints",
    " including all excluding comments excluding generated excluding defaults",
];

impl Grammar {
    pub(super) fn create_table(&mut self, catalog: &Catalog) -> String {
        let mut elements = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut sorted: Vec<String> = Vec::new();
        for _ in 0..=self.below(5) {
            let name = self.new_column();
            if !names.contains(&name) {
                let definition = self.column_definition(catalog, &name);
                if !definition.ends_with(" xml") && !definition.contains(" xml ") && !definition.contains(" json") {
                    sorted.push(name.clone());
                }
                elements.push(definition);
                names.push(name);
            }
        }
        if !sorted.is_empty() {
            for _ in 0..self.below(3) {
                elements.push(self.constraint_over(&sorted));
            }
        }
        if self.chance(8)
            && names.iter().any(|name| name == "a")
            && elements.iter().any(|it| (it.starts_with("a int ") && !it.starts_with("a int array")) || *it == "a int")
        {
            elements.push("doubled bigint generated always as (a * 2) stored".to_owned());
        }
        if self.chance(15) {
            let (like, _) = self.table(catalog);
            elements.push(format!("like {like}{}", self.pick(LIKE)));
        }
        let partition = match sorted.first() {
            Some(column) if self.chance(12) => format!(" partition by {} ({column})", self.pick(&["list", "range", "hash"])),
            _ => String::new(),
        };
        let mut inherits = String::new();
        if partition.is_empty() && self.chance(15) {
            let (first, _) = self.table(catalog);
            let (second, _) = self.table(catalog);
            inherits = if self.chance(80) { format!(" inherits ({first})") } else { format!(" inherits ({first}, {second})") };
        }
        let persistence = self.pick(&["", "", "", "", "", "", "", "", "", "", "unlogged "]);
        format!(
            "create {persistence}table {}{} ({}){inherits}{partition}",
            self.maybe(10, "if not exists "),
            self.new_name(),
            elements.join(", ")
        )
    }

    pub(super) fn drop_table(&mut self, catalog: &Catalog) -> String {
        let (table, _) = self.table(catalog);
        if self.chance(10) {
            let (other, _) = self.table(catalog);
            return format!("drop table if exists {table}, {other}{}", self.cascade());
        }
        if self.chance(10)
            && let Some(other) = self.one(catalog, |table| matches!(table.kind, TableKind::View | TableKind::MaterializedView))
        {
            return format!("drop table {}{}", other.full_name(), self.cascade());
        }
        format!("drop table {}{table}{}", self.maybe(20, "if exists "), self.cascade())
    }
}
