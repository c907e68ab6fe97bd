//! What the ledger keeps apart: addresses that seeds would undo, bundles that are not this one, versions to come.

use elyos_runtime::Bundle;
use elyos_runtime::prelude::*;
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, client, database};

/// A bundle whose seed overwrites the administrator's address each time it runs.
fn careless(note: &str) -> Bundle {
    Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.people (id integer PRIMARY KEY, mail text UNIQUE, note text);")
        .seed(
            "people",
            &[],
            &format!(
                "INSERT INTO shop.people VALUES (1, 'seeded@example.com', '{note}') \
                 ON CONFLICT (id) DO UPDATE SET mail = EXCLUDED.mail, note = EXCLUDED.note;"
            ),
        )
        .table("[truncate]", "order = [\"shop.people\"]")
        .table("[admin]", "table = \"shop.people\"\nkey = { id = 1 }\ncolumn = \"mail\"\nenv = \"NOBODY_SETS_THIS_ADDRESS\"")
        .load()
}

fn person(url: &str) -> (String, String) {
    let row = client(url).query_one("SELECT mail, note FROM shop.people WHERE id = 1", &[]).expect("the person");
    (row.get(0), row.get(1))
}

fn pair(mail: &str, note: &str) -> (String, String) {
    (mail.to_owned(), note.to_owned())
}

#[test]
fn a_seed_that_overwrites_the_address_does_not_undo_it() {
    let database = database();
    let url = database.url();
    let first = careless("first");
    Init::new(&first).database_url(url).admin_email("boss@example.com").run().expect("the bundle applies");
    assert_eq!(person(url), pair("boss@example.com", "first"));

    // Neither a changed seed at a start without the variable, nor seeding by hand.
    let second = careless("second");
    Init::new(&second).database_url(url).run().expect("the bundle applies");
    assert_eq!(person(url), pair("boss@example.com", "second"));
    Init::new(&second).database_url(url).seed(&Selection::all().only_seeds(["people"])).expect("it runs again");
    assert_eq!(person(url), pair("boss@example.com", "second"));

    // What the person has changed since stays as well.
    client(url).batch_execute("UPDATE shop.people SET mail = 'own@example.com'").expect("an update");
    Init::new(&first).database_url(url).run().expect("the bundle applies");
    assert_eq!(person(url), pair("own@example.com", "first"));

    // A reset makes the row again.
    Init::new(&first).database_url(url).reset(true).run().expect("the bundle applies");
    assert_eq!(person(url), pair("seeded@example.com", "first"));
}

#[test]
fn without_an_address_ever_set_the_seed_decides() {
    let database = database();
    let url = database.url();
    Init::new(&careless("first")).database_url(url).run().expect("the bundle applies");
    client(url).batch_execute("UPDATE shop.people SET mail = 'own@example.com'").expect("an update");
    Init::new(&careless("second")).database_url(url).run().expect("the bundle applies");
    assert_eq!(person(url), pair("seeded@example.com", "second"));
}

#[test]
fn the_database_of_another_bundle_is_refused() {
    let database = database();
    Init::new(&elyos_runtime::ELYOS).database_url(database.url()).admin_email("").run().expect("the bundle applies");
    let mut client = client(database.url());
    let before = dump(&mut client);
    let bundle = careless("first");
    let expected = "this database was made by another bundle: it has migrations, and none of this bundle's is among them\n  \
                    = help: give each bundle a database of its own; is it the right one that the URL names?";
    let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it is not its own");
    assert_eq!(error.to_string(), expected);
    assert!(error.is_drift());
    let error = Init::new(&bundle).database_url(database.url()).seed(&Selection::all()).expect_err("it is not its own");
    assert_eq!(error.to_string(), expected);
    let status = Init::new(&bundle).database_url(database.url()).status().expect("the status");
    assert_eq!((status.up_to_date, status.ahead, status.conflict.as_deref()), (false, false, Some(expected)));

    // A higher revision there does not make it this bundle's newer release.
    client.batch_execute("UPDATE elyos.state SET revision = 9").expect("an update");
    let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it is not its own");
    assert_eq!(error.to_string(), expected);
    client.batch_execute("UPDATE elyos.state SET revision = 1").expect("an update");
    assert_same(&before, &dump(&mut client));
}

#[test]
fn a_ledger_of_a_later_version_is_refused() {
    let database = database();
    let bundle = careless("first");
    Init::new(&bundle).database_url(database.url()).run().expect("the bundle applies");
    client(database.url()).batch_execute("UPDATE elyos.state SET version = 3, oldest_reader = 3, digest = NULL").expect("an update");
    let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it cannot be understood");
    assert_eq!(
        error.to_string(),
        "the ledger in schema elyos has version 3, and this Elyos knows versions up to 2\n  = help: update Elyos"
    );
    // One that only has more than this version knows is used as it is.
    client(database.url())
        .batch_execute("UPDATE elyos.state SET oldest_reader = 2; ALTER TABLE elyos.migrations ADD more text DEFAULT 'x'")
        .expect("an update");
    let report = Init::new(&bundle).database_url(database.url()).run().expect("it is understood");
    assert_eq!(report.applied(elyos_runtime::StepKind::Migration), 0);
}

#[test]
fn a_schema_made_for_the_ledger_beforehand_is_used() {
    let database = database();
    client(database.url()).batch_execute("CREATE SCHEMA elyos").expect("a schema");
    let report = Init::new(&careless("first")).database_url(database.url()).run().expect("the bundle applies");
    assert!(report.applied(elyos_runtime::StepKind::Seed) == 1);
}

#[test]
fn seeding_an_empty_database_fails_and_leaves_nothing() {
    let database = database();
    let mut client = client(database.url());
    let before = dump(&mut client);
    let error = Init::new(&careless("first")).database_url(database.url()).seed(&Selection::all()).expect_err("there is no table");
    assert_eq!(
        error.to_string(),
        "seed people failed: relation \"shop.people\" does not exist\n \
         --> seeds/people.sql:1:13\n  |\n\
         1 | INSERT INTO shop.people VALUES (1, 'seeded@example.com', 'first') ON CONFLICT (id) DO UPDATE SET mail = EXCLUDED.mail, note = EXCLUDE...\n  \
         |             ^^^^^^^^^^^\n  |\n  = help: is its name spelt right, and is it in a migration that has been applied?"
    );
    let schemas: i64 =
        client.query_one("SELECT count(*) FROM pg_namespace WHERE nspname IN ('elyos', 'shop')", &[]).expect("a count").get(0);
    assert_eq!(schemas, 0);
    assert_same(&before, &dump(&mut client));
}

#[test]
fn a_value_that_the_rust_type_cannot_hold_is_told_with_its_column() {
    let (database, db) = elyos_tests::seeded();
    client(database.url())
        .batch_execute("ALTER TABLE auth.users ALTER COLUMN created_at TYPE timestamptz USING 'infinity'")
        .expect("an infinite time");
    let error = elyos_runtime::repositories::UserRepository::find_by_id(&db, 1).expect_err("no such time");
    assert!(error.to_string().starts_with("the column created_at holds what its Rust type cannot: "), "{error}");
}
