//! ElyOS's own repositories over the seeded database, from a blocking and from an asynchronous connection.

use elyos_runtime::prelude::*;
use elyos_runtime::repositories::*;
use elyos_runtime::serde_json::{Value, json};
use elyos_tests::seeded;

macro_rules! at_once {
    ($answer:expr) => {
        $answer
    };
}

macro_rules! awaited {
    ($answer:expr) => {
        $answer.await
    };
}

fn user(name: &str) -> NewUser {
    let optional = NewUserOptional { username: Set(Some(name.to_owned())), ..default() };
    NewUser { full_name: name.to_owned(), email: format!("{name}@example.com"), optional }
}

fn notification(user_id: i32, text: &str) -> NewNotification {
    NewNotification { user_id, title: json!({"en": text}), message: json!({"en": text}), optional: default() }
}

macro_rules! users_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let ann = $now!(UserRepository::insert(ex, user("ann")))?;
        let found = $now!(UserRepository::find_with_groups_and_roles(ex, ann.id))?.expect("she is there");
        assert_eq!((found.user, found.groups.len(), found.roles.len()), (ann.clone(), 0, 0));
        assert!($now!(GroupRepository::add_member(ex, 2, ann.id))?);
        assert!($now!(GroupRepository::add_member(ex, 1, ann.id))?);
        assert!(!$now!(GroupRepository::add_member(ex, 1, ann.id))?);
        assert!($now!(RoleRepository::add_member(ex, 4, ann.id))?);
        let found = $now!(UserRepository::find_with_groups_and_roles(ex, ann.id))?.expect("she is there");
        let groups = [$now!(GroupRepository::get_by_id(ex, 1))?, $now!(GroupRepository::get_by_id(ex, 2))?];
        assert_eq!((found.groups.as_slice(), found.roles), (&groups[..], vec![$now!(RoleRepository::get_by_id(ex, 4))?]));
        assert_eq!($now!(UserRepository::find_with_groups_and_roles(ex, -1))?, None);
        let request = PageRequest::new(1, 10).search("ANN").sort(users::EMAIL.desc());
        let listed = $now!(UserRepository::list_with_groups_and_roles(ex, &request))?;
        assert_eq!(listed.iter().map(|one| (one.user.id, one.groups.len())).collect::<Vec<_>>(), [(ann.id, 2)]);
        let all = $now!(UserRepository::list_with_groups_and_roles(ex, &PageRequest::new(1, 10)))?;
        assert_eq!(all.iter().map(|one| one.user.id).collect::<Vec<_>>(), [1, ann.id]);

        // Names and addresses.
        assert_eq!($now!(UserRepository::find_by_username(ex, "ann"))?.map(|row| row.id), Some(ann.id));
        assert!(!$now!(UserRepository::is_username_free(ex, "ann"))? && $now!(UserRepository::is_username_free(ex, "bob"))?);
        assert!(!$now!(UserRepository::is_email_free(ex, "ann@example.com"))? && $now!(UserRepository::is_email_free(ex, "b@x"))?);

        // Settings.
        assert_eq!($now!(UserRepository::settings(ex, ann.id))?, Some(json!({})));
        let set = json!({"theme": "dark", "desktop": {"icons": 3}});
        assert_eq!($now!(UserRepository::merge_settings(ex, ann.id, set.clone()))?, Some(set));
        let merged = $now!(UserRepository::merge_settings(ex, ann.id, json!({"theme": "light"})))?;
        assert_eq!(merged, Some(json!({"theme": "light", "desktop": {"icons": 3}})));
        let patched = $now!(UserRepository::patch_settings(ex, ann.id, &["desktop", "background"], json!("blue")))?;
        assert_eq!(patched, Some(json!({"theme": "light", "desktop": {"icons": 3, "background": "blue"}})));
        let patched = $now!(UserRepository::patch_settings(ex, ann.id, &["a", "b", "c"], json!([1])))?;
        assert_eq!(patched.as_ref().map(|settings| &settings["a"]), Some(&json!({"b": {"c": [1]}})));
        let patched = $now!(UserRepository::patch_settings(ex, ann.id, &["theme", "name"], json!("x")))?;
        assert_eq!(patched.as_ref().map(|settings| &settings["theme"]), Some(&json!({"name": "x"})));
        assert_eq!($now!(UserRepository::patch_settings(ex, ann.id, &[], json!({"only": 1})))?, Some(json!({"only": 1})));
        assert_eq!($now!(UserRepository::settings(ex, ann.id))?, Some(json!({"only": 1})));
        $now!(UserRepository::update(ex, ann.id, UserPatch { user_settings: Set(None), ..default() }))?;
        assert_eq!($now!(UserRepository::settings(ex, ann.id))?, Some(json!({})));
        assert_eq!($now!(UserRepository::patch_settings(ex, ann.id, &["k"], Value::Null))?, Some(json!({"k": null})));
        assert_eq!($now!(UserRepository::settings(ex, -1))?, None);
        assert_eq!($now!(UserRepository::merge_settings(ex, -1, json!({})))?, None);
        for settings in [json!([1]), json!("x"), Value::Null] {
            let error = $now!(UserRepository::merge_settings(ex, ann.id, settings)).expect_err("no object");
            assert!(error.is_check_violation(), "{error}");
        }

        // A removed user is nobody's, and the name stays taken.
        assert!($now!(UserRepository::delete(ex, ann.id))?);
        assert_eq!($now!(UserRepository::find_with_groups_and_roles(ex, ann.id))?, None);
        assert_eq!($now!(UserRepository::settings(ex, ann.id))?, None);
        assert!(!$now!(UserRepository::is_username_free(ex, "ann"))?);
        assert!($now!(GroupRepository::members(ex, 2))?.is_empty());
        $now!(UserRepository::restore(ex, ann.id))?;
        assert_eq!($now!(GroupRepository::members(ex, 2))?.len(), 1);
    }};
}

macro_rules! rights_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let ann = $now!(UserRepository::insert(ex, user("ann")))?.id;
        let right = $now!(PermissionRepository::find_by_name(ex, "users.users.view"))?.expect("the seeds bring it");
        let group = $now!(GroupRepository::insert(ex, NewGroup { name: json!({"en": "G"}), optional: default() }))?.id;
        let role = $now!(RoleRepository::insert(ex, NewRole { name: json!({"en": "R"}), optional: default() }))?.id;
        assert!(!$now!(PermissionRepository::has(ex, ann, &right.name))?);

        // By a group, by a role, and once where by both.
        $now!(GroupRepository::add_member(ex, group, ann))?;
        assert!($now!(GroupRepository::add_permission(ex, group, right.id))?);
        assert!(!$now!(GroupRepository::add_permission(ex, group, right.id))?);
        assert_eq!($now!(GroupRepository::permissions(ex, group))?, std::slice::from_ref(&right));
        assert!($now!(PermissionRepository::has(ex, ann, &right.name))?);
        $now!(RoleRepository::add_member(ex, role, ann))?;
        $now!(RoleRepository::add_permission(ex, role, right.id))?;
        assert_eq!($now!(RoleRepository::permissions(ex, role))?, std::slice::from_ref(&right));
        assert_eq!($now!(PermissionRepository::list_of_user(ex, ann))?, std::slice::from_ref(&right));
        assert!($now!(GroupRepository::remove_permission(ex, group, right.id))?);
        assert!(!$now!(GroupRepository::remove_permission(ex, group, right.id))?);
        assert!($now!(PermissionRepository::has(ex, ann, &right.name))?);
        assert!($now!(RoleRepository::remove_member(ex, role, ann))?);
        assert!(!$now!(PermissionRepository::has(ex, ann, &right.name))?);
        $now!(RoleRepository::add_member(ex, role, ann))?;
        // Not for who is not active, or removed, or for no such right.
        assert!(!$now!(PermissionRepository::has(ex, ann, "no.such.right"))?);
        $now!(UserRepository::update(ex, ann, UserPatch { is_active: Set(false), ..default() }))?;
        assert!(!$now!(PermissionRepository::has(ex, ann, &right.name))?);
        assert!($now!(PermissionRepository::list_of_user(ex, ann))?.is_empty());
        assert!($now!(AppRepository::list_of_user(ex, ann))?.is_empty());
        $now!(UserRepository::update(ex, ann, UserPatch { is_active: Set(true), ..default() }))?;

        // Apps.
        let public: Vec<String> = $now!(AppRepository::list_of_user(ex, ann))?.into_iter().map(|app| app.app_id).collect();
        let users = $now!(AppRepository::find_by_app_id(ex, "users"))?.expect("the seeds bring it");
        assert!(!public.contains(&users.app_id) && !$now!(AppRepository::may_open(ex, ann, "users"))?);
        assert!($now!(GroupRepository::add_app(ex, group, users.id))?);
        assert!($now!(AppRepository::may_open(ex, ann, "users"))?);
        assert_eq!($now!(AppRepository::list_of_user(ex, ann))?.len(), public.len() + 1);
        assert_eq!($now!(GroupRepository::apps(ex, group))?, std::slice::from_ref(&users));
        assert!($now!(GroupRepository::remove_app(ex, group, users.id))?);
        assert!($now!(RoleRepository::add_app(ex, role, users.id))?);
        assert!($now!(AppRepository::may_open(ex, ann, "users"))?);
        $now!(AppRepository::update(ex, users.id, AppPatch { is_active: Set(false), ..default() }))?;
        assert!(!$now!(AppRepository::may_open(ex, ann, "users"))? && !$now!(AppRepository::may_open(ex, ann, "none"))?);
        assert!($now!(RoleRepository::remove_app(ex, role, users.id))?);
        assert_eq!($now!(RoleRepository::members(ex, role))?.len(), 1);
        let error = $now!(RoleRepository::add_member(ex, role, -1)).expect_err("no such user");
        assert!(error.is_foreign_key_violation());
    }};
}

macro_rules! notifications_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let ann = $now!(UserRepository::insert(ex, user("ann")))?.id;
        let bob = $now!(UserRepository::insert(ex, user("bob")))?.id;
        let new = ["one", "two", "three"].map(|text| notification(ann, text)).to_vec();
        let made = $now!(NotificationRepository::insert_many(ex, new))?;
        $now!(NotificationRepository::insert(ex, notification(bob, "other")))?;
        assert_eq!($now!(NotificationRepository::count_unread(ex, ann))?, 3);
        assert!($now!(NotificationRepository::mark_read(ex, ann, made[2].id))?);
        assert!(!$now!(NotificationRepository::mark_read(ex, ann, made[2].id))?);
        assert!(!$now!(NotificationRepository::mark_read(ex, bob, made[1].id))?);
        let listed = $now!(NotificationRepository::list_of_user(ex, ann, &PageRequest::new(1, 10)))?;
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [made[1].id, made[0].id, made[2].id]);
        assert!(listed[2].read_at.is_some());
        let second = $now!(NotificationRepository::list_of_user(ex, ann, &PageRequest::new(2, 2)))?;
        assert_eq!(second.iter().map(|one| one.id).collect::<Vec<_>>(), [made[2].id]);
        assert_eq!($now!(NotificationRepository::mark_all_read(ex, ann))?, 2);
        assert_eq!(($now!(NotificationRepository::count_unread(ex, ann))?, $now!(NotificationRepository::count_unread(ex, bob))?), (0, 1));
        assert!(!$now!(NotificationRepository::delete_of_user(ex, bob, made[0].id))?);
        assert!($now!(NotificationRepository::delete_of_user(ex, ann, made[0].id))?);
        assert_eq!($now!(NotificationRepository::delete_all_of_user(ex, ann))?, 2);
        assert_eq!($now!(NotificationRepository::list_by_user_id(ex, bob))?.len(), 1);
    }};
}

macro_rules! texts_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        $now!(TranslationRepository::set_text(ex, "test", "both", "en", "both"))?;
        $now!(TranslationRepository::set_text(ex, "test", "both", "hu", "mindkettő"))?;
        $now!(TranslationRepository::set_text(ex, "test", "english", "en", "English"))?;
        let pairs = |texts: Vec<TranslatedText>| -> Vec<String> {
            texts.into_iter().map(|text| format!("{}={} ({})", text.key, text.value, text.locale)).collect()
        };
        let hungarian = $now!(TranslationRepository::list_of_namespace(ex, "test", "hu", "en"))?;
        assert_eq!(pairs(hungarian), ["both=mindkettő (hu)", "english=English (en)"]);
        let keys = ["english", "none", "both"];
        assert_eq!(pairs($now!(TranslationRepository::list_of_keys(ex, "test", &keys, "hu", "en"))?).len(), 2);
        assert!($now!(TranslationRepository::list_of_keys(ex, "test", &[], "hu", "en"))?.is_empty());
        assert_eq!(pairs($now!(TranslationRepository::list_of_namespace(ex, "test", "hu", "hu"))?), ["both=mindkettő (hu)"]);
        let text = $now!(TranslationRepository::find_text(ex, "test", "english", "hu", "en"))?;
        assert_eq!(text.map(|text| text.locale).as_deref(), Some("en"));
        assert_eq!($now!(TranslationRepository::find_text(ex, "test", "none", "hu", "en"))?, None);
        let again = $now!(TranslationRepository::set_text(ex, "test", "both", "hu", "mind a kettő"))?;
        assert_eq!(again.value, "mind a kettő");
        assert_eq!($now!(TranslationRepository::count_where(ex, translations::NAMESPACE.eq("test")))?, 3);
        let settings = $now!(TranslationRepository::list_of_namespace(ex, "settings", "hu", "en"))?;
        let keys =
            $now!(TranslationRepository::count_where(ex, translations::NAMESPACE.eq("settings").and(translations::LOCALE.eq("en"))))?;
        assert!(settings.windows(2).all(|two| two[0].key != two[1].key) && settings.len() == usize::try_from(keys).expect("a number"));

        // Themes.
        for locale in ["hu", "en"] {
            let presets = $now!(ThemePresetsRepository::list_of_locale(ex, locale))?;
            assert!(presets.len() >= 7 && presets.windows(2).all(|two| two[0].sort_order <= two[1].sort_order));
            let default = $now!(ThemePresetsRepository::find_default(ex, locale))?.expect("the seeds have one");
            assert!(default.is_default && presets.contains(&default));
        }
        assert_eq!($now!(ThemePresetsRepository::find_default(ex, "xx"))?, None);
    }};
}

macro_rules! both_worlds {
    ($($what:ident: $blocking:ident $asynchronous:ident;)*) => {
        $(
            #[test]
            fn $blocking() -> Result<(), Error> {
                let (_database, db) = seeded();
                $what!(&db, at_once);
                Ok(())
            }

            #[test]
            fn $asynchronous() -> Result<(), Error> {
                let (database, _db) = seeded();
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let db = AsyncDb::connect(database.url()).await?;
                    $what!(&db, awaited);
                    Ok(())
                })
            }
        )*
    };
}

both_worlds! {
    users_hold: users users_asynchronously;
    rights_hold: rights rights_asynchronously;
    notifications_hold: notifications notifications_asynchronously;
    texts_hold: texts texts_asynchronously;
}
