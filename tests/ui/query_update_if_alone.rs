//! When a row that is there is changed can be said where it is changed.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db, new: NewUser) {
    let _ = UserRepository::inserting([new]).update_if(users::IS_ACTIVE.eq(true)).run(db);
}

fn main() {}
