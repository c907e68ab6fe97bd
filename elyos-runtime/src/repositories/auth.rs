//! Users and what they may do.

use elyos_macros::Repository;

/// Users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.users", search(full_name, email, username))]
pub struct UserRepository;

/// Groups of users.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.groups", search(name))]
pub struct GroupRepository;

/// Roles.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.roles", search(name))]
pub struct RoleRepository;

/// Permissions.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.permissions", search(name, description))]
pub struct PermissionRepository;

/// Which user is in which group.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.user_groups")]
pub struct UserGroupRepository;

/// Which user has which role.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "auth.user_roles")]
pub struct UserRoleRepository;
