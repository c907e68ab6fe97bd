//! A repository has to say its table.

use elyos_runtime::prelude::*;

#[derive(Repository)]
pub struct CustomerRepository;

#[derive(Repository)]
#[repository(search(name), schema = "schemas/shop.sql")]
pub struct OtherRepository;

fn main() {}
