//! An aggregate over no rows is null.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let oldest: i32 = UserRepository::select().columns(users::ID.max()).one(db).expect("a row");
    println!("{oldest}");
}

fn main() {}
