//! A search looks into at least one column.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {}
