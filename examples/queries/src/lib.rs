//! Every query of the documentation, each a function: what a query builder does, as typed Rust.
//!
//! The tests run each of them against a seeded database and look at what it gives.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{With, count, exists, now, raw};
use elyos_runtime::serde_json::Value;

/// Groups of users.
#[derive(Repository)]
#[repository(table = "auth.groups")]
pub struct GroupRepository;

/// Which user is in which group.
#[derive(Repository)]
#[repository(table = "auth.user_groups")]
pub struct UserGroupRepository;

/// How users sign in.
#[derive(Repository)]
#[repository(table = "auth.accounts", secret(password, access_token, refresh_token, id_token), to_one(USER: UserRepository))]
pub struct AccountRepository;

/// Users, and what they lead to: by the foreign keys of the schema.
#[derive(Repository)]
#[repository(
    table = "auth.users",
    relation(GROUPS: GroupRepository through UserGroupRepository),
    relation(ACCOUNTS: AccountRepository)
)]
pub struct UserRepository;

/// All records.
pub fn all_users(db: &Db) -> Result<Vec<UserRow>, Error> {
    UserRepository::select().all(db)
}

/// With a filter.
pub fn active_users(db: &Db) -> Result<Vec<UserRow>, Error> {
    UserRepository::select().filter(users::IS_ACTIVE.eq(true)).all(db)
}

/// Several conditions, an order, a page.
pub fn active_admins(db: &Db) -> Result<Vec<UserRow>, Error> {
    UserRepository::select()
        .filter(users::IS_ACTIVE.eq(true).and(users::FULL_NAME.like("%admin%")))
        .order_by(users::CREATED_AT.desc())
        .limit(20)
        .offset(0)
        .all(db)
}

/// A single record.
pub fn user(db: &Db, id: i32) -> Result<Option<UserRow>, Error> {
    UserRepository::select().filter(users::ID.eq(id)).optional(db)
}

/// Inserting, with what the database made of it.
pub fn new_user(db: &Db, full_name: &str, email: &str) -> Result<UserRow, Error> {
    let optional = NewUserOptional { is_active: Set(true), ..default() };
    UserRepository::inserting([NewUser { full_name: full_name.to_owned(), email: email.to_owned(), optional }])
        .returning(UserRepository::row())
        .one(db)
}

/// Updating, with the row as it is then.
pub fn rename(db: &Db, id: i32, name: &str) -> Result<UserRow, Error> {
    UserRepository::updating(UserPatch { full_name: Set(name.to_owned()), ..default() })
        .set(users::UPDATED_AT, now())
        .filter(users::ID.eq(id))
        .returning(UserRepository::row())
        .one(db)
}

/// Deleting.
pub fn remove(db: &Db, id: i32) -> Result<i64, Error> {
    UserRepository::deleting().filter(users::ID.eq(id)).run(db)
}

/// Users with the names of their groups: a user who is in no group has a row as well, and there the name is null.
pub fn users_with_groups(db: &Db) -> Result<Vec<(i32, String, Option<Value>)>, Error> {
    UserRepository::select()
        .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID))
        .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
        .order_by((users::ID.asc(), groups::ID.asc()))
        .columns((users::ID, users::FULL_NAME, groups::NAME.nullable()))
        .all(db)
}

/// A user and the names of the groups that the user is in.
#[derive(Debug, Clone, PartialEq, Columns)]
pub struct Member {
    /// The user.
    pub user: UserRow,
    /// The groups' English names.
    pub groups: Vec<Option<String>>,
}

/// The same as a struct, a row for each user.
pub fn members(db: &Db) -> Result<Vec<Member>, Error> {
    UserRepository::select()
        .order_by(users::ID.asc())
        .columns(MemberColumns { user: UserRepository::row(), groups: users::GROUPS.columns(groups::NAME.get_text("en")) })
        .all(db)
}

/// A part of the users, searched or not.
pub fn users_page(db: &Db, limit: u32, offset: u32, search: Option<&str>) -> Result<Vec<UserRow>, Error> {
    UserRepository::select()
        .filter_if(search.map(|search| users::FULL_NAME.contains(search)))
        .order_by(users::CREATED_AT.desc())
        .limit(limit)
        .offset(offset)
        .all(db)
}

/// How many users there are, searched or not.
pub fn count_users(db: &Db, search: Option<&str>) -> Result<i64, Error> {
    UserRepository::select().filter_if(search.map(|search| users::FULL_NAME.contains(search))).count(db)
}

/// A user with groups and accounts.
pub type UserTree = With<UserRow, (Vec<GroupRow>, Vec<AccountRow>)>;

/// Users with their groups and accounts: one round trip however many users.
pub fn users_with_relations(db: &Db) -> Result<Vec<UserTree>, Error> {
    UserRepository::select().with(users::GROUPS).with(users::ACCOUNTS).order_by(users::ID.asc()).limit(50).all(db)
}

/// An account with its user.
pub type AccountTree = With<AccountRow, (Option<UserRow>,)>;

/// Each account with its user.
pub fn accounts_with_users(db: &Db) -> Result<Vec<AccountTree>, Error> {
    AccountRepository::select().with(accounts::USER).order_by(accounts::ID.asc()).all(db)
}

/// A new user in a group, both or neither.
pub fn new_member(db: &Db, new: NewUser, group_id: i32) -> Result<UserRow, Error> {
    db.transaction(|tx| {
        let user = UserRepository::insert(tx, new)?;
        UserGroupRepository::insert(tx, NewUserGroup { user_id: user.id, group_id, optional: default() })?;
        Ok(user)
    })
}

/// How many members each group has, the largest first; groups without any too.
pub fn group_sizes(db: &Db) -> Result<Vec<(i32, i64)>, Error> {
    GroupRepository::select()
        .left_join::<UserGroupRepository>(groups::ID.eq(user_groups::GROUP_ID))
        .group_by(groups::ID)
        .order_by((user_groups::USER_ID.count().desc(), groups::ID.asc()))
        .columns((groups::ID, user_groups::USER_ID.count()))
        .all(db)
}

/// Groups of more than so many members.
pub fn large_groups(db: &Db, more_than: i64) -> Result<Vec<i32>, Error> {
    UserGroupRepository::select().group_by(user_groups::GROUP_ID).having(count().gt(more_than)).columns(user_groups::GROUP_ID).all(db)
}

/// Users who are in no group.
pub fn users_in_no_group(db: &Db) -> Result<Vec<UserRow>, Error> {
    let links = UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID));
    UserRepository::select().filter(exists(links).not()).all(db)
}

elyos_runtime::alias!(
    /// Links again, to be looked for from a query of them.
    pub struct Later: UserGroupRepository = "later"
);

/// Of each group who came last: the link behind which there is none, in a query of the same table.
pub fn last_members(db: &Db) -> Result<Vec<(i32, i32)>, Error> {
    let (group, user) = (user_groups::GROUP_ID, user_groups::USER_ID);
    let later = Later::subquery().filter(group.of::<Later>().eq(group).and(user.of::<Later>().gt(user)));
    UserGroupRepository::select().filter(exists(later).not()).order_by(group.asc()).columns((group, user)).all(db)
}

/// What there is no method for: a fragment of SQL with the column and the value in it.
pub fn users_by_length(db: &Db, length: i32) -> Result<Vec<String>, Error> {
    UserRepository::select()
        .filter(raw("char_length(").put(users::FULL_NAME).sql(") > ").bind(length).condition())
        .order_by(users::ID.asc())
        .columns(users::FULL_NAME)
        .all(db)
}

/// An address that is taken becomes the new person's, where it has not been verified.
pub fn take_over(db: &Db, full_name: &str, email: &str) -> Result<Option<UserRow>, Error> {
    UserRepository::inserting([NewUser { full_name: full_name.to_owned(), email: email.to_owned(), optional: default() }])
        .or_update_only(UserTarget::Email, users::FULL_NAME)
        .update_if(users::EMAIL_VERIFIED.eq(false))
        .returning(UserRepository::row())
        .optional(db)
}
