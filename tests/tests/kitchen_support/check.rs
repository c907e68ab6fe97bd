//! One column with many values, each way there and back.

use std::fmt::Debug;

use elyos_runtime::prelude::*;
use elyos_runtime::types::FromLiteral;
use postgres::Client;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The key of a row and its value.
type Held<'t, R, T> = &'t dyn Fn(&<R as Repository>::Row) -> (i32, Option<T>);

/// What is tried: a column, and how a row says and holds it.
pub(crate) struct Tried<'t, R: Editable + Insertable, T> {
    pub(crate) column: &'static str,
    pub(crate) new: &'t dyn Fn(T) -> R::New,
    pub(crate) patch: &'t dyn Fn(T) -> R::Patch,
    /// The key and the value.
    pub(crate) of: Held<'t, R, T>,
}

/// How many values of each column.
fn cases() -> usize {
    std::env::var("ELYOS_CASES").ok().map_or(12, |cases| cases.parse().expect("ELYOS_CASES is a number"))
}

/// Inserts, reads, changes, inserts many, and removes; the error is the first thing that was not as it should be.
pub(crate) fn try_column<R, S>(db: &Db, client: &mut Client, tried: &Tried<'_, R, S::Value>, values: S) -> Result<(), String>
where
    R: Editable + Insertable + for<'k> Keyed<Key<'k> = i32>,
    S: Strategy<Value: Clone + PartialEq + Debug + FromLiteral>,
{
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut taken = Vec::new();
    for _ in 0..cases() {
        let value = values.new_tree(&mut runner).expect("a value").current();
        match R::insert(db, (tried.new)(value.clone())) {
            Ok(row) => {
                came_back(client, tried, &row, &value)?;
                taken.push(value);
            }
            Err(error) => refused(tried.column, &value, &error)?,
        }
    }
    if taken.is_empty() {
        return Err(format!("{}: every value was refused", tried.column));
    }
    // Each row changed to the value of the next.
    let all = R::find_all(db).map_err(|error| format!("{}: {error}", tried.column))?;
    for (row, value) in all.iter().zip(taken.iter().skip(1)) {
        let changed = R::update(db, (tried.of)(row).0, (tried.patch)(value.clone()));
        came_back(client, tried, &changed.map_err(|error| format!("{}: {value:?}: {error}", tried.column))?, value)?;
    }
    let mut many = taken.clone();
    let made = loop {
        match R::insert_many(db, many.iter().cloned().map(tried.new).collect()) {
            Ok(made) => break made,
            // Of the values that travel as text beside others the server may refuse one: which?
            Err(error) => {
                let before = many.len();
                many.retain(|value| R::insert_many(db, vec![(tried.new)(value.clone())]).is_ok());
                if many.len() == before {
                    return Err(format!("{}: {many:?}: {error}", tried.column));
                }
                refused(tried.column, &many, &error)?;
            }
        }
    };
    if many.len() * 2 < taken.len() {
        return Err(format!("{}: more than half of the values were refused in bulk", tried.column));
    }
    for (row, value) in made.iter().zip(&many) {
        came_back(client, tried, row, value)?;
    }
    for row in R::find_all(db).map_err(|error| format!("{}: {error}", tried.column))? {
        R::delete(db, (tried.of)(&row).0).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The row holds the value, and so does the text that PostgreSQL prints of it.
fn came_back<R, T>(client: &mut Client, tried: &Tried<'_, R, T>, row: &R::Row, value: &T) -> Result<(), String>
where
    R: Editable + Insertable,
    T: PartialEq + Debug + FromLiteral,
{
    let (id, held) = (tried.of)(row);
    if held.as_ref() != Some(value) {
        return Err(format!("{}: {value:?} came back as {held:?}", tried.column));
    }
    let print = format!("SELECT {}::text FROM {} WHERE id = $1", tried.column, R::TABLE);
    let printed: String = client.query_one(&print, &[&id]).expect("the row").get(0);
    match T::from_literal(&printed) {
        Ok(read) if read == *value => Ok(()),
        other => Err(format!("{}: {value:?} is printed as {printed} and read as {other:?}", tried.column)),
    }
}

/// The error is one that says that the value is none of the type's: of class 22, or one of the driver's before it was sent.
fn refused(column: &str, value: &dyn Debug, error: &Error) -> Result<(), String> {
    match error.code() {
        Some(code) if code.starts_with("22") || code == "23514" => Ok(()),
        None if error.is_out_of_range() && error.to_string().starts_with("the value for the column ") => Ok(()),
        _ => Err(format!("{column}: {value:?}: {error}")),
    }
}
