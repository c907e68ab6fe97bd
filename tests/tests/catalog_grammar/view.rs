//! Views, materialized views and tables made from queries.

use elyos_schema::{
    Catalog,
    catalog::{Table, TableKind, names::quote},
};

use super::{Grammar, pick::SCHEMAS};

impl Grammar {
    pub(super) fn views(&mut self, catalog: &Catalog) -> String {
        let view = self.one(catalog, |table| matches!(table.kind, TableKind::View | TableKind::MaterializedView)).cloned();
        let view_is_there = view.is_some();
        let named = view.as_ref().map_or_else(|| self.new_name(), |view| view.full_name().to_string());
        let kind = if view.is_some_and(|view| view.kind == TableKind::MaterializedView) { "materialized view" } else { "view" };
        let query = self.query(catalog);
        // Where there is no view one is made, mostly.
        let among = if view_is_there || self.chance(10) { 13 } else { 6 };
        match self.below(among) {
            0..=2 => format!("create {}view {} as {query}", self.maybe(20, "or replace "), self.new_name()),
            3 => format!(
                "create materialized view {}{} as {query}{}",
                self.maybe(20, "if not exists "),
                self.new_name(),
                self.maybe(40, " with no data")
            ),
            4 => format!("create table {}{} as {query} with no data", self.maybe(10, "if not exists "), self.new_name()),
            5 => format!("select 1 as one, 'x'::text as two into {} where false", self.new_name()),
            6 | 7 => format!("alter {kind} {named} rename to {}", self.bare_name()),
            8 => format!("alter {kind} {named} set schema {}", quote(self.pick(SCHEMAS))),
            9 => format!("alter {kind} {named} rename column {} to {}", self.new_column(), self.new_column()),
            // That it changes nothing is known before its view is looked up.
            10 if kind != "view" => format!("refresh materialized view {named}{}", self.maybe(40, " with no data")),
            _ => format!("drop {kind} {}{named}{}", self.maybe(10, "if exists "), self.cascade()),
        }
    }

    /// A query over what is there.
    fn query(&mut self, catalog: &Catalog) -> String {
        let Some(table) = self
            .one(catalog, |table| {
                !table.columns.is_empty()
                    && table.kind != TableKind::MaterializedView
                    && table.columns.iter().all(|column| column.collation.is_none())
            })
            .cloned()
        else {
            return "select 1 as one, 'x'::text as two".to_owned();
        };
        let name = self.spelled(&table.full_name());
        let list = self.output(&table);
        match self.below(7) {
            0 => format!("select * from {name}"),
            1 => {
                let column = self.column(Some(&table));
                format!("select {list} from {name} where {}", self.condition(Some(&table), &column))
            }
            2 => format!("select count(*) as n from {name}"),
            3 => format!("select t.* from {name} as t"),
            4 => format!("with w as (select {list} from {name}) select * from w"),
            5 => "select 1 as one, 'x'::text as two".to_owned(),
            _ => format!("select {list} from {name}"),
        }
    }

    fn output(&mut self, table: &Table) -> String {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..=self.below(3) {
            let column = self.column(Some(table));
            if !all.contains(&column) {
                all.push(column);
            }
        }
        all.join(", ")
    }
}
