//! How the failure of a statement is told: what the server said without the values of rows, a value that did not get
//! there or back, a connection that was lost.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::types::{WasNull, WrongType};

use super::kind::help;

/// What a conversion failed of.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// What the server refuses where a value is not one of its type: too large, too long, no such label, no such day.
///
/// Source: PostgreSQL, appendix A, "PostgreSQL Error Codes", class 22.
const NOT_OF_TYPE: [SqlState; 11] = [
    SqlState::STRING_DATA_RIGHT_TRUNCATION,
    SqlState::NUMERIC_VALUE_OUT_OF_RANGE,
    SqlState::INVALID_DATETIME_FORMAT,
    SqlState::DATETIME_FIELD_OVERFLOW,
    SqlState::INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
    SqlState::INTERVAL_FIELD_OVERFLOW,
    SqlState::CHARACTER_NOT_IN_REPERTOIRE,
    SqlState::STRING_DATA_LENGTH_MISMATCH,
    SqlState::INVALID_TEXT_REPRESENTATION,
    SqlState::INVALID_BINARY_REPRESENTATION,
    SqlState::UNTRANSLATABLE_CHARACTER,
];

pub(super) fn is_not_of_type(code: &SqlState) -> bool {
    NOT_OF_TYPE.contains(code)
}

/// Did it fail for what the type is, not for the value?
pub(super) fn is_of_schema(cause: &(dyn StdError + 'static)) -> bool {
    cause.is::<WrongType>() || cause.is::<WasNull>()
}

/// The server's message, in which a value that could not be read stands between double quotes.
pub(super) fn message(error: &DbError) -> Cow<'_, str> {
    let text = error.message();
    let code = error.code();
    let names_encodings = [SqlState::CHARACTER_NOT_IN_REPERTOIRE, SqlState::UNTRANSLATABLE_CHARACTER].contains(code);
    // A syntax error of the statement has its place there; without one it is a value's, as that of `tsquery` is.
    let is_of_value = *code == SqlState::SYNTAX_ERROR && error.position().is_none();
    if (code.code().starts_with("22") && !names_encodings) || is_of_value { without_quoted(text) } else { text.into() }
}

/// Without what stands between the first double quote and the last: the value itself may have some.
fn without_quoted(text: &str) -> Cow<'_, str> {
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => format!("{}\"…\"{}", &text[..first], &text[last + 1..]).into(),
        _ => text.into(),
    }
}

/// What the server or the connection said of a statement.
pub(super) fn fmt_statement(f: &mut fmt::Formatter<'_>, error: &tokio_postgres::Error, sql: &str) -> fmt::Result {
    if let Some(db) = error.as_db_error() {
        f.write_str(&message(db))?;
        if let (Some(schema), Some(table)) = (db.schema(), db.table()) {
            write!(f, "\n  = note: in {schema}.{table}")?;
        }
        if let Some(hint) = db.hint() {
            help(f, hint)?;
        }
        if let Some(line) = remedy(db) {
            help(f, line)?;
        }
    } else if is_lost(error) {
        write!(f, "the connection to the database was lost: {}", said(error))?;
        help(f, "connect anew; what the statement would have changed may have been changed")?;
    } else {
        f.write_str(&said(error))?;
    }
    write!(f, "\n  = note: the statement was {sql}")
}

fn remedy(error: &DbError) -> Option<&'static str> {
    let is_other_schema =
        [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN, SqlState::UNDEFINED_OBJECT, SqlState::INVALID_SCHEMA_NAME];
    if is_other_schema.contains(error.code()) {
        Some("the database is not as the schema says that this program was compiled with: is it up to date?")
    } else if ends_session(error) {
        Some("connect anew; what the statement would have changed may have been changed")
    } else {
        None
    }
}

/// Is there no session any more after what the server said, or a pooler in its place?
///
/// A failed connection of the server's own to another one (class 08) is an error of the statement; poolers do not say how severe
/// they mean it.
///
/// Source: PostgreSQL, appendix A, "PostgreSQL Error Codes", classes 08 and 57; "Error and Notice Message Fields".
pub(super) fn ends_session(error: &DbError) -> bool {
    let code = error.code().code();
    match error.parsed_severity() {
        Some(Severity::Fatal | Severity::Panic) => true,
        Some(_) => code.starts_with("57P"),
        None => code.starts_with("57P") || code.starts_with("08"),
    }
}

/// Did the connection end before the answer came? That is what an error of I/O is, unless a value could not be converted.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn StdError + 'static>::is::<std::io::Error>)
}

fn said(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// The number, from 0, of the value that could not be encoded, if that is what failed.
pub(super) fn not_encoded(error: &tokio_postgres::Error) -> Option<usize> {
    // The driver tells it in its text only.
    error.to_string().strip_prefix("error serializing parameter ")?.parse().ok()
}

/// A value that did not get to the server.
pub(super) fn fmt_encode(f: &mut fmt::Formatter<'_>, value: &Unsent, sql: &str) -> fmt::Result {
    let Unsent { number, column, cause } = value;
    let value = match column {
        Some(column) => format!("the value for the column {column}"),
        None => format!("the value of ${}", number + 1),
    };
    if is_of_schema(&**cause) {
        write!(f, "{value} is of another type than the database has: {cause}")?;
        help(f, "the database is not as the schema says that this program was compiled with: is it up to date?")?;
    } else {
        write!(f, "{value} is none that its PostgreSQL type can hold: {cause}")?;
    }
    write!(f, "\n  = note: the statement was {sql}")
}

/// Which value did not get to the server, and why.
pub(crate) struct Unsent {
    /// From 0.
    pub(super) number: usize,
    pub(super) column: Option<&'static str>,
    pub(super) cause: Cause,
}

/// A value that could not be read as its Rust type.
pub(super) fn fmt_decode(f: &mut fmt::Formatter<'_>, column: &str, cause: &Cause) -> fmt::Result {
    if is_of_schema(&**cause) {
        write!(f, "the column {column} is not as this program was compiled to read it: {cause}")?;
        return help(f, "the database is not as the schema says that this program was compiled with: is it up to date?");
    }
    write!(f, "the column {column} holds what its Rust type cannot: {cause}")
}

#[cfg(test)]
mod tests {
    use super::without_quoted;

    #[test]
    fn a_value_between_quotes_is_left_out_whatever_is_in_it() {
        for (text, told) in [
            ("integer out of range", "integer out of range"),
            ("invalid input value for enum mood: \"s3cr3t\"", "invalid input value for enum mood: \"…\""),
            ("invalid input syntax for type uuid: \"a\"s3cr3t\"\"", "invalid input syntax for type uuid: \"…\""),
            ("value \"9999999999\" is out of range for type integer", "value \"…\" is out of range for type integer"),
            ("one \" alone", "one \" alone"),
        ] {
            assert_eq!(without_quoted(text), told);
        }
    }
}
