//! Schemas and the path along which names are looked up.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{Grammar, pick::SCHEMAS};

const EXTENSIONS: &[&str] = &["citext", "pg_trgm", "btree_gist"];

impl Grammar {
    pub(super) fn create_schema(&mut self) -> String {
        format!("create schema {}", quote(self.pick(&SCHEMAS[1..])))
    }

    pub(super) fn namespaces(&mut self, catalog: &Catalog) -> String {
        match self.below(18) {
            16 => {
                let schema = if self.chance(50) { format!(" schema {}", quote(self.pick(SCHEMAS))) } else { String::new() };
                format!("create extension {}{}{schema}", self.maybe(30, "if not exists "), self.pick(EXTENSIONS))
            }
            17 => {
                let all: Vec<String> = catalog.extensions().map(|it| it.name.clone()).collect();
                let one = self.one_of(&all, "citext");
                match self.below(3) {
                    0 => format!("drop extension {}{one}{}", self.maybe(30, "if exists "), self.cascade()),
                    1 => format!("alter extension {one} set schema {}", quote(self.pick(SCHEMAS))),
                    _ => format!("comment on extension {one} is 'an extension'"),
                }
            }
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
