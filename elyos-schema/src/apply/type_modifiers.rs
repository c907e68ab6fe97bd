//! What may stand in parentheses behind a type (`typmodin` in PostgreSQL's `pg_type`, and the functions it names).

use super::Applier;
use crate::{
    catalog::{Type, UserType},
    ddl::TypeName,
    diagnostic::Diagnostic,
};

/// The bytes of a string, and the digits of a `numeric`, at most.
const LONGEST_STRING: i64 = 10_485_760;
const MOST_BITS: i64 = 8 * LONGEST_STRING;
const MOST_DIGITS: i64 = 1000;

impl Applier<'_> {
    /// Refuses what a type cannot have in parentheses behind it.
    pub(super) fn check_modifiers(&mut self, written: &TypeName, found: &Type) {
        if written.modifiers.is_empty() || written.of_column.is_some() {
            return;
        }
        let wrong = match &found.schema {
            None => wrong_modifiers(written),
            Some(schema) => {
                let ty = self.catalog.schemas.get(schema);
                let takes_none = ty.is_some_and(|schema| match schema.types.get(&found.name) {
                    Some(ty) => !matches!(ty, UserType::Base { .. }),
                    None => schema.tables.contains_key(&found.name),
                });
                takes_none.then(|| takes_no_modifiers(&Type { modifiers: Vec::new(), ..found.clone() }))
            }
        };
        if let Some(wrong) = wrong {
            self.report(Diagnostic::new(wrong), &written.name.range);
        }
    }
}

/// What is wrong with the modifiers of one of PostgreSQL's own types.
fn wrong_modifiers(written: &TypeName) -> Option<String> {
    let within = |least: i64, most: i64, what: &str, which: i64| {
        (!(least..=most).contains(&which)).then(|| format!("{what} is {least} to {most}, not {which}"))
    };
    let only = |most: usize| {
        (written.modifiers.len() > most)
            .then(|| format!("type `{}` does not have {} modifiers", written.name.name, written.modifiers.len()))
    };
    let first = written.modifiers.first().copied()?;
    match written.name.name.as_str() {
        "varchar" | "bpchar" => only(1).or_else(|| within(1, LONGEST_STRING, "the length of a string", first)),
        "bit" | "varbit" => only(1).or_else(|| within(1, MOST_BITS, "the length of a string of bits", first)),
        "numeric" => {
            let scale = written.modifiers.get(1).copied().unwrap_or_default();
            only(2)
                .or_else(|| within(1, MOST_DIGITS, "the precision of `numeric`", first))
                .or_else(|| within(-MOST_DIGITS, MOST_DIGITS, "the scale of `numeric`", scale))
        }
        "time" | "timetz" | "timestamp" | "timestamptz" => only(1),
        "interval" => only(2),
        "float8" if written.built_in => within(1, 53, "the precision of `float` in bits", first),
        name if super::types::PSEUDO_TYPES.contains(&name) => None,
        name => Some(takes_no_modifiers(&Type::own(name))),
    }
}

fn takes_no_modifiers(ty: &Type) -> String {
    format!("type `{ty}` takes nothing in parentheses")
}
