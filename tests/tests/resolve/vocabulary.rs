//! What a generator of queries knows of a schema: its tables, what their columns are like, which belong together, and values of each type.

use elyos_schema::{
    Catalog,
    catalog::{Table, Type, names::quote},
};

use super::values;

/// Stands in a written column for the alias of its table.
const ALIAS: char = '\u{1}';

/// What an expression is meant to be; that the server sees it so too is not promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Number,
    Text,
    Bool,
    Time,
    /// `integer[]`.
    Array,
    Json,
    /// One of the types of the vocabulary, by its number.
    Other(usize),
}

/// The kinds that every schema has.
pub(crate) const KINDS: [Kind; 7] = [Kind::Int, Kind::Number, Kind::Text, Kind::Bool, Kind::Time, Kind::Array, Kind::Json];

/// A type that expressions are written of by its name alone.
pub(crate) struct Other {
    /// As a cast writes it.
    pub(crate) name: String,
    /// Constants of it.
    pub(crate) values: Vec<String>,
    /// Whether its values are greater and less than each other, and aggregates know them.
    pub(crate) ordered: bool,
}

/// A table or view.
pub(crate) struct Words {
    pub(crate) name: String,
    columns: Vec<(String, Kind)>,
    /// Its foreign keys, and those that point to it: the columns, the other table, the columns there.
    pub(crate) links: Vec<(Vec<String>, usize, Vec<String>)>,
}

/// All of a schema.
pub(crate) struct Vocabulary {
    pub(crate) tables: Vec<Words>,
    pub(crate) others: Vec<Other>,
}

impl Words {
    /// The columns under an alias, their fields and elements too.
    pub(crate) fn visible(&self, alias: &str) -> Vec<(String, Kind)> {
        self.columns.iter().map(|(column, kind)| (column.replace(ALIAS, alias), *kind)).collect()
    }
}

impl Vocabulary {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let tables: Vec<&Table> = catalog.tables().filter(|table| table.columns_known && !table.columns.is_empty()).collect();
        let mut found = Self { tables: Vec::new(), others: Vec::new() };
        for table in &tables {
            let mut columns = Vec::new();
            for column in &table.columns {
                found.add(catalog, format!("{ALIAS}.{}", quote(&column.name)), &column.ty, &mut columns, 2);
            }
            found.tables.push(Words { name: table.full_name().to_string(), columns, links: Vec::new() });
        }
        for (index, table) in tables.iter().enumerate() {
            for key in &table.foreign_keys {
                let is = |other: &&Table| other.schema == key.references_schema && other.name == key.references_table;
                let Some(other) = tables.iter().position(is) else { continue };
                let quoted = |names: &[String]| names.iter().map(|name| quote(name)).collect::<Vec<_>>();
                let (own, theirs) = (quoted(&key.columns), quoted(&key.references_columns));
                found.tables[other].links.push((theirs.clone(), index, own.clone()));
                found.tables[index].links.push((own, other, theirs));
            }
        }
        found
    }

    fn add(&mut self, catalog: &Catalog, written: String, ty: &Type, columns: &mut Vec<(String, Kind)>, depth: usize) {
        let base = values::base(catalog, ty);
        if is_of_extension(catalog, &base) {
            return;
        }
        let kind = self.kind(catalog, &base);
        if depth > 0 && base.array_dimensions > 0 {
            let element = Type { array_dimensions: 0, ..base.clone() };
            self.add(catalog, format!("({written})[1]"), &element, columns, 0);
        } else if depth > 0 {
            for attribute in values::composite(catalog, &base).into_iter().flat_map(|composite| &composite.attributes) {
                self.add(catalog, format!("({written}).{}", quote(&attribute.name)), &attribute.ty, columns, depth - 1);
            }
        }
        columns.push((written, kind));
    }

    fn kind(&mut self, catalog: &Catalog, ty: &Type) -> Kind {
        match (ty.schema.as_deref(), ty.name.as_str(), ty.array_dimensions) {
            (None, "int2" | "int4" | "int8", 0) => Kind::Int,
            (None, "float4" | "float8" | "numeric", 0) => Kind::Number,
            (None, "text" | "varchar" | "bpchar", 0) => Kind::Text,
            (None, "bool", 0) => Kind::Bool,
            (None, "date" | "timestamp" | "timestamptz", 0) => Kind::Time,
            (None, "jsonb", 0) => Kind::Json,
            (None, "int4", _) => Kind::Array,
            _ => self.other(catalog, ty),
        }
    }

    fn other(&mut self, catalog: &Catalog, ty: &Type) -> Kind {
        let name = ty.without_modifiers();
        if let Some(known) = self.others.iter().position(|other| other.name == name) {
            return Kind::Other(known);
        }
        let literal = |value: &String| format!("{}::{name}", values::literal(value));
        let mut constants: Vec<String> = values::of(catalog, ty, &[]).iter().take(6).map(literal).collect();
        constants.push(format!("NULL::{name}"));
        let ordered = catalog.enums().any(|it| Some(&it.schema) == ty.schema.as_ref() && it.name == ty.name) && ty.array_dimensions == 0;
        self.others.push(Other { name, values: constants, ordered });
        Kind::Other(self.others.len() - 1)
    }
}

/// Whether no statement of the schema makes the type: what extensions bring with them, the resolver does not know.
fn is_of_extension(catalog: &Catalog, ty: &Type) -> bool {
    let Some(schema) = ty.schema.as_deref() else { return false };
    let is = |own: &str, name: &str| own == schema && name == ty.name;
    let is_made = catalog.enumeration(schema, &ty.name).is_some()
        || catalog.domain(schema, &ty.name).is_some()
        || catalog.table(schema, &ty.name).is_some()
        || catalog.composites().any(|it| is(&it.schema, &it.name))
        || catalog.ranges().any(|it| is(&it.schema, &it.name) || is(&it.schema, &it.multirange));
    !is_made && catalog.extensions().next().is_some()
}
