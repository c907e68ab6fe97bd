//! Every table of the ElyOS schema has a repository whose rows are what PostgreSQL says of the table: its columns, their
//! order, and which of them take null.

use std::collections::BTreeSet;

use elyos_runtime::chrono::{DateTime, Utc};
use elyos_runtime::prelude::*;
use elyos_runtime::serde_json::json;
use elyos_tests::{client, seeded};
use postgres::Client;

macro_rules! repositories {
    ($($repository:ident $table:literal)*) => {
        $(
            #[derive(Repository)]
            #[repository(table = $table)]
            struct $repository;
        )*

        const TABLES: &[&str] = &[$($table),*];

        /// Compares each with the catalog.
        fn compare_all(db: &Db, client: &mut Client, nulls: Nulls) -> Result<(), Error> {
            $(compare::<$repository>(db, client, nulls)?;)*
            Ok(())
        }
    };
}

repositories! {
    UserRepository "auth.users"
    ProviderRepository "auth.providers"
    AccountRepository "auth.accounts"
    SessionRepository "auth.sessions"
    VerificationRepository "auth.verifications"
    TwoFactorRepository "auth.two_factors"
    ResourceRepository "auth.resources"
    PermissionRepository "auth.permissions"
    RoleRepository "auth.roles"
    GroupRepository "auth.groups"
    RolePermissionRepository "auth.role_permissions"
    GroupPermissionRepository "auth.group_permissions"
    UserRoleRepository "auth.user_roles"
    UserGroupRepository "auth.user_groups"
    AppRepository "platform.apps"
    RoleAppAccessRepository "auth.role_app_access"
    GroupAppAccessRepository "auth.group_app_access"
    PluginPermissionRepository "platform.plugin_permissions"
    PluginLogRepository "platform.plugin_logs"
    PluginMetricRepository "platform.plugin_metrics"
    DesktopShortcutRepository "platform.desktop_shortcuts"
    FileRepository "platform.files"
    LocaleRepository "platform.locales"
    TranslationRepository "platform.translations"
    ThemePresetRepository "platform.theme_presets"
    EmailTemplateRepository "platform.email_templates"
    EmailLogRepository "platform.email_logs"
    NotificationRepository "platform.notifications"
    ConversationRepository "platform.conversations"
    MessageRepository "platform.messages"
    AuditLogRepository "auth.audit_logs"
    ActivityLogRepository "platform.activity_logs"
    ErrorLogRepository "platform.error_logs"
}

/// What all columns hold that take null.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Nulls {
    Null,
    Value,
}

/// A column as PostgreSQL has it.
struct Attribute {
    name: String,
    ty: String,
    not_null: bool,
}

fn attributes(client: &mut Client, table: &str) -> Vec<Attribute> {
    let query = "SELECT attname::text, format_type(atttypid, NULL), attnotnull FROM pg_attribute \
                 WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    let rows = client.query(query, &[&table]).expect("the table is there");
    rows.iter().map(|row| Attribute { name: row.get(0), ty: row.get(1), not_null: row.get(2) }).collect()
}

/// The fields of a struct that was printed over several lines, and the beginning of what each holds.
fn fields(printed: &str) -> Vec<(String, String)> {
    let field = |line: &str| {
        let (name, value) = line.strip_prefix("    ").filter(|line| !line.starts_with([' ', '}', ']', ')']))?.split_once(": ")?;
        Some((name.to_owned(), value.to_owned()))
    };
    printed.lines().filter_map(field).collect()
}

fn compare<R: Repository>(db: &Db, client: &mut Client, nulls: Nulls) -> Result<(), Error> {
    let attributes = attributes(client, R::TABLE);
    let quoted: Vec<String> = attributes.iter().map(|attribute| format!("\"{}\"", attribute.name)).collect();
    assert_eq!(R::SELECT, quoted.join(", "), "{}", R::TABLE);
    let rows = R::find_many_paginated(db, PageRequest::new(1, 10_000))?;
    assert!(!rows.is_empty(), "{} has rows", R::TABLE);
    for row in rows {
        let fields = fields(&format!("{row:#?}"));
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, attributes.iter().map(|attribute| attribute.name.as_str()).collect::<Vec<_>>(), "{}", R::TABLE);
        for (attribute, (name, value)) in attributes.iter().zip(&fields) {
            let expected = match (attribute.not_null, nulls) {
                (true, _) => !value.starts_with("Some(") && !value.starts_with("None"),
                (false, Nulls::Null) => value == "None,",
                (false, Nulls::Value) => value.starts_with("Some("),
            };
            assert!(expected, "{}.{name} is {} and {value}", R::TABLE, if attribute.not_null { "not null" } else { "nullable" });
        }
    }
    Ok(())
}

/// Makes all columns that take null hold one, or a value.
fn fill(client: &mut Client, nulls: Nulls) {
    for table in TABLES {
        let sets: Vec<String> = attributes(client, table)
            .iter()
            .filter(|attribute| !attribute.not_null)
            .map(|attribute| {
                let value = match (nulls, attribute.ty.as_str()) {
                    (Nulls::Null, _) => "NULL",
                    (_, "text" | "character varying") => "left(md5(ctid::text), 10)",
                    (_, "integer") => "1",
                    (_, "jsonb") => "'{}'",
                    (_, "timestamp with time zone") => "now()",
                    (_, "inet") => "'10.0.0.1'",
                    (_, other) => panic!("a value of type {other} is wanted for {table}.{}", attribute.name),
                };
                format!("\"{}\" = {value}", attribute.name)
            })
            .collect();
        if !sets.is_empty() {
            client.batch_execute(&format!("UPDATE {table} SET {}", sets.join(", "))).expect("nothing refuses it");
        }
    }
}

fn insert<R: Insertable<Row: PartialEq>>(db: &Db, new: R::New) -> Result<R::Row, Error> {
    let before = R::count_all(db)?;
    let row = R::insert(db, new)?;
    let page = R::paginate(db, PageRequest::new(1, 10_000))?;
    assert_eq!(page.total, before + 1, "{}", R::TABLE);
    assert!(page.rows.contains(&row), "{} gives back {row:?}", R::TABLE);
    Ok(row)
}

#[test]
fn there_is_a_repository_for_every_table() {
    let (database, _db) = seeded();
    let query = "SELECT table_schema || '.' || table_name FROM information_schema.tables \
                 WHERE table_schema IN ('auth', 'platform') AND table_type = 'BASE TABLE'";
    let rows = client(database.url()).query(query, &[]).expect("the catalog is there");
    let there: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(there, TABLES.iter().map(|table| (*table).to_owned()).collect());
}

#[test]
fn rows_have_the_columns_order_and_nullability_of_their_table() -> Result<(), Error> {
    let (database, db) = seeded();
    let mut client = client(database.url());
    insert_into_every_table(&db)?;
    // What a column refuses beyond null is not the question here.
    client
        .batch_execute(
            "DO $$ DECLARE c record; BEGIN
                 FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                          WHERE contype IN ('c', 'f') AND connamespace IN ('auth'::regnamespace, 'platform'::regnamespace)
                 LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
             END $$",
        )
        .expect("the test owns the tables");
    for nulls in [Nulls::Null, Nulls::Value] {
        fill(&mut client, nulls);
        compare_all(&db, &mut client, nulls)?;
    }
    Ok(())
}

fn insert_into_every_table(db: &Db) -> Result<(), Error> {
    let at: DateTime<Utc> = "2030-01-02T03:04:05.678901Z".parse().expect("a point in time");
    let text = |text: &str| text.to_owned();
    let localised = json!({"en": "A", "hu": "Á"});
    let size = json!({"width": 640, "height": 480.5});

    let user = insert::<UserRepository>(db, NewUser { full_name: text("Á"), email: text("a@example.com"), optional: default() })?.id;
    let provider = insert::<ProviderRepository>(db, NewProvider { name: text("test"), optional: default() })?.name;
    insert::<AccountRepository>(
        db,
        NewAccount { user_id: user, provider_account_id: text("1"), provider_id: provider, optional: default() },
    )?;
    let session = insert::<SessionRepository>(db, NewSession { user_id: user, token: text("t"), expires_at: at, optional: default() })?;
    assert_eq!(session.expires_at, at);
    insert::<VerificationRepository>(db, NewVerification { identifier: text("i"), value: text("v"), expires_at: at, optional: default() })?;
    insert::<TwoFactorRepository>(
        db,
        NewTwoFactor { id: text("f"), secret: text("s"), backup_codes: text("b"), user_id: user, optional: default() },
    )?;
    insert::<ResourceRepository>(db, NewResource { name: text("test.resource"), optional: default() })?;
    let permission_id = insert::<PermissionRepository>(db, NewPermission { name: text("test.permission"), optional: default() })?.id;
    let role_id = insert::<RoleRepository>(db, NewRole { name: localised.clone(), optional: default() })?.id;
    let group_id = insert::<GroupRepository>(db, NewGroup { name: localised.clone(), optional: default() })?.id;
    insert::<RolePermissionRepository>(db, NewRolePermission { role_id, permission_id, optional: default() })?;
    insert::<GroupPermissionRepository>(db, NewGroupPermission { group_id, permission_id, optional: default() })?;
    insert::<UserRoleRepository>(db, NewUserRole { user_id: user, role_id, optional: default() })?;
    insert::<UserGroupRepository>(db, NewUserGroup { user_id: user, group_id, optional: default() })?;
    let app = insert::<AppRepository>(
        db,
        NewApp {
            app_id: text("test-app"),
            name: localised.clone(),
            version: text("1.0.0"),
            icon: text("icon"),
            category: text("test"),
            default_size: size.clone(),
            min_size: size,
            optional: default(),
        },
    )?;
    insert::<RoleAppAccessRepository>(db, NewRoleAppAccess { role_id, app_id: app.id, optional: default() })?;
    insert::<GroupAppAccessRepository>(db, NewGroupAppAccess { group_id, app_id: app.id, optional: default() })?;
    let plugin_id = app.app_id.clone();
    insert::<PluginPermissionRepository>(db, NewPluginPermission { plugin_id: plugin_id.clone(), optional: default() })?;
    insert::<PluginLogRepository>(db, NewPluginLog { plugin_id: plugin_id.clone(), event_type: text("e"), optional: default() })?;
    insert::<PluginMetricRepository>(
        db,
        NewPluginMetric { plugin_id, metric_type: text("t"), metric_value: text("v"), optional: default() },
    )?;
    insert::<DesktopShortcutRepository>(
        db,
        NewDesktopShortcut { user_id: user, app_id: app.app_id, position: json!({"x": 0, "y": -1}), optional: default() },
    )?;
    insert::<FileRepository>(
        db,
        NewFile {
            public_id: text("p"),
            filename: text("f"),
            original_name: text("o"),
            category: text("c"),
            scope: text("user"),
            mime_type: text("text/plain"),
            size: 0,
            storage_path: text("/s"),
            optional: default(),
        },
    )?;
    let locale =
        insert::<LocaleRepository>(db, NewLocale { code: text("xx"), name: text("X"), native_name: text("Ẍ"), optional: default() })?.code;
    insert::<TranslationRepository>(
        db,
        NewTranslation { locale, namespace: text("n"), key: text("k"), value: text("v"), optional: default() },
    )?;
    let theme = insert::<ThemePresetRepository>(db, NewThemePreset { name: text("test"), settings: json!({}), optional: default() })?;
    assert_eq!(theme.locale, "hu");
    insert::<EmailTemplateRepository>(
        db,
        NewEmailTemplate {
            template_type: text("test"),
            name: text("n"),
            subject_template: text("s"),
            html_template: text("h"),
            text_template: text("t"),
            optional: default(),
        },
    )?;
    insert::<EmailLogRepository>(db, NewEmailLog { recipient: text("r"), subject: text("s"), status: text("sent"), optional: default() })?;
    insert::<NotificationRepository>(
        db,
        NewNotification { user_id: user, title: localised.clone(), message: localised, optional: default() },
    )?;
    let conversation_id =
        insert::<ConversationRepository>(db, NewConversation { participant1_id: user, participant2_id: 1, optional: default() })?.id;
    insert::<MessageRepository>(db, NewMessage { conversation_id, sender_id: user, content: text(""), optional: default() })?;
    insert::<AuditLogRepository>(db, NewAuditLog { event_type: text("e"), optional: default() })?;
    insert::<ActivityLogRepository>(db, NewActivityLog { action_key: text("k"), optional: default() })?;
    insert::<ErrorLogRepository>(db, NewErrorLog { level: text("warn"), message: text("m"), source: text("s"), optional: default() })?;
    Ok(())
}
