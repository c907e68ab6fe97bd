//! A column is looked for among values of its type.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().filter(users::ID.is_in(["1", "2"])).all(db);
}

fn main() {}
