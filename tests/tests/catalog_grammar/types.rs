//! Enums, ranges and composite types.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{
    Grammar,
    pick::{SCHEMAS, full},
};

impl Grammar {
    pub(super) fn types(&mut self, catalog: &Catalog) -> String {
        let enums: Vec<String> = catalog.enums().map(|one| full(&one.schema, &one.name)).collect();
        let name = self.new_name();
        let one = self.one_of(&enums, &name);
        let values = ["'a'", "'b'", "'C d'", "'it''s'"];
        let about = match self.below(11) {
            2..=6 if enums.is_empty() && !self.chance(10) => 0,
            about => about,
        };
        match about {
            0 | 1 => format!("create type {} as enum ('a', 'b'{})", self.new_name(), self.pick(&["", ", 'it''s'", ", 'a'"])),
            2 => format!(
                "alter type {one} add value {}{} {}",
                self.maybe(20, "if not exists "),
                self.pick(&values),
                self.pick(&["", "before 'a'", "after 'b'", "before 'zz'"])
            ),
            3 => format!("alter type {one} rename value {} to {}", self.pick(&values), self.pick(&values)),
            4 => format!("alter type {one} rename to {}", self.bare_name()),
            5 => format!("alter type {one} set schema {}", quote(self.pick(SCHEMAS))),
            6 => format!("drop type {}{one}{}", self.maybe(20, "if exists "), self.cascade()),
            7 => self.ranges(catalog),
            _ => self.composites(catalog),
        }
    }

    fn ranges(&mut self, catalog: &Catalog) -> String {
        let ranges: Vec<String> = catalog.ranges().map(|one| full(&one.schema, &one.name)).collect();
        if ranges.is_empty() || self.chance(40) {
            let multirange = if self.chance(30) { format!(", multirange_type_name = {}", self.bare_name()) } else { String::new() };
            return format!("create type {} as range (subtype = {}{multirange})", self.bare_name(), self.pick(&["float8", "text", "int8"]));
        }
        let one = self.one_of(&ranges, "nothing");
        match self.below(3) {
            0 => format!("alter type {one} rename to {}", self.bare_name()),
            1 => format!("alter type {one} set schema {}", quote(self.pick(SCHEMAS))),
            _ => format!("drop type {one}{}", self.cascade()),
        }
    }

    fn composites(&mut self, catalog: &Catalog) -> String {
        let composites: Vec<String> = catalog.composites().map(|one| full(&one.schema, &one.name)).collect();
        if composites.is_empty() || self.chance(35) {
            return format!("create type {} as (a {}, b {})", self.new_name(), self.ty(catalog), self.sorted_type());
        }
        let one = self.one_of(&composites, "nothing");
        let cascade = self.pick(&["", " cascade"]);
        match self.below(9) {
            0 => format!("alter type {one} add attribute {} {}{cascade}", self.new_column(), self.sorted_type()),
            1 => format!("alter type {one} drop attribute {}{}{cascade}", self.maybe(20, "if exists "), self.pick(&["a", "b", "c"])),
            2 => format!("alter type {one} rename attribute {} to {}{cascade}", self.pick(&["a", "b", "c"]), self.new_column()),
            3 | 4 => format!("create table {} of {one}{}", self.new_name(), self.maybe(30, " (a with options not null)")),
            5 => format!("alter type {one} rename to {}", self.bare_name()),
            6 => format!("alter type {one} set schema {}", quote(self.pick(SCHEMAS))),
            7 => format!("drop type {one}{}", self.cascade()),
            _ => format!("alter type {one} alter attribute {} type {}{cascade}", self.pick(&["a", "b"]), self.sorted_type()),
        }
    }
}
