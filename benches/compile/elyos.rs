//! The eight tables in Elyos.

#![allow(dead_code, reason = "not every method is called")]

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "auth.users", search(full_name, email, username), soft_delete = deleted_at)]
pub struct UserRepository;

#[derive(Repository)]
#[repository(table = "auth.groups", search(name))]
pub struct GroupRepository;

#[derive(Repository)]
#[repository(table = "auth.roles", search(name))]
pub struct RoleRepository;

#[derive(Repository)]
#[repository(table = "auth.permissions", search(name, description))]
pub struct PermissionRepository;

#[derive(Repository)]
#[repository(table = "platform.apps", search(app_id, name, description))]
pub struct AppRepository;

#[derive(Repository)]
#[repository(table = "platform.notifications")]
pub struct NotificationRepository;

#[derive(Repository)]
#[repository(table = "platform.translations", search(key, value))]
pub struct TranslationRepository;

#[derive(Repository)]
#[repository(table = "platform.theme_presets", search(name, description))]
pub struct ThemePresetRepository;

fn main() -> Result<(), Error> {
    let db = Db::connect_from_env()?;
    println!("{:?}", UserRepository::find_by_id(&db, 1)?);
    println!("{:?}", UserRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", UserRepository::delete(&db, 1)?);
    println!("{:?}", GroupRepository::find_by_id(&db, 1)?);
    println!("{:?}", GroupRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", GroupRepository::delete(&db, 1)?);
    println!("{:?}", RoleRepository::find_by_id(&db, 1)?);
    println!("{:?}", RoleRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", RoleRepository::delete(&db, 1)?);
    println!("{:?}", PermissionRepository::find_by_id(&db, 1)?);
    println!("{:?}", PermissionRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", PermissionRepository::delete(&db, 1)?);
    println!("{:?}", AppRepository::find_by_id(&db, 1)?);
    println!("{:?}", AppRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", AppRepository::delete(&db, 1)?);
    println!("{:?}", NotificationRepository::find_by_id(&db, 1)?);
    println!("{:?}", NotificationRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", NotificationRepository::delete(&db, 1)?);
    println!("{:?}", TranslationRepository::find_by_id(&db, 1)?);
    println!("{:?}", TranslationRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", TranslationRepository::delete(&db, 1)?);
    println!("{:?}", ThemePresetRepository::find_by_id(&db, 1)?);
    println!("{:?}", ThemePresetRepository::paginate(&db, PageRequest::new(1, 20))?);
    println!("{:?}", ThemePresetRepository::delete(&db, 1)?);
    println!("{:?}", UserRepository::update(&db, 1, UserPatch::default())?);
    Ok(())
}
