//! A view is only read.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.recent", schema = "schemas/shop.sql")]
pub struct RecentRepository;

fn insert<R: Insertable>() {}

fn main() {
    insert::<RecentRepository>();
    let _ = NewRecent { email: "a".into() };
}
