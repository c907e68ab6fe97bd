//! The queries of the documentation, run against a seeded database.

use elyos_runtime::prelude::*;
use elyos_runtime::serde_json::json;
use elyos_tests::{client, seeded};
use queries::{NewUser, NewUserOptional, UserRow};

fn names(rows: &[UserRow]) -> Vec<&str> {
    rows.iter().map(|row| row.full_name.as_str()).collect()
}

#[test]
fn reading() -> Result<(), Error> {
    let (database, db) = seeded();
    client(database.url())
        .batch_execute(
            "INSERT INTO auth.users (full_name, email, is_active, created_at) VALUES
                 ('Old admin', 'old@example.com', true, '2001-01-01'), ('Locked admin', 'locked@example.com', false, '2002-01-01'),
                 ('Somebody', 'somebody@example.com', true, '2003-01-01');
             INSERT INTO auth.user_groups (user_id, group_id) SELECT id, 4 FROM auth.users WHERE full_name = 'Old admin';
             INSERT INTO auth.user_groups (user_id, group_id) SELECT id, 1 FROM auth.users WHERE full_name = 'Old admin'",
        )
        .expect("some users");
    assert_eq!(queries::all_users(&db)?.len(), 4);
    assert_eq!(queries::active_users(&db)?.len(), 3);
    assert_eq!(names(&queries::active_admins(&db)?), ["ElyOS admin", "Old admin"]);
    assert_eq!(queries::user(&db, 1)?.map(|user| user.email).as_deref(), Some("admin@example.com"));
    assert_eq!(queries::user(&db, 0)?, None);
    assert_eq!(names(&queries::users_page(&db, 1, 1, Some("admin"))?), ["Locked admin"]);
    assert_eq!(names(&queries::users_page(&db, 9, 0, None)?), ["ElyOS admin", "Somebody", "Locked admin", "Old admin"]);
    // What is searched is data.
    assert_eq!(
        (queries::count_users(&db, None)?, queries::count_users(&db, Some("admin"))?, queries::count_users(&db, Some("%"))?),
        (4, 3, 0)
    );

    let joined = queries::users_with_groups(&db)?;
    let english: Vec<(&str, Option<&str>)> =
        joined.iter().map(|(_, user, group)| (user.as_str(), group.as_ref().and_then(|name| name["en"].as_str()))).collect();
    let administrators = "System Administrators";
    assert_eq!(
        english,
        [
            ("ElyOS admin", Some(administrators)),
            ("Old admin", Some(administrators)),
            ("Old admin", Some("Users")),
            ("Locked admin", None),
            ("Somebody", None)
        ]
    );
    assert_eq!(joined[0].2, Some(json!({"hu": "Rendszergazdák", "en": administrators})));
    let members = queries::members(&db)?;
    assert_eq!(members[1].groups, [Some(administrators.to_owned()), Some("Users".to_owned())]);
    assert_eq!(members[2].groups, Vec::<Option<String>>::new());
    assert_eq!(members.into_iter().map(|member| member.user).collect::<Vec<_>>(), {
        let mut all = queries::all_users(&db)?;
        all.sort_by_key(|user| user.id);
        all
    });

    let trees = queries::users_with_relations(&db)?;
    assert_eq!(trees.iter().map(|tree| (tree.with.0.len(), tree.with.1.len())).collect::<Vec<_>>(), [(1, 1), (2, 0), (0, 0), (0, 0)]);
    assert_eq!(trees[0].with.1[0].provider_id, "credential");
    let accounts = queries::accounts_with_users(&db)?;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].with.0.as_ref(), Some(&trees[0].row));

    assert_eq!(queries::group_sizes(&db)?, [(1, 2), (4, 1), (2, 0), (3, 0)]);
    assert_eq!(queries::large_groups(&db, 1)?, [1]);
    assert_eq!(queries::users_in_no_group(&db)?.len(), 2);
    let old = trees[1].id;
    assert_eq!(queries::last_members(&db)?, [(1, old), (4, old)]);
    assert_eq!(queries::users_by_length(&db, 9)?, ["ElyOS admin", "Locked admin"]);
    Ok(())
}

#[test]
fn writing() -> Result<(), Error> {
    let (_database, db) = seeded();
    let user = queries::new_user(&db, "Test User", "test@example.com")?;
    assert!(user.is_active && user.id > 1);
    let renamed = queries::rename(&db, user.id, "New Name")?;
    assert_eq!((renamed.id, renamed.full_name.as_str()), (user.id, "New Name"));
    assert!(renamed.updated_at > user.updated_at);
    assert!(queries::rename(&db, 0, "nobody").expect_err("there is none").is_not_found());
    assert_eq!(queries::take_over(&db, "Other", "test@example.com")?.map(|user| user.full_name).as_deref(), Some("Other"));
    assert_eq!(queries::take_over(&db, "Other", "admin@example.com")?, None);
    assert_eq!((queries::remove(&db, user.id)?, queries::remove(&db, user.id)?), (1, 0));

    let new = |email: &str| NewUser { full_name: "New User".into(), email: email.into(), optional: NewUserOptional::default() };
    let member = queries::new_member(&db, new("new@example.com"), 4)?;
    assert_eq!(queries::users_with_relations(&db)?[1].with.0[0].id, 4);
    assert!(queries::new_member(&db, new("other@example.com"), 99).expect_err("no such group").is_foreign_key_violation());
    assert_eq!(queries::all_users(&db)?.last().map(|user| user.id), Some(member.id));
    Ok(())
}
