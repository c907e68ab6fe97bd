//! A required column cannot be forgotten.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {
    let _ = NewCustomer { email: "ann@example.com".into(), optional: default() };
    let _ = NewCustomer { email: "ann@example.com".into(), ..default() };
}
