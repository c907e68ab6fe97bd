//! What `Init::status` tells, as text and as data.

use elyos_runtime::{Bundle, Init, Outcome, Status};
use elyos_tests::proxy::Proxy;
use elyos_tests::{Project, TestDatabase, client, database};

fn shop() -> Project {
    Project::new()
        .head("schemas = [\"shop\"]\nsearch_path = [\"shop\"]\nextensions = [\"no_such_thing\"]")
        .file("extensions/no_such_thing.sql", "CREATE FUNCTION extensions.f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        .migration("0001_tables", "CREATE TABLE t (id int PRIMARY KEY, email text); CREATE TABLE u (id int);")
        .seed("a_people", &[], "INSERT INTO shop.t VALUES (1, 'x'), (2, 'y') ON CONFLICT DO NOTHING")
        .seed("b_copies", &["a_people"], "INSERT INTO shop.u SELECT id FROM shop.t")
        .seed_that_runs("c_once", "once", &["a_people"], "INSERT INTO shop.u SELECT id + 10 FROM shop.t")
        .seed_that_runs("d_always", "always", &[], "DELETE FROM shop.u WHERE id = 99")
        .procedure("p", "CREATE OR REPLACE FUNCTION shop.p() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        .table("[admin]", "table = \"shop.t\"\nkey = { id = 1 }\ncolumn = \"email\"\nenv = \"ADMIN\"")
}

fn start<'b>(bundle: &'b Bundle, database: &TestDatabase, address: &str) -> Init<'b> {
    Init::new(bundle).database_url(database.url()).admin_email(address)
}

fn status(bundle: &Bundle, database: &TestDatabase, address: &str) -> Status {
    // Times are the server's own; these are as good as any.
    let _ = database.psql(
        "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['seeds', 'procedures', 'extensions'] LOOP \
         IF to_regclass('elyos.' || t) IS NOT NULL THEN EXECUTE format('UPDATE elyos.%I SET applied_at = %L', t, '2026-01-02 03:04:05+00'); END IF; END LOOP; \
         IF to_regclass('elyos.seeds') IS NOT NULL THEN UPDATE elyos.seeds SET milliseconds = 1.25; UPDATE elyos.migrations SET started_at = '2026-01-02 03:04:00+00', milliseconds = CASE WHEN finished_at IS NOT NULL THEN 12 END, \
         finished_at = CASE WHEN finished_at IS NOT NULL THEN '2026-01-02 03:04:05+00'::timestamptz END; END IF; END $$",
    );
    start(bundle, database, address).status().expect("the status")
}

/// The text without its first line, which is this machine's.
fn text(status: &Status) -> String {
    let text = status.to_string();
    let (first, rest) = text.split_once('\n').expect("several lines");
    assert!(first.starts_with("database    postgresql://") && first.contains(", PostgreSQL "), "{first}");
    rest.to_owned()
}

#[test]
fn an_empty_database_has_everything_pending() {
    let database = database();
    let expected = "\
revision    none in the database, 1 in the bundle
ledger      none
lock        free
admin       as seeded, and ADMIN asks for another
schemas     0 of 2
            shop                           pending: it is new
            extensions                     pending: it is new
extensions  0 of 1
            no_such_thing                  pending: it is new
migrations  0 of 1
            0001_tables                    pending: it is new
seeds       0 of 4
            a_people                       pending: it is new
            b_copies                       pending: it is new
            c_once                         pending: it is new
            d_always                       pending: it is new
procedures  0 of 1
            p                              pending: it is new
verify      fails
not up to date: run `elyos init`";
    assert_eq!(text(&status(&shop().load(), &database, "boss@example.com")), expected);
}

#[test]
fn what_was_applied_is_told_with_when_how_long_and_how_often() {
    let database = database();
    let bundle = shop().load();
    assert_eq!(start(&bundle, &database, "boss@example.com").run().expect("it runs").outcome, Outcome::Applied);
    let expected = "\
revision    1 in the database, 1 in the bundle
ledger      version 2
lock        free
admin       boss@example.com
schemas     2 of 2
            shop                           applied
            extensions                     applied
extensions  1 of 1
            no_such_thing                  stood in for by the bundle, applied 2026-01-02T03:04:05Z
migrations  1 of 1
            0001_tables                    applied 2026-01-02T03:04:05Z, 12.0 ms
seeds       4 of 4
            a_people                       applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            b_copies                       applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            c_once                         applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            d_always                       applied 2026-01-02T03:04:05Z, 1.2 ms, 0 rows
procedures  1 of 1
            p                              applied 2026-01-02T03:04:05Z
verify      passes
up to date";
    assert_eq!(text(&status(&bundle, &database, "")), expected);
    let other = text(&status(&bundle, &database, "other@example.com"));
    assert!(other.contains("\nadmin       boss@example.com, and ADMIN asks for another\n"), "{other}");
    assert!(other.ends_with("\nnot up to date: run `elyos init`"), "{other}");
}

#[test]
fn what_is_pending_is_told_with_why_and_then_is_what_runs() {
    let database = database();
    start(&shop().load(), &database, "").run().expect("it runs");
    let next = shop()
        .migration("0002_more", "CREATE TABLE more (id int)")
        .seed("a_people", &[], "INSERT INTO shop.t VALUES (3, 'z') ON CONFLICT DO NOTHING")
        .seed_that_runs("c_once", "once", &["a_people"], "INSERT INTO shop.u SELECT id + 20 FROM shop.t")
        .procedure("p", "CREATE OR REPLACE FUNCTION shop.p() RETURNS int LANGUAGE sql AS 'SELECT 2'")
        .load();
    let before = status(&next, &database, "");
    let expected = "\
revision    1 in the database, 1 in the bundle
ledger      version 2
lock        free
admin       as seeded: ADMIN is not set
schemas     2 of 2
            shop                           applied
            extensions                     applied
extensions  1 of 1
            no_such_thing                  stood in for by the bundle, applied 2026-01-02T03:04:05Z
migrations  1 of 2
            0001_tables                    applied 2026-01-02T03:04:05Z, 12.0 ms
            0002_more                      pending: it is new
seeds       1 of 4
            a_people                       pending: it has changed, applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            b_copies                       pending: it reads shop.t, which a_people writes, applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            c_once                         applied 2026-01-02T03:04:05Z, 1.2 ms, 2 rows
            d_always                       pending: it runs whenever something does, applied 2026-01-02T03:04:05Z, 1.2 ms, 0 rows
procedures  0 of 1
            p                              pending: it has changed, applied 2026-01-02T03:04:05Z
verify      fails
not up to date: run `elyos init`";
    assert_eq!(text(&before), expected);

    let report = start(&next, &database, "").run().expect("it runs");
    let ran: Vec<_> = report.steps.iter().filter(|step| step.is_applied()).map(|step| step.name.clone()).collect();
    let items = [&before.migrations, &before.seeds, &before.procedures];
    let said: Vec<_> = items.into_iter().flatten().filter(|item| item.pending.is_some()).map(|item| item.name.clone()).collect();
    assert_eq!(ran, said);
    let after = text(&status(&next, &database, ""));
    assert!(after.contains("a_people                       applied 2026-01-02T03:04:05Z, 1.2 ms, 1 row, 2 times\n"), "{after}");
}

#[test]
fn drift_and_a_newer_release_are_told() {
    let database = database();
    start(&shop().load(), &database, "").run().expect("it runs");
    let drifted = shop().migration("0001_tables", "CREATE TABLE t (id int PRIMARY KEY, email varchar); CREATE TABLE u (id int);").load();
    let told = text(&status(&drifted, &database, ""));
    assert!(
        told.contains(
            "\nmigrations  0 of 1\n            0001_tables                    changed since it was applied, applied 2026-01-02T03:04:05Z, 12.0 ms\n"
        ),
        "{told}"
    );
    assert!(told.ends_with("\nnot up to date, and `elyos init` refuses to go on until the conflict is settled"), "{told}");
    let newer = shop().revision(2).migration("0002_more", "CREATE TABLE more (id int)").load();
    start(&newer, &database, "").run().expect("it runs");
    let told = text(&status(&shop().load(), &database, ""));
    assert!(told.starts_with("revision    2 in the database, 1 in the bundle\n"), "{told}");
    assert!(
        told.contains("\n            0002_more                      not in the bundle, applied 2026-01-02T03:04:05Z, 12.0 ms\n"),
        "{told}"
    );
    assert!(
        told.ends_with(
            "\nverify      passes, unless a newer release's database is to be refused\na newer release has written this database"
        ),
        "{told}"
    );
}

#[test]
fn the_holder_of_the_lock_is_named() {
    let database = database();
    let bundle = shop().load();
    let mut holder = client(&format!("{}{}application_name=night", database.url(), if database.url().contains('?') { "&" } else { "?" }));
    holder.batch_execute("SELECT pg_advisory_lock(111516568220416)").expect("it is free");
    let pid: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).expect("its pid").get(0);
    let status = status(&bundle, &database, "");
    let expected = format!("pid {pid}, application_name \"night\", its last query: SELECT pg_backend_pid()");
    assert_eq!(status.lock_holder.as_deref(), Some(&*expected));
    assert!(text(&status).contains(&format!("\nlock        held by {expected}\n")), "{status}");
}

#[test]
fn as_data_it_holds_the_same() {
    let database = database();
    start(&shop().load(), &database, "boss@example.com").run().expect("it runs");
    let next = shop().seed("a_people", &[], "INSERT INTO shop.t VALUES (3, 'z') ON CONFLICT DO NOTHING").load();
    let data = serde_json::to_value(status(&next, &database, "")).expect("it is data");
    assert_eq!(
        data["seeds"],
        serde_json::json!([
            { "name": "a_people", "state": "changed", "pending": { "because": "changed" }, "applied_at": "2026-01-02T03:04:05Z", "milliseconds": 1.25, "rows": 2, "times_applied": 1 },
            { "name": "b_copies", "state": "applied", "pending": { "because": "reads", "table": "shop.t", "written_by": "a_people" }, "applied_at": "2026-01-02T03:04:05Z", "milliseconds": 1.25, "rows": 2, "times_applied": 1 },
            { "name": "c_once", "state": "applied", "pending": null, "applied_at": "2026-01-02T03:04:05Z", "milliseconds": 1.25, "rows": 2, "times_applied": 1 },
            { "name": "d_always", "state": "applied", "pending": { "because": "always" }, "applied_at": "2026-01-02T03:04:05Z", "milliseconds": 1.25, "rows": 0, "times_applied": 1 },
        ])
    );
    assert_eq!(data["migrations"][0]["state"], "applied");
    assert_eq!(data["extensions"][0]["state"], "from_bundle");
    let rest =
        ["up_to_date", "ahead", "ledger_version", "verifies", "conflict", "lock_holder", "admin_variable", "admin_email", "admin_pending"]
            .map(|key| data[key].clone());
    assert_eq!(
        serde_json::Value::from(rest.to_vec()),
        serde_json::json!([false, false, 2, false, null, null, "ADMIN", "boss@example.com", false])
    );
}

#[test]
fn an_interrupted_migration_is_told_with_how_far_it_came() {
    let database = database();
    start(&shop().load(), &database, "").run().expect("it runs");
    let begun = |last: &str| {
        let text = format!("-- elyos: no-transaction\nALTER TABLE t ADD a int;\nALTER TABLE t ADD b int;\n{last};");
        shop().migration("0002_more", &text).load()
    };
    start(&begun("SELECT oops"), &database, "").run().expect_err("there is no such column");
    let found = status(&begun("SELECT 1"), &database, "");
    let line = "migrations  1 of 2\n            0001_tables                    applied 2026-01-02T03:04:05Z, 12.0 ms\n            \
                0002_more                      under way or interrupted, 2 of 3 statements done, started 2026-01-02T03:04:00Z\n";
    assert!(text(&found).contains(line), "{found}");
    assert_eq!((found.conflict.as_deref(), found.verifies), (None, false));
    // Whoever has the session next, behind a pooler, is not to find it changed.
    let proxy = Proxy::new(database.url());
    Init::new(&begun("SELECT 1")).database_url(proxy.url()).admin_email("").status().expect("a status");
    let pins: Vec<_> = proxy.messages().into_iter().filter(|message| message.text.contains("search_path")).collect();
    assert!(
        !pins.is_empty() && pins.iter().all(|pin| pin.text.starts_with("BEGIN READ ONLY;\n") && pin.text.contains("SET LOCAL search_path"))
    );
    let data = serde_json::to_value(&found.migrations[1]).expect("it is data");
    assert_eq!(data["state"], "interrupted");
    assert_eq!(
        data["pending"],
        serde_json::json!({ "because": "interrupted", "done": 2, "statements": 3, "started_at": "2026-01-02T03:04:00Z" })
    );
    start(&begun("SELECT 1"), &database, "").run().expect("it goes on");
    assert!(status(&begun("SELECT 1"), &database, "").up_to_date);
}
