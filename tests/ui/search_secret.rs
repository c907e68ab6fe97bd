//! What is secret is not searched.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name, note), secret(note), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {}
