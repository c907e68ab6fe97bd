//! Joins of ElyOS's tables, and random queries over each.

use std::fmt::Debug;

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Closed, Filter, Reading, Select, count, exists, sql_type};
use elyos_runtime::repositories::*;

use crate::random::{Random, joined, number, of_json, of_number, of_text, of_time, order, text};

elyos_runtime::alias!(struct Other: UserRepository = "other");

/// What has been tried.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) queries: u64,
    pub(crate) rows: u64,
    errors_of_data: u64,
}

impl Tally {
    /// Runs a query; what the data brings about, such as a division by zero, is no refusal of the statement.
    fn run<S: Closed, O: Reading<Output: Debug> + Clone>(&mut self, db: &Db, query: Select<S, O>) -> Result<(), Error> {
        let (sql, counted, one_by_one) = (query.to_sql(), query.clone(), query.clone());
        self.queries += 1;
        let rows = match query.all(db) {
            Err(error) if error.code().is_some_and(|code| code.starts_with("22")) => {
                self.errors_of_data += 1;
                return Ok(());
            }
            rows => rows?,
        };
        self.rows += rows.len() as u64;
        // A tree is read level by level where all rows are asked for, and from records where they come one by one.
        let mut each = Vec::new();
        one_by_one.each(db, |row| {
            each.push(format!("{row:?}"));
            Ok(())
        })?;
        let mut all: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        // Where no order is said, or one that leaves rows side by side, they come as they come.
        all.sort();
        each.sort();
        if !sql.contains(" LIMIT ") && !sql.contains("DISTINCT ON") && !sql.contains("SKIP LOCKED") {
            assert_eq!(all, each, "{sql}");
        }
        assert_eq!(i64::try_from(rows.len()).expect("few rows"), counted.count(db)?, "{sql}");
        Ok(())
    }
}

/// A query over one of the joins, of one of the forms.
pub(crate) fn any(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    match random.below(7) {
        0 => of_users(db, random, tally),
        1 => of_groups_of_users(db, random, tally),
        2 => of_notifications(db, random, tally),
        3 => of_permissions(db, random, tally),
        4 => of_translations(db, random, tally),
        5 => of_pairs(db, random, tally),
        _ => of_trees(db, random, tally),
    }
}

fn user(random: &mut Random) -> Filter<UserRepository> {
    match random.below(9) {
        0 => of_number(random, users::ID),
        1 => of_text(random, users::FULL_NAME),
        2 => of_text(random, users::USERNAME),
        3 => of_time(random, users::CREATED_AT),
        4 => of_time(random, users::DELETED_AT),
        5 => of_json(random, users::USER_SETTINGS),
        6 => users::IS_ACTIVE.is_true(),
        7 => {
            let links = UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID));
            exists(if random.chance(2) { links.filter(of_number(random, user_groups::GROUP_ID)) } else { links })
        }
        _ => {
            let links = UserGroupRepository::select().filter(of_number(random, user_groups::GROUP_ID)).columns(user_groups::USER_ID);
            if random.chance(2) { users::ID.is_in_query(links) } else { users::ID.is_not_in_query(links) }
        }
    }
}

fn of_users(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let query = UserRepository::select().filter(joined(random, user)).filter_if(random.chance(3).then(|| users::EMAIL.contains("@")));
    let query = if random.chance(5) { query.with_hidden() } else { query };
    let by = text(random, users::USERNAME);
    let by = order(random, by);
    match random.below(7) {
        0 => tally.run(db, query.order_by((by, users::ID.asc())).limit(20).offset(u32::try_from(random.below(4)).expect("few"))),
        1 => tally.run(db, query.distinct_on(users::IS_ACTIVE).order_by((users::IS_ACTIVE.asc(), by))),
        2 => {
            let made = (text(random, users::IMAGE), number(random, users::ID.nullable()));
            tally.run(db, query.columns((users::ID, made.0, made.1, users::USER_SETTINGS.get("size"), users::CREATED_AT)))
        }
        3 => {
            let by = text(random, users::EMAIL.nullable()).length();
            let query = query.group_by(by.clone()).having(joined(random, |random| match random.below(3) {
                0 => count().gt(i64::try_from(random.below(4)).expect("few")),
                1 => users::ID.max().expr().is_not_null(),
                _ => users::ID.count().distinct().ge(1),
            }));
            tally.run(
                db,
                query.columns((
                    by,
                    count(),
                    users::ID.sum(),
                    users::ID.avg(),
                    users::CREATED_AT.max(),
                    users::USERNAME.array_agg().order_by(users::ID.desc()),
                    users::FULL_NAME.min().filter(user(random)),
                )),
            )
        }
        4 => tally.run(db, query.for_update().skip_locked().order_by(by)),
        5 => tally.run(db, query.distinct().columns((users::IS_ACTIVE, users::USERNAME.is_null().is_true()))),
        _ => {
            let last = UserGroupRepository::subquery().filter(user_groups::USER_ID.eq(users::ID)).columns(user_groups::GROUP_ID.max());
            let last = last.scalar(sql_type::<i32>());
            tally.run(db, query.order_by(order(random, last.clone())).columns((users::ID, last, users::GROUPS.count())))
        }
    }
}

fn of_groups_of_users(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    if random.chance(2) {
        let query = UserRepository::select()
            .join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID))
            .join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
            .filter(joined(random, |random| match random.below(4) {
                0 => of_json(random, groups::NAME),
                1 => of_text(random, users::EMAIL),
                2 => of_number(random, user_groups::GROUP_ID),
                _ => of_time(random, groups::CREATED_AT),
            }));
        return match random.below(3) {
            0 => tally.run(db, query.columns((users::ID, GroupRepository::row(), user_groups::CREATED_AT))),
            1 => tally.run(db, query.with(groups::PERMISSIONS)),
            _ => {
                let grouped = query.group_by((groups::ID, groups::NAME)).order_by(count().desc());
                tally.run(db, grouped.columns((groups::ID, groups::NAME, count(), users::EMAIL.array_agg(), users::CREATED_AT.min())))
            }
        };
    }
    let query = UserRepository::select()
        .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID).and(of_number(random, user_groups::GROUP_ID)))
        .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
        .filter(joined(random, |random| match random.below(4) {
            0 => of_json(random, groups::DESCRIPTION),
            1 => of_text(random, users::IMAGE),
            2 => of_number(random, groups::ID),
            _ => of_time(random, user_groups::CREATED_AT),
        }));
    let by = number(random, groups::ID.nullable());
    let by = order(random, by);
    match random.below(3) {
        0 => tally.run(db, query.order_by(by).columns((users::FULL_NAME, groups::NAME.nullable(), user_groups::GROUP_ID.nullable()))),
        1 => {
            tally.run(db, query.columns((UserRepository::row(), GroupRepository::row().nullable(), UserGroupRepository::row().nullable())))
        }
        _ => {
            let made = (text(random, users::IMAGE), number(random, groups::ID.nullable()));
            tally.run(db, query.distinct().columns((made.0, made.1, groups::NAME.nullable().get_text("hu"))))
        }
    }
}

fn of_notifications(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let query = NotificationRepository::select().left_join::<UserRepository>(notifications::USER_ID.eq(users::ID)).filter(joined(
        random,
        |random| match random.below(5) {
            0 => of_json(random, notifications::DETAILS),
            1 => of_text(random, notifications::APP_NAME),
            2 => of_time(random, notifications::READ_AT),
            3 => of_text(random, users::USERNAME),
            _ => notifications::USER_ID.eq(users::ID).or(notifications::IS_READ.is_false()),
        },
    ));
    match random.below(3) {
        0 => tally.run(db, query.with(notifications::USER).limit(30)),
        1 => tally.run(db, query.columns((notifications::TITLE, users::EMAIL.nullable(), users::EMAIL.nullable().or_else("nobody")))),
        _ => {
            let grouped = query.group_by(notifications::TYPE);
            let read = count().filter(notifications::IS_READ.is_true());
            tally.run(db, grouped.columns((notifications::TYPE, read, notifications::READ_AT.max(), users::ID.sum())))
        }
    }
}

fn of_permissions(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let query = GroupRepository::select()
        .left_join::<GroupPermissionRepository>(groups::ID.eq(group_permissions::GROUP_ID))
        .left_join::<PermissionRepository>(permissions::ID.eq(group_permissions::PERMISSION_ID))
        .filter(joined(random, |random| match random.below(3) {
            0 => of_text(random, permissions::NAME),
            1 => of_number(random, permissions::RESOURCE_ID),
            _ => of_text(random, permissions::DESCRIPTION),
        }));
    if random.chance(2) {
        let columns = (groups::ID, PermissionRepository::row().nullable());
        return tally.run(db, query.order_by(permissions::NAME.asc().nulls_last()).columns(columns));
    }
    let by = text(random, permissions::NAME.nullable());
    tally.run(db, query.group_by((by.clone(),)).columns((by, count(), permissions::RESOURCE_ID.array_agg().distinct())))
}

fn of_translations(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let query =
        TranslationRepository::select().join::<LocaleRepository>(translations::LOCALE.eq(locales::CODE)).filter(joined(random, |random| {
            match random.below(4) {
                0 => of_text(random, translations::KEY),
                1 => of_text(random, translations::VALUE),
                2 => of_time(random, translations::UPDATED_AT),
                _ => of_text(random, locales::CODE),
            }
        }));
    let by = text(random, translations::VALUE.nullable());
    tally.run(db, query.order_by((order(random, by), translations::ID.asc())).limit(50))
}

fn of_pairs(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let on = users::ID.lt(users::ID.of::<Other>()).and(of_text(random, users::USERNAME.of::<Other>()));
    let query = UserRepository::select().left_join::<Other>(on).filter(joined(random, |random| match random.below(3) {
        0 => of_number(random, users::ID.of::<Other>()),
        1 => of_json(random, users::USER_SETTINGS.of::<Other>()),
        _ => users::FULL_NAME.ne(users::FULL_NAME.of::<Other>()),
    }));
    tally.run(db, query.columns((users::ID, users::ID.of::<Other>().nullable(), users::GROUPS.of::<Other>())).limit(50))
}

fn of_trees(db: &Db, random: &mut Random, tally: &mut Tally) -> Result<(), Error> {
    let groups_of = users::GROUPS
        .filter(joined(random, |random| if random.chance(2) { of_json(random, groups::NAME) } else { of_number(random, groups::ID) }))
        .order_by(groups::ID.desc())
        .limit(u32::try_from(random.below(3)).expect("few"));
    let query = UserRepository::select().filter(joined(random, user)).order_by(users::ID.asc());
    match random.below(4) {
        0 => tally.run(db, query.with(groups_of).with(users::NOTIFICATIONS)),
        1 => tally.run(db, query.with(groups_of.with(groups::PERMISSIONS.columns((permissions::ID, permissions::NAME))))),
        2 => tally.run(db, query.filter(groups_of.any()).with(users::ROLES)),
        _ => tally.run(db, query.with(users::GROUPS.with(groups::USERS.limit(2).with(users::ROLES)).with(groups::APPS))),
    }
}
