//! Relations are for whole rows.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns((users::ID, users::EMAIL)).with(users::GROUPS).all(db);
}

fn main() {}
