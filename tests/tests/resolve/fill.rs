//! Rows for the tables of any schema: nulls wherever the server takes them, odd values, sometimes no row at all.

use elyos_schema::{
    Catalog,
    catalog::{Identity, Table, TableKind, Type, names::quote},
};
use postgres::Client;

use super::{generator::Random, values};

/// Puts other rows into all tables, and refreshes what is made of them; the number of rows that the server took.
pub(crate) fn fill(client: &mut Client, catalog: &Catalog, seed: u64) -> usize {
    let mut random = Random::new(seed);
    let kinds = [TableKind::Table, TableKind::Partitioned];
    let tables: Vec<&Table> = catalog.tables().filter(|table| kinds.contains(&table.kind) && table.columns_known).collect();
    // A partitioned table has no rows but those of its partitions, of which one may be another server's, and so may a child.
    let own = tables.iter().filter(|table| table.kind == TableKind::Table);
    let names: Vec<String> = own.map(|table| format!("ONLY {}", table.full_name())).collect();
    if names.is_empty() {
        return 0;
    }
    client.batch_execute(&format!("TRUNCATE {} CASCADE", names.join(", "))).expect("the tables are emptied");
    let mut rows = vec![0_usize; tables.len()];
    // A table left empty makes every outer join have no row.
    let left_out: Vec<bool> = tables.iter().map(|_| random.one_in(10)).collect();
    // What points to another table waits until that has rows.
    for _ in 0..4 {
        for (index, table) in tables.iter().enumerate().filter(|(index, table)| !left_out[*index] && !table.is_partition) {
            for _ in 0..3 {
                if rows[index] >= 5 {
                    break;
                }
                let took = (0..3).any(|_| client.batch_execute(&insert(catalog, table, &mut random)).is_ok());
                if !took {
                    break;
                }
                rows[index] += 1;
            }
        }
    }
    for view in catalog.tables().filter(|table| table.kind == TableKind::MaterializedView) {
        // One whose query fails on the data stays as it was.
        let _refreshed = client.batch_execute(&format!("REFRESH MATERIALIZED VIEW {}", view.full_name()));
    }
    rows.iter().sum()
}

fn insert(catalog: &Catalog, table: &Table, random: &mut Random) -> String {
    let named = values::named_in(table.checks.iter().map(|check| check.expression.as_str()));
    let (mut columns, mut written) = (Vec::new(), Vec::new());
    for column in &table.columns {
        let set_by_itself = column.generated.is_some() || column.identity == Some(Identity::Always);
        if set_by_itself || (column.default.is_some() && random.one_in(3)) {
            continue;
        }
        columns.push(quote(&column.name));
        written.push(match reference(table, &column.name, random) {
            _ if !column.not_null && random.one_in(3) => "NULL".to_owned(),
            Some(reference) => reference,
            None => value(catalog, &column.ty, &named, random),
        });
    }
    if columns.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", table.full_name());
    }
    format!("INSERT INTO {} ({}) VALUES ({})", table.full_name(), columns.join(", "), written.join(", "))
}

/// A value that is there in the table that a foreign key points to.
fn reference(table: &Table, column: &str, random: &mut Random) -> Option<String> {
    let (key, at) = table.foreign_keys.iter().find_map(|key| Some((key, key.columns.iter().position(|name| name == column)?)))?;
    let other = format!("{}.{}", quote(&key.references_schema), quote(&key.references_table));
    // Of a key of several columns all are taken from one row.
    let row = if key.columns.len() > 1 { 0 } else { random.below(3) };
    Some(format!("(SELECT {} FROM {other} OFFSET {row} LIMIT 1)", quote(&key.references_columns[at])))
}

fn value(catalog: &Catalog, ty: &Type, named: &[String], random: &mut Random) -> String {
    let list = values::of(catalog, ty, named);
    if list.is_empty() { "DEFAULT".to_owned() } else { values::literal(random.pick::<String>(&list)) }
}
