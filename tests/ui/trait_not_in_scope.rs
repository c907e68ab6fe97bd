//! The methods are those of a trait, which the compiler offers to import.

#[derive(elyos_runtime::prelude::Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn count(db: &elyos_runtime::Db) {
    let _ = CustomerRepository::count_all(db);
}

fn main() {}
