//! The table has a column of an enum, and there is no module of the schema's types.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql")]
pub struct PersonRepository;

fn main() {}
