//! Random DDL on a server and on a catalog: both take or refuse each statement, and afterwards hold the same.
//!
//! `ELYOS_CASES` is how many sequences are tried, `ELYOS_SEED` where to begin; a failure prints the fewest statements that show it.

#[path = "catalog_support/grammar.rs"]
mod grammar;
#[path = "catalog_support/mod.rs"]
mod support;

use elyos_tests::{client, database};
use grammar::Grammar;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_ddl_leaves_the_same_in_both() {
    let database = database();
    let mut client = client(database.url());
    let (cases, seed) = (number("ELYOS_CASES", 150), number("ELYOS_SEED", 1));
    let mut failures = Vec::new();
    let (mut taken, mut refused) = (0, 0);
    for case in seed..seed + cases {
        let mut grammar = Grammar::new(case);
        let (statements, result) = support::run_generated(&mut client, 24, |catalog| grammar.statement(catalog));
        if let Ok(tally) = result {
            taken += tally.taken;
            refused += tally.refused;
            continue;
        }
        let (least, divergence) = support::shrunk(&mut client, &statements);
        failures.push(format!("seed {case}: {divergence}\n{};", least.join(";\n")));
        if failures.len() >= 12 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} of {cases} cases differ:\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(taken * 4 > refused, "too few statements are taken: {taken} were, {refused} were not");
    eprintln!("{cases} cases: {taken} statements taken by both, {refused} refused by both");
}
