//! An upsert needs a key or a unique constraint to meet a row by.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.events", schema = "schemas/shop.sql")]
pub struct EventRepository;

fn upsert<R: Upsertable>() {}

fn main() {
    upsert::<EventRepository>();
}
