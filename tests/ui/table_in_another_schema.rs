//! A table of that name is in another schema.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "auth.customers", schema = "schemas/shop.sql")]
pub struct OtherRepository;

fn main() {}
