//! The model of a schema: what PostgreSQL would have after running the statements.

mod any_order;
mod carried;
mod derived;
mod index;
mod model;
pub mod names;
mod namespace;
mod referring;
mod routine;
mod security;
mod sequence;
mod types;
mod user_type;
mod view;

use std::{collections::BTreeMap, ops::Range};

pub(crate) use carried::Meaning;
pub use carried::{Carried, Grant};
pub(crate) use derived::Derived;
pub use index::{Exclusion, Index, IndexPart};
pub(crate) use model::NotNull;
pub use model::{Action, Check, Column, ForeignKey, Identity, Key, RelationName, Table, TableKind};
pub use namespace::Schema;
pub(crate) use namespace::index_names;
pub(crate) use referring::{Referring, as_in_default, as_in_expression, expressions_of};
pub use routine::{Argument, Function, Mode, Volatility};
pub use security::{Policy, Trigger};
pub use sequence::Sequence;
pub(crate) use sequence::SequenceOptions;
pub(crate) use types::OWN_TYPES;
pub use types::Type;
pub(crate) use user_type::UserType;
pub use user_type::{Attribute, Composite, Domain, Enum, Extension, RangeType};
pub use view::ViewQuery;

use crate::{
    apply::Applier,
    diagnostic::{Diagnostic, Diagnostics},
    parse::{Script, is_long, parse, parse_in_order},
    source::Source,
};

/// Where temporary tables go: found first, shown to nobody.
pub(crate) const TEMPORARY: &str = "pg_temp";

/// Columns that every table has (<https://www.postgresql.org/docs/current/ddl-system-columns.html>).
pub(crate) const SYSTEM_COLUMNS: &[&str] = &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// What a database holds after some SQL.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub(crate) schemas: BTreeMap<String, Schema>,
    pub(crate) extensions: BTreeMap<String, Extension>,
    pub(crate) search_path: Vec<String>,
    pub(crate) default_search_path: Vec<String>,
    pub(crate) carried: Vec<Carried>,
    pub(crate) grants: Vec<Grant>,
    /// Whether anything may be proven of a view.
    pub(crate) any_proven: bool,
}

impl Default for Catalog {
    fn default() -> Self {
        Self::new()
    }
}

impl Catalog {
    /// A new database: an empty schema `public`, found by unqualified names.
    #[must_use]
    pub fn new() -> Self {
        let path = vec!["public".to_owned()];
        let mut catalog = Self {
            schemas: BTreeMap::new(),
            extensions: BTreeMap::new(),
            search_path: path.clone(),
            default_search_path: path,
            carried: Vec::new(),
            grants: Vec::new(),
            any_proven: false,
        };
        catalog.schemas.insert("public".to_owned(), Schema::new("public"));
        catalog
    }

    /// With a schema that is there before the first statement.
    #[must_use]
    pub fn with_schema(mut self, name: &str) -> Self {
        self.schemas.entry(name.to_owned()).or_insert_with(|| Schema::new(name));
        self
    }

    /// With an extension that is there before the first statement.
    #[must_use]
    pub fn with_extension(mut self, name: &str) -> Self {
        self.extensions.entry(name.to_owned()).or_insert_with(|| Extension { name: name.to_owned(), schema: None, comment: None });
        self
    }

    /// With another `search_path` than `public`.
    #[must_use]
    pub fn with_search_path<'a>(mut self, path: impl IntoIterator<Item = &'a str>) -> Self {
        self.default_search_path = path.into_iter().map(str::to_owned).collect();
        self.search_path = self.default_search_path.clone();
        self
    }

    /// The catalog after these texts, one after the other, in a new database. Each begins with the default `search_path`.
    ///
    /// # Errors
    /// All syntax errors of all texts; if there are none, every statement that PostgreSQL would refuse as far as this catalog can tell:
    /// a name that does not exist or exists already.
    pub fn load(sources: &[Source]) -> Result<Self, Diagnostics> {
        Self::new().load_more(sources)
    }

    /// [`load`](Self::load) into what is there already.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn load_more(mut self, sources: &[Source]) -> Result<Self, Diagnostics> {
        if let [only] = sources
            && let Some(found) = self.run_while_reading(only)
        {
            return Diagnostics::into_result(found, self);
        }
        let mut scripts = Vec::new();
        let mut found = Vec::new();
        for source in sources {
            match parse(source) {
                Ok(script) => scripts.push((source, script)),
                Err(errors) => found.extend(errors),
            }
        }
        Diagnostics::into_result(std::mem::take(&mut found), ())?;
        for (source, script) in scripts {
            found.extend(self.run(source, &script, &[]));
        }
        Diagnostics::into_result(found, self)
    }

    /// Changes the catalog as one long text says, by its first statements while the last are still being read. None, and nothing is changed,
    /// where that cannot be done.
    fn run_while_reading(&mut self, source: &Source) -> Option<Vec<Diagnostic>> {
        if !is_long(source) {
            return None;
        }
        let before = self.clone();
        self.search_path = self.default_search_path.clone();
        let mut applier = Applier::new(self, source);
        // What another thread has made is freed once that one has ended: they would wait for each other's memory.
        let mut kept = Vec::new();
        let whole = parse_in_order(source, |statements| {
            applier.apply(&statements);
            kept.push(statements);
        });
        if !whole {
            *self = before;
            return None;
        }
        let found = applier.found();
        self.read_parents();
        Some(found)
    }

    /// Changes the catalog as the script says, but for the statements at the ranges to pass over.
    pub(crate) fn run(&mut self, source: &Source, script: &Script, pass_over: &[Range<usize>]) -> Vec<Diagnostic> {
        self.search_path = self.default_search_path.clone();
        let mut applier = Applier::new(self, source);
        applier.apply(script.statements().iter().filter(|statement| !pass_over.contains(&statement.range())));
        let found = applier.found();
        self.read_parents();
        found
    }

    /// The tables that inherit from this one, directly, as of the last [`read_parents`](Self::read_parents).
    pub(crate) fn children(&self, parent: &RelationName) -> impl Iterator<Item = &Table> {
        self.schemas.values().flat_map(|schema| schema.tables.known_heirs_of(parent))
    }

    /// Has who inherits from what at hand for those who may not change the catalog.
    pub(crate) fn read_parents(&mut self) {
        self.schemas.values_mut().for_each(|schema| schema.tables.read_parents());
    }

    /// The table or view of that name.
    #[must_use]
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        self.schemas.get(schema)?.tables.get(name)
    }

    /// All tables and views, by schema and name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.schemas().flat_map(|schema| schema.tables.values())
    }

    /// All schemas but PostgreSQL's own, by name.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.values().filter(|schema| schema.name() != TEMPORARY)
    }

    /// All enums, by schema and name.
    pub fn enums(&self) -> impl Iterator<Item = &Enum> {
        self.types().filter_map(|ty| match ty {
            UserType::Enum(it) => Some(it),
            _ => None,
        })
    }

    /// All domains, by schema and name.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.types().filter_map(|ty| match ty {
            UserType::Domain(it) => Some(it),
            _ => None,
        })
    }

    /// All composite types, by schema and name.
    pub fn composites(&self) -> impl Iterator<Item = &Composite> {
        self.types().filter_map(|ty| match ty {
            UserType::Composite(it) => Some(it),
            _ => None,
        })
    }

    /// All range types, by schema and name.
    pub fn ranges(&self) -> impl Iterator<Item = &RangeType> {
        self.types().filter_map(|ty| match ty {
            UserType::Range(it) => Some(it),
            _ => None,
        })
    }

    /// All sequences, by schema and name.
    pub fn sequences(&self) -> impl Iterator<Item = &Sequence> {
        self.schemas().flat_map(|schema| schema.sequences.values())
    }

    /// The sequence of that name.
    #[must_use]
    pub fn sequence(&self, schema: &str, name: &str) -> Option<&Sequence> {
        self.schemas.get(schema)?.sequences.get(name)
    }

    /// All functions and procedures, by schema and name, overloads in order of their creation.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.schemas().flat_map(|schema| schema.functions.values().flatten())
    }

    /// What is carried whole, in order of its creation.
    pub fn carried(&self) -> impl Iterator<Item = &Carried> {
        self.carried.iter()
    }

    /// Every `GRANT` and `REVOKE`, in order.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter()
    }

    /// All extensions, by name.
    pub fn extensions(&self) -> impl Iterator<Item = &Extension> {
        self.extensions.values()
    }

    /// The enum of that name.
    #[must_use]
    pub fn enumeration(&self, schema: &str, name: &str) -> Option<&Enum> {
        match self.schemas.get(schema)?.types.get(name)? {
            UserType::Enum(it) => Some(it),
            _ => None,
        }
    }

    /// The domain of that name.
    #[must_use]
    pub fn domain(&self, schema: &str, name: &str) -> Option<&Domain> {
        match self.schemas.get(schema)?.types.get(name)? {
            UserType::Domain(it) => Some(it),
            _ => None,
        }
    }

    /// The collation that a column has by its type, a domain that says one or is over one that does: with its schema, where it is not one
    /// of PostgreSQL's own.
    ///
    /// Source: PostgreSQL, "CREATE DOMAIN", `COLLATE`.
    ///
    /// ```
    /// use elyos_schema::{Catalog, Source};
    ///
    /// let sql = r#"CREATE DOMAIN code AS text COLLATE "C"; CREATE DOMAIN short AS code; CREATE TABLE t (a short)"#;
    /// let catalog = Catalog::load(&[Source::new("schema.sql", sql)])?;
    /// let column = catalog.table("public", "t").and_then(|table| table.column("a")).expect("it was made");
    /// assert_eq!(catalog.collation_of(&column.ty), Some("\"C\""));
    /// # Ok::<(), elyos_schema::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn collation_of(&self, ty: &Type) -> Option<&str> {
        self.domain(ty.schema.as_deref()?, &ty.name)?.collation.as_deref()
    }

    /// Whether there may be functions and relations that no statement here has made: an extension's.
    pub(crate) fn has_foreign_names(&self) -> bool {
        self.extensions.keys().any(|extension| extension != "plpgsql")
    }

    /// The relation that a name means, without a schema the first along the default `search_path`.
    #[must_use]
    pub fn resolve(&self, schema: Option<&str>, name: &str) -> Option<&Table> {
        match schema {
            Some(schema) => self.table(schema, name),
            None => self.default_search_path.iter().find_map(|schema| self.table(schema, name)),
        }
    }

    fn types(&self) -> impl Iterator<Item = &UserType> {
        self.schemas().flat_map(|schema| schema.types.values())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_applied_while_it_is_read_as_it_is_behind() {
        let table = |at: usize| format!("create table t{at} (id int primary key, up int references t{});\n", at / 2);
        let sound: String = (0..2_000).map(table).collect();
        let duplicate = format!("{sound}{}create table late (id int);", table(7));
        let no_sql = format!("{duplicate}create table;");
        for text in [sound, duplicate, no_sql] {
            let source = Source::new("a.sql", text.as_str());
            assert!(is_long(&source));
            // Of several texts all are read before the first is applied.
            let told = |catalog: Result<Catalog, Diagnostics>| match catalog {
                Ok(catalog) => format!("{:?}", catalog.tables().map(|table| (&table.name, &table.foreign_keys)).collect::<Vec<_>>()),
                Err(errors) => errors.to_string(),
            };
            let behind: String = told(Catalog::load(&[source.clone(), Source::new("b.sql", "")]));
            assert_eq!(told(Catalog::load(&[source])), behind);
        }
    }
}
