//! Queries put together of conditions, joins, relations and aggregates, run against a seeded database.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Filter, count, exists, raw, row_of, sql_type, value};
use elyos_runtime::repositories::*;
use elyos_runtime::serde_json::json;
use elyos_tests::seeded;

elyos_runtime::alias!(
    struct Other: UserRepository = "other"
);

/// Users `u1` to `u5`; each is in the groups whose number divides its own.
fn people(db: &Db) -> Vec<UserRow> {
    let new = (1..=5).map(|number| NewUser {
        full_name: format!("u{number}"),
        email: format!("u{number}@example.com"),
        optional: NewUserOptional { username: Set((number % 2 == 0).then(|| format!("name{number}"))), ..default() },
    });
    let users = UserRepository::insert_many(db, new.collect()).expect("users");
    for (number, user) in (1..).zip(&users) {
        for group in (1..=4).filter(|group| number % group == 0) {
            UserGroupRepository::insert(db, NewUserGroup { user_id: user.id, group_id: group, optional: default() }).expect("a link");
        }
    }
    users
}

#[test]
fn conditions_order_and_limits() -> Result<(), Error> {
    let (_database, db) = seeded();
    let people = people(&db);
    let few = UserRepository::select()
        .filter(users::IS_ACTIVE.eq(true).and(users::FULL_NAME.like("u%")))
        .filter_if(Some(users::USERNAME.is_null()))
        .filter_if(None)
        .order_by(users::FULL_NAME.desc())
        .limit(2)
        .offset(1);
    let names: Vec<String> = few.clone().all(&db)?.into_iter().map(|user| user.full_name).collect();
    assert_eq!(names, ["u3", "u1"]);
    assert_eq!(few.clone().count(&db)?, 2);
    assert!(few.clone().exists(&db)?);
    assert_eq!(few.clone().first(&db)?.map(|user| user.full_name).as_deref(), Some("u3"));
    assert_eq!(few.clone().limit(1).one(&db)?.full_name, "u3");
    let error = few.one(&db).expect_err("there are two");
    assert!(error.is_several());
    assert_eq!(
        error.to_string(),
        "there is more than one such row in auth.users\n  = help: `.all(…)` takes any number of rows, and `.first(…)` the first of them"
    );
    let of = |name: &str| UserRepository::select().filter(users::FULL_NAME.eq(name));
    assert_eq!(of("u4").one(&db)?.id, people[3].id);
    assert_eq!(of("u4").optional(&db)?.map(|user| user.id), Some(people[3].id));
    assert_eq!(of("nobody").optional(&db)?, None);
    let error = of("nobody").one(&db).expect_err("there is none");
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "there is no such row in auth.users");

    let filters = ["u1", "u2"].map(|name| users::FULL_NAME.eq(name));
    assert_eq!(UserRepository::select().filter(Filter::any_of(filters)).count(&db)?, 2);
    assert_eq!(UserRepository::select().filter(Filter::any_of([])).count(&db)?, 0);
    assert_eq!(UserRepository::select().filter(Filter::all_of([])).count(&db)?, 6);
    let by_name = UserRepository::select().order_by((users::USERNAME.asc().nulls_first(), users::ID.desc())).columns(users::USERNAME);
    assert_eq!(by_name.all(&db)?.last().cloned().flatten().as_deref(), Some("name4"));
    Ok(())
}

#[test]
fn joins_say_what_may_be_null() -> Result<(), Error> {
    let (_database, db) = seeded();
    let people = people(&db);
    let joined = UserRepository::select()
        .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID).and(user_groups::GROUP_ID.ge(3)))
        .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
        .filter(users::FULL_NAME.starts_with("u"))
        .order_by((users::ID.asc(), groups::ID.asc()))
        .columns((users::FULL_NAME, groups::NAME.nullable(), GroupRepository::row().nullable()))
        .all(&db)?;
    let groups: Vec<(&str, Option<i32>)> =
        joined.iter().map(|(name, _, group)| (name.as_str(), group.as_ref().map(|group| group.id))).collect();
    assert_eq!(groups, [("u1", None), ("u2", None), ("u3", Some(3)), ("u4", Some(4)), ("u5", None)]);
    assert_eq!(joined[2].1.as_ref().map(|name| name["en"].clone()), Some(json!("Editors")));
    assert_eq!(joined[0].1, None);

    let pairs = UserRepository::select()
        .join::<Other>(users::ID.lt(users::ID.of::<Other>()).and(users::USERNAME.of::<Other>().is_not_null()))
        .filter(users::USERNAME.is_not_null())
        .columns((UserRepository::row(), row_of::<Other>()))
        .one(&db)?;
    assert_eq!((pairs.0.id, pairs.1.id), (people[1].id, people[3].id));
    Ok(())
}

#[test]
fn groups_and_aggregates() -> Result<(), Error> {
    let (_database, db) = seeded();
    people(&db);
    let sizes = GroupRepository::select()
        .join::<UserGroupRepository>(groups::ID.eq(user_groups::GROUP_ID))
        .group_by(groups::ID)
        .having(count().gt(1))
        .order_by(count().desc())
        .columns((groups::ID, count(), user_groups::USER_ID.max(), user_groups::USER_ID.count().filter(user_groups::USER_ID.gt(2))))
        .all(&db)?;
    assert_eq!(sizes.iter().map(|(group, size, ..)| (*group, *size)).collect::<Vec<_>>(), [(1, 6), (2, 2)]);
    let (sum, mean, least, names, none) = UserRepository::select()
        .filter(users::FULL_NAME.starts_with("u"))
        .columns((
            users::ID.sum(),
            users::ID.avg(),
            users::CREATED_AT.min(),
            users::FULL_NAME.array_agg().order_by(users::FULL_NAME.desc()),
            users::USERNAME.max().filter(users::USERNAME.eq("nobody")),
        ))
        .one(&db)?;
    assert!(sum.is_some() && mean.is_some() && least.is_some());
    assert_eq!(
        names.map(|names| names.into_iter().flatten().collect::<Vec<_>>()),
        Some(["u5", "u4", "u3", "u2", "u1"].map(str::to_owned).to_vec())
    );
    assert_eq!(none, None);
    Ok(())
}

#[test]
fn queries_inside_of_queries() -> Result<(), Error> {
    let (_database, db) = seeded();
    people(&db);
    let in_group =
        |group: i32| UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID).and(user_groups::GROUP_ID.eq(group)));
    let names = |query: elyos_runtime::query::Select<UserRepository, _>| -> Result<Vec<String>, Error> {
        query.filter(users::FULL_NAME.starts_with("u")).order_by(users::ID.asc()).columns(users::FULL_NAME).all(&db)
    };
    assert_eq!(names(UserRepository::select().filter(exists(in_group(2))))?, ["u2", "u4"]);
    assert_eq!(names(UserRepository::select().filter(exists(in_group(2)).not()))?, ["u1", "u3", "u5"]);
    let members = UserGroupRepository::select().filter(user_groups::GROUP_ID.eq(3)).columns(user_groups::USER_ID);
    assert_eq!(names(UserRepository::select().filter(users::ID.is_in_query(members)))?, ["u3"]);
    assert_eq!(names(UserRepository::select().filter(users::GROUPS.filter(groups::ID.eq(4)).any()))?, ["u4"]);
    let counted = UserRepository::select().filter(users::FULL_NAME.eq("u4")).columns((users::GROUPS.count(), value(7)));
    assert_eq!(counted.one(&db)?, (3, 7));
    let last = UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID)).order_by(user_groups::GROUP_ID.desc()).limit(1);
    let last = last.columns(user_groups::GROUP_ID).scalar(sql_type::<i32>());
    let found: Option<i32> = UserRepository::select().filter(users::FULL_NAME.eq("u4")).columns(last).one(&db)?;
    assert_eq!(found, Some(4));
    Ok(())
}

#[test]
fn trees_of_rows_in_one_round_trip() -> Result<(), Error> {
    let (_database, db) = seeded();
    let people = people(&db);
    let before = db.prepared_statements();
    let found = UserRepository::select()
        .filter(users::FULL_NAME.starts_with("u"))
        .order_by(users::ID.asc())
        .with(users::GROUPS.order_by(groups::ID.desc()).limit(2).with(groups::PERMISSIONS.filter(permissions::NAME.contains("users"))))
        .with(users::ROLES)
        .with(users::NOTIFICATIONS)
        .all(&db)?;
    assert_eq!(db.prepared_statements(), before + 1);
    let groups_of: Vec<Vec<i32>> = found.iter().map(|user| user.with.0.iter().map(|group| group.id).collect()).collect();
    assert_eq!(groups_of, [vec![1], vec![2, 1], vec![3, 1], vec![4, 2], vec![1]]);
    assert_eq!(found[3].full_name, "u4");
    for user in &found {
        for group in &user.with.0 {
            let mut expected = GroupRepository::permissions(&db, group.id)?;
            expected.retain(|permission| permission.name.contains("users"));
            assert_eq!(group.with.0, expected);
        }
        assert!(user.with.1.is_empty() && user.with.2.is_empty());
    }
    // The same for rows that are there already.
    let loaded = users::GROUPS.load(&db, &people)?;
    assert_eq!(loaded.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 2, 3, 1]);
    for (user, groups) in people.iter().zip(&loaded) {
        assert_eq!(Some(groups), UserRepository::find_with_groups_and_roles(&db, user.id)?.map(|found| found.groups).as_ref());
    }
    assert_eq!(users::GROUPS.load(&db, &[])?.len(), 0);
    let to_one = NotificationRepository::select().with(notifications::USER).all(&db)?;
    assert!(to_one.iter().all(|notification| notification.with.0.as_ref().map(|user| user.id) == Some(notification.user_id)));
    Ok(())
}

elyos_runtime::sql_functions! {
    /// The text so many times.
    fn repeat(text: String, times: i32) -> String = "pg_catalog"."repeat";
}

#[test]
fn functions_are_called_with_columns_and_values() -> Result<(), Error> {
    let (_database, db) = seeded();
    let query =
        UserRepository::select().columns((repeat(users::EMAIL, 2), repeat("ab", 2).concat("c"), repeat(users::USERNAME, users::ID)));
    let twice = "admin@example.comadmin@example.com".to_owned();
    assert_eq!(query.one(&db)?, (Some(twice), Some("ababc".to_owned()), None));
    let locked = UserRepository::select().filter(users::ID.eq(1)).for_update().nowait();
    assert_eq!(locked.clone().count(&db)?, 1);
    assert_eq!(db.transaction(|tx| locked.clone().one(tx))?.id, 1);
    Ok(())
}

#[test]
fn raw_fragments_bind_their_values() -> Result<(), Error> {
    let (_database, db) = seeded();
    people(&db);
    let query = UserRepository::select()
        .filter(raw("length(").put(users::FULL_NAME).sql(") = ").bind(2).condition())
        .columns(raw("reverse(").put(users::FULL_NAME).sql(")").value::<String>());
    assert_eq!(query.order_by(users::ID.asc()).first(&db)?.flatten().as_deref(), Some("1u"));
    Ok(())
}
