//! A search needs columns to look into.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn page() -> PageRequest<CustomerRepository> {
    PageRequest::new(1, 20).search("ann")
}

fn count(db: &Db) -> Result<i64, Error> {
    CustomerRepository::count_matching(db, "ann")
}

fn main() {}
