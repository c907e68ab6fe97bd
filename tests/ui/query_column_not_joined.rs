//! A column of a table that is not in the query.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns((users::ID, groups::ID)).all(db);
}

fn main() {}
