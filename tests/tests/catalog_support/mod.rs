//! What the tests of the catalog against a server share: running a script on both, and telling how they differ.

use std::fmt;

use elyos_cli::inspect::{Document, canonical, from_catalog, live};
use elyos_schema::{Catalog, Source};
use postgres::{Client, Transaction, error::SqlState};
use serde_json::Value;

/// What PostgreSQL refuses for reasons that need the types of expressions, data, or a feature's own rules.
const BEYOND_THE_CATALOG: &[SqlState] = &[
    SqlState::DATATYPE_MISMATCH,
    SqlState::CANNOT_COERCE,
    SqlState::UNDEFINED_FUNCTION,
    SqlState::INVALID_TEXT_REPRESENTATION,
    SqlState::INVALID_OBJECT_DEFINITION,
    SqlState::INVALID_FUNCTION_DEFINITION,
    SqlState::FEATURE_NOT_SUPPORTED,
    SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE,
];

/// How the catalog and the server differ after a script.
#[derive(Debug)]
pub(crate) struct Divergence(pub(crate) String);

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many statements both took and both refused.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) taken: usize,
    pub(crate) refused: usize,
}

/// Runs statements on both, one by one; what one refuses the other must refuse too. Afterwards both must hold the same.
pub(crate) fn run(client: &mut Client, statements: &[String]) -> Result<Tally, Divergence> {
    let mut transaction = client.transaction().expect("the server answers");
    let result = within(&mut transaction, |_| None, statements);
    transaction.rollback().expect("the server answers");
    result
}

/// As [`run`], with statements that depend on what is there.
pub(crate) fn run_generated(
    client: &mut Client,
    count: usize,
    mut next: impl FnMut(&Catalog) -> String,
) -> (Vec<String>, Result<Tally, Divergence>) {
    let mut transaction = client.transaction().expect("the server answers");
    let mut statements = Vec::new();
    let mut left = count;
    let result = within(
        &mut transaction,
        |catalog| {
            left = left.checked_sub(1)?;
            let statement = next(catalog);
            statements.push(statement.clone());
            Some(statement)
        },
        &[],
    );
    transaction.rollback().expect("the server answers");
    (statements, result)
}

fn within(
    transaction: &mut Transaction<'_>,
    mut next: impl FnMut(&Catalog) -> Option<String>,
    given: &[String],
) -> Result<Tally, Divergence> {
    let mut catalog = Catalog::new();
    let mut tally = Tally::default();
    let mut given = given.iter();
    while let Some(statement) = given.next().cloned().or_else(|| next(&catalog)) {
        transaction.batch_execute("set local search_path to default").expect("the server answers");
        let mut attempt = transaction.savepoint("statement").expect("the server answers");
        let theirs = attempt.batch_execute(&statement);
        match &theirs {
            Ok(()) => attempt.commit(),
            Err(_) => attempt.rollback(),
        }
        .expect("the server answers");
        let ours = catalog.clone().load_more(&[Source::new("statement.sql", statement.as_str())]);
        match (theirs, ours) {
            (Ok(()), Ok(changed)) => {
                catalog = changed;
                tally.taken += 1;
            }
            (Err(error), ours) => {
                tally.refused += 1;
                let code = error.code().cloned().unwrap_or(SqlState::INTERNAL_ERROR);
                let why = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
                let unresolved = catalog.tables().any(|table| !table.columns_known) && code == SqlState::UNDEFINED_COLUMN;
                // What a sequence has given out is data.
                let data = why.starts_with("RESTART value");
                let beyond = BEYOND_THE_CATALOG.contains(&code) || why.contains("operator class") || unresolved || data;
                if ours.is_ok() && !beyond {
                    return Err(Divergence(format!("only PostgreSQL refuses ({}): {why}\n  {statement}", code.code())));
                }
            }
            (Ok(()), Err(errors)) => return Err(Divergence(format!("only the catalog refuses: {errors}\n  {statement}"))),
        }
    }
    match differences(transaction, &catalog) {
        None => Ok(tally),
        Some(differences) => Err(Divergence(differences)),
    }
}

/// How a catalog differs from what a transaction sees, if it does.
pub(crate) fn differences(transaction: &mut Transaction<'_>, catalog: &Catalog) -> Option<String> {
    let mut ours = from_catalog(catalog);
    // What a file wrote under another `search_path` is found in its other schemas.
    let others = ours.schemas.clone();
    let path: Vec<&str> = ["public"].into_iter().chain(others.iter().map(String::as_str).filter(|schema| *schema != "public")).collect();
    canonical::within(transaction, &mut ours, &path).expect("the server answers");
    let theirs = live::read_within(transaction).expect("the server answers");
    let (ours, theirs) = (value(&ours), value(&theirs));
    let mut found = Vec::new();
    compare("", &ours, &theirs, &mut found);
    (!found.is_empty()).then(|| found.join("\n"))
}

fn value(document: &Document) -> Value {
    let mut value = serde_json::to_value(document).expect("a document is JSON");
    by_name(&mut value);
    value
}

/// Lists of named things become objects, so that one thing too many does not move all others.
fn by_name(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(by_name);
            let name = |one: &Value| {
                let part = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let types: Vec<&str> = one["arguments"].as_array().into_iter().flatten().filter_map(|it| it["type"].as_str()).collect();
                format!("{}.{}{}", part("schema"), part("name"), types.join(","))
            };
            let named = list.iter().all(|one| one.get("name").is_some_and(Value::is_string));
            // Columns are in their order, which is part of what they are.
            let ordered = list.iter().any(|one| one.get("type").is_some());
            if named && !ordered && !list.is_empty() {
                *value = Value::Object(list.drain(..).map(|one| (name(&one), one)).collect());
            } else if list.is_empty() {
                *value = Value::Object(serde_json::Map::new());
            }
        }
        Value::Object(map) => map.values_mut().for_each(by_name),
        _ => {}
    }
}

fn compare(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        // The columns of a query that is not resolved.
        (Value::Null, _) if path.ends_with("/columns") => {}
        // Nor can the server be asked for the expressions of such a table.
        (Value::Object(left), Value::Object(right)) => {
            // The collation of an expression follows from the types in it.
            let is_expression = left.get("expression").is_some_and(Value::is_string);
            let unresolved = left.get("columns").is_some_and(Value::is_null);
            let left: serde_json::Map<String, Value> = left
                .iter()
                .filter(|(key, _)| !(is_expression && *key == "collation"))
                .filter(|(key, _)| !unresolved || ["schema", "name", "kind", "columns"].contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let left = &left;
            for (key, value) in left {
                compare(&format!("{path}/{key}"), value, right.get(key).unwrap_or(&Value::Null), found);
            }
            for (key, value) in right.iter().filter(|(key, _)| !left.contains_key(*key) && !unresolved && !is_expression) {
                found.push(format!("{path}/{key}: missing, theirs {value}"));
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{path}/{index}"), left, right, found);
            }
        }
        _ if ours != theirs => found.push(format!("{path}: ours {ours}, theirs {theirs}")),
        _ => {}
    }
}

/// The fewest statements that still differ, found by leaving out one after the other.
pub(crate) fn shrunk(client: &mut Client, statements: &[String]) -> (Vec<String>, Divergence) {
    let mut least = statements.to_vec();
    let mut divergence = run(client, &least).expect_err("it differed before");
    let mut at = least.len();
    while at > 0 {
        at -= 1;
        let mut fewer = least.clone();
        fewer.remove(at);
        if let Err(still) = run(client, &fewer) {
            least = fewer;
            divergence = still;
        }
    }
    (least, divergence)
}
