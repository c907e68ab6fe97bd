//! No schema.sql is near, and none is named.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers")]
pub struct CustomerRepository;

fn main() {}
