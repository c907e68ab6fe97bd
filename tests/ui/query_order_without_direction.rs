//! An order has a direction.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().order_by(users::ID).all(db);
}

fn main() {}
