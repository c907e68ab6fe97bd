//! A sub-query does not run by itself.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID)).all(db);
}

fn main() {}
