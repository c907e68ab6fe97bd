//! Only what hides rows brings them back.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn restore(db: &Db) {
    let _ = CustomerRepository::restore(db, 1);
}

fn main() {}
