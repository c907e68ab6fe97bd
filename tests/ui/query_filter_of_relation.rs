//! A condition on related rows is of their table.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().with(users::GROUPS.filter(users::ID.eq(1))).all(db);
}

fn main() {}
