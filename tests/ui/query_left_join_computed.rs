//! What is made of a column of a left join is an option too.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select()
        .left_join::<NotificationRepository>(users::ID.eq(notifications::USER_ID))
        .columns((users::ID, notifications::TYPE.lower()))
        .all(db);
}

fn main() {}
