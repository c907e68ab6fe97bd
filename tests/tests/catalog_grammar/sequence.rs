//! Sequences.

use elyos_schema::{Catalog, catalog::names::quote};

use super::{
    Grammar,
    pick::{SCHEMAS, full},
};

const OPTIONS: &[&str] = &[
    "",
    " increment 2",
    " as smallint",
    " start 5 minvalue 2 maxvalue 50 cycle",
    " increment -1",
    " cache 10 no minvalue",
    " as integer increment by -2",
    " minvalue 10 maxvalue 5",
    " start 0",
    " no cycle no maxvalue",
];

impl Grammar {
    pub(super) fn sequence(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.sequences().map(|it| full(&it.schema, &it.name)).collect();
        self.one_of(&all, "nothing")
    }

    pub(super) fn sequences(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let column = self.column(found.as_ref());
        let sequence = self.sequence(catalog);
        match self.below(11) {
            0 | 1 => format!("create sequence {}{}{}", self.maybe(20, "if not exists "), self.new_name(), self.pick(OPTIONS)),
            2 => format!("create sequence {} owned by {table}.{column}", self.new_name()),
            3 => {
                let owner = if self.chance(30) { "none".to_owned() } else { format!("{table}.{column}") };
                format!("alter sequence {sequence} owned by {owner}")
            }
            4 => format!("alter sequence {sequence}{}", self.pick(&OPTIONS[1..])),
            5 => format!("alter sequence {sequence} rename to {}", self.bare_name()),
            6 => format!("alter sequence {sequence} set schema {}", quote(self.pick(SCHEMAS))),
            7 => format!("create unlogged sequence {}{}", self.new_name(), self.pick(OPTIONS)),
            8 => format!("alter sequence {}{sequence} set {}", self.maybe(10, "if exists "), self.pick(&["logged", "unlogged"])),
            9 => format!("alter table {table} add column {} bigint default nextval('{}')", self.new_column(), sequence.replace('\'', "''")),
            _ => format!("drop sequence {}{sequence}{}", self.maybe(20, "if exists "), self.cascade()),
        }
    }
}
