//! A table without columns has no rows to type.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.nothing", schema = "schemas/shop.sql")]
pub struct NothingRepository;

fn main() {}
