//! Brings a database to ElyOS and works with its users through a repository of this program's own.

use elyos_runtime::prelude::*;

/// Reads `auth.users` from schema.sql.
#[derive(Repository)]
#[repository(table = "auth.users", search(full_name, email, username))]
pub struct UserRepository;

fn main() -> Result<(), Error> {
    println!("{}", elyos_runtime::init()?);
    let db = Db::connect_from_env()?;

    let admin = UserRepository::get_by_id(&db, 1)?;
    println!("{} <{}>", admin.full_name, admin.email);

    let user = db.transaction(|tx| {
        let new = NewUser { full_name: "Test User".into(), email: "test@example.com".into(), optional: default() };
        let user = UserRepository::insert(tx, new)?;
        UserRepository::update(tx, user.id, UserPatch { full_name: Set("New Name".into()), ..default() })
    })?;
    println!("{} is there: {}", user.full_name, UserRepository::find_by_email(&db, "test@example.com")?.is_some());

    let page = UserRepository::paginate(&db, PageRequest::new(1, 20).search("name").sort(users::CREATED_AT.desc()))?;
    println!("{} of {}", page.rows.len(), page.total);
    UserRepository::delete(&db, user.id)?;
    Ok(())
}
