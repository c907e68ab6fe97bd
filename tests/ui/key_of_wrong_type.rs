//! A key has the type of its column.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.order_lines", schema = "schemas/shop.sql")]
pub struct OrderLineRepository;

fn find(db: &Db) {
    let _ = CustomerRepository::find_by_id(db, "1");
    let _ = CustomerRepository::find_by_id(db, 1_i64);
    let _ = CustomerRepository::find_by_email(db, 1);
    let _ = OrderLineRepository::find_by_id(db, 1);
    let _ = OrderLineRepository::find_by_id(db, (1, "2"));
}

fn main() {}
