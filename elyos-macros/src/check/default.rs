//! Which defaults an expression in another statement can stand for.

use elyos_schema::Catalog;
use elyos_schema::catalog::{Column, Type};
use elyos_schema::parse::{Token, TokenKind, tokens};

/// Functions of PostgreSQL's own, whatever the `search_path`, that give the same wherever they stand in a statement.
const FUNCTIONS: [&str; 8] = [
    "now",
    "gen_random_uuid",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
    "random",
    "txid_current",
    "pg_current_xact_id",
];

/// Words that are values by themselves.
const VALUES: [&str; 9] =
    ["current_timestamp", "current_date", "current_time", "localtimestamp", "localtime", "current_user", "session_user", "true", "false"];

/// What stands for the column in a row that says nothing of it: `NULL` where it has no default, a constant, or a call whose meaning does
/// not depend on names. None where only the server can know, as of a sequence.
pub(super) fn expression(column: &Column, catalog: &Catalog) -> Option<String> {
    if column.identity.is_some() || column.generated.is_some() {
        return None;
    }
    let Some(default) = &column.default else {
        return (!is_domain(&column.ty, catalog)).then(|| "NULL".to_owned());
    };
    let words: Vec<Token<'_>> = tokens(default).collect();
    let simple = match words.as_slice() {
        [value, cast @ ..] if value.kind == TokenKind::Text => is_plain_text(value.text) && is_own_cast(cast) && !is_time(&column.ty),
        [value, cast @ ..] if value.kind == TokenKind::Number => is_own_cast(cast),
        [sign, value, cast @ ..] if sign.text == "-" && value.kind == TokenKind::Number => is_own_cast(cast),
        [value] if value.kind == TokenKind::Word => VALUES.iter().any(|word| value.text.eq_ignore_ascii_case(word)),
        [name, open, close] if open.text == "(" && close.text == ")" => FUNCTIONS.iter().any(|word| name.text.eq_ignore_ascii_case(word)),
        _ => false,
    };
    simple.then(|| default.clone())
}

/// A domain may have a default of its own.
fn is_domain(ty: &Type, catalog: &Catalog) -> bool {
    ty.schema.as_deref().is_some_and(|schema| catalog.domain(schema, &ty.name).is_some())
}

/// `'now'` means the time at which the table was made.
fn is_time(ty: &Type) -> bool {
    ty.name.starts_with("time") || ty.name == "date" || ty.name == "abstime"
}

/// In single quotes: what an escape means may depend on settings.
fn is_plain_text(text: &str) -> bool {
    text.starts_with('\'') && !text.contains('\\')
}

/// Nothing, or `::` and the name of a type of PostgreSQL's own or with its schema; an array of it.
fn is_own_cast(words: &[Token<'_>]) -> bool {
    let mut words = words;
    if let [rest @ .., open, close] = words
        && open.text == "["
        && close.text == "]"
    {
        words = rest;
    }
    match words {
        [] => true,
        [cast, ty] if cast.text == "::" => OWN.iter().any(|own| ty.text.eq_ignore_ascii_case(own)),
        [cast, _schema, dot, _ty] => cast.text == "::" && dot.text == ".",
        [cast, character, varying] => {
            cast.text == "::" && character.text.eq_ignore_ascii_case("character") && varying.text.eq_ignore_ascii_case("varying")
        }
        _ => false,
    }
}

/// Types of one word that no schema is likely to have again, and `pg_catalog` is before all schemas.
const OWN: [&str; 16] = [
    "text", "varchar", "bpchar", "jsonb", "json", "integer", "int", "bigint", "smallint", "boolean", "bool", "numeric", "uuid", "inet",
    "bytea", "real",
];

#[cfg(test)]
mod tests {
    use elyos_schema::Source;

    use super::*;

    #[test]
    fn constants_and_known_calls_stand_for_themselves() {
        for (column, expected) in [
            ("a int", Some("NULL")),
            ("a int default 5", Some("5")),
            ("a int default -5", Some("-5")),
            ("a bool default true", Some("true")),
            ("a text default 'it''s'", Some("'it''s'")),
            ("a jsonb default '{}'::jsonb", Some("'{}'::jsonb")),
            ("a text[] default '{}'::text[]", Some("'{}'::text[]")),
            ("a public.mood default 'sad'::public.mood", Some("'sad'::public.mood")),
            ("a timestamptz default now()", Some("now()")),
            ("a timestamptz default CURRENT_TIMESTAMP", Some("CURRENT_TIMESTAMP")),
            ("a uuid default gen_random_uuid()", Some("gen_random_uuid()")),
            // The time at which the table was made.
            ("a timestamptz default 'now'", None),
            ("a date default 'today'", None),
            ("a text default e'\\x41'", None),
            // What a name means here, it need not mean there.
            ("a public.mood default 'sad'::mood", None),
            ("a int default f()", None),
            ("a serial", None),
            ("a int generated always as identity", None),
            ("a int default 1 + 1", None),
            ("a public.short", None),
        ] {
            let text = format!(
                "create type public.mood as enum ('sad'); create domain public.short as text default 'x';
                 create function f() returns int language sql as 'select 1'; create table t ({column});"
            );
            let catalog = Catalog::load(&[Source::new("schema.sql", text)]).unwrap_or_else(|errors| panic!("{column}: {errors}"));
            let table = catalog.table("public", "t").expect("the table");
            assert_eq!(expression(&table.columns[0], &catalog).as_deref(), expected, "{column}");
        }
    }
}
