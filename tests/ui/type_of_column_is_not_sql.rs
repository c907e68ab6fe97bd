//! A type of the user's own that the driver can neither read nor bind.

use elyos_runtime::prelude::*;

mod types {
    elyos_runtime::types!(schema = "schemas/types.sql");
}

#[derive(Debug, Clone, PartialEq)]
pub struct Number(i32);

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql", types(id: Number))]
pub struct PersonRepository;

fn main() {}
