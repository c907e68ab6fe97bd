//! A whole row of a left join is an option.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select()
        .left_join::<NotificationRepository>(users::ID.eq(notifications::USER_ID))
        .columns((users::ID, NotificationRepository::row()))
        .all(db);
}

fn main() {}
