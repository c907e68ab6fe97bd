//! Groups: who belongs to them, and what they allow.

use elyos_macros::Repository;

use super::links::{Link, links};
use super::{
    AppRepository, GroupAppAccessRepository, GroupPermissionRepository, PermissionRepository, UserGroupRepository, UserRepository,
};

/// Groups of users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "auth.groups",
    search(name),
    relation(USERS: UserRepository through UserGroupRepository),
    relation(PERMISSIONS: PermissionRepository through GroupPermissionRepository),
    relation(APPS: AppRepository through GroupAppAccessRepository)
)]
pub struct GroupRepository;

const MEMBERS: Link = Link { table: "auth.user_groups", from: "group_id", to: "user_id" };
const PERMISSIONS: Link = Link { table: "auth.group_permissions", from: "group_id", to: "permission_id" };
const APPS: Link = Link { table: "auth.group_app_access", from: "group_id", to: "app_id" };

links! {
    GroupRepository:
    MEMBERS, UserRepository, user_id,
        /// The members of the group, without those who are removed.
        members,
        /// Takes the user into the group; false where that is so already.
        add_member,
        /// Takes the user out of the group; false where that was not so.
        remove_member;
    PERMISSIONS, PermissionRepository, permission_id,
        /// What the group allows.
        permissions,
        /// Allows it; false where that is so already.
        add_permission,
        /// Allows it no more; false where that was not so.
        remove_permission;
    APPS, AppRepository, app_id,
        /// The apps that the group opens.
        apps,
        /// Opens the app; false where that is so already.
        add_app,
        /// Opens the app no more; false where that was not so.
        remove_app;
}
