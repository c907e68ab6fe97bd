//! What a relation is declared by.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(GROUPS))]
pub struct One;

#[derive(Repository)]
#[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(GROUPS: GroupRepository via links))]
pub struct Two;

#[derive(Repository)]
#[repository(table = "auth.users", schema = "schemas/elyos.sql", to_one(GROUP: GroupRepository), relation(EMAIL: GroupRepository))]
pub struct Three;

#[derive(Repository)]
#[repository(table = "platform.notifications", schema = "schemas/elyos.sql", to_one(USER: UserRepository by usr_id))]
pub struct Four;

#[derive(Repository)]
#[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(GROUPS: GroupRepository through LinkRepository on (user_id = id) from on (group_id = id)))]
pub struct Five;

#[derive(Repository)]
#[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(GROUPS: GroupRepository through LinkRepository on (user_id = idd) to on (group_id = id)))]
pub struct Six;

fn main() {}
