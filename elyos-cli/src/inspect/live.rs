//! A live server's schema in the form that is printed.
//!
//! Everything is asked of `pg_catalog` in one read-only transaction with an empty `search_path`, so that types and expressions come with
//! their schemas. No name is ever pasted into a query: objects are told apart by their OIDs, which are bound.

mod objects;
mod relations;

use postgres::{Client, Transaction};

use super::document::{Document, Extension};

/// The namespaces that are the user's; in every query `n` is the row of `pg_namespace`.
pub(super) const USERS: &str = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'";

/// Reads the schema of the database that the client is connected to. What extensions have made is left out.
///
/// # Errors
///
/// What the server says.
pub fn read(client: &mut Client) -> Result<Document, postgres::Error> {
    let mut transaction = client.build_transaction().read_only(true).isolation_level(postgres::IsolationLevel::RepeatableRead).start()?;
    let document = read_within(&mut transaction)?;
    transaction.commit()?;
    Ok(document)
}

/// [`read`] as a transaction sees it, which goes on with an empty `search_path`.
///
/// # Errors
///
/// What the server says.
pub fn read_within(transaction: &mut Transaction<'_>) -> Result<Document, postgres::Error> {
    transaction.batch_execute("set local search_path to ''")?;
    let (tables, views) = relations::relations(transaction)?;
    Ok(Document {
        schemas: transaction
            .query(
                &format!(
                    "select n.nspname::text from pg_namespace n where {USERS} {} order by n.nspname collate \"C\"",
                    own("n.oid", "pg_namespace")
                ),
                &[],
            )?
            .iter()
            .map(|row| row.get(0))
            .collect(),
        extensions: transaction
            .query("select extname::text from pg_extension where extname <> 'plpgsql' order by extname collate \"C\"", &[])?
            .iter()
            .map(|row| Extension { name: row.get(0) })
            .collect(),
        tables,
        views,
        enums: objects::enums(transaction)?,
        domains: objects::domains(transaction)?,
        composites: objects::composites(transaction)?,
        ranges: objects::ranges(transaction)?,
        sequences: objects::sequences(transaction)?,
        functions: objects::functions(transaction)?,
    })
}

/// A condition: not made by an extension.
fn own(oid: &str, catalog: &str) -> String {
    format!(
        "and not exists (select 1 from pg_depend x where x.classid = 'pg_catalog.{catalog}'::regclass and x.objid = {oid} and x.deptype = 'e')"
    )
}
