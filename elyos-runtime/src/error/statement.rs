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

/// Why a secret could not be read, without the secret.
pub(crate) fn concealed(cause: Cause) -> Cause {
    if is_of_schema(&*cause) { cause } else { "as it is a secret, it is not said why".into() }
}

/// The server's message, in which a value that could not be read stands between double quotes.
pub(super) fn message(error: &DbError) -> Cow<'_, str> {
    let (text, code) = (error.message(), error.code());
    // A syntax error of the statement has its place there; without one it is a value's, as that of `tsquery` is.
    let is_of_value = *code == SqlState::SYNTAX_ERROR && error.position().is_none();
    if !code.code().starts_with("22") && !is_of_value {
        return text.into();
    }
    // A pooler's message, which does not say how severe it is without its language, is English.
    let in_english = error.parsed_severity().is_none_or(|severity| severity.to_string() == error.severity());
    without_value(text, code, in_english)
}

/// The message of what is wrong with a value, without the value. Each language has quotes of its own, between which the value's are not
/// to be told apart: what the code means is said in place of a message that is not in English. `ERROR` is so in Spanish as well.
fn without_value<'m>(text: &'m str, code: &SqlState, in_english: bool) -> Cow<'m, str> {
    let told = without_quoted(text);
    let said = told.replace("\"…\"", "");
    if !in_english || !said.is_ascii() {
        return meaning(code).into();
    }
    let names_encodings = [SqlState::CHARACTER_NOT_IN_REPERTOIRE, SqlState::UNTRANSLATABLE_CHARACTER].contains(code);
    if names_encodings { text.into() } else { told }
}

/// What is wrong with a value.
///
/// Source: PostgreSQL, appendix A, "PostgreSQL Error Codes", class 22.
fn meaning(code: &SqlState) -> &'static str {
    match code.code() {
        "22001" => "a value is too long for its type",
        "22003" => "a number is out of the range of its type",
        "22004" => "a value is null where none may be",
        "22007" => "a date or time is not written as one",
        "22008" => "a date or time is out of range",
        "22009" => "the distance of a time zone is out of range",
        "22012" => "a number was divided by zero",
        "22015" => "an interval is out of range",
        "22021" => "a value holds bytes that are no text in the encoding",
        "22023" => "the argument of a function is none that it takes",
        "22026" => "a value is of another length than its type",
        "22P02" => "a value is not written as one of its type",
        "22P03" => "a value is not one of its type in binary",
        "22P05" => "a value holds a character that the other encoding has not got",
        "2200M" | "2200N" | "2200S" | "2200T" => "a value is no XML",
        "2201B" => "a regular expression is none",
        "42601" => "a value is not written by the rules of its type",
        _ => "a value is wrong for what was done with it",
    }
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
        // A type's own code may say the value in it.
        if let Some(hint) = db.hint().filter(|_| !["22", "XX"].contains(&&db.code().code()[..2])) {
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
    } else if *error.code() == SqlState::GROUPING_ERROR {
        Some("group by all that is selected, ordered by or compared beside aggregates")
    } else if *error.code() == SqlState::DUPLICATE_ALIAS {
        Some("a table that is in the query twice has another name there: `elyos_runtime::alias!(struct Other: Repository = \"other\")`")
    } else if is_of_distinct_rows(error) {
        Some("select what distinct rows are ordered by, and begin their order with what they are `distinct_on`")
    } else if is_of_deferrable_arbiter(error) {
        Some(
            "say by which constraint a row is met, with `.or_nothing_on(…)` in place of `.or_nothing()`: by one that is deferrable none is, \
             so it has to be one that is not",
        )
    } else if ends_session(error) {
        Some("connect anew; what the statement would have changed may have been changed")
    } else {
        None
    }
}

/// Was an `ON CONFLICT` refused for a constraint that is deferrable?
///
/// Source: `ExecCheckIndexConstraints` in PostgreSQL's source; nothing else refuses so there.
fn is_of_deferrable_arbiter(error: &DbError) -> bool {
    *error.code() == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE && error.routine() == Some("ExecCheckIndexConstraints")
}

/// Do distinct rows have an order that is none of theirs?
///
/// Source: `parse_clause.c` in PostgreSQL's source; the code is also that of other mistakes.
fn is_of_distinct_rows(error: &DbError) -> bool {
    let routines = ["transformDistinctClause", "transformDistinctOnClause"];
    *error.code() == SqlState::INVALID_COLUMN_REFERENCE && error.routine().is_some_and(|routine| routines.contains(&routine))
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
    if cause.is::<WasNull>() {
        write!(f, "the column {column} is null, and this program was compiled to read a value")?;
        return help(
            f,
            "what `never_null()` says has to hold of every row; where it was not said, the database is not as the schema says that this \
             program was compiled with: is it up to date?",
        );
    }
    if is_of_schema(&**cause) {
        write!(f, "the column {column} is not as this program was compiled to read it: {cause}")?;
        return help(f, "the database is not as the schema says that this program was compiled with: is it up to date?");
    }
    write!(f, "the column {column} holds what its Rust type cannot: {cause}")
}

#[cfg(test)]
mod tests {
    use tokio_postgres::error::SqlState;

    use super::{without_quoted, without_value};

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

    #[test]
    fn of_messages_in_other_languages_only_the_code_is_told() {
        let syntax = "a value is not written as one of its type";
        for (text, code, in_english, told) in [
            ("invalid input syntax for type integer: \"s3cr3t é\"", "22P02", true, "invalid input syntax for type integer: \"…\""),
            ("value too long for type character varying(3)", "22001", true, "value too long for type character varying(3)"),
            ("ungültige Eingabesyntax für Typ integer: »s3cr3t«", "22P02", false, syntax),
            ("ungültige Eingabesyntax für Typ integer: „s3cr3t“", "22P02", false, syntax),
            ("invalid: 's3cr3t'", "22P02", false, syntax),
            ("nieprawidlowy \"s3cr3t", "22P02", false, syntax),
            ("syntaxe en entrée invalide pour le type integer : « s3cr3t »", "22P02", false, syntax),
            // `ERROR` is what it is called there too.
            ("la sintaxis de entrada no es válida para tipo integer: «s3cr3t»", "22P02", true, syntax),
            ("la sintaxis no sirve para «s3cr3t\"»", "22P02", true, syntax),
            ("\"s3cr3t\"は整数の範囲外です", "22003", true, "a number is out of the range of its type"),
            ("Syntaxfehler in tsquery: »s3cr3t«", "42601", false, "a value is not written by the rules of its type"),
            ("etwas mit »s3cr3t«", "22F00", false, "a value is wrong for what was done with it"),
            ("invalid byte sequence for encoding \"UTF8\": 0xff", "22021", true, "invalid byte sequence for encoding \"UTF8\": 0xff"),
            ("ungültige Byte-Sequenz »UTF8«", "22021", false, "a value holds bytes that are no text in the encoding"),
        ] {
            assert_eq!(without_value(text, &SqlState::from_code(code), in_english), told, "{text}");
        }
    }
}
