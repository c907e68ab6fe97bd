//! A type of one's own stands behind its column.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql", types(note = String))]
pub struct CustomerRepository;

mod empty {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", types())]
    pub struct CustomerRepository;
}

mod twice {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", types(note: String, note: String, naem: String))]
    pub struct CustomerRepository;
}

fn main() {}
