//! Domains, some over others.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{
    Grammar,
    pick::{SCHEMAS, full},
};

impl Grammar {
    pub(super) fn domains(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.domains().map(|one| full(&one.schema, &one.name)).collect();
        let name = self.new_name();
        let one = self.one_of(&all, &name);
        let among = if all.is_empty() && !self.chance(10) { 4 } else { 11 };
        match self.below(among) {
            0..=2 => {
                let base = if self.chance(25) {
                    self.ty(catalog)
                } else {
                    self.pick(&["int", "text", "varchar(9)", "numeric(4,1)", "text[]"]).to_owned()
                };
                let rules = ["", " check (value is not null)", " default null", " constraint k1 check (value is not null)", " null"];
                format!("create domain {} as {base}{}{}", self.new_name(), self.maybe(30, " not null"), self.pick(&rules))
            }
            3 => {
                format!("create domain {} as text collate \"C\" default 'x' check (value <> '') check (length(value) < 9)", self.new_name())
            }
            4 => format!("alter domain {one} add {}check (value is not null){}", self.constraint_name(), self.maybe(20, " not valid")),
            5 => {
                let changes = [
                    "set not null",
                    "drop not null",
                    "drop default",
                    "drop constraint if exists k1",
                    "set default null",
                    "validate constraint k1",
                ];
                format!("alter domain {one} {}", self.pick(&changes))
            }
            6 => format!("alter domain {one} rename to {}", self.bare_name()),
            7 => format!("alter domain {one} rename constraint k1 to k2"),
            8 => format!("alter domain {one} set schema {}", quote(self.pick(SCHEMAS))),
            9 => format!("drop type {one}{}", self.cascade()),
            _ => format!("drop domain {}{one}{}", self.maybe(20, "if exists "), self.cascade()),
        }
    }
}
