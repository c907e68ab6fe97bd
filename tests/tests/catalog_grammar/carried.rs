//! What a catalog carries whole: statistics, rules, aggregates, operators, casts, text search, event triggers.

use elyos_schema::Catalog;

use super::Grammar;

impl Grammar {
    pub(super) fn carried(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let found = found.as_ref();
        match self.below(9) {
            0 => {
                let (one, two) = (self.sorted_column(found), self.sorted_column(found));
                if one == two {
                    return format!("create statistics {} on ({one} is null) from {table}", self.new_name());
                }
                format!("create statistics {} on {one}, {two} from {table}", self.new_name())
            }
            1 => format!("create {}rule r1 as on update to {table} do instead nothing", self.maybe(30, "or replace ")),
            2 if found.is_some() => format!("drop rule {}r1 on {table}", self.maybe(50, "if exists ")),
            3 => format!(
                "create {}aggregate {} (int) (sfunc = int4pl, stype = int, initcond = '0')",
                self.maybe(30, "or replace "),
                self.new_name()
            ),
            4 => format!(
                "create operator {}.{} (leftarg = text, rightarg = int, function = pg_catalog.repeat)",
                self.pick(&["public", "shop"]),
                self.pick(&["<+>", "<->"])
            ),
            5 => format!("create text search configuration {} (copy = simple)", self.new_name()),
            6 => format!("create text search dictionary {} (template = simple)", self.new_name()),
            7 => format!("drop aggregate {}item (int)", self.maybe(50, "if exists ")),
            _ => format!("create collation {} from \"C\"", self.new_name()),
        }
    }
}
