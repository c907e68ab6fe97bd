//! Prints what some of the queries give: `cargo run --package queries`, with `DATABASE_URL` set.

use elyos_runtime::prelude::*;

fn main() -> Result<(), Error> {
    println!("{}", elyos_runtime::init()?);
    let db = Db::connect_from_env()?;
    for (id, user, group) in queries::users_with_groups(&db)? {
        println!("{id} {user}: {}", group.map_or_else(|| "no group".to_owned(), |name| name.to_string()));
    }
    for tree in queries::users_with_relations(&db)? {
        let (groups, accounts) = &tree.with;
        println!("{}: {} groups, {} accounts", tree.full_name, groups.len(), accounts.len());
    }
    for (group, members) in queries::group_sizes(&db)? {
        println!("group {group} has {members} members");
    }
    Ok(())
}
