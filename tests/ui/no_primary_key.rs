//! What needs a key is not there for a table that has none.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.events", schema = "schemas/shop.sql")]
pub struct EventRepository;

fn find(db: &Db) {
    let _ = EventRepository::find_by_id(db, 1);
}

fn patch() {
    let _ = EventPatch::default();
}

fn get<R: Keyed>() {}

fn update<R: Editable>() {}

fn main() {
    get::<EventRepository>();
    update::<EventRepository>();
}
