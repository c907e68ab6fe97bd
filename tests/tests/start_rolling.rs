//! A rolling deploy: processes of an older and of a newer release, started in turn and at once.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use elyos_tests::snapshot::{Rows, assert_same, data, dump};
use elyos_tests::{Project, client, database};
use serde_json::Value;

const STARTS: usize = 50;

fn older() -> Project {
    Project::new()
        .head("schemas = [\"shop\"]")
        .migration("0001_shop", "CREATE TABLE shop.goods (name text PRIMARY KEY, price numeric NOT NULL);")
        .seed("goods", &[], "INSERT INTO shop.goods VALUES ('tea', 5), ('jam', 3) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price;")
        .seed_that_runs("audit", "always", &["goods"], "UPDATE shop.goods SET price = price WHERE name = 'tea';")
        .procedure("total", "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';")
}

/// One migration more, another text of a seed, one seed less and one more, another signature.
fn newer() -> Project {
    older()
        .revision(2)
        .migration("0002_tax", "ALTER TABLE shop.goods ADD tax numeric NOT NULL DEFAULT 0;")
        .without("seeds/audit.sql")
        .seed(
            "goods",
            &[],
            "INSERT INTO shop.goods VALUES ('tea', 6, 1), ('bun', 1, 0) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price, tax = 1;",
        )
        .seed(
            "more",
            &["goods"],
            "INSERT INTO shop.goods SELECT name || '!', price FROM shop.goods WHERE name = 'tea' ON CONFLICT DO NOTHING;",
        )
        .procedure("total", "CREATE OR REPLACE FUNCTION shop.total(a integer, b text) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';")
}

fn process(folder: &Path, url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_starter"))
        .env("DATABASE_URL", url)
        .env("BUNDLE", folder)
        .env_remove("ADMIN_USER_EMAIL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// How the process's start ended: the outcome, and what it says.
fn ended(child: Child) -> (String, String) {
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("it prints its report");
    (report["outcome"].as_str().expect("an outcome").to_owned(), said)
}

/// Everything, the ledger and the places of the rows in their tables included: not one row may have been written again.
fn whole(url: &str) -> (Rows, Vec<String>) {
    let mut client = client(url);
    let places = "SELECT ctid::text || xmin::text FROM shop.goods UNION ALL SELECT ctid::text || xmin::text FROM elyos.state \
                  UNION ALL SELECT p.ctid::text || p.xmin::text FROM pg_proc AS p WHERE pronamespace = 'shop'::regnamespace";
    let places = client.query(places, &[]).expect("the places").iter().map(|row| row.get(0)).collect();
    (dump(&mut client), places)
}

#[test]
fn releases_started_in_turn_leave_the_newer_ones_data() {
    let (older, newer) = (older().write(), newer().write());
    let database = database();
    let url = database.url();
    assert_eq!(ended(process(older.path(), url)).0, "applied");
    assert_eq!(ended(process(newer.path(), url)).0, "applied");
    let (rows, places) = whole(url);
    for _ in 0..STARTS / 2 {
        let (outcome, said) = ended(process(older.path(), url));
        assert_eq!(outcome, "database_ahead");
        assert!(said.starts_with("nothing was written: a newer release has written this database ("), "{said}");
        assert_eq!(ended(process(newer.path(), url)).0, "nothing_to_do");
    }
    let (rows_after, places_after) = whole(url);
    assert_same(&rows, &rows_after);
    assert_eq!(places, places_after);
}

#[test]
fn releases_started_at_once_end_with_the_newer_ones_data() {
    let (older, newer) = (older().write(), newer().write());
    let wanted = {
        let database = database();
        ended(process(older.path(), database.url()));
        ended(process(newer.path(), database.url()));
        data(&mut client(database.url()))
    };
    // Where the newer one is first, the older one's row that it does not know was never there.
    let alone = {
        let database = database();
        ended(process(newer.path(), database.url()));
        data(&mut client(database.url()))
    };
    for round in 0..5 {
        let database = database();
        let url = database.url();
        let running: Vec<(bool, Child)> = (0..STARTS / 5)
            .map(|at| {
                let is_newer = (at + round) % 2 == 0;
                (is_newer, process(if is_newer { newer.path() } else { older.path() }, url))
            })
            .collect();
        let mut newer_applied = 0;
        for (is_newer, child) in running {
            let (outcome, said) = ended(child);
            if is_newer {
                assert!(["applied", "nothing_to_do"].contains(&&*outcome), "{said}");
                newer_applied += usize::from(outcome == "applied");
            }
        }
        assert_eq!(newer_applied, 1);
        let found = data(&mut client(url));
        assert_same(if found["shop.goods"].len() == wanted["shop.goods"].len() { &wanted } else { &alone }, &found);
    }
}
