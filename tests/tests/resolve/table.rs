//! Queries of every form: their columns are those of PostgreSQL's view of the same query, and what it refuses is refused.

use elyos_tests::{client, database};

use super::support::{SCHEMA, catalog, ours, theirs};

const QUERIES: &str = include_str!("../../fixtures/resolve_queries.sql");

#[test]
fn every_query_has_the_columns_that_postgresql_gives_it() {
    let database = database();
    let mut client = client(database.url());
    client.batch_execute(SCHEMA).expect("the schema loads");
    let catalog = catalog();
    let mut wrong = Vec::new();
    for line in QUERIES.lines().filter(|line| !line.is_empty() && !line.starts_with("--")) {
        let (query, refused) = line.strip_prefix("! ").map_or((line, false), |query| (query, true));
        match (ours(&catalog, query), theirs(&mut client, query)) {
            (Ok(ours), Ok(theirs)) => {
                let ours: Vec<(String, String)> = ours.into_iter().map(|(name, ty, _)| (name, ty)).collect();
                for (ours, theirs) in ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs) {
                    wrong.push(format!("{query}\n  ours {ours:?}, PostgreSQL's {theirs:?}"));
                }
                if ours.len() != theirs.len() {
                    wrong.push(format!("{query}\n  {} columns, PostgreSQL has {}", ours.len(), theirs.len()));
                }
            }
            (Ok(ours), Err(message)) => wrong.push(format!("{query}\n  ours {ours:?}, PostgreSQL says {message}")),
            (Err(errors), Ok(theirs)) => wrong.push(format!("{query}\n  PostgreSQL's {theirs:?}, we say\n{errors}")),
            (Err(_), Err(_)) if refused => {}
            (Err(errors), Err(message)) => wrong.push(format!("{query}\n  PostgreSQL says {message}, we say\n{errors}")),
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
