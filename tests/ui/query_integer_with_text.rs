//! A column of numbers is not compared with one of text.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().filter(users::ID.eq(users::EMAIL)).all(db);
}

fn main() {}
