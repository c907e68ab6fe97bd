//! Queries against a [`Catalog`]: the columns that a query returns, their types, and which of them are never null.
//!
//! The way the data goes: `query` (a query's parts, in the order PostgreSQL evaluates them) → `from` (what `FROM` gives, and the names
//! in it) → `expression` (an expression's type and nulls) → `call`, `operator` (which function is meant, by `candidate`,
//! `coerce` and `polymorphic`) → `snapshot` (what PostgreSQL has built in) and `objects` (what the schema adds).
//!
//! The rules are those of chapter 10 of PostgreSQL's manual (<https://www.postgresql.org/docs/current/typeconv.html>). What cannot be resolved is
//! a diagnostic with its place, never a guess; what cannot be proven not to be null is taken to be.

mod aggregate;
mod call;
mod candidate;
mod coerce;
mod condition;
mod convert;
mod defined;
mod expression;
mod foreign;
mod from;
mod grouped;
mod join;
mod literal;
mod names;
mod naming;
mod objects;
mod operator;
mod order;
mod polymorphic;
mod proven;
mod query;
mod rows;
mod scope;
pub(crate) mod snapshot;
pub(crate) mod stored;
mod types;
mod value;
mod window;
mod with;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

pub(crate) use coerce::{is_assignable, is_comparable_to_key};
pub use snapshot::snapshot_version;

use self::{
    scope::{Facts, Scope},
    snapshot::Oid,
    types::Types,
    value::Value,
    with::CommonTables,
};
use crate::{
    catalog::{Catalog, RelationName, Type},
    diagnostic::{Diagnostic, Diagnostics},
    parse::nesting::Nesting,
    query::Query,
    source::Source,
};

/// A column that a query returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name, as PostgreSQL's `Describe` gives it.
    pub name: String,
    /// Its type, with the modifiers that PostgreSQL keeps.
    pub ty: Type,
    /// Whether no row that the query can ever return has a null in it. False says nothing.
    pub proven_not_null: bool,
}

/// The columns of a query whose text is in `source`, in order; none for a statement that returns no rows. Unqualified names are looked up
/// along the catalog's present `search_path`.
///
/// # Errors
/// Everything in the query that does not resolve: names that mean nothing or more than one thing, functions and operators that the types
/// do not go with, forms that are not understood.
///
/// ```
/// use elyos_schema::{Catalog, Source, parse::parse_query, resolve};
///
/// let schema = Source::new("schema.sql", "create table users (id int primary key, email varchar(255));");
/// let catalog = Catalog::load(&[schema])?;
/// let source = Source::new("q.sql", "select id, coalesce(email, 'none') as email, count(*) over () from users");
/// let columns = resolve::columns_of(&catalog, &source, &parse_query(&source)?)?;
/// let told: Vec<String> = columns.iter().map(|it| format!("{} {} {}", it.name, it.ty, it.proven_not_null)).collect();
/// assert_eq!(told, ["id integer true", "email character varying true", "count bigint true"]);
///
/// let wrong = Source::new("q.sql", "select emial from users");
/// let errors = resolve::columns_of(&catalog, &wrong, &parse_query(&wrong)?).unwrap_err();
/// assert!(errors.to_string().contains("did you mean `email`?"));
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
pub fn columns_of(catalog: &Catalog, source: &Source, query: &Query) -> Result<Vec<OutputColumn>, Diagnostics> {
    columns_and_uses(catalog, source, query).map(|(columns, _)| columns)
}

/// What of a catalog a query uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    /// Columns of tables and views.
    pub(crate) columns: BTreeSet<(RelationName, String)>,
    /// The schema's types that values become in it, without modifiers.
    pub(crate) types: Vec<Type>,
    /// Whether it has parameters: `$1`.
    pub(crate) parameters: bool,
}

/// [`columns_of`], and what of the catalog the query uses.
pub(crate) fn columns_and_uses(catalog: &Catalog, source: &Source, query: &Query) -> Result<(Vec<OutputColumn>, Uses), Diagnostics> {
    let text = source.text().get(query.range.clone()).unwrap_or_default();
    Nesting::of(text).with_room(source, query.range.start, || resolved(catalog, source, query))?
}

fn resolved(catalog: &Catalog, source: &Source, query: &Query) -> Result<(Vec<OutputColumn>, Uses), Diagnostics> {
    let mut resolver = Resolver::new(catalog, source);
    let rows = resolver.query(query);
    Diagnostics::into_result(std::mem::take(&mut resolver.found), ())?;
    let Ok(rows) = rows else {
        return Err(Diagnostic::new("the query could not be resolved").at(source, query.range.clone()).into());
    };
    let columns = rows.columns.into_iter().map(|column| OutputColumn {
        ty: resolver.types.written(column.ty, &column.modifiers),
        name: column.name,
        proven_not_null: column.not_null,
    });
    let columns = columns.collect();
    let types = resolver.types_used.iter().map(|ty| resolver.types.written(*ty, &[])).filter(|ty| ty.schema.is_some());
    Ok((columns, Uses { types: types.collect(), columns: resolver.reads, parameters: !resolver.parameters.is_empty() }))
}

/// Something was wrong, and has been reported.
#[derive(Clone, Copy, Debug)]
struct Failed;

/// What a step gives, or that it has reported why not.
type Step<T> = Result<T, Failed>;

/// How deep expressions and queries may be in one another.
const DEEPEST: usize = 500;

struct Resolver<'a> {
    catalog: &'a Catalog,
    source: &'a Source,
    types: Types,
    found: Vec<Diagnostic>,
    facts: Facts,
    /// The queries around the place at hand, outermost first.
    scopes: Vec<Scope>,
    common_tables: CommonTables,
    within: with::Within,
    /// The windows that the queries around name.
    windows: Vec<Vec<(String, window::Named)>>,
    /// What is grouped by at the place at hand.
    grouping: Grouping,
    /// The tables' columns that columns of a `FROM` are.
    origins: BTreeMap<scope::ColumnId, (RelationName, String)>,
    /// Those that something in the query has named, `*` too.
    reads: BTreeSet<(RelationName, String)>,
    /// The schema's types that something in the query has been made of.
    types_used: BTreeSet<Oid>,
    /// The columns that the expressions so far name, but for those that were struck out.
    references: Vec<grouped::Reference>,
    /// The aggregates and the window functions called so far, by the place among the scopes of the query that each is of.
    aggregates: Vec<usize>,
    window_calls: Vec<usize>,
    /// The first thing so far that may give another value another time.
    mutable: Option<stored::Mutable>,
    /// Whether the schema has operators of its own.
    own_operators: bool,
    /// Whether all columns of the table that a kept expression is about are in sight.
    all_columns: bool,
    sub_query_names: naming::SubQueryNames,
    /// The types of `$1`, `$2` …
    parameters: Vec<Option<Oid>>,
    depth: usize,
}

/// How a query groups its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Grouping {
    /// Not, or all of them into one group that may be empty.
    #[default]
    None,
    /// By expressions: no group is empty.
    Plain,
    /// By sets: what is not in a set is null, whatever it is.
    Sets,
}

impl<'a> Resolver<'a> {
    fn new(catalog: &'a Catalog, source: &'a Source) -> Self {
        let mut types = Types::default();
        types.casts = defined::casts(catalog, &mut types).into_iter().collect();
        Self {
            catalog,
            source,
            types,
            found: Vec::new(),
            facts: Facts::default(),
            scopes: Vec::new(),
            common_tables: CommonTables::default(),
            within: with::Within::default(),
            windows: Vec::new(),
            grouping: Grouping::None,
            origins: BTreeMap::new(),
            reads: BTreeSet::new(),
            types_used: BTreeSet::new(),
            references: Vec::new(),
            aggregates: Vec::new(),
            window_calls: Vec::new(),
            mutable: None,
            own_operators: catalog.carried().any(|it| matches!(it.meaning, Some(crate::catalog::Meaning::Operator { .. }))),
            all_columns: false,
            sub_query_names: naming::SubQueryNames::default(),
            parameters: Vec::new(),
            depth: 0,
        }
    }

    /// Reports what PostgreSQL refuses whatever is not known here.
    fn fail(&mut self, range: &Range<usize>, diagnostic: Diagnostic) -> Failed {
        self.give_up(range, diagnostic.certain())
    }

    /// Reports what does not resolve here; PostgreSQL may know more.
    fn give_up(&mut self, range: &Range<usize>, diagnostic: Diagnostic) -> Failed {
        self.found.push(diagnostic.at(self.source, range.clone()));
        Failed
    }

    /// One level deeper, as long as there is room.
    fn deeper<T>(&mut self, range: &Range<usize>, step: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        if self.depth >= DEEPEST {
            return Err(self.give_up(range, Diagnostic::new("the query is nested too deeply").help("write parts of it as views")));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// The types of several values, for a choice among functions.
    fn types_of(values: &[Value]) -> Vec<Oid> {
        values.iter().map(|value| value.ty).collect()
    }
}
