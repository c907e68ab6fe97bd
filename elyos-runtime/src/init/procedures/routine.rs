//! The functions and procedures that the server has, as the catalogue tells them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::bundle::{Procedure, Routine as Written};
use crate::error::{Error, Kind, Result};
use crate::sql::quote_literal;

/// A function or procedure on the server. A `CREATE OR REPLACE` moves its row, so equal ones have not been touched in between.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Routine {
    pub(super) oid: String,
    /// Where its row of `pg_proc` is.
    row: String,
    pub(super) schema: String,
    pub(super) name: String,
    /// Name and argument types, all qualified and quoted, so that SQL may name it by this text.
    pub(super) identity: String,
    /// The oids of the arguments' types.
    types: String,
}

/// Those that the server had at one moment, by their oids.
pub(super) type Routines = BTreeMap<String, Routine>;

/// The query for all of some names, in whichever schemas: one text of JSON. Aggregates are none of a procedure's file.
pub(super) fn question(names: &BTreeSet<&str>) -> String {
    let names: Vec<String> = names.iter().map(|name| quote_literal(name)).collect();
    format!(
        "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('oid', p.oid::text, 'row', p.ctid::text, 'schema', n.nspname, \
         'name', p.proname, 'identity', (pg_catalog.pg_identify_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0)).identity, \
         'types', p.proargtypes::text)), '[]') \
         FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
         WHERE p.proname IN ({}) AND p.prokind <> 'a';\n",
        if names.is_empty() { "NULL".to_owned() } else { names.join(", ") }
    )
}

/// What the query answered.
pub(super) fn answered(text: &str) -> Result<Routines> {
    let routines: Vec<Routine> =
        serde_json::from_str(text).map_err(|_| Error::new(Kind::Unexpected { what: "the functions of the database" }))?;
    Ok(routines.into_iter().map(|routine| (routine.oid.clone(), routine)).collect())
}

/// The names of what a procedure's file creates.
pub(super) fn names(procedure: &Procedure) -> BTreeSet<&str> {
    procedure.creates.iter().map(|written| &*written.name).collect()
}

/// An identity as people read it: types of PostgreSQL's own without their schema.
pub(super) fn shown(identity: &str) -> String {
    identity.replace("pg_catalog.", "")
}

impl Routine {
    /// Is it of the same schema and name?
    pub(super) fn is_namesake(&self, other: &Self) -> bool {
        self.schema == other.schema && self.name == other.name
    }

    /// Is it of the name that a statement gives? What is written without a schema is made in the first of the search path.
    pub(super) fn is_named(&self, written: &Written, first_schema: &str) -> bool {
        self.name == *written.name && self.schema == written.schema.as_deref().unwrap_or(first_schema)
    }

    /// How many of the first arguments have equal types.
    pub(super) fn likeness(&self, other: &Self) -> usize {
        let (own, others) = (self.types.split_ascii_whitespace(), other.types.split_ascii_whitespace());
        own.zip(others).take_while(|(own, other)| own == other).count()
    }
}

/// Of some routines the one that a new one most likely stands for: the same, else the one of its name whose first arguments agree the longest.
pub(super) fn predecessor<'r>(new: &Routine, old: impl Iterator<Item = &'r Routine>) -> Option<&'r Routine> {
    let mut best: Option<(&Routine, usize)> = None;
    for candidate in old.filter(|old| old.is_namesake(new)) {
        if candidate.identity == new.identity {
            return Some(candidate);
        }
        let likeness = candidate.likeness(new);
        if best.is_none_or(|(_, known)| likeness > known) {
            best = Some((candidate, likeness));
        }
    }
    best.map(|(routine, _)| routine)
}

#[cfg(test)]
mod tests {
    use super::{Routine, predecessor};

    fn routine(identity: &str, types: &str) -> Routine {
        let text = |text: &str| text.to_owned();
        Routine {
            oid: text(identity),
            row: text("(0,1)"),
            schema: text("s"),
            name: text("f"),
            identity: text(identity),
            types: text(types),
        }
    }

    #[test]
    fn a_new_one_follows_the_one_whose_arguments_begin_alike() {
        let old = [routine("s.f(text)", "25"), routine("s.f(integer,text)", "23 25"), routine("s.f(integer)", "23")];
        let followed = |new: &Routine| predecessor(new, old.iter()).map(|old| old.identity.clone());
        assert_eq!(followed(&routine("s.f(integer)", "23")).as_deref(), Some("s.f(integer)"));
        assert_eq!(followed(&routine("s.f(integer,text,text)", "23 25 25")).as_deref(), Some("s.f(integer,text)"));
        assert_eq!(followed(&routine("s.f(boolean)", "16")).as_deref(), Some("s.f(text)"));
        let other = Routine { name: "g".to_owned(), ..routine("s.g(integer)", "23") };
        assert_eq!(followed(&other), None);
    }
}
