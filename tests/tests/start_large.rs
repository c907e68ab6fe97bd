//! Many seeds, and seeds that are too large to be held.

use std::fs;

use elyos_cli::project::{load, load_with};
use elyos_runtime::prelude::*;
use elyos_runtime::{Outcome, StepKind};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, data, dump};
use elyos_tests::{Project, client, database};

/// A thousand seeds, 250 deep: each needs the one four before it, and most another one far behind.
fn thousand() -> Project {
    let schema = "CREATE TABLE deep.node (n integer PRIMARY KEY, before integer REFERENCES deep.node, half integer REFERENCES deep.node);";
    let mut project = Project::new().head("schemas = [\"deep\"]").schema(schema);
    for n in 0..1000_i32 {
        let before = (n >= 4).then(|| n - 4);
        let half = (n > 8).then_some(n / 2);
        let needs: Vec<String> = before.into_iter().chain(half).map(|n| format!("node_{n}")).collect();
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let value = |n: Option<i32>| n.map_or("NULL".to_owned(), |n| n.to_string());
        let sql =
            format!("-- Node {n}.\nINSERT INTO deep.node VALUES ({n}, {}, {}) ON CONFLICT (n) DO NOTHING;\n", value(before), value(half));
        project = project.seed(&format!("node_{n}"), &needs, &sql);
    }
    project
}

#[test]
fn a_thousand_seeds_take_a_few_round_trips_and_an_error_still_names_its_seed() {
    let requests = |project: &Project| {
        let database = database();
        let proxy = Proxy::new(database.url());
        let report = Init::new(&project.load()).database_url(proxy.url()).run().expect("the bundle applies");
        (report.applied(StepKind::Seed), proxy.requests().len())
    };
    let one = Project::new().head("schemas = [\"deep\"]").schema("CREATE TABLE deep.node (n integer);").seed("one", &[], "SELECT 1;");
    let (one, few) = requests(&one);
    let thousand = thousand();
    let (seeds, many) = requests(&thousand);
    assert_eq!((one, seeds), (1, 1000));
    println!("{few} requests for one seed, {many} for a thousand");
    assert!(many <= few + 10, "{few} requests for one seed, {many} for a thousand");

    let broken = thousand.seed("node_777", &["node_773", "node_388"], "-- ő\nINSERT INTO deep.node\nVALUES (777, -1);\n").load();
    let database = database();
    let error = Init::new(&broken).database_url(database.url()).run().expect_err("there is no such node");
    assert_eq!(error.place(), Some(("seeds/node_777.sql", 2, 1)));
    assert!(error.to_string().starts_with("seed node_777 failed: insert or update on table \"node\" violates"), "{error}");
    assert_eq!(client(database.url()).query_one("SELECT count(*) FROM deep.node", &[]).expect("a count").get::<_, i64>(0), 0);
}

#[test]
fn seeds_that_make_others_queue_share_round_trips_with_their_like() {
    let one = Project::new().head("schemas = [\"s\"]").schema("CREATE TABLE s.t (n integer);").seed("seed_000", &[], "SELECT 1;");
    let many = (0..100).fold(one, |project, n| {
        let sql = format!("DO $$ BEGIN INSERT INTO s.t VALUES ({n}); END $$;\nCOMMENT ON TABLE s.t IS '{n}';\n");
        project.seed(&format!("seed_{n:03}"), &[], &sql)
    });
    let database = database();
    let proxy = Proxy::new(database.url());
    Init::new(&many.load()).database_url(proxy.url()).run().expect("the bundle applies");
    let sent = proxy.requests().iter().filter(|request| request.text.contains("INSERT INTO s.t")).count();
    assert_eq!(sent, 1);
    let sql = "SELECT count(*), obj_description('s.t'::regclass) FROM s.t";
    let row = client(database.url()).query_one(sql, &[]).expect("the rows");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, &str>(1)), (100, "99"));

    let broken = many.seed("seed_050", &[], "DO $$ BEGIN END $$;\nCOMMENT ON TABLE s.missing IS '';\n").load();
    let error = Init::new(&broken).database_url(self::database().url()).run().expect_err("there is no such table");
    assert_eq!(error.place(), Some(("seeds/seed_050.sql", 2, 1)));
}

fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}

/// A bundle whose one seed has about so many lines of statements.
fn lines(count: usize) -> Project {
    let sql = repeated(count, |n| {
        format!("INSERT INTO shop.items VALUES ({n}, 'line; {n}') ON CONFLICT (id) DO UPDATE SET line = EXCLUDED.line; -- é;\n")
    });
    Project::new()
        .head("schemas = [\"shop\"]")
        .schema("CREATE TABLE shop.items (id integer PRIMARY KEY, line text);\nCREATE TABLE shop.copies (id integer, line text);")
        .seed("items", &[], &sql)
        .seed("copies", &["items"], "DELETE FROM shop.copies;\nINSERT INTO shop.copies SELECT * FROM shop.items;")
}

#[test]
fn a_seed_that_is_not_held_does_what_it_does_when_it_is() {
    for project in [lines(5000), lines(5000).as_checked_out_on_windows()] {
        let folder = project.write();
        let (held, read) = (load(folder.path()).expect("in order"), load_with(folder.path(), 1).expect("in order"));
        assert_eq!(held.digest(), read.digest());
        let (one, other) = (database(), database());
        let reports = [(&held, &one), (&read, &other)].map(|(bundle, database)| {
            let report = Init::new(bundle).database_url(database.url()).run().expect("the bundle applies");
            let seeds = report.steps.iter().filter(|step| step.kind == StepKind::Seed);
            seeds.map(|step| (step.name.clone(), step.rows)).collect::<Vec<_>>()
        });
        assert_eq!(reports[0], [("items".to_owned(), Some(5000)), ("copies".to_owned(), Some(5000))]);
        assert_eq!(reports[0], reports[1]);
        assert_same(&data(&mut client(one.url())), &data(&mut client(other.url())));
        // Either is up to date for the other.
        for (bundle, database) in [(&held, &other), (&read, &one)] {
            assert_eq!(Init::new(bundle).database_url(database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
        }
        // A change of the one that is not held runs what reads from it.
        let next = lines(4999).write();
        let report = Init::new(&load_with(next.path(), 1).expect("in order")).database_url(other.url()).run().expect("the next release");
        assert_eq!(report.applied(StepKind::Seed), 2);
    }
}

#[test]
fn a_seed_that_is_not_held_takes_a_round_trip_for_many_statements() {
    let folder = lines(5000).write();
    let size = fs::metadata(folder.path().join("seeds/items.sql")).expect("the seed").len();
    let bundle = load_with(folder.path(), size).expect("in order");
    let database = database();
    let proxy = Proxy::new(database.url());
    Init::new(&bundle).database_url(proxy.url()).run().expect("the bundle applies");
    let pieces = proxy.requests().iter().filter(|request| request.text.contains("INSERT INTO shop.items")).count();
    let least = usize::try_from(size).expect("it is small") / (128 * 1024);
    assert!((least..=least + 1).contains(&pieces), "{pieces} pieces of {size} bytes");
}

#[test]
fn an_error_in_a_seed_that_is_not_held_names_its_place() {
    let good = repeated(3000, |n| format!("INSERT INTO shop.items VALUES ({n}, 'line {n}'); -- é;\n"));
    for (bad, place, drawn) in [
        (
            "INSERT INTO shop.items\nVALUES (1, 'again');\n",
            (3001, 1),
            "seed items failed: duplicate key value violates unique constraint \"items_pkey\"\n    --> seeds/items.sql:3001:1\n     |\n\
             3001 | INSERT INTO shop.items\n     | ^^^^^^^^^^^^^^^^^^^^^^ Key (id)=(1) already exists.\n",
        ),
        (
            "SELECT 1; SELECT nosuch\nFROM shop.items;\n",
            (3001, 18),
            "seed items failed: column \"nosuch\" does not exist\n    --> seeds/items.sql:3001:18\n     |\n\
             3001 | SELECT 1; SELECT nosuch\n     |                  ^^^^^^\n",
        ),
    ] {
        let folder = lines(1).seed("items", &[], &format!("{good}{bad}{good}")).write();
        let bundle = load_with(folder.path(), 1).expect("in order");
        let database = database();
        let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it is wrong");
        assert_eq!(error.place(), Some(("seeds/items.sql", place.0, place.1)));
        assert!(error.to_string().starts_with(drawn), "{error}");
        assert_eq!(client(database.url()).query_one("SELECT count(*) FROM shop.items", &[]).expect("a count").get::<_, i64>(0), 0);
    }
}

#[test]
fn what_is_wrong_in_a_seed_that_is_not_held_is_told_when_it_is_read() {
    let good = repeated(3000, |n| format!("SELECT {n};\n"));
    let folder = lines(1).seed("items", &[], &format!("{good}COMMIT;\n{good}")).write();
    let error = load_with(folder.path(), 1).expect_err("it is wrong").to_string();
    let shown = folder.path().canonicalize().expect("a path").join("seeds/items.sql");
    assert_eq!(
        error,
        format!(
            "error: transaction control in a seed: COMMIT\n    --> {}:3001:1\n     |\n3001 | COMMIT;\n     | ^^^^^^\n     |\n     \
             = help: remove it: Elyos runs the whole file in a transaction of its own",
            shown.display()
        )
    );
    let folder = lines(1).seed("items", &[], "-- nothing\n\n").write();
    let shown = folder.path().canonicalize().expect("a path").join("seeds/items.sql");
    assert_eq!(
        load_with(folder.path(), 1).expect_err("it is empty").to_string(),
        format!("error: no statement in the file\n--> {}\n = help: write its SQL into it, or remove it and its entry", shown.display())
    );
}

#[test]
fn a_file_that_changes_while_it_runs_is_an_error_and_nothing_of_it_stays() {
    let folder = lines(5000).write();
    let path = folder.path().join("seeds/items.sql");
    let bundle = load_with(folder.path(), 1).expect("in order");
    let database = database();
    let start = || Init::new(&bundle).database_url(database.url()).run();
    let text = fs::read_to_string(&path).expect("the seed");
    let changed = "seed items failed: seeds/items.sql has changed while it ran\n  = help: nothing of it was kept; start again";
    let at_the_end = format!("{text}COMMIT;\n");
    let in_the_middle = text.replace("INSERT INTO shop.items VALUES (4000,", "COMMIT; INSERT INTO shop.items VALUES (4000,");
    let shorter = &text[..text.len() / 2];
    for other in [at_the_end.as_str(), &in_the_middle, shorter, ""] {
        fs::write(&path, other).expect("it can be written");
        assert_eq!(start().expect_err("it has changed").to_string(), changed);
        let mut client = client(database.url());
        assert_eq!(client.query_one("SELECT count(*) FROM shop.items", &[]).expect("a count").get::<_, i64>(0), 0);
        assert!(dump(&mut client)["elyos.seeds"].is_empty());
    }
    fs::remove_file(&path).expect("it can be removed");
    assert_eq!(
        start().expect_err("it has gone").to_string(),
        "seed items failed: seeds/items.sql cannot be read: No such file or directory (os error 2)\n  \
         = help: nothing of it was kept; it has to be there, and this user has to have the right to read it"
    );
    fs::write(&path, &text).expect("it can be written");
    assert_eq!(start().expect("it is as it was").applied(StepKind::Seed), 2);
}

#[test]
fn what_a_file_sets_holds_to_its_end_and_literals_stay_what_they_are() {
    let many = repeated(3000, |n| format!("INSERT INTO items VALUES ({n}, 'back\\slash');\n"));
    let sql = format!("SET search_path = shop;\nSET standard_conforming_strings = off;\n{many}");
    let project = lines(1).seed("items", &[], &sql);
    let folder = project.write();
    for bundle in [load(folder.path()).expect("in order"), load_with(folder.path(), 1).expect("in order")] {
        let database = database();
        Init::new(&bundle).database_url(database.url()).run().expect("the bundle applies");
        let sql = "SELECT count(*) FROM shop.items WHERE line = E'back\\\\slash'";
        assert_eq!(client(database.url()).query_one(sql, &[]).expect("a count").get::<_, i64>(0), 3000);
    }
}
