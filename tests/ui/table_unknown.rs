//! A table that the schema does not have; the nearest names are offered.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.custommers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "something.else.entirely", schema = "schemas/shop.sql")]
pub struct OtherRepository;

fn main() {}
