//! Constraints of tables.

use std::fmt::Write as _;

use elyos_schema::{
    Catalog,
    catalog::{Key, Table, names::quote},
};

use super::Grammar;

impl Grammar {
    pub(super) fn constraint_name(&mut self) -> String {
        if self.chance(75) {
            String::new()
        } else {
            format!("constraint {} ", quote(self.pick(&["k1", "k2", "item_a_key", "K 3", "item_pkey", "item_a_check", "a.b"])))
        }
    }

    pub(super) fn deferrable(&mut self) -> String {
        if self.chance(80) {
            return String::new();
        }
        let words =
            ["deferrable", "deferrable initially deferred", "not deferrable", "deferrable initially immediate", "initially deferred"];
        format!(" {}", self.pick(&words))
    }

    pub(super) fn actions(&mut self) -> String {
        let action = ["cascade", "restrict", "set null", "set default", "no action"];
        let mut text = self.maybe(10, " match full");
        if self.chance(40) {
            let _ = write!(text, " on delete {}", self.pick(&action));
        }
        if self.chance(25) {
            let _ = write!(text, " on update {}", self.pick(&action));
        }
        text
    }

    /// A table with a key of one column, and the column's type. The column is written, or the primary key is meant.
    pub(super) fn referenced(&mut self, catalog: &Catalog) -> Option<(String, String)> {
        let single = |key: &Key| key.columns.len() == 1;
        let table = self.one(catalog, |table| Self::is_table(table) && table.primary_key.iter().chain(&table.unique).any(single))?;
        let keys: Vec<_> = table.primary_key.iter().chain(&table.unique).filter(|key| single(key)).collect();
        let key = keys[self.below(keys.len())];
        let is_primary = table.primary_key.as_ref() == Some(key);
        let ty = table.column(&key.columns[0])?.ty.to_string();
        let name = self.spelled(&table.full_name());
        Some((if is_primary && self.chance(50) { name } else { format!("{name} ({})", quote(&key.columns[0])) }, ty))
    }

    /// A foreign key of a column that has the type of what it points to, if there are such.
    pub(super) fn foreign_key(&mut self, catalog: &Catalog, table: Option<&Table>) -> Option<String> {
        let (target, ty) = self.referenced(catalog)?;
        let fits: Vec<String> =
            table?.columns.iter().filter(|column| column.ty.to_string() == ty).map(|column| quote(&column.name)).collect();
        if fits.is_empty() {
            return None;
        }
        let column = &fits[self.below(fits.len())];
        Some(format!("foreign key ({column}) references {target}{}{}", self.actions(), self.deferrable()))
    }

    pub(super) fn table_constraint(&mut self, catalog: &Catalog, table: Option<&Table>) -> String {
        let name = self.constraint_name();
        let columns = self.sorted_columns(table, 3);
        let one = self.column(table);
        let sorted = self.sorted_column(table);
        match self.below(9) {
            0 => format!("{name}primary key ({columns}){}", self.deferrable()),
            1 | 2 => {
                let include = if self.chance(15) { format!(" include ({})", self.column(table)) } else { String::new() };
                format!("{name}unique{} ({columns}){include}{}", self.maybe(20, " nulls not distinct"), self.deferrable())
            }
            3 => {
                let two = self.column(table);
                let (left, right) = (self.condition(table, &one), self.condition(table, &two));
                format!("{name}check ({left} or {right}){}", self.maybe(15, " no inherit"))
            }
            4 => format!("{name}check ({})", self.condition(table, &one)),
            5 => format!("{name}check (1 > 0)"),
            6 => {
                let filter = if self.chance(20) { format!(" where ({})", self.condition(table, &one)) } else { String::new() };
                format!("{name}exclude using btree ({sorted} with =){filter}{}", self.deferrable())
            }
            _ => match self.foreign_key(catalog, table) {
                Some(key) => format!("{name}{key}"),
                None => format!("{name}check ({} and {one} is not null)", self.condition(table, &one)),
            },
        }
    }

    /// A constraint over columns that are about to be.
    pub(super) fn constraint_over(&mut self, columns: &[String]) -> String {
        let name = self.constraint_name();
        let one = columns[self.below(columns.len())].clone();
        let two = columns[self.below(columns.len())].clone();
        let key = if one == two { one.clone() } else { format!("{one}, {two}") };
        match self.below(5) {
            0 => format!("{name}primary key ({key})"),
            1 => format!("{name}unique ({key}){}", self.deferrable()),
            2 => format!("{name}check ({one} is not null and {two} is not null)"),
            3 => format!("{name}check ({one} is not null)"),
            _ => format!("{name}exclude using btree ({one} with ={})", if one == two { String::new() } else { format!(", {two} with =") }),
        }
    }

    /// The name of a constraint that a table has.
    pub(super) fn constraint_of(&mut self, table: Option<&Table>) -> String {
        let names: Vec<String> = table.map_or_else(Vec::new, |table| {
            let keys = table.primary_key.iter().chain(&table.unique).map(|key| quote(&key.name));
            keys.chain(table.foreign_keys.iter().map(|key| quote(&key.name)))
                .chain(table.checks.iter().map(|check| quote(&check.name)))
                .chain(table.exclusions.iter().map(|it| quote(&it.name)))
                .collect()
        });
        self.one_of(&names, "nothing")
    }

    /// A unique index that can become a constraint, or one that cannot.
    pub(super) fn promotable_index(&mut self, table: Option<&Table>) -> String {
        let names: Vec<String> = table
            .into_iter()
            .flat_map(|table| &table.indexes)
            .filter(|index| index.unique && index.columns.is_some())
            .map(|index| quote(&index.name))
            .collect();
        self.one_of(&names, "nothing")
    }
}
