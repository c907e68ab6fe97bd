//! What a left join makes null is an option.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select()
        .left_join::<NotificationRepository>(users::ID.eq(notifications::USER_ID))
        .columns((users::ID, notifications::TYPE))
        .all(db);
}

fn main() {}
