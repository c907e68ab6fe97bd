//! A type of one's own has to read and write what the column's does.

use elyos_runtime::prelude::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Note(String);

#[derive(Repository)]
#[repository(table = "shop.customers", schema = "schemas/shop.sql", types(note: Note))]
pub struct CustomerRepository;

fn main() {}
