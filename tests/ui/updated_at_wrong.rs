//! What an update sets to the time has to hold one.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql", updated_at = note)]
pub struct CustomerRepository;

mod unknown {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", updated_at = changed)]
    pub struct CustomerRepository;
}

mod nothing {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", updated_at)]
    pub struct CustomerRepository;
}

fn main() {}
