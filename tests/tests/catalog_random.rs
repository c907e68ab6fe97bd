//! Random DDL on a server and on a catalog: both take or refuse each statement, and after each they hold the same.
//!
//! `ELYOS_CASES` is how many sequences are tried, `ELYOS_SEED` where to begin; a failure prints the fewest statements that show it.

#[path = "catalog_grammar/mod.rs"]
mod grammar;
#[path = "catalog_support/mod.rs"]
mod support;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use elyos_tests::database;
use grammar::Grammar;
use support::Tally;

/// Statements of a sequence.
const LENGTH: usize = 24;
/// How many failures are enough to stop.
const ENOUGH: usize = 30;
/// Cases that share a database: what is rolled back still fills its catalogs.
const CASES_OF_A_DATABASE: u64 = 60;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_ddl_leaves_the_same_in_both() {
    let (cases, seed) = (number("ELYOS_CASES", 40), number("ELYOS_SEED", 1));
    let next = AtomicU64::new(seed);
    let (tally, failures) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let worker = || {
        'databases: loop {
            let database = database();
            let mut client = support::connected(database.url());
            for _ in 0..CASES_OF_A_DATABASE {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= seed + cases || failures.lock().expect("nobody panicked").len() >= ENOUGH {
                    break 'databases;
                }
                let mut grammar = Grammar::new(case);
                let (statements, result) = support::run_generated(&mut client, LENGTH, |catalog| grammar.statement(catalog));
                if let Ok(these) = result {
                    tally.lock().expect("nobody panicked").add(&these);
                } else {
                    let (least, divergence) = support::shrunk(&mut client, &statements);
                    let text = format!("seed {case}: {divergence}\n{};", least.join(";\n"));
                    failures.lock().expect("nobody panicked").push(text);
                }
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(worker);
        scope.spawn(worker);
    });
    let (tally, failures) = (tally.into_inner().expect("nobody panicked"), failures.into_inner().expect("nobody panicked"));
    assert!(failures.is_empty(), "{} of {cases} cases differ:\n\n{}", failures.len(), failures.join("\n\n"));
    let (taken, refused) = (tally.all_taken(), tally.all_refused());
    assert!(taken > refused, "too few statements are taken: {taken} were, {refused} were not");
    eprintln!("{tally}{cases} sequences from {seed}: {taken} statements taken by both, {refused} refused by both, after each the same");
}
