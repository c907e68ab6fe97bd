//! Patterns are of text.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().filter(users::ID.contains("1")).all(db);
}

fn main() {}
