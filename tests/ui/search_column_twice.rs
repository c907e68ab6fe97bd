//! A column is searched once.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name, email, name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {}
