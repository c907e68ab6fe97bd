//! What says that a row is deleted is a time that may be null, or a boolean.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql", soft_delete = name)]
pub struct CustomerRepository;

mod not_null {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", soft_delete = created_at)]
    pub struct CustomerRepository;
}

mod unknown {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", soft_delete = createt_at)]
    pub struct CustomerRepository;
}

mod text {
    #[derive(elyos_runtime::prelude::Repository)]
    #[repository(table = "shop.customers", schema = "schemas/shop.sql", soft_delete = "note")]
    pub struct CustomerRepository;
}

fn main() {}
