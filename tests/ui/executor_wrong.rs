//! An executor is passed by shared reference.
//!
//! Of something else altogether the compiler lists the executors that there are, in an order that depends on the folder: no text to keep.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn by_value(db: Db) {
    let _ = CustomerRepository::find_by_id(db, 1);
}

fn by_unique_reference(mut db: Db) {
    let _ = CustomerRepository::count_all(&mut db);
}

fn main() {}
