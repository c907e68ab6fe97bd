//! A view is not a table.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.recent", schema = "schemas/shop.sql")]
pub struct RecentRepository;

fn main() {}
