//! Options that do not exist.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(tabel = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", colour = "red", schema = "schemas/shop.sql")]
pub struct OtherRepository;

fn main() {}
