//! What an upsert meets a row by is a constraint of the table.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.order_lines", schema = "schemas/shop.sql")]
pub struct LineRepository;

fn upsert(db: &Db, new: NewCustomer) {
    let _ = CustomerRepository::upsert(db, new.clone(), LineTarget::OrderIdAndLine);
    let _ = CustomerRepository::upsert(db, new, CustomerTarget::Name);
}

fn main() {}
