//! Who belongs to what: tables of two keys.

use elyos_macros::Repository;

use crate::executor::Executor;
use crate::query::Travel;
use crate::query::text::{All, Any, Text};
use crate::repository::{Keyed, Repository};

/// Which user is in which group.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.user_groups")]
pub struct UserGroupRepository;

/// Which user has which role.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.user_roles")]
pub struct UserRoleRepository;

/// What the members of which group may do.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.group_permissions")]
pub struct GroupPermissionRepository;

/// What those who have which role may do.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.role_permissions")]
pub struct RolePermissionRepository;

/// Which apps the members of which group may open.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.group_app_access")]
pub struct GroupAppAccessRepository;

/// Which apps those who have which role may open.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.role_app_access")]
pub struct RoleAppAccessRepository;

/// Two columns of a table of links, of which the first is given.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) table: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

impl Link {
    /// The rows that an id is linked to, by their key.
    pub(super) fn linked<'a, R: Keyed, E: Executor + 'a>(self, ex: E, id: i32) -> E::Output<'a, Vec<R::Row>> {
        let Self { table, from, to } = self;
        let visible = if R::VISIBLE.is_empty() { String::new() } else { format!(" AND {}", R::VISIBLE) };
        let sql = format!(
            "SELECT {} FROM {} WHERE id IN (SELECT link.{to} FROM {table} AS link WHERE link.{from} = $1){visible} ORDER BY id",
            R::SELECT,
            R::QUOTED,
        );
        ex.run(Text::<All<R::Row>>::new(sql).bind(id, Travel::INT4))
    }

    /// Links the two; false where they were.
    pub(super) fn add<'a, E: Executor + 'a>(self, ex: E, id: i32, other: i32) -> E::Output<'a, bool> {
        let Self { table, from, to } = self;
        let sql = format!("INSERT INTO {table} ({from}, {to}) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true");
        ex.run(Text::<Any>::new(sql).bind(id, Travel::INT4).bind(other, Travel::INT4))
    }

    /// Takes the link away; false where there was none.
    pub(super) fn remove<'a, E: Executor + 'a>(self, ex: E, id: i32, other: i32) -> E::Output<'a, bool> {
        let Self { table, from, to } = self;
        let sql = format!("DELETE FROM {table} WHERE {from} = $1 AND {to} = $2 RETURNING true");
        ex.run(Text::<Any>::new(sql).bind(id, Travel::INT4).bind(other, Travel::INT4))
    }

    /// The linked rows of an outer row, as records of one column: `owner` is the outer row's id.
    pub(super) fn records<R: Repository>(self, owner: &str) -> String {
        let Self { table, from, to } = self;
        format!(
            "ARRAY(SELECT ROW({}) FROM {} WHERE id IN (SELECT link.{to} FROM {table} AS link WHERE link.{from} = {owner}) ORDER BY id)",
            R::SELECT,
            R::QUOTED,
        )
    }
}

/// Methods that list, add and remove what a row is linked to.
macro_rules! links {
    ($repository:ident: $($link:expr, $other:ident, $argument:ident,
        $(#[$list_doc:meta])* $list:ident, $(#[$add_doc:meta])* $add:ident, $(#[$remove_doc:meta])* $remove:ident;)*) => {
        impl $repository {
            $(
                $(#[$list_doc])*
                pub fn $list<'a, E: $crate::Executor + 'a>(
                    ex: E,
                    id: i32,
                ) -> E::Output<'a, Vec<<$other as $crate::repository::Repository>::Row>> {
                    $link.linked::<$other, E>(ex, id)
                }

                $(#[$add_doc])*
                ///
                /// # Errors
                ///
                /// [`is_foreign_key_violation`](crate::Error::is_foreign_key_violation) where one of the two is not there.
                pub fn $add<'a, E: $crate::Executor + 'a>(ex: E, id: i32, $argument: i32) -> E::Output<'a, bool> {
                    $link.add(ex, id, $argument)
                }

                $(#[$remove_doc])*
                pub fn $remove<'a, E: $crate::Executor + 'a>(ex: E, id: i32, $argument: i32) -> E::Output<'a, bool> {
                    $link.remove(ex, id, $argument)
                }
            )*
        }
    };
}

pub(super) use links;
