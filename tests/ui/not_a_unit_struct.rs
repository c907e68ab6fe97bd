//! A repository holds nothing.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository {
    pub id: i32,
}

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct OtherRepository(i32);

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub enum ThirdRepository {
    A,
}

fn main() {}
