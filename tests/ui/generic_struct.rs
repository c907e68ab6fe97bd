//! A repository is of one table, so it takes no parameters.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository<T>;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct OtherRepository<'a, const N: usize>;

fn main() {}
