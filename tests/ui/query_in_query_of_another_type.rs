//! A column is looked for in a query of its type.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let emails = UserRepository::select().columns(users::EMAIL);
    let _ = UserRepository::select().filter(users::ID.is_in_query(emails)).all(db);
}

fn main() {}
