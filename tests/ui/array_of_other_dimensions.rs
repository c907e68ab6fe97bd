//! A column of arrays of two dimensions taken for a list.

use elyos_runtime::prelude::*;

mod types {
    elyos_runtime::types!(schema = "schemas/types.sql");
}

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql")]
pub struct PersonRepository;

fn list(row: PersonRow) -> Option<Vec<Option<i32>>> {
    row.grid
}

fn main() {
    drop(list);
}
