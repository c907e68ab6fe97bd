//! Relations go by foreign keys.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::{AppRepository, GroupRepository, UserGroupRepository, UserRepository};

mod without_key {
    use super::*;

    #[derive(Repository)]
    #[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(APPS: AppRepository))]
    pub struct Users;
}

mod ambiguous {
    use super::*;

    #[derive(Repository)]
    #[repository(table = "platform.conversations", schema = "schemas/elyos.sql")]
    pub struct ConversationRepository;

    #[derive(Repository)]
    #[repository(table = "auth.users", schema = "schemas/elyos.sql", relation(CONVERSATIONS: ConversationRepository))]
    pub struct Users;
}

mod no_link {
    use super::*;

    #[derive(Repository)]
    #[repository(table = "platform.apps", schema = "schemas/elyos.sql", relation(GROUPS: GroupRepository through UserGroupRepository))]
    pub struct Apps;
}

mod columns {
    use super::*;

    #[derive(Repository)]
    #[repository(table = "platform.apps", schema = "schemas/elyos.sql", relation(USERS: UserRepository on (nmae = name)))]
    pub struct Apps;
}

mod types {
    use super::*;

    #[derive(Repository)]
    #[repository(table = "platform.apps", schema = "schemas/elyos.sql", relation(USERS: UserRepository on (id = app_id)))]
    pub struct Apps;
}

mod link_columns {
    use super::*;

    #[derive(Repository)]
    #[repository(
        table = "platform.apps",
        schema = "schemas/elyos.sql",
        relation(GROUPS: GroupRepository through UserGroupRepository on (user = id) to on (group_id = id))
    )]
    pub struct Apps;
}

mod link_types {
    use super::*;

    #[derive(Repository)]
    #[repository(
        table = "platform.apps",
        schema = "schemas/elyos.sql",
        relation(GROUPS: GroupRepository through UserGroupRepository on (user_id = id) to on (created_at = id))
    )]
    pub struct Apps;
}

fn main() {}
