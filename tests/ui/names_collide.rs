//! Names that are different in SQL and the same in Rust.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.twins", schema = "schemas/shop.sql")]
pub struct TwinRepository;

fn main() {}
