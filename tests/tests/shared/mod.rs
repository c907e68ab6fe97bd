//! Repositories of every kind of key, and what holds of them whatever runs their queries.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Query, Statement, read};
use elyos_runtime::serde_json::json;
use elyos_runtime::uuid::Uuid;

/// A serial key, two unique columns.
#[derive(Debug, Repository)]
#[repository(table = "auth.users", search(full_name, email, username))]
pub(crate) struct UserRepository;

/// A key of text.
#[derive(Debug, Repository)]
#[repository(table = "auth.two_factors")]
pub(crate) struct TwoFactorRepository;

/// A key of two columns.
#[derive(Debug, Repository)]
#[repository(table = "auth.user_groups")]
pub(crate) struct UserGroupRepository;

/// An identity that takes a value.
#[derive(Debug, Repository)]
#[repository(table = "platform.notifications", search(app_name))]
pub(crate) struct NotificationRepository;

/// A network address, and JSON that may be null in two ways.
#[derive(Debug, Repository)]
#[repository(table = "auth.audit_logs")]
pub(crate) struct AuditLogRepository;

/// A key that is a UUID.
#[derive(Debug, Repository)]
#[repository(table = "platform.activity_logs")]
pub(crate) struct ActivityLogRepository;

/// A unique constraint over two columns.
#[derive(Debug, Repository)]
#[repository(table = "platform.theme_presets", search(name, description))]
pub(crate) struct ThemePresetRepository;

/// A unique constraint over three columns, and many rows.
#[derive(Debug, Repository)]
#[repository(table = "platform.translations", search(key, value))]
pub(crate) struct TranslationRepository;

/// A check on a number.
#[derive(Debug, Repository)]
#[repository(table = "auth.accounts")]
pub(crate) struct AccountRepository;

/// A user with that name and address, all else left to the database.
pub(crate) fn user(full_name: &str, email: &str) -> NewUser {
    NewUser { full_name: full_name.to_owned(), email: email.to_owned(), optional: default() }
}

/// A notification for the user.
pub(crate) fn notification(user_id: i32, app_name: &str) -> NewNotification {
    NewNotification {
        user_id,
        title: json!({"en": "Hello"}),
        message: json!({"en": "Nothing has happened"}),
        optional: NewNotificationOptional { app_name: Set(Some(app_name.to_owned())), ..default() },
    }
}

/// The functions of an application, written once: what runs them decides whether they are waited for.
pub(crate) fn rename<'a, E: Executor + 'a>(ex: E, id: i32, full_name: &str) -> E::Output<'a, UserRow> {
    UserRepository::update(ex, id, UserPatch { full_name: Set(full_name.to_owned()), ..default() })
}

pub(crate) fn by_key<'a, R: Keyed, E: Executor + 'a>(ex: E, key: R::Key<'a>) -> E::Output<'a, Option<R::Row>> {
    R::find_by_id(ex, key)
}

pub(crate) fn add<'a, R: Insertable, E: Executor + 'a>(ex: E, new: R::New) -> E::Output<'a, R::Row> {
    R::insert(ex, new)
}

pub(crate) fn remove<'a, R: Editable, E: Executor + 'a>(ex: E, key: R::Key<'a>) -> E::Output<'a, bool> {
    R::delete(ex, key)
}

/// How many statements the server has run for this connection that were prepared, this one not counted.
pub(crate) struct StatementsRun;

impl Query for StatementsRun {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        Statement {
            sql: "SELECT coalesce(sum(generic_plans + custom_plans), 0)::bigint FROM pg_prepared_statements \
                  WHERE statement NOT LIKE '%pg_prepared_statements%'"
                .into(),
            params: Vec::new(),
        }
    }

    fn read(&self, rows: Vec<elyos_runtime::query::Row>) -> Result<i64, Error> {
        read(&rows[0], 0)
    }
}

pub(crate) fn a_uuid() -> Uuid {
    Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)
}

/// What holds of a connection, a transaction and an asynchronous connection alike; `$now` makes an answer a result.
///
/// The database is the seeded one; nothing in here fails, so that a transaction survives it.
macro_rules! what_holds {
    ($ex:expr, $now:ident) => {
        what_holds!($ex, $now, $now!($ex.run(StatementsRun))?)
    };
    // With what counts the statements that were run.
    ($ex:expr, $now:ident, $run:expr) => {{
        use elyos_runtime::serde_json::{Value, json};
        let ex = $ex;

        // A row by its key.
        let admin = $now!(by_key::<UserRepository, _>(ex, 1))?.expect("the seeds bring it");
        assert_eq!(admin.id, 1);
        assert_eq!($now!(by_key::<UserRepository, _>(ex, -1))?, None);
        assert_eq!($now!(UserRepository::get_by_id(ex, 1))?, admin);
        let error = $now!(UserRepository::get_by_id(ex, -1)).expect_err("there is no such row");
        assert!(error.is_not_found() && error.to_string().contains("auth.users"), "{error}");
        assert!(error.code().is_none() && error.constraint().is_none());

        // A row by a unique constraint.
        assert_eq!($now!(UserRepository::find_by_email(ex, &admin.email))?.map(|row| row.id), Some(1));
        assert_eq!($now!(UserRepository::find_by_email(ex, "nobody@example.com"))?, None);
        assert_eq!($now!(UserRepository::find_by_username(ex, "no such name"))?, None);
        let themes = $now!(ThemePresetRepository::find_many_paginated(ex, PageRequest::new(1, 100)))?;
        for theme in &themes {
            let found = $now!(ThemePresetRepository::find_by_locale_and_name(ex, &theme.locale, &theme.name))?;
            assert_eq!(found.as_ref(), Some(theme));
        }
        assert_eq!($now!(ThemePresetRepository::find_by_locale_and_name(ex, "xx", &themes[0].name))?, None);
        let text = $now!(TranslationRepository::find_many_paginated(ex, PageRequest::new(1, 1)))?.remove(0);
        let found = $now!(TranslationRepository::find_by_locale_and_namespace_and_key(ex, &text.locale, &text.namespace, &text.key))?;
        assert_eq!(found, Some(text));

        // Required columns alone are enough; the database makes the others.
        let ann = $now!(add::<UserRepository, _>(ex, user("Ann", "ann@example.com")))?;
        assert_eq!((ann.full_name.as_str(), ann.username.as_deref(), ann.is_active), ("Ann", None, true));
        assert_eq!(ann.user_settings, Some(json!({})));
        assert_eq!($now!(UserRepository::find_by_id(ex, ann.id))?, Some(ann.clone()));

        // Default, null and a value are three different things.
        let with = |email: &str, settings| NewUser {
            full_name: "Bob".into(),
            email: email.into(),
            optional: NewUserOptional { user_settings: settings, ..default() },
        };
        assert_eq!($now!(UserRepository::insert(ex, with("b1@example.com", Unset)))?.user_settings, Some(json!({})));
        assert_eq!($now!(UserRepository::insert(ex, with("b2@example.com", Set(None))))?.user_settings, None);
        let dark = json!({"theme": "dark"});
        assert_eq!($now!(UserRepository::insert(ex, with("b3@example.com", Set(Some(dark.clone())))))?.user_settings, Some(dark.clone()));

        // An update sets, sets to null, and leaves.
        let patch = UserPatch { username: Set(Some("ann".into())), user_settings: Set(Some(dark.clone())), ..default() };
        let changed = $now!(UserRepository::update(ex, ann.id, patch))?;
        // The time of the change is noted by itself.
        assert!(changed.updated_at >= ann.updated_at);
        let at = changed.updated_at;
        assert_eq!(changed, UserRow { username: Some("ann".into()), user_settings: Some(dark), updated_at: at, ..ann.clone() });
        let patch = UserPatch { username: Set(None), updated_at: Set(at), ..default() };
        assert_eq!($now!(UserRepository::update(ex, ann.id, patch))?, UserRow { username: None, ..changed.clone() });
        let renamed = $now!(rename(ex, ann.id, "Anna"))?;
        assert_eq!($now!(UserRepository::update(ex, ann.id, default()))?, renamed);
        assert!($now!(UserRepository::update(ex, -1, default())).is_err_and(|error| error.is_not_found()));
        assert!($now!(rename(ex, -1, "Nobody")).is_err_and(|error| error.is_not_found()));

        // The key itself can be changed.
        let moved = $now!(UserRepository::update(ex, ann.id, UserPatch { id: Set(70_000), ..default() }))?;
        assert_eq!(moved.id, 70_000);
        assert_eq!($now!(UserRepository::find_by_id(ex, ann.id))?, None);

        // A delete says whether there was anything to delete.
        assert!($now!(remove::<UserRepository, _>(ex, 70_000))?);
        assert!(!$now!(remove::<UserRepository, _>(ex, 70_000))?);

        // A key of text.
        let factor = NewTwoFactor { id: "it's \"one\"".into(), secret: "s".into(), backup_codes: "[]".into(), user_id: 1 , optional: default() };
        let factor = $now!(TwoFactorRepository::insert(ex, factor))?;
        assert_eq!($now!(by_key::<TwoFactorRepository, _>(ex, "it's \"one\""))?, Some(factor));
        let patch = TwoFactorPatch { secret: Set("t".into()), ..default() };
        assert_eq!($now!(TwoFactorRepository::update(ex, "it's \"one\"", patch))?.secret, "t");
        assert!($now!(TwoFactorRepository::delete(ex, "it's \"one\""))?);

        // A key of two columns, in the key's order.
        let carl = $now!(UserRepository::insert(ex, user("Carl", "carl@example.com")))?;
        let member = NewUserGroup { user_id: carl.id, group_id: 1, optional: default() };
        let member = $now!(UserGroupRepository::insert(ex, member))?;
        assert_eq!($now!(by_key::<UserGroupRepository, _>(ex, (carl.id, 1)))?, Some(member.clone()));
        assert_eq!($now!(UserGroupRepository::find_by_id(ex, (1, carl.id)))?, None);
        assert_eq!($now!(UserGroupRepository::update(ex, (carl.id, 1), default()))?, member);
        assert!($now!(UserGroupRepository::delete(ex, (carl.id, 1)))?);
        assert!(!$now!(UserGroupRepository::delete(ex, (carl.id, 1)))?);

        // An identity: made by the database, or said.
        let first = $now!(NotificationRepository::insert(ex, notification(carl.id, "mail")))?;
        assert_eq!((first.r#type.as_str(), first.is_read, first.app_name.as_deref()), ("info", false, Some("mail")));
        let mut said = notification(carl.id, "mail");
        said.optional.id = Set(90_000);
        assert_eq!($now!(NotificationRepository::insert(ex, said))?.id, 90_000);
        let patch = NotificationPatch { r#type: Set("warning".into()), ..default() };
        assert_eq!($now!(NotificationRepository::update(ex, first.id, patch))?.r#type, "warning");

        // A network address; JSON's null is not SQL's.
        let log = NewAuditLog {
            event_type: "test".into(),
            optional: NewAuditLogOptional {
                ip_address: Set(Some("2001:db8::1".parse().expect("an address"))),
                old_values: Set(Some(Value::Null)),
                new_values: Set(None),
                ..default()
            },
        };
        let log = $now!(AuditLogRepository::insert(ex, log))?;
        assert_eq!(log.ip_address.map(|address| address.to_string()).as_deref(), Some("2001:db8::1"));
        assert_eq!((&log.old_values, &log.new_values), (&Some(Value::Null), &None));
        assert_eq!($now!(AuditLogRepository::get_by_id(ex, log.id))?, log);

        // A UUID: made by the database, or said.
        let new = NewActivityLog { action_key: "made".into(), optional: default() };
        let made = $now!(ActivityLogRepository::insert(ex, new))?;
        assert_eq!($now!(by_key::<ActivityLogRepository, _>(ex, made.id))?, Some(made.clone()));
        let new = NewActivityLog { action_key: "said".into(), optional: NewActivityLogOptional { id: Set(a_uuid()), ..default() } };
        assert_eq!($now!(ActivityLogRepository::insert(ex, new))?.id, a_uuid());
        assert_ne!(made.id, a_uuid());

        // Counts.
        let all = $now!(TranslationRepository::count_all(ex))?;
        assert!(all > 800, "{all}");
        assert_eq!($now!(TranslationRepository::count_matching(ex, ""))?, all);
        assert_eq!($now!(TranslationRepository::count_matching(ex, "no text says this"))?, 0);

        // The total is right on every page, past the end, and for a search that finds nothing.
        for (number, rows) in [(1, 50), (2, 50), (100_000, 0), (u32::MAX, 0)] {
            let page = $now!(TranslationRepository::paginate(ex, PageRequest::new(number, 50)))?;
            assert_eq!((page.rows.len(), page.total, page.page, page.page_size), (rows, all, number, 50));
        }
        let page = $now!(TranslationRepository::paginate(ex, PageRequest::new(u32::MAX, u32::MAX)))?;
        assert_eq!((page.rows.len(), page.total), (0, all));
        let last = u32::try_from(all).expect("not so many");
        let page = $now!(TranslationRepository::paginate(ex, PageRequest::new(last, 1)))?;
        assert_eq!((page.rows.len(), page.total, page.pages()), (1, all, all));
        let page = $now!(TranslationRepository::paginate(ex, PageRequest::new(1, 50).search("no text says this")))?;
        assert_eq!((page.rows.len(), page.total, page.pages()), (0, 0, 0));
        let page = $now!(TranslationRepository::paginate(ex, PageRequest::new(7, 50).search("")))?;
        assert_eq!(page.total, all);

        // Equal rows are in the order of the key, so pages neither repeat nor miss a row.
        for descending in [false, true] {
            let by = if descending { translations::CREATED_AT.desc() } else { translations::CREATED_AT.asc() };
            let mut paged = Vec::new();
            for number in 1..=5 {
                let request = PageRequest::new(number, 200).sort(by).sort(translations::LOCALE.desc());
                let page = $now!(TranslationRepository::paginate(ex, request.clone()))?;
                assert_eq!(page.rows, $now!(TranslationRepository::find_many_paginated(ex, request))?);
                paged.extend(page.rows);
            }
            let key = |row: &TranslationRow| (row.created_at, row.locale.clone(), row.id);
            assert!(paged.len() >= 800);
            assert!(paged.windows(2).all(|two| {
                let ((at, locale, id), (next_at, next_locale, next_id)) = (key(&two[0]), key(&two[1]));
                let time = if descending { next_at.cmp(&at) } else { at.cmp(&next_at) };
                time.then(next_locale.cmp(&locale)).then(id.cmp(&next_id)).is_lt()
            }));
        }

        // What is searched for is data, in any case.
        for (name, email) in [("100% sure", "p1@example.com"), ("100 sure", "p2@example.com"), ("under_score", "p3@example.com"), ("underXscore", "p4@example.com"), (r"back\slash", "p5@example.com"), ("it's", "p6@example.com"), (r"both\%", "p7@example.com")] {
            $now!(UserRepository::insert(ex, user(name, email)))?;
        }
        for (text, expected) in [
            ("100%", vec!["100% sure"]),
            ("%", vec!["100% sure", r"both\%"]),
            ("r_s", vec!["under_score"]),
            ("R_SCORE", vec!["under_score"]),
            (r"\", vec![r"back\slash", r"both\%"]),
            (r"\%", vec![r"both\%"]),
            (r"K\S", vec![r"back\slash"]),
            ("'", vec!["it's"]),
            ("underxSCORE", vec!["underXscore"]),
            ("P4@Example", vec!["underXscore"]),
        ] {
            let request = PageRequest::new(1, 20).search(text).sort(users::FULL_NAME.asc());
            let page = $now!(UserRepository::paginate(ex, request.clone()))?;
            let mut names: Vec<_> = page.rows.iter().map(|row| row.full_name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{text}");
            assert_eq!(page.total, i64::try_from(expected.len()).expect("a few"), "{text}");
            assert_eq!($now!(UserRepository::count_matching(ex, text))?, page.total, "{text}");
            assert_eq!($now!(UserRepository::find_many_paginated(ex, request))?, page.rows, "{text}");
        }

        // Each method is one statement.
        macro_rules! statements {
            ($query:expr) => {{
                let before = $run;
                let _ = $now!($query)?;
                $run - before
            }};
        }
        assert_eq!(statements!(UserRepository::find_by_id(ex, 1)), 1);
        assert_eq!(statements!(UserRepository::find_by_email(ex, "x")), 1);
        assert_eq!(statements!(UserRepository::paginate(ex, PageRequest::new(1, 5))), 1);
        assert_eq!(statements!(UserRepository::paginate(ex, PageRequest::new(9, 5).search("a").sort(users::EMAIL.desc()))), 1);
        assert_eq!(statements!(UserRepository::find_many_paginated(ex, PageRequest::new(1, 5))), 1);
        assert_eq!(statements!(UserRepository::count_all(ex)), 1);
        assert_eq!(statements!(UserRepository::insert(ex, user("S", "s@example.com"))), 1);
        assert_eq!(statements!(rename(ex, 1, "Somebody else")), 1);
        assert_eq!(statements!(UserRepository::delete(ex, -1)), 1);
    }};
}
