//! A column whose type has no Rust type.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.drawings", schema = "schemas/shop.sql")]
pub struct DrawingRepository;

fn main() {}
