//! What may be meant that neither PostgreSQL's snapshot nor any statement has: what extensions bring, and what later versions of PostgreSQL have
//! built in. Where it may be, what does not resolve stays unknown; where it may not, PostgreSQL refuses it as well.

use std::{collections::HashSet, sync::OnceLock};

use super::{
    Failed, Resolver,
    scope::ScopeColumn,
    snapshot::{self, Brought, Oid},
    types::{Types, UNKNOWN},
};
use crate::{catalog::Catalog, ddl::Qualified, diagnostic::Diagnostic};

/// Functions of PostgreSQL 16 to 18 whose names an earlier one has not, or has with other arguments
/// (<https://www.postgresql.org/docs/release/>).
const LATER: &str = include_str!("later.txt");

/// Kinds of things that an extension brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Operator,
    Relation,
    Type,
}

impl Kind {
    fn of(self, brought: Brought) -> &'static str {
        match self {
            Self::Function => brought.functions,
            Self::Operator => brought.operators,
            Self::Relation => brought.relations,
            Self::Type => brought.types,
        }
    }
}

/// Whether an extension of the catalog may have brought something of that name: one that comes with PostgreSQL brings what it is known
/// to, any other whatever it likes.
pub(super) fn may_be_brought(catalog: &Catalog, kind: Kind, name: &str) -> bool {
    let of = |extension: &str| match snapshot::brought_by(extension) {
        Some(brought) => kind.of(brought).split_ascii_whitespace().any(|known| known == name),
        None => true,
    };
    catalog.extensions().any(|extension| extension.name != "plpgsql" && of(&extension.name))
}

/// Whether a later version of PostgreSQL may have a function of that name.
fn is_of_a_later_version(function: &str) -> bool {
    static NAMES: OnceLock<HashSet<&str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| LATER.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace).collect());
    names.contains(function)
}

fn is_of_the_system(schema: &str) -> bool {
    matches!(schema, "pg_catalog" | "information_schema")
}

impl Resolver<'_> {
    /// Reports what PostgreSQL refuses as well, unless it may know something that is not known here.
    pub(super) fn fail_if_known(&mut self, known: bool, range: &std::ops::Range<usize>, diagnostic: Diagnostic) -> Failed {
        if known { self.fail(range, diagnostic) } else { self.give_up(range, diagnostic) }
    }

    /// Whether all functions of that name that values of these types can go to are known.
    pub(super) fn knows_functions(&self, name: &str, actual: &[Oid]) -> bool {
        let later = is_of_a_later_version(name)
            || is_of_a_later_version(&format!("{name}/{}", actual.len()))
            || actual.first().is_some_and(|first| is_of_a_later_version(&format!("{name}({})", self.kind_of(*first))));
        self.know_types(actual) && !later && !may_be_brought(self.catalog, Kind::Function, name)
    }

    fn kind_of(&self, ty: Oid) -> String {
        if Types::element_of(self.types.base(ty)).is_some() {
            "array".to_owned()
        } else if self.types.is_row(ty) {
            "record".to_owned()
        } else {
            self.types.named(self.types.base(ty))
        }
    }

    /// Whether all operators of that name that values of these types can go to are known. Those of an extension's own types alone take no
    /// value of another type, only literals.
    pub(super) fn knows_operators(&self, name: &str, actual: &[Oid]) -> bool {
        let literals = actual.iter().all(|ty| *ty == UNKNOWN);
        self.know_types(actual) && !may_be_brought(self.catalog, Kind::Operator, name) && !(literals && self.catalog.has_foreign_names())
    }

    /// Whether all relations of that name are known: PostgreSQL's own schemas have more in later versions.
    pub(super) fn knows_relations(&self, name: &Qualified) -> bool {
        let of_the_system = match name.schema.as_deref() {
            Some(schema) => is_of_the_system(schema),
            None => name.name.starts_with("pg_"),
        };
        !of_the_system && !may_be_brought(self.catalog, Kind::Relation, &name.name)
    }

    /// Whether columns are of a relation of PostgreSQL's own, which has more of them in later versions.
    pub(super) fn is_of_the_system(&self, columns: &[ScopeColumn]) -> bool {
        let origin = |column: &ScopeColumn| self.origins.get(&column.id);
        columns.iter().filter_map(origin).any(|(relation, _)| is_of_the_system(&relation.schema))
    }

    /// Whether of all these types it is known what they are, and so what they become.
    pub(super) fn know_types(&self, types: &[Oid]) -> bool {
        types.iter().all(|ty| self.types.is_known(*ty))
    }
}

impl Types {
    /// Whether it is known what the type is, and all that it is made of.
    pub(super) fn is_known(&self, ty: Oid) -> bool {
        self.within(ty).all(|part| self.shape(part) != super::types::Shape::Unknown)
    }
}
