//! Only JSON is looked into.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().filter(users::EMAIL.get_text("a").eq("b")).all(db);
}

fn main() {}
