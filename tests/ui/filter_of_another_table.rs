//! A condition is of the table.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.events", schema = "schemas/shop.sql")]
pub struct EventRepository;

fn delete(db: &Db) {
    let _ = CustomerRepository::delete_where(db, events::WHAT.eq("x"));
    let _ = customers::NAME.eq("a").and(events::WHAT.eq("x"));
}

fn main() {}
