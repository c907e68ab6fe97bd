//! Indexes.

use elyos_schema::{
    Catalog,
    catalog::{TableKind, names::quote},
};

use super::{Grammar, pick::full};

impl Grammar {
    pub(super) fn create_index(&mut self, catalog: &Catalog) -> String {
        let table = self.one(catalog, |table| Self::is_table(table) || table.kind == TableKind::MaterializedView).cloned();
        let name = match &table {
            Some(table) => self.spelled(&table.full_name()),
            None => self.new_name(),
        };
        let table = table.as_ref();
        let mut items = Vec::new();
        for _ in 0..=self.below(3) {
            let column = self.sorted_column(table);
            let known = table.and_then(|table| table.columns.iter().find(|it| quote(&it.name) == column));
            let is_text = known.is_some_and(|it| it.ty.schema.is_none() && it.ty.array_dimensions == 0 && it.ty.name == "text");
            let is_int = known.is_some_and(|it| it.ty.schema.is_none() && it.ty.array_dimensions == 0 && it.ty.name == "int4");
            if let Some(function) = self.integer_function(catalog).filter(|_| is_int && self.chance(25)) {
                items.push(format!("{function}({column})"));
                continue;
            }
            items.push(match self.below(12) {
                0 if is_text => format!("lower({column})"),
                1 => format!("({column} is null)"),
                2 if is_text => format!("({column} || 'x')"),
                3 => format!("{column} desc"),
                4 => format!("{column} nulls first"),
                5 if is_text => format!("coalesce({column}, '')"),
                6 if is_text => format!("({column} || 'x') collate \"C\""),
                7 if is_text => format!("{column} text_pattern_ops"),
                8 if is_text => format!("{column} collate \"C\" desc nulls last"),
                9 if is_text => format!("({column}::varchar)"),
                _ => column,
            });
        }
        let given = if self.chance(60) { String::new() } else { quote(self.pick(&["i1", "i2", "Item Index", "item_a_idx", "a.b"])) };
        let exists = if given.is_empty() { String::new() } else { self.maybe(20, "if not exists ") };
        let include = if self.chance(10) { format!(" include ({})", self.column(table)) } else { String::new() };
        let filter = if self.chance(20) {
            let column = self.column(table);
            format!(" where {}", self.condition(table, &column))
        } else {
            String::new()
        };
        let unique = self.maybe(25, "unique ");
        let method = if unique.is_empty() && include.is_empty() && items.len() == 1 && !items[0].contains(' ') {
            self.maybe(15, " using hash")
        } else {
            self.maybe(10, " using btree")
        };
        let nulls = if unique.is_empty() { String::new() } else { self.maybe(20, " nulls not distinct") };
        let only = self.maybe(4, "only ");
        format!("create {unique}index {exists}{given} on {only}{name}{method} ({}){include}{nulls}{filter}", items.join(", "))
    }

    /// An index that is there, mostly.
    pub(super) fn index(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog
            .tables()
            .flat_map(|table| {
                let keys = table.primary_key.iter().chain(&table.unique).map(|key| &key.name);
                let names = table.indexes.iter().map(|index| &index.name).chain(keys);
                names.map(|name| full(&table.schema, name)).collect::<Vec<_>>()
            })
            .collect();
        self.one_of(&all, "nothing")
    }

    pub(super) fn alter_index(&mut self, catalog: &Catalog) -> String {
        let index = self.index(catalog);
        match self.below(5) {
            0 | 1 => format!("drop index {}{index}{}", self.maybe(20, "if exists "), self.cascade()),
            2 | 3 => format!("alter index {index} rename to {}", quote(self.pick(&["i1", "i3", "item_b_idx"]))),
            _ => format!("alter table {index} rename to {}", quote(self.pick(&["i4", "i5"]))),
        }
    }
}
