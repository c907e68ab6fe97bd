//! A field is filled with what is of its type.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

#[derive(Columns)]
struct Named {
    id: i32,
    name: String,
}

fn query(db: &Db) {
    let _ = UserRepository::select().columns(NamedColumns { id: users::ID, name: users::USERNAME }).all(db);
    let _ = UserRepository::select().columns(NamedColumns { id: users::EMAIL, name: users::EMAIL }).all(db);
}

fn main() {}
