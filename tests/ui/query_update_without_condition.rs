//! An update says which rows it is of.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::updating(UserPatch { is_active: Set(false), ..default() }).run(db);
}

fn main() {}
