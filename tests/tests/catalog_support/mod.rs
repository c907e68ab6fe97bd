//! What the tests of the catalog against a server share: running a script on both, and telling how they differ.

mod beside;
mod compare;
mod tally;

use std::fmt;

use elyos_schema::{Catalog, Source};
use postgres::{Client, Transaction, error::SqlState};

pub(crate) use compare::Comparison;
pub(crate) use tally::Tally;

/// What PostgreSQL refuses and a catalog does not: a part of the message, without the names in it.
const BEYOND_THE_CATALOG: &[&str] = &[
    // What a sequence has given out is data.
    "RESTART value",
    // Which values are in another range depends on how their type sorts.
    "would overlap partition",
    // Later versions take it, and their dumps are to be read.
    "exclusion constraints are not supported on partitioned tables",
    "cannot recursively add identity column to table that has child tables",
    // Which tables a statement has open while it runs: a partition that its own table comes to reference.
    "because it is being used by active queries in this session",
    // The value of a constant.
    "invalid input syntax for type",
    // The order of the rows is nothing that a catalog here holds.
    "cannot cluster on partial index",
    // Which types an access method can sort is an extension's matter as well.
    "operator class",
];

/// What may be an extension's, where there is one: what it brings is not known.
const NOT_THERE: &[SqlState] = &[SqlState::UNDEFINED_OBJECT, SqlState::UNDEFINED_FUNCTION, SqlState::UNDEFINED_TABLE];

/// A connection on which the questions of a comparison take no longer than they must: each is asked once and is small, and to compile it
/// takes longer than to answer it.
pub(crate) fn connected(url: &str) -> Client {
    let mut client = elyos_tests::client(url);
    client.batch_execute("set jit = off").expect("the server answers");
    client
}

/// How the catalog and the server differ, and behind which statement.
#[derive(Debug)]
pub(crate) struct Divergence(pub(crate) String);

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs statements on both, one by one; what one refuses the other must refuse too, and after each both must hold the same.
pub(crate) fn run(client: &mut Client, statements: &[String]) -> Result<Tally, Divergence> {
    let mut transaction = client.transaction().expect("the server answers");
    let mut left = statements.iter().cloned();
    let result = within(&mut transaction, |_| left.next());
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
    let result = within(&mut transaction, |catalog| {
        if statements.len() == count {
            return None;
        }
        let statement = next(catalog);
        statements.push(statement.clone());
        Some(statement)
    });
    transaction.rollback().expect("the server answers");
    (statements, result)
}

fn within(transaction: &mut Transaction<'_>, mut next: impl FnMut(&Catalog) -> Option<String>) -> Result<Tally, Divergence> {
    let mut catalog = Catalog::new();
    let mut comparison = Comparison::default();
    let mut tally = Tally::default();
    // Every text begins with the default `search_path`; what a statement has set is said again before each later one.
    let mut path = String::from("set local search_path to default;\n");
    while let Some(statement) = next(&catalog) {
        let text = format!("{path}{statement}");
        let mut attempt = transaction.savepoint("statement").expect("the server answers");
        let theirs = attempt.batch_execute(&text);
        match &theirs {
            Ok(()) => attempt.commit(),
            Err(_) => attempt.rollback(),
        }
        .expect("the server answers");
        let ours = catalog.clone().load_more(&[Source::new("statement.sql", text)]);
        match (theirs, ours) {
            (Ok(()), Ok(changed)) => {
                catalog = changed;
                tally.taken(&statement);
                if statement.starts_with("set local search_path") {
                    path = format!("{statement};\n");
                } else if let Some(differences) = comparison.differences(transaction, &catalog) {
                    return Err(Divergence(format!("{differences}\n  after {statement}")));
                }
            }
            (Err(error), ours) => {
                let code = error.code().cloned().unwrap_or(SqlState::INTERNAL_ERROR);
                let why = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
                let message = without_names(&why);
                let extensions = catalog.extensions().any(|extension| extension.name != "plpgsql");
                let beyond = BEYOND_THE_CATALOG.iter().any(|known| message.contains(known) || why.contains(known))
                    || extensions && NOT_THERE.contains(&code);
                match ours {
                    Err(_) => tally.refused(&statement),
                    Ok(_) if beyond => tally.beyond(&statement, &format!("{} {message}", code.code())),
                    Ok(_) => return Err(Divergence(format!("only PostgreSQL refuses ({}): {why}\n  {statement}", code.code()))),
                }
            }
            (Ok(()), Err(errors)) => return Err(Divergence(format!("only the catalog refuses: {errors}\n  {statement}"))),
        }
    }
    Ok(tally)
}

/// A server's message without the names in it.
fn without_names(message: &str) -> String {
    message.split('"').enumerate().map(|(index, part)| if index % 2 == 0 { part } else { "…" }).collect()
}

/// The fewest statements that still differ in the same way, found by leaving out one after the other.
pub(crate) fn shrunk(client: &mut Client, statements: &[String]) -> (Vec<String>, Divergence) {
    let mut least = statements.to_vec();
    let Err(mut divergence) = run(client, &least) else {
        return (least, Divergence("it does not differ any more".to_owned()));
    };
    let way = |divergence: &Divergence| without_names(divergence.0.lines().next().unwrap_or_default()).chars().take(40).collect::<String>();
    let mut at = least.len();
    while at > 0 {
        at -= 1;
        let mut fewer = least.clone();
        fewer.remove(at);
        if let Err(still) = run(client, &fewer)
            && way(&still) == way(&divergence)
        {
            least = fewer;
            divergence = still;
        }
    }
    (least, divergence)
}
