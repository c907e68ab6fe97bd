//! Rows are sorted by a column of their own table.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.events", schema = "schemas/shop.sql")]
pub struct EventRepository;

fn page() -> PageRequest<CustomerRepository> {
    PageRequest::new(1, 20).sort(events::HAPPENED_AT.desc())
}

fn unknown() -> PageRequest<CustomerRepository> {
    PageRequest::new(1, 20).sort(customers::NAMES.asc())
}

fn main() {}
