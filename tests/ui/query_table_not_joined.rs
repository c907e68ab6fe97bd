//! A condition on a table that is not in the query.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().filter(groups::ID.eq(1)).all(db);
}

fn main() {}
