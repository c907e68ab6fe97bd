//! Random queries over the ElyOS schema: the server takes all of them, and every row is read as its Rust type.
//!
//! `ELYOS_CASES` is how many are tried, `ELYOS_SEED` where to begin; a failure prints the statement.

mod random;
mod scopes;

use elyos_runtime::prelude::*;
use elyos_tests::{client, seeded};
use random::Random;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn the_server_takes_every_query() {
    let (cases, seed) = (number("ELYOS_CASES", 1_500), number("ELYOS_SEED", 1));
    let (database, db) = seeded();
    client(database.url()).batch_execute(include_str!("rows.sql")).expect("rows with and without nulls");
    let mut tally = scopes::Tally::default();
    for case in seed..seed + cases {
        let mut random = Random::new(case);
        scopes::any(&db, &mut random, &mut tally).unwrap_or_else(|error: Error| panic!("ELYOS_SEED={case}: {error}"));
    }
    eprintln!("{cases} queries from {seed}: {tally:?}");
    // What gives no rows says little of how they are read.
    assert!(tally.rows > tally.queries, "{tally:?}");
    assert!(tally.queries >= cases, "{tally:?}");
}
