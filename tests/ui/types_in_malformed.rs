//! The module of the schema's types is named in quotes.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql", types_in = "kinds")]
pub struct PersonRepository;

fn main() {}
