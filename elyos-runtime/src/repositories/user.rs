//! Users: with their groups and roles, and their settings.

use elyos_macros::Repository;

use super::links::Link;
use super::{GroupRepository, GroupRow, NotificationRepository, RoleRepository, RoleRow, UserGroupRepository, UserRoleRepository};
use crate::error::Result;
use crate::executor::Executor;
use crate::page::PageRequest;
use crate::query::text::{All, First, Single, Text, Truth};
use crate::query::{Cells, FromRow, Records, Travel};
use crate::repository::Repository;
use crate::serde_json::Value;

/// Users. `delete` hides a user.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "auth.users",
    search(full_name, email, username),
    soft_delete = deleted_at,
    relation(GROUPS: GroupRepository through UserGroupRepository),
    relation(ROLES: RoleRepository through UserRoleRepository),
    relation(NOTIFICATIONS: NotificationRepository)
)]
pub struct UserRepository;

/// A user with the groups and roles that the user has.
#[derive(Debug, Clone, PartialEq)]
pub struct UserWithGroupsAndRoles {
    /// The user.
    pub user: UserRow,
    /// The user's groups, by id.
    pub groups: Vec<GroupRow>,
    /// The user's roles, by id.
    pub roles: Vec<RoleRow>,
}

impl FromRow for UserWithGroupsAndRoles {
    const WIDTH: usize = UserRow::WIDTH + 2;

    fn from_row<C: Cells>(cells: &C, first: usize) -> Result<Self> {
        let behind = first + UserRow::WIDTH;
        let (groups, roles) = (cells.cell::<Records<'_>>(behind)?, cells.cell::<Records<'_>>(behind + 1)?);
        Ok(Self { user: UserRow::from_row(cells, first)?, groups: groups.rows()?, roles: roles.rows()? })
    }
}

const GROUPS: Link = Link { table: "auth.user_groups", from: "user_id", to: "group_id" };
const ROLES: Link = Link { table: "auth.user_roles", from: "user_id", to: "role_id" };

/// `SELECT` of users with their groups and roles; what it selects of is called `wanted`.
fn with_groups_and_roles() -> String {
    let (groups, roles) = (GROUPS.records::<GroupRepository>("wanted.id"), ROLES.records::<RoleRepository>("wanted.id"));
    format!("SELECT {}, {groups}, {roles} FROM auth.users AS wanted WHERE {}", UserRepository::SELECT, UserRepository::VISIBLE)
}

impl UserRepository {
    /// The user with that id, with groups and roles.
    ///
    /// ```no_run
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::UserRepository;
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// if let Some(found) = UserRepository::find_with_groups_and_roles(&db, 1)? {
    ///     println!("{} is in {} groups", found.user.full_name, found.groups.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn find_with_groups_and_roles<'a, E: Executor + 'a>(ex: E, id: i32) -> E::Output<'a, Option<UserWithGroupsAndRoles>> {
        let sql = with_groups_and_roles() + " AND id = $1";
        ex.run(Text::<First<UserWithGroupsAndRoles>>::new(sql).bind(id, Travel::INT4))
    }

    /// The users of a page, each with groups and roles.
    pub fn list_with_groups_and_roles<'a, E: Executor + 'a>(
        ex: E,
        request: &PageRequest<Self>,
    ) -> E::Output<'a, Vec<UserWithGroupsAndRoles>> {
        let mut sql = with_groups_and_roles();
        if request.pattern().is_some() {
            sql.push_str(" AND (full_name ILIKE $3 OR email ILIKE $3 OR username ILIKE $3)");
        }
        sql.push_str(" ORDER BY ");
        for sort in request.sorts() {
            sql.push_str("wanted.");
            sql.push_str(sort.def.quoted());
            sql.push_str(if sort.descending { " DESC, " } else { ", " });
        }
        sql.push_str("wanted.id LIMIT $1 OFFSET $2");
        let query = Text::<All<UserWithGroupsAndRoles>>::new(sql).bind(request.limit(), Travel::INT8).bind(request.offset(), Travel::INT8);
        ex.run(match request.pattern() {
            Some(pattern) => query.bind(pattern, Travel::TEXT),
            None => query,
        })
    }

    /// Whether no user has that name, removed users among them: their names stay theirs.
    pub fn is_username_free<'a, E: Executor + 'a>(ex: E, username: &str) -> E::Output<'a, bool> {
        let sql = "SELECT NOT EXISTS (SELECT FROM auth.users WHERE username = $1)";
        ex.run(Text::<Truth>::new(sql).bind(username.to_owned(), Travel::VARCHAR))
    }

    /// Whether no user has that address, removed users among them.
    pub fn is_email_free<'a, E: Executor + 'a>(ex: E, email: &str) -> E::Output<'a, bool> {
        let sql = "SELECT NOT EXISTS (SELECT FROM auth.users WHERE email = $1)";
        ex.run(Text::<Truth>::new(sql).bind(email.to_owned(), Travel::VARCHAR))
    }

    /// The user's settings, an object that is empty where nothing is set; none where there is no such user.
    pub fn settings<'a, E: Executor + 'a>(ex: E, id: i32) -> E::Output<'a, Option<Value>> {
        let sql = "SELECT coalesce(user_settings, '{}') FROM auth.users WHERE id = $1 AND deleted_at IS NULL";
        ex.run(Text::<Single<Value>>::new(sql).bind(id, Travel::INT4))
    }

    /// Sets every key of the object, each as a whole, leaves all others, and gives the settings as they are then; none where there is
    /// no such user.
    ///
    /// # Errors
    ///
    /// [`is_check_violation`](crate::Error::is_check_violation) where `settings` is no object.
    pub fn merge_settings<'a, E: Executor + 'a>(ex: E, id: i32, settings: Value) -> E::Output<'a, Option<Value>> {
        // Of two arrays `||` would make one: what is no object is left for the table to refuse.
        let sql = "UPDATE auth.users SET updated_at = now(), user_settings = \
                   CASE jsonb_typeof($2) WHEN 'object' THEN coalesce(user_settings, '{}') || $2 ELSE $2 END \
                   WHERE id = $1 AND deleted_at IS NULL RETURNING user_settings";
        ex.run(Text::<Single<Value>>::new(sql).bind(id, Travel::INT4).bind(settings, Travel::JSONB))
    }

    /// Sets one value, by the keys that lead to it, making the objects on the way that are not there, and gives the settings as they are
    /// then; none where there is no such user. Without keys it is all of the settings that are set.
    ///
    /// ```no_run
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::UserRepository;
    /// use elyos_runtime::serde_json::json;
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// UserRepository::patch_settings(&db, 1, &["desktop", "background"], json!("blue"))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn patch_settings<'a, E: Executor + 'a>(ex: E, id: i32, path: &[&str], value: Value) -> E::Output<'a, Option<Value>> {
        // `jsonb_set` makes the last key only: each object on the way is set to itself, or to an empty one.
        let mut settings = "coalesce(user_settings, '{}')".to_owned();
        for length in 1..path.len() {
            let way = format!("$3[:{length}]");
            settings = format!(
                "jsonb_set({settings}, {way}, CASE jsonb_typeof(user_settings #> {way}) \
                 WHEN 'object' THEN user_settings #> {way} ELSE '{{}}' END)"
            );
        }
        let settings = match path {
            [] => "CASE WHEN cardinality($3) = 0 THEN $2 END".to_owned(),
            _ => format!("jsonb_set({settings}, $3, $2)"),
        };
        let sql = format!(
            "UPDATE auth.users SET updated_at = now(), user_settings = {settings} WHERE id = $1 AND deleted_at IS NULL RETURNING user_settings"
        );
        let path = path.iter().map(|key| (*key).to_owned());
        ex.run(Text::<Single<Value>>::new(sql).bind(id, Travel::INT4).bind(value, Travel::JSONB).bind_all(path, Travel::TEXT))
    }
}
