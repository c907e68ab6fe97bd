//! A migration that is not one transaction, its connection cut at every message: the next start finishes it, and nothing
//! of it is done twice.

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, Outcome};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{Rows, data};
use elyos_tests::{Project, client, database};

fn first() -> Project {
    Project::new()
        .migration(
            "0001_goods",
            "CREATE TABLE goods (id int PRIMARY KEY, name text);\nCREATE INDEX goods_old ON goods (name);\nCREATE TYPE mood AS ENUM ('sad');\n\
             INSERT INTO goods SELECT i, 'n' || i FROM generate_series(1, 50) i;",
        )
        .seed("goods", &[], "INSERT INTO goods VALUES (51, 'tea') ON CONFLICT DO NOTHING;")
}

/// Every kind of statement of which the database tells whether it was done; the rows of `log` count the times.
fn second() -> Bundle {
    let sql = "-- elyos: no-transaction\nCREATE TABLE log (what text);\nSET application_name = 'inner';\nINSERT INTO log VALUES ('once');\n\
               CREATE INDEX CONCURRENTLY goods_name ON goods (name);\nALTER TYPE mood ADD VALUE 'fine';\n\
               INSERT INTO log VALUES (current_setting('application_name')), ('fine'::mood::text);\n\
               REINDEX INDEX CONCURRENTLY goods_name;\nDROP INDEX CONCURRENTLY goods_old;\nVACUUM goods;\nINSERT INTO log VALUES ('end');";
    first().migration("0002_steps", sql).load()
}

/// What is there at the end: rows, indexes, and what the ledger says of the statements.
fn state(url: &str) -> (Rows, String, String) {
    let mut client = client(url);
    let indexes = "SELECT string_agg(format('%s %s', c.relname, x.indisvalid), ', ' ORDER BY c.relname) FROM pg_index AS x \
                   JOIN pg_class AS c ON c.oid = x.indexrelid WHERE x.indrelid = 'goods'::regclass";
    let ledger = "SELECT format('%s %s', count(*) FILTER (WHERE s.finished_at IS NOT NULL), bool_and(m.finished_at IS NOT NULL)) \
                  FROM elyos.migrations AS m JOIN elyos.statements AS s USING (position) WHERE m.position = 2";
    let [indexes, ledger] = [indexes, ledger].map(|sql| client.query_one(sql, &[]).expect("a text").get(0));
    (data(&mut client), indexes, ledger)
}

#[test]
fn a_connection_cut_at_any_message_is_no_loss() {
    let (first, second) = (first().load(), second());
    let start = |bundle: &Bundle, url: &str| Init::new(bundle).database_url(url).run();
    let undisturbed = database();
    start(&first, undisturbed.url()).expect("the first release");
    let proxy = Proxy::new(undisturbed.url());
    start(&second, &proxy.url()).expect("the second release");
    let wanted = state(undisturbed.url());
    assert_eq!((wanted.1.as_str(), wanted.2.as_str()), ("goods_name t, goods_pkey t", "10 t"));
    assert_eq!(wanted.0["public.log"].len(), 4);
    let messages = proxy.messages().len();
    assert!(messages > 40, "{messages}");

    // All of them where there is time; else every seventh, either way.
    let step = if std::env::var_os("ELYOS_CASES").is_some() { 1 } else { 7 };
    let mut interrupted = 0;
    for number in (0..messages).step_by(step) {
        for before in [true, false] {
            let database = database();
            start(&first, database.url()).expect("the first release");
            let proxy = Proxy::new(database.url());
            if before {
                proxy.cut_before(number);
            } else {
                proxy.cut_after(number);
            }
            if let Err(error) = start(&second, &proxy.url()) {
                assert!(error.is_connection(), "cut at message {number}: {error}");
                interrupted += 1;
            }
            start(&second, database.url()).unwrap_or_else(|error| panic!("cut at message {number}, before it: {before}: {error}"));
            assert_eq!(state(database.url()), wanted, "cut at message {number}, before it: {before}");
            assert_eq!(start(&second, database.url()).expect("all is there").outcome, Outcome::NothingToDo);
        }
    }
    assert!(interrupted > 5, "{interrupted}");
}

#[test]
fn what_is_left_of_an_interrupted_migration_is_recorded_whole_where_its_text_has_changed() {
    let second =
        |rest: &str| first().migration("0002_steps", &format!("-- elyos: no-transaction\nCREATE TABLE log (what text);\n{rest}")).load();
    let (broken, mended) = (second("SELECT oops;"), second("INSERT INTO log VALUES ('one');\nINSERT INTO log VALUES ('two');"));
    let start = |bundle: &Bundle, url: &str| Init::new(bundle).database_url(url).run();
    let interrupted = || {
        let database = database();
        start(&broken, database.url()).expect_err("there is no such column");
        database
    };
    let undisturbed = interrupted();
    let proxy = Proxy::new(undisturbed.url());
    start(&mended, &proxy.url()).expect("it goes on");
    let wanted = state(undisturbed.url());
    assert_eq!((wanted.2.as_str(), wanted.0["public.log"].len()), ("3 t", 2));
    let messages = proxy.messages();
    let is_record = |number: &usize| messages[*number].kind == 'P' && messages[*number].text.contains("INTO elyos.statements");
    let points: Vec<usize> = (0..messages.len()).filter(is_record).collect();
    assert!(!points.is_empty());
    for point in points {
        let database = interrupted();
        let proxy = Proxy::new(database.url());
        proxy.cut_before(point);
        start(&mended, &proxy.url()).expect_err("it is cut");
        start(&mended, database.url()).unwrap_or_else(|error| panic!("cut at message {point}: {error}"));
        assert_eq!(state(database.url()), wanted, "cut at message {point}");
    }
}
