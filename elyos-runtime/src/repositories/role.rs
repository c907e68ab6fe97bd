//! Roles: who belongs to them, and what they allow.

use elyos_macros::Repository;

use super::links::{Link, links};
use super::{AppRepository, PermissionRepository, RoleAppAccessRepository, RolePermissionRepository, UserRepository, UserRoleRepository};

/// Roles of users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "auth.roles",
    search(name),
    relation(USERS: UserRepository through UserRoleRepository),
    relation(PERMISSIONS: PermissionRepository through RolePermissionRepository),
    relation(APPS: AppRepository through RoleAppAccessRepository)
)]
pub struct RoleRepository;

const MEMBERS: Link = Link { table: "auth.user_roles", from: "role_id", to: "user_id" };
const PERMISSIONS: Link = Link { table: "auth.role_permissions", from: "role_id", to: "permission_id" };
const APPS: Link = Link { table: "auth.role_app_access", from: "role_id", to: "app_id" };

links! {
    RoleRepository:
    MEMBERS, UserRepository, user_id,
        /// The users who have the role, without those who are removed.
        members,
        /// Gives the role to the user; false where that is so already.
        add_member,
        /// Takes the role from the user; false where that was not so.
        remove_member;
    PERMISSIONS, PermissionRepository, permission_id,
        /// What the role allows.
        permissions,
        /// Allows it; false where that is so already.
        add_permission,
        /// Allows it no more; false where that was not so.
        remove_permission;
    APPS, AppRepository, app_id,
        /// The apps that the role opens.
        apps,
        /// Opens the app; false where that is so already.
        add_app,
        /// Opens the app no more; false where that was not so.
        remove_app;
}
