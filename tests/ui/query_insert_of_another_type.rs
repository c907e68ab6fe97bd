//! Columns take what a query selects of their types.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let from = UserRepository::select().columns((users::ID, users::EMAIL));
    let _ = UserGroupRepository::inserting_from((user_groups::USER_ID, user_groups::GROUP_ID), from).run(db);
}

fn main() {}
