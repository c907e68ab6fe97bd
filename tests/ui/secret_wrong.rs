//! A secret is a column, named once.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql", secret(nota, note, note))]
pub struct CustomerRepository;

mod malformed {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", secret = note)]
    pub struct CustomerRepository;
}

fn main() {}
