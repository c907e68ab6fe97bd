//! Apps, and who may open them.

use elyos_macros::Repository;

use super::permission::ACTIVE;
use crate::executor::Executor;
use crate::query::Travel;
use crate::query::text::{All, Text, Truth};
use crate::repository::Repository;

/// Registered applications.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "platform.apps",
    search(app_id, name, description),
    relation(GROUPS: super::GroupRepository through super::GroupAppAccessRepository),
    relation(ROLES: super::RoleRepository through super::RoleAppAccessRepository)
)]
pub struct AppRepository;

/// That the app is on, and that the user `$1` may open it: because everybody may, or by a role or a group.
const OPEN: &str = "is_active AND (app_type IS DISTINCT FROM 'plugin' OR plugin_status = 'active') AND (is_public \
                    OR id IN (SELECT ra.app_id FROM auth.user_roles AS ur JOIN auth.role_app_access AS ra USING (role_id) \
                    WHERE ur.user_id = $1) \
                    OR id IN (SELECT ga.app_id FROM auth.user_groups AS ug JOIN auth.group_app_access AS ga USING (group_id) \
                    WHERE ug.user_id = $1))";

impl AppRepository {
    /// The apps that the user may open, in menu order. A user who is removed or not active may open none.
    pub fn list_of_user<'a, E: Executor + 'a>(ex: E, user_id: i32) -> E::Output<'a, Vec<AppRow>> {
        let sql = format!("SELECT {} FROM platform.apps WHERE {OPEN} AND {ACTIVE} ORDER BY sort_order, app_id", Self::SELECT);
        ex.run(Text::<All<AppRow>>::new(sql).bind(user_id, Travel::INT4))
    }

    /// Whether the user may open the app, by the name that programs know it by.
    pub fn may_open<'a, E: Executor + 'a>(ex: E, user_id: i32, app_id: &str) -> E::Output<'a, bool> {
        let sql = format!("SELECT EXISTS (SELECT FROM platform.apps WHERE app_id = $2 AND {OPEN}) AND {ACTIVE}");
        ex.run(Text::<Truth>::new(sql).bind(user_id, Travel::INT4).bind(app_id.to_owned(), Travel::VARCHAR))
    }
}
