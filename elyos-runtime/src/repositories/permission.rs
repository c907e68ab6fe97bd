//! Permissions, and who has them.

use elyos_macros::Repository;

use crate::executor::Executor;
use crate::query::Travel;
use crate::query::text::{All, Text, Truth};
use crate::repository::Repository;

/// Permissions.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "auth.permissions",
    search(name, description),
    relation(GROUPS: super::GroupRepository through super::GroupPermissionRepository),
    relation(ROLES: super::RoleRepository through super::RolePermissionRepository)
)]
pub struct PermissionRepository;

/// The ids of the permissions that the user `$1` has by a role or a group. One who is removed or not active has none.
const GRANTED: &str = "SELECT rp.permission_id FROM auth.user_roles AS ur JOIN auth.role_permissions AS rp USING (role_id) \
                       WHERE ur.user_id = $1 \
                       UNION ALL \
                       SELECT gp.permission_id FROM auth.user_groups AS ug JOIN auth.group_permissions AS gp USING (group_id) \
                       WHERE ug.user_id = $1";

/// That the user `$1` is there and active.
pub(super) const ACTIVE: &str = "EXISTS (SELECT FROM auth.users AS u WHERE u.id = $1 AND u.is_active AND u.deleted_at IS NULL)";

impl PermissionRepository {
    /// What the user may do, by a role or a group: each permission once, by name. A user who is removed or not active may do nothing.
    pub fn list_of_user<'a, E: Executor + 'a>(ex: E, user_id: i32) -> E::Output<'a, Vec<PermissionRow>> {
        let sql = format!("SELECT {} FROM auth.permissions WHERE id IN ({GRANTED}) AND {ACTIVE} ORDER BY name", Self::SELECT);
        ex.run(Text::<All<PermissionRow>>::new(sql).bind(user_id, Travel::INT4))
    }

    /// Whether the user has the permission of that name.
    pub fn has<'a, E: Executor + 'a>(ex: E, user_id: i32, permission: &str) -> E::Output<'a, bool> {
        let sql = format!("SELECT EXISTS (SELECT FROM auth.permissions AS p WHERE p.name = $2 AND p.id IN ({GRANTED})) AND {ACTIVE}");
        ex.run(Text::<Truth>::new(sql).bind(user_id, Travel::INT4).bind(permission.to_owned(), Travel::VARCHAR))
    }
}
