//! A list for a column of arrays of two dimensions.

use elyos_runtime::prelude::*;

mod types {
    elyos_runtime::types!(schema = "schemas/types.sql");
}

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql")]
pub struct PersonRepository;

fn main() {
    let _ = PersonPatch { grid: Set(Some(vec![Some(1)])), ..default() };
}
