//! Schemas and the path along which names are looked up.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{Grammar, pick::SCHEMAS};

impl Grammar {
    pub(super) fn create_schema(&mut self) -> String {
        format!("create schema {}", quote(self.pick(&SCHEMAS[1..])))
    }

    pub(super) fn namespaces(&mut self, catalog: &Catalog) -> String {
        match self.below(8) {
            0 | 1 => format!("create schema {}{}", self.maybe(50, "if not exists "), quote(self.pick(SCHEMAS))),
            2 => format!("alter schema {} rename to {}", quote(self.pick(&SCHEMAS[1..])), quote(self.pick(&["shop", "renamed"]))),
            3 => format!("drop schema {}{}{}", self.maybe(30, "if exists "), quote(self.pick(&SCHEMAS[1..])), self.cascade()),
            4 => {
                let column = self.new_column();
                format!(
                    "create schema {} create table inside ({})",
                    quote(self.pick(&SCHEMAS[1..])),
                    self.column_definition(catalog, &column)
                )
            }
            _ => {
                let mut path: Vec<String> = Vec::new();
                for _ in 0..=self.below(2) {
                    let schema = quote(self.pick(SCHEMAS));
                    if !path.contains(&schema) {
                        path.push(schema);
                    }
                }
                format!("set local search_path to {}", path.join(", "))
            }
        }
    }
}
