//! `COMMENT ON` everything.

use elyos_schema::{
    Catalog,
    catalog::{Carried, TableKind, names::quote},
};

use super::{Grammar, pick::full};

impl Grammar {
    pub(super) fn comments(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let found = found.as_ref();
        let text = self.pick(&["'a comment'", "null", "''", "E'it\\'s\\ntwo lines'", "'ő'"]);
        let carried: Vec<String> = catalog.carried().filter_map(commented).collect();
        let on = match self.below(15) {
            13 | 14 if carried.is_empty() => format!("table {table}"),
            13 | 14 => self.one_of(&carried, "statistics nothing"),
            0 => format!("table {table}"),
            1 => format!("column {table}.{}", self.column(found)),
            2 => format!("sequence {}", self.sequence(catalog)),
            3 => format!("index {}", self.index(catalog)),
            4 => format!("constraint {} on {table}", self.constraint_of(found)),
            5 => format!("schema {}", quote(self.pick(super::pick::SCHEMAS))),
            6 => {
                let all: Vec<String> = catalog.enums().map(|it| full(&it.schema, &it.name)).collect();
                format!("type {}", self.one_of(&all, "nothing"))
            }
            7 => {
                let all: Vec<String> = catalog.domains().map(|it| full(&it.schema, &it.name)).collect();
                format!("domain {}", self.one_of(&all, "nothing"))
            }
            8 => {
                let all: Vec<String> = catalog.composites().map(|it| full(&it.schema, &it.name)).collect();
                format!("type {}", self.one_of(&all, "nothing"))
            }
            9 => {
                let all: Vec<String> = catalog.functions().map(|it| format!("{}.{}", quote(&it.schema), it.signature())).collect();
                format!("routine {}", self.one_of(&all, "nothing()"))
            }
            10 => format!("trigger {} on {table}", found.and_then(|it| it.triggers.first()).map_or("t1", |it| &it.name)),
            11 => format!("policy {} on {table}", found.and_then(|it| it.policies.first()).map_or("p1", |it| &it.name)),
            _ => {
                let views: Vec<(String, &str)> = catalog
                    .tables()
                    .filter_map(|it| match it.kind {
                        TableKind::View => Some((it.full_name().to_string(), "view")),
                        TableKind::MaterializedView => Some((it.full_name().to_string(), "materialized view")),
                        _ => None,
                    })
                    .collect();
                match views.first() {
                    Some((name, kind)) => format!("{kind} {name}"),
                    None => format!("view {table}"),
                }
            }
        };
        format!("comment on {on} is {text}")
    }
}

/// What `COMMENT ON` calls something that is carried whole.
fn commented(one: &Carried) -> Option<String> {
    let table = one.table.as_ref().filter(|_| one.kind == "rule").map(|table| format!(" on {table}")).unwrap_or_default();
    match one.kind.as_str() {
        "operator" => Some(format!("operator {}(text, integer)", one.name.split('(').next()?)),
        "aggregate" => Some(format!("aggregate {}(integer)", one.name.split('(').next()?)),
        "cast" => None,
        kind => Some(format!("{kind} {}{table}", one.name)),
    }
}
