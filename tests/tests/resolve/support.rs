//! A query's columns as PostgreSQL has them, and as the resolver says.

use elyos_schema::{Catalog, Diagnostics, Source, parse::parse_query, resolve};
use postgres::Client;

/// The schema that queries are tried on.
pub(crate) const SCHEMA: &str = include_str!("../../fixtures/resolve_schema.sql");

/// Name, type, and whether it is proven not to be null.
pub(crate) type Told = (String, String, bool);

/// The catalog of [`SCHEMA`].
pub(crate) fn catalog() -> Catalog {
    Catalog::load(&[Source::new("resolve_schema.sql", SCHEMA)]).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What the resolver says.
pub(crate) fn ours(catalog: &Catalog, query: &str) -> Result<Vec<Told>, Diagnostics> {
    let source = Source::new("query.sql", query);
    let columns = resolve::columns_of(catalog, &source, &parse_query(&source)?)?;
    Ok(columns.into_iter().map(|column| (column.name, column.ty.to_string(), column.proven_not_null)).collect())
}

/// The columns that the server gives the query, or what it says against it: names as it describes them, types as a view of it has them.
pub(crate) fn theirs(client: &mut Client, query: &str) -> Result<Vec<(String, String)>, String> {
    let mut transaction = client.transaction().expect("a transaction begins");
    let refused = |error: postgres::Error| error.as_db_error().map_or_else(|| error.to_string(), |found| found.message().to_owned());
    let statement = transaction.prepare(query).map_err(refused)?;
    // Columns of a view have different names.
    let columns: Vec<String> = (0..statement.columns().len()).map(|index| format!("c{index}")).collect();
    transaction.batch_execute(&format!("CREATE VIEW pg_temp.tried ({}) AS {query}", columns.join(", "))).map_err(refused)?;
    // With no search path the server writes the schema before each type of the schema.
    transaction.batch_execute("SET LOCAL search_path = ''").expect("it is set");
    let rows = transaction
        .query(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
             WHERE attrelid = 'pg_temp.tried'::regclass AND attnum > 0 ORDER BY attnum",
            &[],
        )
        .map_err(refused)?;
    Ok(statement.columns().iter().zip(&rows).map(|(column, row)| (column.name().to_owned(), row.get(0))).collect())
}

/// How many rows the query has, and how many of them have a null in each of its columns; None where it fails when it runs.
pub(crate) fn nulls(client: &mut Client, query: &str, columns: usize) -> Option<(i64, Vec<i64>)> {
    let names: Vec<String> = (0..columns).map(|index| format!("c{index}")).collect();
    let counts: Vec<String> = names.iter().map(|name| format!("count(*) FILTER (WHERE {name} IS NOT DISTINCT FROM NULL)")).collect();
    let text = format!("SELECT count(*), ARRAY[{}]::bigint[] FROM ({query}) AS q({})", counts.join(", "), names.join(", "));
    let row = client.query_one(&text, &[]).ok()?;
    Some((row.get(0), row.get(1)))
}
