//! The ElyOS bundle itself: its tables, its seeds, its procedures.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use elyos_runtime::prelude::*;
use elyos_runtime::{ELYOS, StepKind};
use elyos_tests::{client, database, seeded, workspace};

const REFERENCE: &str = include_str!("../fixtures/reference_columns.txt");

/// The documentation's two tables: seed, what it depends on, description.
const SEEDS: [(&str, &[&str], &str); 25] = [
    ("resources", &[], "Resource definitions (permission system)"),
    ("providers", &[], "Auth providers (email, Google)"),
    ("groups", &[], "User groups"),
    ("roles", &[], "Roles (admin, user, etc.)"),
    ("permissions", &["resources"], "Permissions"),
    ("role_permissions", &["roles", "permissions"], "Role-permission assignments"),
    ("group_permissions", &["groups", "permissions"], "Group-permission assignments"),
    ("users", &[], "Initial users (admin)"),
    ("accounts", &["users", "providers"], "Auth accounts"),
    ("user_roles", &["users", "roles"], "User-role assignments"),
    ("user_groups", &["users", "groups"], "User-group assignments"),
    ("role_app_access", &["apps", "roles"], "Role-app access"),
    ("group_app_access", &["apps", "groups"], "Group-app access"),
    ("locales", &[], "Supported languages (hu, en)"),
    ("translations_common", &["locales"], "Common translations (buttons, statuses)"),
    ("translations_settings", &["locales"], "Settings app translations"),
    ("translations_log", &["locales"], "Log app translations"),
    ("translations_desktop", &["locales"], "Desktop environment translations"),
    ("translations_auth", &["locales"], "Auth pages translations"),
    ("translations_user", &["locales"], "Users app translations"),
    ("translations_notifications", &["locales"], "Notification system translations"),
    ("translations_plugin_manager", &["locales"], "Plugin Manager translations"),
    ("apps", &[], "Application registration (metadata)"),
    ("email_templates", &["locales"], "Email templates (HU/EN)"),
    ("theme_presets", &["locales"], "Theme presets"),
];

#[test]
fn every_column_of_the_reference_is_there_with_its_type() {
    let (database, _db) = seeded();
    let rows = client(database.url())
        .query(
            "SELECT c.oid::regclass::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull \
             FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid \
             JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE n.nspname IN ('auth', 'platform') AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped",
            &[],
        )
        .expect("the catalog is read");
    let found: BTreeMap<(String, String), (String, bool)> =
        rows.iter().map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3)))).collect();
    let reference: Vec<&str> = REFERENCE.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(reference.len(), 258, "the fixture is whole");
    for line in reference {
        let (line, not_null) = line.strip_suffix(" !").map_or((line, false), |line| (line, true));
        let [table, column, ty] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("three words: {line}") };
        let (found_type, found_not_null) =
            found.get(&(table.to_owned(), column.to_owned())).unwrap_or_else(|| panic!("{table}.{column} is missing"));
        assert_eq!(found_type, ty, "{table}.{column}");
        assert!(*found_not_null || !not_null, "{table}.{column} takes null");
    }
    assert!(found.contains_key(&("auth.users".to_owned(), "is_active".to_owned())));
}

#[test]
fn every_table_has_a_comment() {
    let (database, _db) = seeded();
    let silent: Vec<String> = client(database.url())
        .query(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' \
             AND relnamespace::regnamespace::text IN ('auth', 'platform') AND obj_description(oid, 'pg_class') IS NULL",
            &[],
        )
        .expect("the catalog is read")
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

/// The structure of a database as SQL, without what Elyos keeps for itself.
fn dump(url: &str) -> String {
    let output = Command::new("pg_dump")
        .args(["--schema-only", "--no-owner", "--exclude-schema=elyos", "--dbname", url])
        .output()
        .expect("pg_dump is installed beside the server");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("a dump is UTF-8");
    // Newer versions put a random word into their first and last line.
    text.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_migrations_lead_to_exactly_schema_sql() {
    let (migrated, _db) = seeded();
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = folder.path().join("seeds");
    fs::create_dir(&seeds).expect("a folder");
    fs::copy(workspace().join("schema.sql"), folder.path().join("schema.sql")).expect("a copy");
    let manifest = "schemas = [\"auth\", \"platform\", \"extensions\"]\nextensions = [\"postgres-json-schema\"]\n";
    fs::write(seeds.join("seeds.toml"), manifest).expect("a manifest");
    let bundle = elyos_cli::project::load(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let direct = database();
    Init::new(&bundle).database_url(direct.url()).run().expect("schema.sql applies by itself");

    // The procedures are seeds' work, not the schema's.
    for name in ["auth.get_groups(integer[])", "auth.get_groups_2(integer[])", "auth.get_user_permissions(integer)"] {
        let _ = migrated.psql(&format!("DROP FUNCTION {name}"));
    }
    let _ = migrated.psql("DROP FUNCTION platform.get_user_apps(integer); DROP FUNCTION platform.get_translations(text, text, text)");
    let (left, right) = (dump(migrated.url()), dump(direct.url()));
    assert!(left.contains("CREATE TABLE auth.users"), "there is something to compare");
    for (number, (left, right)) in left.lines().zip(right.lines()).enumerate() {
        assert_eq!(left, right, "line {}", number + 1);
    }
    assert_eq!(left.len(), right.len());
}

#[test]
fn the_documented_seeds_are_there_with_their_dependencies() {
    for (name, depends_on, description) in SEEDS {
        let seed = ELYOS.seeds.iter().find(|seed| seed.name == name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(seed.depends_on.iter().map(|name| &**name).collect::<BTreeSet<_>>(), depends_on.iter().copied().collect());
        assert_eq!(seed.description, description, "{name}");
    }
    assert_eq!(ELYOS.seeds.len(), SEEDS.len());
    let order: Vec<&str> = ELYOS.seed_names().collect();
    for seed in ELYOS.seeds.iter() {
        for dependency in seed.depends_on.iter() {
            let place = |name: &str| order.iter().position(|known| *known == name);
            assert!(place(dependency) < place(&seed.name), "{dependency} comes before {}", seed.name);
        }
    }
}

#[test]
fn seeding_again_writes_no_row() {
    let (database, _db) = seeded();
    let report = Init::new(&ELYOS).database_url(database.url()).admin_email("").seed(&Selection::all()).expect("it can run again");
    assert_eq!(report.applied(StepKind::Seed), 25);
    for step in report.steps.iter().filter(|step| step.kind == StepKind::Seed) {
        assert_eq!(step.rows, Some(0), "{}", step.name);
    }
}

#[test]
fn the_rows_are_those_that_the_reference_has() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    for (table, rows) in [
        ("auth.providers", 4),
        ("auth.resources", 9),
        ("auth.permissions", 28),
        ("auth.roles", 4),
        ("auth.groups", 4),
        ("auth.users", 1),
        ("auth.accounts", 1),
        ("auth.role_permissions", 56),
        ("auth.group_permissions", 46),
        ("auth.role_app_access", 21),
        ("auth.group_app_access", 21),
        ("platform.locales", 2),
        ("platform.apps", 10),
        ("platform.email_templates", 12),
        ("platform.theme_presets", 14),
    ] {
        let count: i64 = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).expect("it is there").get(0);
        assert_eq!(count, rows, "{table}");
    }
    let without_password: bool = client.query_one("SELECT bool_and(password IS NULL) FROM auth.accounts", &[]).expect("it is there").get(0);
    assert!(without_password);
    let all: bool = client
        .query_one(
            "SELECT count(*) = (SELECT count(*) FROM auth.permissions) FROM auth.role_permissions AS rp \
             JOIN auth.roles AS r ON r.id = rp.role_id WHERE r.name->>'en' = 'System Administrator'",
            &[],
        )
        .expect("it is there")
        .get(0);
    assert!(all, "the system administrator may do everything");
}

#[test]
fn every_text_is_there_in_both_languages() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let rows = client
        .query(
            "SELECT namespace, count(DISTINCT key), count(*) FILTER (WHERE locale = 'hu'), count(*) FILTER (WHERE locale = 'en'), \
             bool_and(btrim(value) <> '') FROM platform.translations GROUP BY namespace ORDER BY namespace",
            &[],
        )
        .expect("it is there");
    let namespaces: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(namespaces, ["auth", "common", "desktop", "log", "notifications", "plugin-manager", "settings", "users"]);
    let mut keys = 0;
    for row in &rows {
        let (namespace, distinct, hungarian, english, filled): (String, i64, i64, i64, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        assert_eq!((hungarian, english), (distinct, distinct), "{namespace}");
        assert!(filled, "{namespace}");
        keys += distinct;
    }
    assert!(keys >= 400, "{keys} keys");
    let placeholders: i64 = client
        .query_one(
            "WITH named AS (SELECT namespace, key, locale, \
               (SELECT array_agg(m[1] ORDER BY m[1]) FROM regexp_matches(value, '\\{(\\w+)\\}', 'g') AS m) AS names FROM platform.translations) \
             SELECT count(*) FROM named AS a JOIN named AS b USING (namespace, key) \
             WHERE a.locale = 'hu' AND b.locale = 'en' AND a.names IS DISTINCT FROM b.names",
            &[],
        )
        .expect("it is there")
        .get(0);
    assert_eq!(placeholders, 0, "both languages fill the same places");
}

#[test]
fn the_procedures_answer() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let groups = client.query("SELECT * FROM auth.get_groups($1)", &[&vec![1_i32, 3]]).expect("get_groups");
    assert_eq!(groups.iter().map(|row| row.get::<_, i32>("id")).collect::<BTreeSet<_>>(), BTreeSet::from([1, 3]));
    let counted = client.query_one("SELECT * FROM auth.get_groups_2($1)", &[&vec![1_i32]]).expect("get_groups_2");
    let permissions: i64 = client.query_one("SELECT count(*) FROM auth.group_permissions WHERE group_id = 1", &[]).expect("a count").get(0);
    assert_eq!((counted.get::<_, i64>("member_count"), counted.get::<_, i64>("permission_count")), (1, permissions));
    let mine = client.query("SELECT name FROM auth.get_user_permissions(1)", &[]).expect("get_user_permissions");
    assert_eq!(mine.len(), 28, "the administrator has every permission, once");

    client
        .batch_execute(
            "INSERT INTO auth.users (full_name, email) VALUES ('Nobody', 'nobody@example.com');
             INSERT INTO platform.translations (locale, namespace, key, value) VALUES ('en', 'common', 'only.english', 'Only here')",
        )
        .expect("rows");
    let of = |client: &mut postgres::Client, email: &str| -> BTreeSet<String> {
        client
            .query("SELECT a.app_id FROM auth.users AS u, platform.get_user_apps(u.id) AS a WHERE u.email = $1", &[&email])
            .expect("get_user_apps")
            .iter()
            .map(|row| row.get(0))
            .collect()
    };
    let all = of(&mut client, "admin@example.com");
    assert_eq!(all.len(), 10, "{all:?}");
    let public: BTreeSet<String> = client
        .query("SELECT app_id FROM platform.apps WHERE is_active AND is_public", &[])
        .expect("apps")
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(of(&mut client, "nobody@example.com"), public);
    assert!(public.len() < all.len());

    let fallen_back = client
        .query_one("SELECT value, locale FROM platform.get_translations('common', 'hu', 'en') WHERE key = 'only.english'", &[])
        .expect("get_translations");
    assert_eq!((fallen_back.get::<_, &str>(0), fallen_back.get::<_, &str>(1)), ("Only here", "en"));
}
