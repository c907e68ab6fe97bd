//! Random queries: the columns that the resolver gives are PostgreSQL's, and no data ever has a null where it has proven there is none.
//!
//! 300 queries; `ELYOS_CASES` asks for another number, `ELYOS_SEED` for other ones.

use std::env;

use elyos_tests::{client, database};

use super::{
    data,
    generator::Generator,
    support::{SCHEMA, catalog, nulls, ours, theirs},
};

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_queries_have_the_columns_and_nulls_that_postgresql_finds() {
    let database = database();
    let mut client = client(database.url());
    client.batch_execute(SCHEMA).expect("the schema loads");
    client.batch_execute("SET statement_timeout = '5s'").expect("it is set");
    let catalog = catalog();
    let (cases, seed) = (number("ELYOS_CASES", 300), number("ELYOS_SEED", 1));
    let (mut accepted, mut refused, mut proven, mut wrong) = (0, 0, 0, Vec::new());
    for case in 0..cases {
        // Other data every hundred queries.
        if case % 100 == 0 {
            data::load(&mut client, seed.wrapping_add(case));
        }
        let query = Generator::new(seed.wrapping_mul(1_000_003).wrapping_add(case)).query();
        let found = ours(&catalog, &query);
        match (found, theirs(&mut client, &query)) {
            (Ok(ours), Ok(theirs)) => {
                accepted += 1;
                let told: Vec<(String, String)> = ours.iter().map(|(name, ty, _)| (name.clone(), ty.clone())).collect();
                if told != theirs {
                    let differ: Vec<_> = told.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).collect();
                    wrong.push(format!("case {case}: {query}\n  ours and PostgreSQL's {differ:?}"));
                }
                if ours.iter().any(|(_, _, proven)| *proven)
                    && let Some(counts) = nulls(&mut client, &query, ours.len())
                {
                    proven += 1;
                    for (index, (count, (name, _, _))) in counts.iter().zip(&ours).enumerate().filter(|(_, (_, told))| told.2) {
                        if *count > 0 {
                            wrong.push(format!("case {case}: {query}\n  column {} `{name}` has {count} nulls", index + 1));
                        }
                    }
                }
            }
            (Err(errors), Ok(theirs)) => {
                wrong.push(format!("case {case}: {query}\n  PostgreSQL has {theirs:?}, we say\n{errors}"));
            }
            // What it refuses besides names and types (grouping, mostly) is not the resolver's to find.
            (_, Err(_)) => refused += 1,
        }
    }
    println!("{accepted} queries compared, {proven} of them run for nulls, {refused} refused by PostgreSQL");
    assert!(wrong.is_empty(), "{} of {cases} are wrong:\n\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n\n"));
    assert!(accepted * 2 > cases, "the generator writes too many queries that PostgreSQL refuses: {refused} of {cases}");
}
