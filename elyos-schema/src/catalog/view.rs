//! What a relation made from a query keeps of it.

use std::ops::Range;

use super::{model::RelationName, types::Type};
use crate::source::Source;

/// The query of a view, a materialized view or a `CREATE TABLE AS`.
///
/// Its text is `source.text()[range]`; the relation's columns follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewQuery {
    /// The text it stands in.
    pub source: Source,
    /// The query's bytes there, without `WITH [NO] DATA` and `WITH CHECK OPTION`.
    pub range: Range<usize>,
    /// The column names written before it, which rename its first columns.
    pub column_names: Vec<String>,
    /// `RECURSIVE`: the query may name the view itself.
    pub recursive: bool,
    /// The schemas that its unqualified names were looked up in, first to last.
    pub search_path: Vec<String>,
    /// The relations it reads that this catalog holds.
    pub reads: Vec<RelationName>,
    /// The columns of those that it uses, `*` written out.
    pub columns_read: Vec<(RelationName, String)>,
    /// The types of this catalog that values become in it, by a cast or because something takes such a value, without modifiers.
    pub types_used: Vec<Type>,
}
