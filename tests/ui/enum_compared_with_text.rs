//! A column of an enum is compared with a text.

use elyos_runtime::prelude::*;

mod types {
    elyos_runtime::types!(schema = "schemas/types.sql");
}

#[derive(Repository)]
#[repository(table = "people", schema = "schemas/types.sql")]
pub struct PersonRepository;

fn main() {
    println!("{:?}", people::MOOD.eq("happy"));
}
