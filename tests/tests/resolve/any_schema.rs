//! Random queries over every schema of the tests: the columns that the resolver gives are PostgreSQL's, what one refuses the other
//! does, and no data ever has a null where it has proven there is none.
//!
//! Three queries a schema; `ELYOS_CASES` asks for another number of all, of which the schema with everything in it gets a twelfth at least,
//! `ELYOS_SEED` for other ones, `ELYOS_FILE` for one file.

use std::{env, fs, path::Path};

use elyos_cli::inspect::files::read;
use elyos_schema::{Catalog, Source};
use elyos_tests::{
    client, database,
    schemas::{entries, load},
    workspace,
};
use postgres::Client;

use super::{
    fill::fill,
    generator::Generator,
    support::{nulls, ours, theirs},
    vocabulary::Vocabulary,
};

/// The schema that has a bit of everything.
const EVERYTHING: &str = "tests/fixtures/resolve_schema.sql";

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A schema, on the server and as a catalog.
struct Subject {
    name: String,
    catalog: Catalog,
    client: Client,
    /// Dropped last, and the database with it.
    _database: elyos_tests::TestDatabase,
}

/// What came of the queries.
#[derive(Default)]
struct Tally {
    queries: usize,
    taken: usize,
    refused: usize,
    beyond: usize,
    ran: usize,
    with_rows: usize,
    columns: usize,
    proven: usize,
    wrong: Vec<String>,
}

/// What PostgreSQL refuses for another reason than the types in a query.
const BEYOND_TYPES: &[&str] = &[
    // The view that tells of the columns needs a collation; the query does not.
    "could not determine which collation to use for view column",
    // The value of a constant.
    "does not allow null values",
    "violates check constraint",
    // Whether a base type of the schema has an operator class is not known to the catalog.
    "could not identify an equality operator for type",
];

#[test]
fn random_queries_over_every_schema_agree_with_postgresql() {
    let only = env::var("ELYOS_FILE").ok();
    let mut files = entries(&workspace().join("elyos-schema/tests/fixtures"));
    files.extend(entries(&workspace().join("tests/schemas")));
    files.push(workspace().join(EVERYTHING));
    files.push(workspace().join("schema.sql"));
    // What pg_dump made of another file is that file's schema.
    files.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dump_")));
    files.retain(|path| only.as_ref().is_none_or(|only| path.ends_with(only)));
    let seed = number("ELYOS_SEED", 1);
    let all = number("ELYOS_CASES", 3 * files.len() as u64);
    let each = all.div_ceil(files.len() as u64);
    let mut tally = Tally::default();
    let mut rows = 0;
    for path in &files {
        let mut subject = subject(path);
        let vocabulary = Vocabulary::new(&subject.catalog);
        if vocabulary.tables.is_empty() {
            continue;
        }
        let cases = if path.ends_with(EVERYTHING) { each.max(all.div_ceil(12)) } else { each };
        for case in 0..cases {
            // Other data every hundred queries.
            if case % 100 == 0 {
                rows += fill(&mut subject.client, &subject.catalog, seed.wrapping_add(case));
            }
            let query = Generator::new(&vocabulary, seed.wrapping_mul(1_000_003).wrapping_add(case)).query();
            try_one(&mut subject, &query, &mut tally);
        }
    }
    let share = |part: usize, whole: usize| part * 100 / whole.max(1);
    println!(
        "{} queries over {} schemas: {} taken by both, {} refused by both, {} for other reasons; {} ran, {}% of them with rows; {} of {} columns proven ({}%); {rows} rows",
        tally.queries,
        files.len(),
        tally.taken,
        tally.refused,
        tally.beyond,
        tally.ran,
        share(tally.with_rows, tally.ran),
        tally.proven,
        tally.columns,
        share(tally.proven, tally.columns),
    );
    let wrong = &tally.wrong;
    assert!(wrong.is_empty(), "{} of {} are wrong:\n\n{}", wrong.len(), tally.queries, wrong[..wrong.len().min(12)].join("\n\n"));
    assert!(tally.beyond * 50 < tally.queries, "too many refusals for other reasons: {}", tally.beyond);
    assert!(tally.taken * 2 > tally.queries, "PostgreSQL refuses too many: {} of {}", tally.refused, tally.queries);
    assert!(only.is_some() || tally.with_rows * 3 > tally.ran, "too few queries have rows: {} of {}", tally.with_rows, tally.ran);
}

fn subject(path: &Path) -> Subject {
    let name = path.strip_prefix(workspace()).unwrap_or(path).display().to_string();
    let database = database();
    let catalog = if name == "schema.sql" {
        // The server has no extension of that name; its functions are all that the schema needs.
        let text = fs::read_to_string(path).expect("it is UTF-8");
        let stand_in =
            fs::read_to_string(workspace().join("elyos-schema/src/bundle/stand_in/postgres-json-schema.sql")).expect("it is there");
        drop(database.psql(&format!("CREATE SCHEMA extensions; SET search_path = extensions; {stand_in}")));
        drop(database.psql(&text.replace("CREATE EXTENSION IF NOT EXISTS \"postgres-json-schema\"", "-- ")));
        Catalog::load(&[Source::new(name.as_str(), text)]).unwrap_or_else(|errors| panic!("{errors}"))
    } else {
        // A fixture may hold what the server has not: what it does not take, it refuses in both.
        drop(load(database.url(), path));
        read(&[path.to_owned()]).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    // Queries come after the file: with the path that a new session has.
    let catalog = catalog.load_more(&[Source::new("queries.sql", "")]).expect("nothing changes");
    let mut client = client(database.url());
    client.batch_execute("SET statement_timeout = '5s'").expect("it is set");
    Subject { name, catalog, client, _database: database }
}

fn try_one(subject: &mut Subject, query: &str, tally: &mut Tally) {
    tally.queries += 1;
    let found = ours(&subject.catalog, query);
    let name = &subject.name;
    let ours = match (found, theirs(&mut subject.client, query)) {
        (Ok(ours), Ok(theirs)) => {
            tally.taken += 1;
            let told: Vec<(String, String)> = ours.iter().map(|(name, ty, _)| (name.clone(), ty.clone())).collect();
            if told != theirs {
                let differ: Vec<_> = told.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).collect();
                tally.wrong.push(format!("{name}: {query}\n  ours and PostgreSQL's {differ:?}"));
            }
            ours
        }
        (Err(errors), Ok(theirs)) => return tally.wrong.push(format!("{name}: {query}\n  PostgreSQL has {theirs:?}, we say\n{errors}")),
        (Ok(_), Err(message)) if BEYOND_TYPES.iter().any(|known| message.contains(known)) => {
            tally.beyond += 1;
            return;
        }
        (Ok(_), Err(message)) => return tally.wrong.push(format!("{name}: {query}\n  only PostgreSQL refuses: {message}")),
        (Err(_), Err(_)) => {
            tally.refused += 1;
            return;
        }
    };
    tally.columns += ours.len();
    tally.proven += ours.iter().filter(|(_, _, proven)| *proven).count();
    let Some((rows, counts)) = nulls(&mut subject.client, query, ours.len()) else { return };
    tally.ran += 1;
    tally.with_rows += usize::from(rows > 0);
    for (index, (count, (column, _, _))) in counts.iter().zip(&ours).enumerate().filter(|(_, (_, told))| told.2) {
        if *count > 0 {
            tally.wrong.push(format!("{name}: {query}\n  column {} `{column}` has {count} nulls", index + 1));
        }
    }
}
