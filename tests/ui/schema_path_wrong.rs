//! The named schema cannot be read.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/nowhere.sql")]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas")]
pub struct OtherRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/latin1.sql")]
pub struct ThirdRepository;

fn main() {}
