//! A searched column has to exist; all that do not are named at once.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(nam, email, creation_date), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {}
