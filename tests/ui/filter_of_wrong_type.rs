//! A column is compared with what its type can hold.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {
    let _ = customers::ID.eq("one");
    let _ = customers::NAME.eq(1);
    let _ = customers::ID.like("1%");
}
