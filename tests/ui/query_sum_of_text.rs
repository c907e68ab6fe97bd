//! Text has no sum.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns(users::EMAIL.sum()).one(db);
}

fn main() {}
