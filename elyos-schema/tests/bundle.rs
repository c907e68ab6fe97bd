//! What a bundle holds once it has been accepted.

use std::collections::BTreeMap;

use elyos_schema::bundle::{AdminKey, Bundle, Run, load};

fn files(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn bundle(given: &[(&str, &str)]) -> Bundle {
    load("db", &files(given)).unwrap_or_else(|errors| panic!("{errors}"))
}

const MANIFEST: &str = r#"
revision = 0x2
schemas = ["auth", "extensions"]
extensions = ["postgres-json-schema", "pgcrypto"]

[seeds.user_roles]
file = "auth/user_roles.sql"
depends_on = ["users", "roles"]

[seeds.users]
file = "users.sql"
description = "Users"
run = "once"

[seeds.roles]
file = "roles.sql"
run = "always"

[seeds."a.b"]
file = "ab.sql"

[procedures.second]
file = "second.sql"
depends_on = ["first"]

[procedures.first]
file = "first.sql"

[truncate]
order = ["auth.user_roles", "auth.users", "roles"]

[admin]
table = "auth.users"
key = { id = 1, active = true, name = "x" }
column = "email"
env = "MAIL"
"#;

const SCHEMA: &str = "
CREATE SCHEMA auth;
CREATE SCHEMA extensions;
CREATE EXTENSION \"postgres-json-schema\" WITH SCHEMA extensions;
CREATE TABLE auth.users (id serial primary key, name text, email text, active boolean);
CREATE TABLE roles (id serial primary key);
CREATE TABLE auth.user_roles (user_id int references auth.users, role_id int references roles);
";

fn all() -> Vec<(&'static str, &'static str)> {
    vec![
        ("seeds/seeds.toml", MANIFEST),
        ("schema.sql", SCHEMA),
        ("seeds/users.sql", "insert into auth.users (id) values (1);"),
        ("seeds/roles.sql", "insert into roles (id) values (1); create temp table x (id int); insert into x select 1;"),
        ("seeds/ab.sql", "select 1"),
        ("seeds/auth/user_roles.sql", "insert into auth.user_roles select u.id, r.id from auth.users u, public.roles r, pg_class;"),
        ("procedures/first.sql", "create or replace function first() returns int language sql as 'select 1';"),
        ("procedures/second.sql", "create or replace procedure second(x int) language sql as 'select first()';"),
        ("seeds/readme.md", "not SQL"),
    ]
}

#[test]
fn everything_is_read_and_ordered() {
    let bundle = bundle(&all());
    assert_eq!(bundle.revision, 2);
    assert_eq!(bundle.schemas, ["auth", "extensions"]);
    assert_eq!(bundle.search_path, ["public", "extensions"]);
    assert_eq!(bundle.seeds.iter().map(|seed| seed.name.as_str()).collect::<Vec<_>>(), ["users", "roles", "user_roles", "a.b"]);
    assert_eq!(bundle.seeds.iter().map(|seed| seed.run).collect::<Vec<_>>(), [Run::Once, Run::Always, Run::Changed, Run::Changed]);
    assert_eq!(bundle.procedures.iter().map(|procedure| procedure.name.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(bundle.procedures[1].creates[0].routine.arguments, ["int"]);
    let names = |names: &[elyos_schema::RelationName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&bundle.truncate), ["auth.user_roles", "auth.users", "public.roles"]);
    assert_eq!(names(&bundle.seeds[2].reads), ["auth.users", "public.roles"]);
    assert_eq!(names(&bundle.seeds[2].writes), ["auth.user_roles"]);
    assert_eq!(names(&bundle.seeds[1].writes), ["public.roles"]);
    let admin = bundle.admin.expect("it is in the manifest");
    let key = [("id", AdminKey::Integer(1)), ("active", AdminKey::Boolean(true)), ("name", AdminKey::Text("x".into()))];
    assert_eq!(admin.key, key.map(|(column, value)| (column.to_owned(), value)));
}

#[test]
fn what_the_manifest_creates_is_skipped_in_the_schema() {
    let bundle = bundle(&all());
    let schema = bundle.schema.expect("there is one");
    let skipped: Vec<&str> = schema.skipped.iter().map(|range| &schema.text[range.clone()]).collect();
    let extension = "CREATE EXTENSION \"postgres-json-schema\" WITH SCHEMA extensions";
    assert_eq!(skipped, ["CREATE SCHEMA auth", "CREATE SCHEMA extensions", extension]);
    assert!(schema.skipped.iter().all(|range| schema.statements.contains(range)));
}

#[test]
fn the_guards_that_pg_dump_writes_for_psql_are_skipped() {
    let text = "--\n-- é\n--\n\n\\restrict dKq4X\n\nCREATE TABLE t (id int);\n\\unrestrict dKq4X\n";
    let skipped = |script: &elyos_schema::bundle::Script| -> Vec<String> {
        script.skipped.iter().map(|range| script.text[range.clone()].to_owned()).collect()
    };
    let schema = bundle(&[("seeds/seeds.toml", ""), ("schema.sql", text)]).schema.expect("there is one");
    assert_eq!(skipped(&schema), ["\\restrict dKq4X", "\\unrestrict dKq4X"]);
    assert_eq!(schema.statements.len(), 1);
    let migrated = bundle(&[("seeds/seeds.toml", ""), ("migrations/0001_t.sql", &text.replace('\n', "\r\n"))]);
    assert_eq!(skipped(&migrated.migrations[0].script), ["\\restrict dKq4X", "\\unrestrict dKq4X"]);
}

#[test]
fn an_extension_is_created_in_the_schema_that_a_file_that_runs_names() {
    let schema = |files: &[(&str, &str)]| {
        let manifest = "schemas = [\"s\"]\nextensions = [\"citext\"]";
        let files: Vec<_> = [("seeds/seeds.toml", manifest)].into_iter().chain(files.iter().copied()).collect();
        let bundle = bundle(&files);
        (bundle.extensions[0].schema.clone(), bundle.digest)
    };
    let table = "create table t (id int);";
    let plain = schema(&[("schema.sql", &format!("create extension citext; {table}"))]);
    let public = schema(&[("schema.sql", &format!("create extension if not exists citext with schema public; {table}"))]);
    assert_eq!(plain.0, None);
    assert_eq!(public.0.as_deref(), Some("public"));
    assert_ne!(plain.1, public.1);
    for named in ["S", "pg_catalog", "extensions"] {
        let found = schema(&[("schema.sql", &format!("create extension citext schema {named}; {table}"))]).0;
        assert_eq!(found, Some(named.to_lowercase()));
    }
    let migrations = [
        ("migrations/0001_a.sql", table),
        ("migrations/0002_b.sql", "create extension citext schema s; create extension if not exists citext;"),
    ];
    assert_eq!(schema(&migrations).0.as_deref(), Some("s"));
    let read_only = [("schema.sql", "create extension citext schema public; create table t (id int);"), ("migrations/0001_a.sql", table)];
    assert_eq!(schema(&read_only).0, None);
}

#[test]
fn a_stand_in_of_the_bundle_goes_before_the_one_elyos_brings() {
    let mut given = all();
    let own = bundle(&given).extensions;
    assert!(own[0].stand_in.as_ref().is_some_and(|script| script.text.contains("validate_json_schema")));
    assert_eq!(own[1].stand_in, None);
    given.push(("extensions/postgres-json-schema.sql", "select 'mine'"));
    assert_eq!(bundle(&given).extensions[0].stand_in.as_ref().map(|script| script.text.as_str()), Some("select 'mine'"));
}

#[test]
fn line_ends_and_byte_order_marks_are_no_change() {
    let plain = bundle(&all());
    let windows = all().into_iter().map(|(path, text)| (path, format!("\u{feff}{}", text.replace('\n', "\r\n")))).collect::<Vec<_>>();
    let windows = bundle(&windows.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>());
    assert_eq!(plain.digest, windows.digest);
    assert_eq!(plain.schema.expect("there is one").text, windows.schema.expect("there is one").text);
}

#[test]
fn the_digest_tells_apart_what_init_does() {
    let first = bundle(&all()).digest;
    let change = |from: &str, to: &str| {
        let changed: Vec<(&str, String)> = all().into_iter().map(|(path, text)| (path, text.replace(from, to))).collect();
        bundle(&changed.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>()).digest
    };
    for (from, to) in [
        ("revision = 0x2", "revision = 3"),
        ("run = \"once\"", "run = \"changed\""),
        ("values (1);", "values (2);"),
        ("active = true", "active = false"),
        ("\"auth.user_roles\", \"auth.users\"", "\"auth.users\", \"auth.user_roles\""),
        ("schemas = [\"auth\", \"extensions\"]", "schemas = [\"extensions\", \"auth\"]"),
        ("CREATE TABLE roles (id serial", "CREATE TABLE roles (id bigserial"),
    ] {
        assert_ne!(first, change(from, to), "{from}");
    }
    for (from, to) in [("description = \"Users\"", "description = \"People\""), ("not SQL", "neither")] {
        assert_eq!(first, change(from, to), "{from}");
    }
}

#[test]
fn migrations_come_by_number_and_make_the_catalog_where_there_is_no_schema() {
    let bundle = bundle(&[
        ("seeds/seeds.toml", "schemas = [\"s\"]\n[truncate]\norder = [\"s.b\"]\n"),
        ("migrations/10000_last.sql", "alter table s.a rename to b;"),
        ("migrations/0002_second.sql", "create schema if not exists s; create table s.a (id int);"),
    ]);
    assert_eq!(
        bundle.migrations.iter().map(|it| (it.position, it.name.as_str())).collect::<Vec<_>>(),
        [(2, "0002_second"), (10000, "10000_last")]
    );
    assert_eq!(bundle.migrations[0].script.skipped.len(), 1);
    assert_eq!(bundle.truncate[0].to_string(), "s.b");
}

#[test]
fn the_least_bundle_is_an_empty_manifest() {
    let bundle = bundle(&[("seeds/seeds.toml", "")]);
    assert_eq!((bundle.revision, bundle.seeds.len(), bundle.schema), (1, 0, None));
}

#[test]
fn a_bundles_files_are_its_folders_and_its_schema_and_nothing_beside_them() {
    use elyos_schema::bundle::{Entry, gather};

    let all = [
        "schema.sql",
        "Cargo.toml",
        "target/debug/a.sql",
        "seeds/seeds.toml",
        "seeds/auth/roles.sql",
        "migrations/0001_a.sql",
        "procedures/p.sql",
        "extensions/e.sql",
        "src/schema.sql",
        "unreadable/x.sql",
    ];
    let list = |folder: &String| {
        if folder == "unreadable/" {
            return Err("it was listed".to_owned());
        }
        let mut entries: Vec<Entry<String>> = Vec::new();
        for path in all.iter().filter_map(|path| path.strip_prefix(folder.as_str())) {
            let (name, is_folder) = path.split_once('/').map_or((path, false), |(name, _)| (name, true));
            if entries.iter().all(|entry| entry.name != name) {
                let path = format!("{folder}{name}{}", if is_folder { "/" } else { "" });
                entries.push(Entry { name: name.to_owned(), path, is_folder });
            }
        }
        Ok(entries)
    };
    let files = gather(&String::new(), list, |path| Ok(path.clone().into_bytes())).expect("all can be read");
    let expected =
        ["extensions/e.sql", "migrations/0001_a.sql", "procedures/p.sql", "schema.sql", "seeds/auth/roles.sql", "seeds/seeds.toml"];
    assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(files.iter().all(|(path, bytes)| path.as_bytes() == bytes));
    let failed = gather(&String::new(), list, |path| if path == "seeds/seeds.toml" { Err(path.clone()) } else { Ok(Vec::<u8>::new()) });
    assert_eq!(failed, Err("seeds/seeds.toml".to_owned()));
}
