//! What no part needs the inside of: carried with its text, found by kind and name.

use std::ops::Range;

use super::{model::RelationName, routine::Argument, types::Type};
use crate::{ddl::CastContext, source::Source};

/// An aggregate, operator, cast, rule, text search object, event trigger and the like.
///
/// ```
/// use elyos_schema::{Catalog, Source};
///
/// let text = "create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');";
/// let catalog = Catalog::load(&[Source::new("a.sql", text)])?;
/// let total = catalog.carried().next().expect("it was just created");
/// assert_eq!((total.kind.as_str(), total.name.as_str()), ("aggregate", "public.total(int)"));
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// What it is, in SQL's words and lower case: `aggregate`, `event trigger`.
    pub kind: String,
    /// Its name with its schema, and what else tells it from others: an aggregate's arguments, an operator's, a cast's types.
    pub name: String,
    /// Its schema, where its kind has one.
    pub schema: Option<String>,
    /// The table of a rule or of extended statistics.
    pub table: Option<RelationName>,
    /// The columns of the table that extended statistics are of.
    pub(crate) columns: Vec<String>,
    /// The statement that created it, and those that have changed it since.
    pub statements: Vec<String>,
    /// `COMMENT ON` it.
    pub comment: Option<String>,
    /// The text it was created in.
    pub source: Source,
    /// The bytes of the statement that created it.
    pub range: Range<usize>,
    /// What expressions need of it.
    pub(crate) meaning: Option<Meaning>,
}

/// What expressions need of an operator, aggregate or cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Operator {
        name: String,
        left: Option<Type>,
        right: Type,
        /// The schema, where written, and the name.
        function: (Option<String>, String),
    },
    Aggregate {
        name: String,
        arguments: Vec<Argument>,
        state: Type,
        /// The function that makes the result of the state.
        last: Option<(Option<String>, String)>,
    },
    Cast {
        source: Type,
        target: Type,
        context: CastContext,
        /// Whether the value stays as it is.
        binary: bool,
    },
}

/// A `GRANT` or `REVOKE`, kept as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The statement.
    pub text: String,
    /// The text it stands in.
    pub source: Source,
    /// Its bytes there.
    pub range: Range<usize>,
}
