//! Random DDL: statements about what a catalog holds and, sometimes, about what it does not.

use std::fmt::Write as _;

use elyos_schema::{
    Catalog,
    catalog::{Key, Table, TableKind, names::quote},
};

/// A generator of statements; the same seed gives the same ones.
pub(crate) struct Grammar {
    state: u64,
}

const SCHEMAS: &[&str] = &["public", "shop", "Weird \"one\""];
const NAMES: &[&str] = &["item", "orders", "a_rather_long_name_of_a_table_to_be_cut_at_63_bytes_by_postgresql", "Größe", "order", "x"];
const COLUMNS: &[&str] =
    &["id", "a", "b", "Amount", "a_rather_long_column_name_that_wants_to_be_cut_as_well_by_the_server", "end", "c", "état"];
const TYPES: &[&str] = &[
    "int",
    "bigint",
    "smallint",
    "text",
    "varchar(20)",
    "char(3)",
    "numeric(10,2)",
    "numeric",
    "boolean",
    "date",
    "timestamptz",
    "timestamp(3)",
    "uuid",
    "jsonb",
    "int[]",
    "text[][]",
    "double precision",
    "real",
    "interval day to second(3)",
    "bit(4)",
    "varbit",
    "\"char\"",
    "inet",
    "int4range",
    "bytea",
    "_int8",
    "decimal(5)",
    "float(10)",
    "time with time zone",
    "national character varying(5)",
    "name",
    "oid",
    "xml",
    "tsvector",
];

impl Grammar {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from((self.state >> 11) % u64::try_from(bound.max(1)).expect("it is small")).expect("it is small")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// The text, or nothing.
    fn maybe(&mut self, percent: usize, text: &str) -> String {
        if self.chance(percent) { text.to_owned() } else { String::new() }
    }

    fn new_name(&mut self) -> String {
        let schema = quote(self.pick(SCHEMAS));
        let name = quote(self.pick(NAMES));
        if self.chance(50) { name } else { format!("{schema}.{name}") }
    }

    fn new_column(&mut self) -> String {
        quote(self.pick(COLUMNS))
    }

    fn one<'c>(&mut self, catalog: &'c Catalog, fits: impl Fn(&Table) -> bool) -> Option<&'c Table> {
        let all: Vec<&Table> = catalog.tables().filter(|table| fits(table)).collect();
        if all.is_empty() { None } else { Some(all[self.below(all.len())]) }
    }

    fn is_table(table: &Table) -> bool {
        matches!(table.kind, TableKind::Table | TableKind::Partitioned)
    }

    /// A table that is there, mostly.
    fn table(&mut self, catalog: &Catalog) -> (String, Option<Table>) {
        match self.one(catalog, Self::is_table) {
            Some(table) if !self.chance(3) => (table.full_name().to_string(), Some(table.clone())),
            _ => (self.new_name(), None),
        }
    }

    fn column(&mut self, table: Option<&Table>) -> String {
        match table {
            Some(table) if !table.columns.is_empty() && !self.chance(4) => quote(&table.columns[self.below(table.columns.len())].name),
            _ => self.new_column(),
        }
    }

    fn columns(&mut self, table: Option<&Table>, most: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..=self.below(most) {
            let column = self.column(table);
            if !all.contains(&column) {
                all.push(column);
            }
        }
        all.join(", ")
    }

    fn ty(&mut self, catalog: &Catalog) -> String {
        if self.chance(15) {
            let enums = catalog.enums().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name)));
            let domains = catalog.domains().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name)));
            let composites = catalog.composites().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name)));
            let all: Vec<String> = enums.chain(domains).chain(composites).collect();
            if !all.is_empty() {
                let array = self.maybe(20, "[]");
                return format!("{}{array}", all[self.below(all.len())]);
            }
        }
        self.pick(TYPES).to_owned()
    }

    fn constraint_name(&mut self) -> String {
        if self.chance(75) {
            String::new()
        } else {
            format!("constraint {} ", quote(self.pick(&["k1", "k2", "item_a_key", "K 3", "item_pkey", "item_a_check"])))
        }
    }

    fn deferrable(&mut self) -> String {
        if self.chance(80) {
            String::new()
        } else {
            format!(
                " {}",
                self.pick(&[
                    "deferrable",
                    "deferrable initially deferred",
                    "not deferrable",
                    "deferrable initially immediate",
                    "initially deferred"
                ])
            )
        }
    }

    fn actions(&mut self) -> String {
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

    /// A table and its key, or no columns where its primary key is meant.
    fn referenced(&mut self, catalog: &Catalog) -> String {
        let single = |key: &Key| key.columns.len() == 1;
        let Some(table) = self.one(catalog, |table| Self::is_table(table) && table.primary_key.iter().chain(&table.unique).any(single))
        else {
            return self.new_name();
        };
        let keys: Vec<_> = table.primary_key.iter().chain(&table.unique).filter(|key| single(key)).collect();
        let key = keys[self.below(keys.len())];
        let columns: Vec<String> = key.columns.iter().map(|column| quote(column)).collect();
        if table.primary_key.is_some() && self.chance(40) {
            table.full_name().to_string()
        } else {
            format!("{} ({})", table.full_name(), columns.join(", "))
        }
    }

    fn column_definition(&mut self, catalog: &Catalog, name: &str) -> String {
        let mut text = format!("{name} ");
        if self.chance(12) {
            text.push_str(self.pick(&["serial", "bigserial", "smallserial", "serial4"]));
        } else if self.chance(10) {
            text.push_str(self.pick(&["int", "bigint", "smallint"]));
            text.push_str(self.pick(&[
                " generated always as identity",
                " generated by default as identity (start 10 increment by 5)",
                " generated by default as identity (minvalue -5 cycle)",
            ]));
        } else if self.chance(30) {
            let (ty, default) = [
                ("int", "1"),
                ("int", "1 + 2"),
                ("text", "'x'"),
                ("timestamptz", "now()"),
                ("boolean", "false"),
                ("jsonb", "'{}'"),
                ("text", "null"),
                ("numeric(10,2)", "0"),
                ("date", "CURRENT_DATE"),
                ("int[]", "'{}'::int[]"),
                ("text", "upper('a' || 'b')"),
                ("varchar(5)", "null"),
                ("float8", "-1.5"),
            ][self.below(13)];
            let _ = write!(text, "{ty} default {default}");
        } else {
            text.push_str(&self.ty(catalog));
        }
        if self.chance(25) {
            text.push_str(" not null");
        }
        if self.chance(7) {
            let _ = write!(text, " {}unique{}", self.constraint_name(), self.maybe(20, " nulls not distinct"));
        }
        if self.chance(6) {
            let _ = write!(text, " {}primary key", self.constraint_name());
        }
        if self.chance(8) {
            let _ = write!(text, " {}check ({name} is not null)", self.constraint_name());
        }
        if self.chance(8) {
            let _ =
                write!(text, " {}references {}{}{}", self.constraint_name(), self.referenced(catalog), self.actions(), self.deferrable());
        }
        text
    }

    fn table_constraint(&mut self, catalog: &Catalog, table: Option<&Table>) -> String {
        let name = self.constraint_name();
        let columns = self.columns(table, 3);
        let one = self.column(table);
        match self.below(7) {
            0 => format!("{name}primary key ({columns}){}", self.deferrable()),
            1 | 2 => {
                let include = if self.chance(15) { format!(" include ({})", self.column(table)) } else { String::new() };
                format!("{name}unique{} ({columns}){include}{}", self.maybe(20, " nulls not distinct"), self.deferrable())
            }
            3 => format!("{name}check ({one} is not null or {} is null){}", self.column(table), self.maybe(15, " no inherit")),
            4 => format!("{name}check (1 > 0)"),
            5 => format!("{name}exclude using btree ({one} with =){}", self.maybe(20, " where (true)")),
            _ => format!("{name}foreign key ({one}) references {}{}{}", self.referenced(catalog), self.actions(), self.deferrable()),
        }
    }

    fn create_table(&mut self, catalog: &Catalog) -> String {
        let mut elements = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for _ in 0..=self.below(5) {
            let name = self.new_column();
            if !names.contains(&name) {
                elements.push(self.column_definition(catalog, &name));
                names.push(name);
            }
        }
        for _ in 0..self.below(3) {
            let name = self.constraint_name();
            let one = names[self.below(names.len())].clone();
            let two = names[self.below(names.len())].clone();
            let key = if one == two { one.clone() } else { format!("{one}, {two}") };
            elements.push(match self.below(6) {
                0 => format!("{name}primary key ({key})"),
                1 => format!("{name}unique ({key}){}", self.deferrable()),
                2 => format!("{name}check ({one} is not null and {two} is not null)"),
                3 => format!("{name}check ({one} is not null)"),
                4 => format!("{name}foreign key ({one}) references {}{}", self.referenced(catalog), self.actions()),
                _ => format!("{name}exclude using btree ({one} with =, {two} with =)"),
            });
        }
        if self.chance(15) {
            let (like, _) = self.table(catalog);
            let options = [
                "",
                " including all",
                " including indexes",
                " including constraints including defaults",
                " including all excluding indexes",
                " including identity including comments",
                " including generated including defaults",
            ];
            elements.push(format!("like {like}{}", self.pick(&options)));
        }
        let partition =
            if self.chance(12) { format!(" partition by {} ({})", self.pick(&["list", "range", "hash"]), names[0]) } else { String::new() };
        let inherits =
            if partition.is_empty() && self.chance(15) { format!(" inherits ({})", self.table(catalog).0) } else { String::new() };
        let unlogged = self.maybe(5, "unlogged ");
        format!(
            "create {unlogged}table {}{} ({}){inherits}{partition}",
            self.maybe(10, "if not exists "),
            self.new_name(),
            elements.join(", ")
        )
    }

    fn partition(&mut self, catalog: &Catalog) -> String {
        let Some(parent) = self.one(catalog, |table| table.kind == TableKind::Partitioned) else { return self.create_table(catalog) };
        let parent = parent.clone();
        let key = parent.partition_key.clone().unwrap_or_default().to_lowercase();
        let bound = if key.starts_with("hash") { "for values with (modulus 4, remainder 1)" } else { "default" };
        if self.chance(25) {
            let (child, _) = self.table(catalog);
            return format!("alter table {} attach partition {child} {bound}", parent.full_name());
        }
        if self.chance(20) {
            let child = self.one(catalog, |table| table.parents.contains(&parent.full_name())).map(|table| table.full_name().to_string());
            return format!("alter table {} detach partition {}", parent.full_name(), child.unwrap_or_else(|| self.new_name()));
        }
        format!("create table {} partition of {} {bound}", self.new_name(), parent.full_name())
    }

    fn alter_table(&mut self, catalog: &Catalog) -> String {
        let (name, table) = self.table(catalog);
        let table = table.as_ref();
        let column = self.column(table);
        let constraint = table.and_then(|table| {
            let keys = table.primary_key.iter().chain(&table.unique).map(|key| key.name.clone());
            let names: Vec<String> = keys
                .chain(table.foreign_keys.iter().map(|key| key.name.clone()))
                .chain(table.checks.iter().map(|check| check.name.clone()))
                .collect();
            if names.is_empty() { None } else { Some(quote(&names[self.below(names.len())])) }
        });
        let constraint = constraint.unwrap_or_else(|| "nothing".to_owned());
        let cascade = self.maybe(40, " cascade");
        let only = self.maybe(5, "only ");
        let change = match self.below(26) {
            0..=2 => {
                let new = self.new_column();
                format!("add column {}{}", self.maybe(20, "if not exists "), self.column_definition(catalog, &new))
            }
            3 | 4 => format!("drop column {}{column}{cascade}", self.maybe(20, "if exists ")),
            5 | 6 => format!("rename column {column} to {}", self.new_column()),
            7 => format!("alter column {column} set not null"),
            8 => format!("alter column {column} drop not null"),
            9 => format!("alter column {column} set default null"),
            10 => format!("alter column {column} drop default"),
            11 => format!("alter column {column} type {} using null", self.pick(TYPES)),
            12 => format!("alter column {column} add generated {} as identity", self.pick(&["always", "by default"])),
            13 => format!("alter column {column} drop identity if exists"),
            14 => format!("alter column {column} set generated by default set increment 3 set cycle"),
            15..=17 => format!("add {}", self.table_constraint(catalog, table)),
            18 => format!("add {}foreign key ({column}) references {} not valid", self.constraint_name(), self.referenced(catalog)),
            19 => format!("drop constraint {}{constraint}{cascade}", self.maybe(20, "if exists ")),
            20 => format!("rename constraint {constraint} to {}", quote(self.pick(&["k1", "k2", "renamed", "Re named"]))),
            21 => format!("rename to {}", quote(self.pick(NAMES))),
            22 => format!("set schema {}", quote(self.pick(SCHEMAS))),
            23 => format!("{} row level security", self.pick(&["enable", "disable", "force", "no force"])),
            24 => {
                let new = self.new_column();
                let other = self.column(table);
                format!("add column {}, drop column {other}, alter column {column} set not null", self.column_definition(catalog, &new))
            }
            _ => {
                let (parent, _) = self.table(catalog);
                format!("{} {parent}", self.pick(&["inherit", "no inherit"]))
            }
        };
        format!("alter table {only}{name} {change}")
    }

    fn create_index(&mut self, catalog: &Catalog) -> String {
        let (name, table) = match self.one(catalog, |table| Self::is_table(table) || table.kind == TableKind::MaterializedView) {
            Some(table) => (table.full_name().to_string(), Some(table.clone())),
            None => (self.new_name(), None),
        };
        let mut items = Vec::new();
        for _ in 0..=self.below(3) {
            let column = self.column(table.as_ref());
            items.push(match self.below(9) {
                0 => format!("lower({column}::text)"),
                1 => format!("({column} is null)"),
                2 => format!("({column}::text)"),
                3 => format!("{column} desc"),
                4 => format!("{column} nulls first"),
                5 => format!("coalesce({column}::text, '')"),
                6 => format!("({column}::text || 'x') collate \"C\""),
                _ => column,
            });
        }
        let given = if self.chance(60) { String::new() } else { quote(self.pick(&["i1", "i2", "Item Index", "item_a_idx"])) };
        let exists = if given.is_empty() { String::new() } else { self.maybe(20, "if not exists ") };
        let include = if self.chance(10) { format!(" include ({})", self.column(table.as_ref())) } else { String::new() };
        let filter = if self.chance(20) { format!(" where {} is not null", self.column(table.as_ref())) } else { String::new() };
        let unique = self.maybe(25, "unique ");
        format!(
            "create {unique}index {exists}{given} on {name} ({}){include}{}{filter}",
            items.join(", "),
            self.maybe(10, " nulls not distinct")
        )
    }

    fn index(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog
            .tables()
            .flat_map(|table| {
                let keys = table.primary_key.iter().chain(&table.unique).map(|key| &key.name);
                let names = table.indexes.iter().map(|index| &index.name).chain(keys);
                names.map(|name| format!("{}.{}", quote(&table.schema), quote(name))).collect::<Vec<_>>()
            })
            .collect();
        if all.is_empty() { "nothing".to_owned() } else { all[self.below(all.len())].clone() }
    }

    fn sequence(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.sequences().map(|it| format!("{}.{}", quote(&it.schema), quote(&it.name))).collect();
        if all.is_empty() { "nothing".to_owned() } else { all[self.below(all.len())].clone() }
    }

    fn sequences(&mut self, catalog: &Catalog) -> String {
        let options = [
            "",
            " increment 2",
            " as smallint",
            " start 5 minvalue 2 maxvalue 50 cycle",
            " increment -1",
            " cache 10 no minvalue",
            " as integer increment by -2",
            " minvalue 10 maxvalue 5",
            " start 0",
        ];
        let (table, found) = self.table(catalog);
        let column = self.column(found.as_ref());
        let sequence = self.sequence(catalog);
        match self.below(8) {
            0 | 1 => format!("create sequence {}{}{}", self.maybe(20, "if not exists "), self.new_name(), self.pick(&options)),
            2 => format!("create sequence {} owned by {table}.{column}", self.new_name()),
            3 => format!(
                "alter sequence {sequence} owned by {}",
                if self.chance(30) { "none".to_owned() } else { format!("{table}.{column}") }
            ),
            4 => format!("alter sequence {sequence}{}", self.pick(&options[1..])),
            5 => format!("alter sequence {sequence} rename to {}", quote(self.pick(NAMES))),
            6 => format!("alter sequence {sequence} set schema {}", quote(self.pick(SCHEMAS))),
            _ => format!("drop sequence {}{sequence}{}", self.maybe(20, "if exists "), self.maybe(50, " cascade")),
        }
    }

    fn types(&mut self, catalog: &Catalog) -> String {
        let enums: Vec<String> = catalog.enums().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name))).collect();
        let one = if enums.is_empty() { self.new_name() } else { enums[self.below(enums.len())].clone() };
        let values = ["'a'", "'b'", "'C d'", "'it''s'"];
        match self.below(9) {
            0 | 1 => format!("create type {} as enum ('a', 'b'{})", self.new_name(), self.pick(&["", ", 'it''s'", ", 'a'"])),
            2 => format!(
                "alter type {one} add value {}{} {}",
                self.maybe(20, "if not exists "),
                self.pick(&values),
                self.pick(&["", "before 'a'", "after 'b'", "before 'zz'"])
            ),
            3 => format!("alter type {one} rename value {} to {}", self.pick(&values), self.pick(&values)),
            4 => format!("alter type {one} rename to {}", quote(self.pick(NAMES))),
            5 => format!("alter type {one} set schema {}", quote(self.pick(SCHEMAS))),
            6 => format!("drop type {}{one}{}", self.maybe(20, "if exists "), self.maybe(50, " cascade")),
            7 => format!("create type {} as range (subtype = {})", self.new_name(), self.pick(&["float8", "text", "int8"])),
            _ => {
                let composites: Vec<String> =
                    catalog.composites().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name))).collect();
                if composites.is_empty() || self.chance(40) {
                    return format!("create type {} as (a {}, b {})", self.new_name(), self.ty(catalog), self.pick(TYPES));
                }
                let one = &composites[self.below(composites.len())];
                match self.below(5) {
                    0 => format!("alter type {one} add attribute {} {}", self.new_column(), self.pick(TYPES)),
                    1 => format!("alter type {one} drop attribute {} cascade", self.pick(&["a", "b", "c"])),
                    2 => format!("alter type {one} rename attribute {} to {}", self.pick(&["a", "b", "c"]), self.new_column()),
                    3 => format!("create table {} of {one}", self.new_name()),
                    _ => format!("alter type {one} alter attribute {} type {}", self.pick(&["a", "b"]), self.pick(TYPES)),
                }
            }
        }
    }

    fn domains(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.domains().map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name))).collect();
        let one = if all.is_empty() { self.new_name() } else { all[self.below(all.len())].clone() };
        match self.below(8) {
            0..=2 => format!(
                "create domain {} as {}{}{}",
                self.new_name(),
                self.pick(&["int", "text", "varchar(9)", "numeric(4,1)"]),
                self.maybe(30, " not null"),
                self.pick(&["", " check (value is not null)", " default null", " constraint k1 check (value is not null)"])
            ),
            3 => format!("alter domain {one} add {}check (value is not null)", self.constraint_name()),
            4 => format!(
                "alter domain {one} {}",
                self.pick(&["set not null", "drop not null", "drop default", "drop constraint if exists k1", "set default null"])
            ),
            5 => format!("alter domain {one} rename to {}", quote(self.pick(NAMES))),
            6 => format!("alter domain {one} rename constraint k1 to k2"),
            _ => format!("drop domain {one}{}", self.maybe(50, " cascade")),
        }
    }

    fn functions(&mut self, catalog: &Catalog) -> String {
        let all: Vec<String> = catalog.functions().map(|one| format!("{}.{}", quote(&one.schema), one.signature())).collect();
        let one = if all.is_empty() { format!("{}()", self.new_name()) } else { all[self.below(all.len())].clone() };
        let name = self.new_name();
        let replace = self.maybe(20, "or replace ");
        match self.below(9) {
            0 => format!(
                "create {replace}function {name}(a int, b {} default null) returns {} language sql {} as 'select null'",
                self.pick(TYPES),
                self.pick(&["text", "int", "uuid", "setof text"]),
                self.pick(&["immutable", "stable", "strict", ""])
            ),
            1 => format!("create {replace}function {name}() returns trigger language plpgsql as 'begin return new; end'"),
            2 => format!("create {replace}function {name}(x text, out y int, inout z bigint) language plpgsql as 'begin end'"),
            3 => format!(
                "create {replace}function {name}() returns table (id int, label varchar(10)) language plpgsql security definer as 'begin end'"
            ),
            4 => format!("create {replace}procedure {name}(inout a int, variadic b text[]) language plpgsql as 'begin end'"),
            5 => format!("alter function {one} {}", self.pick(&["stable", "strict", "security definer", "called on null input", "cost 5"])),
            6 => format!("alter routine {one} rename to {}", quote(self.pick(NAMES))),
            7 => format!("alter function {one} set schema {}", quote(self.pick(SCHEMAS))),
            _ => format!("drop {} {one}{}", self.pick(&["function", "routine", "procedure"]), self.maybe(50, " cascade")),
        }
    }

    fn security(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let column = self.column(found.as_ref());
        let triggers: Vec<String> = catalog
            .functions()
            .filter(|one| one.result().as_deref() == Some("trigger"))
            .map(|one| format!("{}.{}", quote(&one.schema), quote(&one.name)))
            .collect();
        let function = if triggers.is_empty() { self.new_name() } else { triggers[self.below(triggers.len())].clone() };
        let name = self.pick(&["t1", "t2", "p1"]);
        match self.below(8) {
            0 | 1 => format!(
                "create {}trigger {name} before insert or update of {column} on {table} for each row execute function {function}()",
                self.maybe(20, "or replace ")
            ),
            2 => format!("drop trigger {}{name} on {table}", self.maybe(30, "if exists ")),
            3 => format!("alter trigger {name} on {table} rename to {}", self.pick(&["t1", "t3"])),
            4 | 5 => format!(
                "create policy {name} on {table} {}using ({column} is not null)",
                self.pick(&["", "as restrictive ", "for select to public ", "for update "])
            ),
            6 => format!("drop policy {}{name} on {table}", self.maybe(30, "if exists ")),
            _ => format!("alter policy {name} on {table} rename to {}", self.pick(&["p1", "p2"])),
        }
    }

    fn views(&mut self, catalog: &Catalog) -> String {
        let (table, _) = self.table(catalog);
        let view = self.one(catalog, |table| matches!(table.kind, TableKind::View | TableKind::MaterializedView)).cloned();
        let named = view.as_ref().map_or_else(|| self.new_name(), |view| view.full_name().to_string());
        let kind = if view.is_some_and(|view| view.kind == TableKind::MaterializedView) { "materialized view" } else { "view" };
        match self.below(7) {
            0 | 1 => format!("create {}view {} as select 1 as one from {table}", self.maybe(20, "or replace "), self.new_name()),
            2 => format!(
                "create materialized view {}{} as select 1 as one, 'x' as two from {table}",
                self.maybe(20, "if not exists "),
                self.new_name()
            ),
            3 => format!("alter {kind} {named} rename to {}", quote(self.pick(NAMES))),
            4 => format!("alter {kind} {named} set schema {}", quote(self.pick(SCHEMAS))),
            5 => format!("drop {kind} {named}{}", self.maybe(50, " cascade")),
            _ => format!("create table {} as select 1 as one from {table}", self.new_name()),
        }
    }

    fn comments(&mut self, catalog: &Catalog) -> String {
        let (table, found) = self.table(catalog);
        let column = self.column(found.as_ref());
        let text = self.pick(&["'a comment'", "null", "''", "E'it\\'s\\ntwo lines'"]);
        match self.below(5) {
            0 | 1 => format!("comment on table {table} is {text}"),
            2 => format!("comment on column {table}.{column} is {text}"),
            3 => format!("comment on sequence {} is {text}", self.sequence(catalog)),
            _ => format!("comment on index {} is {text}", self.index(catalog)),
        }
    }

    /// The next statement.
    pub(crate) fn statement(&mut self, catalog: &Catalog) -> String {
        if catalog.schemas().count() == 1 && self.chance(60) {
            return format!("create schema {}", quote(self.pick(&SCHEMAS[1..])));
        }
        match self.below(100) {
            0..=19 => self.create_table(catalog),
            20..=44 => self.alter_table(catalog),
            45..=52 => self.create_index(catalog),
            53..=55 => match self.below(3) {
                0 => format!("drop index {}{}", self.maybe(20, "if exists "), self.index(catalog)),
                1 => format!("alter index {} rename to {}", self.index(catalog), quote(self.pick(&["i1", "i3", "item_b_idx"]))),
                _ => format!("alter table {} rename to {}", self.index(catalog), quote(self.pick(&["i4", "i5"]))),
            },
            56..=61 => self.sequences(catalog),
            62..=67 => self.types(catalog),
            68..=71 => self.domains(catalog),
            72..=77 => self.functions(catalog),
            78..=82 => self.security(catalog),
            83..=87 => self.views(catalog),
            88..=91 => self.comments(catalog),
            92 | 93 => self.partition(catalog),
            94..=96 => {
                let (table, _) = self.table(catalog);
                format!("drop table {}{table}{}", self.maybe(20, "if exists "), self.maybe(50, " cascade"))
            }
            97 => format!("create schema {}{}", self.maybe(50, "if not exists "), quote(self.pick(SCHEMAS))),
            98 => format!("alter schema {} rename to {}", quote(self.pick(&SCHEMAS[1..])), quote(self.pick(&["shop", "renamed"]))),
            _ => format!("drop schema {}{}", quote(self.pick(&SCHEMAS[1..])), self.maybe(60, " cascade")),
        }
    }
}
