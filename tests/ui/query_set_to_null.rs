//! A column that is never null does not become null.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::updating(default()).set(users::FULL_NAME, users::USERNAME).filter(users::ID.eq(1)).run(db);
}

fn main() {}
