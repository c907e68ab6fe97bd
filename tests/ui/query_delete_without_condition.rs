//! A delete says which rows it is of.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::deleting().returning(users::ID).all(db);
}

fn main() {}
