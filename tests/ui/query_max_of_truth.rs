//! There is no greatest of two truths.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns(users::IS_ACTIVE.max()).all(db);
}

fn main() {}
