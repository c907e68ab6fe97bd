//! An option is given once.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", table = "shop.events", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
#[repository(schema = "schema.sql")]
pub struct OtherRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), search(email), schema = "schemas/shop.sql")]
pub struct ThirdRepository;

fn main() {}
