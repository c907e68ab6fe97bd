//! Names, new ones and those of what is there.

use elyos_schema::{
    Catalog,
    catalog::{Function, RelationName, Table, TableKind, Type, Volatility, names::quote},
};

use super::Grammar;

pub(super) const SCHEMAS: &[&str] = &["public", "shop", "Weird \"one\""];
pub(super) const NAMES: &[&str] = &[
    "item",
    "orders",
    "a_rather_long_name_of_a_table_to_be_cut_at_63_bytes_by_postgresql",
    "Größe_ő_die_an_ihrer_dreiundsechzigsten_Stelle_zwei_Bytes_hat_őő",
    "order",
    "x",
    "a\"b",
    "a.b",
    " ",
    "customers",
    "Stock",
    "lines",
    "log",
    "ő",
];
const COLUMNS: &[&str] = &[
    "id",
    "a",
    "b",
    "Amount",
    "a_rather_long_column_name_that_wants_to_be_cut_as_well_by_the_server",
    "end",
    "c",
    "état",
    "x.y",
    "q\"q",
    "total",
    "Kind",
    "note",
];
const TYPES: &[&str] = &[
    "int",
    "int",
    "int",
    "bigint",
    "smallint",
    "text",
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
    "int array",
    "text array[4]",
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
    "json",
    "tsvector",
];

/// Types that no index can sort.
const UNSORTED: &[&str] = &["xml", "json"];

impl Grammar {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from((self.state >> 11) % u64::try_from(bound.max(1)).expect("it is small")).expect("it is small")
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// One of them, or what stands for nothing there.
    pub(super) fn one_of(&mut self, list: &[String], otherwise: &str) -> String {
        if list.is_empty() || self.chance(2) { otherwise.to_owned() } else { list[self.below(list.len())].clone() }
    }

    /// The text, or nothing.
    pub(super) fn maybe(&mut self, percent: usize, text: &str) -> String {
        if self.chance(percent) { text.to_owned() } else { String::new() }
    }

    pub(super) fn cascade(&mut self) -> String {
        self.pick(&[" cascade", " cascade", " restrict", "", ""]).to_owned()
    }

    pub(super) fn bare_name(&mut self) -> String {
        quote(self.pick(NAMES))
    }

    pub(super) fn new_name(&mut self) -> String {
        let schema = quote(self.pick(SCHEMAS));
        let name = self.bare_name();
        if self.chance(50) { name } else { format!("{schema}.{name}") }
    }

    pub(super) fn new_column(&mut self) -> String {
        quote(self.pick(COLUMNS))
    }

    pub(super) fn own_type(&mut self) -> &'static str {
        self.pick(TYPES)
    }

    pub(super) fn sorted_type(&mut self) -> &'static str {
        loop {
            let ty = self.own_type();
            if !UNSORTED.contains(&ty) {
                return ty;
            }
        }
    }

    pub(super) fn one<'c>(&mut self, catalog: &'c Catalog, fits: impl Fn(&Table) -> bool) -> Option<&'c Table> {
        let all: Vec<&Table> = catalog.tables().filter(|table| fits(table)).collect();
        if all.is_empty() { None } else { Some(all[self.below(all.len())]) }
    }

    pub(super) fn is_table(table: &Table) -> bool {
        matches!(table.kind, TableKind::Table | TableKind::Partitioned)
    }

    /// A table that is there, mostly; its name alone where the path may find it.
    pub(super) fn table(&mut self, catalog: &Catalog) -> (String, Option<Table>) {
        match self.one(catalog, Self::is_table) {
            Some(table) if !self.chance(3) => (self.spelled(&table.full_name()), Some(table.clone())),
            _ => (self.new_name(), None),
        }
    }

    pub(super) fn spelled(&mut self, name: &RelationName) -> String {
        if name.schema == "public" && self.chance(30) { quote(&name.name) } else { name.to_string() }
    }

    pub(super) fn column(&mut self, table: Option<&Table>) -> String {
        match table {
            Some(table) if !table.columns.is_empty() && !self.chance(4) => quote(&table.columns[self.below(table.columns.len())].name),
            _ => self.new_column(),
        }
    }

    /// A column that an index can have.
    pub(super) fn sorted_column(&mut self, table: Option<&Table>) -> String {
        let sorted: Vec<&str> = table
            .into_iter()
            .flat_map(|table| &table.columns)
            .filter(|column| is_sorted(&column.ty))
            .map(|column| column.name.as_str())
            .collect();
        if sorted.is_empty() || self.chance(2) { self.new_column() } else { quote(sorted[self.below(sorted.len())]) }
    }

    pub(super) fn sorted_columns(&mut self, table: Option<&Table>, most: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..=self.below(most) {
            let column = self.sorted_column(table);
            if !all.contains(&column) {
                all.push(column);
            }
        }
        all.join(", ")
    }

    /// A condition about a column that its type allows.
    pub(super) fn condition(&mut self, table: Option<&Table>, written: &str) -> String {
        let found = table.and_then(|table| table.columns.iter().find(|column| quote(&column.name) == written));
        let ty = found.map(|column| &column.ty).filter(|ty| ty.schema.is_none() && ty.array_dimensions == 0);
        let typed: &[&str] = match ty.map_or("", |ty| ty.name.as_str()) {
            "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" => {
                &["{} > 0", "{} between 1 and 10", "{} in (1, 2, 3)", "abs({}) < 5", "coalesce({}, 0) <> 7"]
            }
            "text" | "varchar" => &["{} <> ''", "lower({}) = {}", "length({}) > 0", "{} like 'a%'", "{} in ('a', 'b')"],
            "bool" => &["{}", "not {}", "{} is true"],
            "date" | "timestamp" | "timestamptz" => &["{} > '2000-01-01'"],
            _ => &[],
        };
        let condition = if typed.is_empty() || self.chance(30) { "{} is not null" } else { self.pick(typed) };
        condition.replace("{}", written)
    }

    /// A function of an integer that gives one, where there is one and no other of its name.
    pub(super) fn integer_function(&mut self, catalog: &Catalog) -> Option<String> {
        let is_it = |one: &&Function| {
            one.argument_types() == ["integer"]
                && one.result().as_deref() == Some("integer")
                && !one.procedure
                && one.volatility == Volatility::Immutable
        };
        let alone = |one: &&Function| catalog.functions().filter(|other| other.name == one.name).count() == 1;
        let all: Vec<String> = catalog.functions().filter(is_it).filter(alone).map(|one| full(&one.schema, &one.name)).collect();
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// A type of PostgreSQL's or of the catalog's own.
    pub(super) fn ty(&mut self, catalog: &Catalog) -> String {
        if self.chance(18) {
            let enums = catalog.enums().map(|one| full(&one.schema, &one.name));
            let domains = catalog.domains().map(|one| full(&one.schema, &one.name));
            let composites = catalog.composites().map(|one| full(&one.schema, &one.name));
            let ranges = catalog.ranges().map(|one| full(&one.schema, &one.name));
            let all: Vec<String> = enums.chain(domains).chain(composites).chain(ranges).collect();
            if !all.is_empty() {
                let array = self.maybe(20, "[]");
                return format!("{}{array}", all[self.below(all.len())]);
            }
        }
        self.own_type().to_owned()
    }
}

pub(super) fn is_sorted(ty: &Type) -> bool {
    !UNSORTED.contains(&ty.name.as_str())
}

pub(super) fn full(schema: &str, name: &str) -> String {
    format!("{}.{}", quote(schema), quote(name))
}
