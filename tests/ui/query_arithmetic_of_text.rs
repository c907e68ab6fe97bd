//! Text is not computed with.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns(users::EMAIL.plus("1")).one(db);
}

fn main() {}
