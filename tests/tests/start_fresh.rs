//! A start on an empty database, again on a full one, and the administrator's address.

use elyos_runtime::prelude::*;
use elyos_runtime::{Action, ELYOS, Event, Outcome, StepKind};
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{assert_same, data, dump, sequences_behind};
use elyos_tests::{client, database, seeded};
use serde_json::Value;

/// A start of ElyOS that does not look at this process's environment.
fn start(url: &str) -> Init<'static> {
    Init::new(&ELYOS).database_url(url).admin_email("")
}

fn admin_email(url: &str) -> String {
    client(url).query_one("SELECT email FROM auth.users WHERE id = 1", &[]).expect("the administrator").get(0)
}

#[test]
fn a_fresh_start_applies_every_step_once_and_reports_it() {
    let database = database();
    let report = start(database.url()).run().expect("the bundle applies");

    assert_eq!(report.outcome, Outcome::Applied);
    assert_eq!(report.applied(StepKind::Schema), 3);
    assert_eq!(report.applied(StepKind::Extension), 1);
    assert_eq!(report.applied(StepKind::Migration), ELYOS.migration_names().count());
    assert_eq!(report.applied(StepKind::Seed), 25);
    assert_eq!(report.applied(StepKind::Procedure), 5);
    assert_eq!((report.applied(StepKind::AdminEmail), report.applied(StepKind::Truncate)), (0, 0));
    let order: Vec<StepKind> = report.steps.iter().map(|step| step.kind).collect();
    let mut sorted = order.clone();
    sorted.dedup();
    assert_eq!(sorted, [StepKind::Schema, StepKind::Extension, StepKind::Migration, StepKind::Seed, StepKind::Procedure]);
    let seeds: Vec<&str> = report.steps.iter().filter(|step| step.kind == StepKind::Seed).map(|step| &*step.name).collect();
    assert_eq!(seeds, ELYOS.seed_names().collect::<Vec<_>>(), "in the order in which they run");

    let mut client = client(database.url());
    let seeds = client.query("SELECT name, rows_changed, times_applied FROM elyos.seeds", &[]).expect("the ledger");
    assert_eq!(seeds.len(), 25);
    for row in seeds {
        let (name, rows, times): (String, i64, i64) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(times, 1, "{name}");
        let step = report.steps.iter().find(|step| step.kind == StepKind::Seed && step.name == name).expect("a step");
        assert_eq!(step.rows, u64::try_from(rows).ok(), "{name}");
        assert!(rows > 0, "{name} brings rows");
    }
    // Where seeds only insert, what they report is what is there.
    for (seed, table) in [("users", "auth.users"), ("roles", "auth.roles"), ("apps", "platform.apps"), ("locales", "platform.locales")] {
        let count: i64 = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).expect("a count").get(0);
        let step = report.steps.iter().find(|step| step.kind == StepKind::Seed && step.name == seed).expect("a step");
        assert_eq!(step.rows, u64::try_from(count).ok(), "{seed}");
    }
    let state = client.query_one("SELECT revision, digest, admin_email FROM elyos.state", &[]).expect("the ledger");
    assert_eq!(state.get::<_, Option<i64>>(0), Some(ELYOS.revision()));
    assert_eq!(state.get::<_, Option<String>>(1), Some(ELYOS.digest()));
    assert_eq!(state.get::<_, Option<String>>(2), None);
    assert_eq!(sequences_behind(&mut client), Vec::<String>::new());
}

#[test]
fn a_restart_asks_one_query_after_connecting() {
    let (database, _db) = seeded();
    let before = dump(&mut client(database.url()));
    let proxy = Proxy::new(database.url());
    let report = start(&proxy.url()).run().expect("nothing is wrong");
    assert_eq!(report.outcome, Outcome::NothingToDo);
    assert!(report.steps.is_empty());
    let asked = proxy.requests();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].kind, 'Q');
    assert_eq!(proxy.connections(), 1);
    assert_same(&before, &dump(&mut client(database.url())));
}

#[test]
fn a_restart_with_the_same_address_asks_one_query_too() {
    let database = database();
    start(database.url()).admin_email("boss@example.org").run().expect("the bundle applies");
    let proxy = Proxy::new(database.url());
    let report = start(&proxy.url()).admin_email("boss@example.org").run().expect("nothing is wrong");
    assert_eq!((report.outcome, proxy.requests().len()), (Outcome::NothingToDo, 1));
    let report = start(&proxy.url()).run().expect("an unset address changes nothing");
    assert_eq!((report.outcome, proxy.requests().len()), (Outcome::NothingToDo, 2));
    assert_eq!(admin_email(database.url()), "boss@example.org");
}

#[test]
fn another_address_changes_just_that() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let mut before = data(&mut client);
    let ledger = "SELECT to_jsonb(s)::text FROM elyos.seeds AS s UNION ALL SELECT to_jsonb(p)::text FROM elyos.procedures AS p \
                  UNION ALL SELECT to_jsonb(m)::text FROM elyos.migrations AS m ORDER BY 1";
    let read = |client: &mut postgres::Client| -> Vec<String> {
        client.query(ledger, &[]).expect("the ledger").iter().map(|row| row.get(0)).collect()
    };
    let steps_before = read(&mut client);

    let report = start(database.url()).admin_email("  boss@example.org\n").run().expect("a good address");
    assert_eq!(report.outcome, Outcome::Applied);
    assert_eq!(report.applied(StepKind::AdminEmail), 1);
    assert_eq!(report.applied(StepKind::Seed), 0);
    assert_eq!(report.skipped(StepKind::Seed), 25);
    assert!(report.steps.iter().filter(|step| step.kind == StepKind::Seed).all(|step| step.action == Action::Unchanged));

    assert_eq!(admin_email(database.url()), "boss@example.org");
    let rows = before.get_mut("auth.users").expect("users");
    let admin = rows.iter_mut().find(|row| row["id"] == 1).expect("the administrator");
    assert_eq!(admin["email"], "admin@example.com");
    admin["email"] = Value::from("boss@example.org");
    assert_same(&before, &data(&mut client));
    assert_eq!(steps_before, read(&mut client));
}

#[test]
fn seeding_again_does_not_undo_the_address() {
    let database = database();
    start(database.url()).admin_email("boss@example.org").run().expect("the bundle applies");
    let report = start(database.url()).seed(&Selection::all()).expect("seeds can run again");
    assert_eq!(report.applied(StepKind::Seed), 25);
    assert_eq!(admin_email(database.url()), "boss@example.org");
    start(database.url()).seed(&Selection::all().only_seeds(["users"])).expect("a seed can run again");
    assert_eq!(admin_email(database.url()), "boss@example.org");
}

#[test]
fn a_reset_brings_the_seeded_address_back_and_the_next_start_the_wanted_one() {
    let database = database();
    start(database.url()).admin_email("boss@example.org").run().expect("the bundle applies");
    start(database.url()).reset(true).run().expect("a reset");
    assert_eq!(admin_email(database.url()), "admin@example.com");
    let report = start(database.url()).admin_email("boss@example.org").run().expect("a start");
    assert_eq!(report.applied(StepKind::AdminEmail), 1, "the reset has undone it");
    assert_eq!(admin_email(database.url()), "boss@example.org");
    start(database.url()).admin_email("boss@example.org").reset(true).run().expect("a reset with the address");
    assert_eq!(admin_email(database.url()), "boss@example.org");
}

#[test]
fn an_empty_address_is_an_unset_one() {
    let database = database();
    for empty in ["", "   ", "\t\n"] {
        start(database.url()).admin_email(empty).run().expect("the bundle applies");
        assert_eq!(admin_email(database.url()), "admin@example.com");
    }
}

#[test]
fn a_bad_address_is_refused_before_anything_runs() {
    let database = database();
    let proxy = Proxy::new(database.url());
    let error = start(&proxy.url()).admin_email("not an address").run().expect_err("no address");
    assert!(error.is_usage());
    assert_eq!(
        error.to_string(),
        "ADMIN_USER_EMAIL is not an e-mail address\n  \
         = help: it takes one address, as in admin@example.com; leave it empty to keep the seeded one"
    );
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn an_address_that_another_user_has_is_refused_and_nothing_changes() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    client.execute("INSERT INTO auth.users (full_name, email) VALUES ('Other', 'taken@example.org')", &[]).expect("another user");
    let before = dump(&mut client);
    let error = start(database.url()).admin_email("taken@example.org").run().expect_err("it is taken");
    assert_eq!(
        error.to_string(),
        "the address in ADMIN_USER_EMAIL already belongs to another row of auth.users\n  \
         = help: choose another address, or change that row's first"
    );
    assert!(error.is_unique_violation() && error.is_refused_by_database());
    assert_same(&before, &dump(&mut client));
}

#[test]
fn an_administrator_who_is_not_there_is_named() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    client.batch_execute("TRUNCATE auth.users CASCADE").expect("it can be emptied");
    let before = dump(&mut client);
    let error = start(database.url()).admin_email("boss@example.org").run().expect_err("nobody to set it for");
    assert_eq!(
        error.to_string(),
        "ADMIN_USER_EMAIL is set, but auth.users has no row with id = 1\n  \
         = help: [admin] in seeds.toml names the row: one of the seeds should bring it"
    );
    assert_same(&before, &dump(&mut client));
}

#[test]
fn what_happens_is_told_in_order() {
    let database = database();
    let mut told = Vec::new();
    let report = start(database.url())
        .admin_email("boss@example.org")
        .observe(|event| {
            told.push(match event {
                Event::Connected { server_version, .. } => {
                    assert!(server_version.starts_with(|c: char| c.is_ascii_digit()), "{server_version}");
                    "connected".to_owned()
                }
                Event::Started { kind, name, done, total, .. } => {
                    assert!(done < total, "{name}: {done} of {total}");
                    format!("started {kind} {name}")
                }
                Event::Finished { step, .. } => format!("finished {} {}", step.kind, step.name),
                other => format!("{other:?}"),
            });
        })
        .run()
        .expect("the bundle applies");

    assert_eq!(told[..3], ["connected", "started schema auth", "finished schema auth"]);
    assert_eq!(told.last().map(String::as_str), Some("finished admin e-mail auth.users"));
    let finished: Vec<String> = told.iter().filter_map(|line| line.strip_prefix("finished ")).map(str::to_owned).collect();
    let steps: Vec<String> = report.steps.iter().map(|step| format!("{} {}", step.kind, step.name)).collect();
    assert_eq!(finished, steps);
    for kind in ["schema", "extension", "migration", "seed", "procedure"] {
        let first = |verb: &str| told.iter().position(|line| line.starts_with(&format!("{verb} {kind} ")));
        assert!(first("started") < first("finished") && first("started").is_some(), "{kind}: {told:?}");
    }
}

#[test]
fn the_report_is_a_sentence_and_data() {
    let database = database();
    let report = start(database.url()).admin_email("boss@example.org").run().expect("the bundle applies");
    let sentence = report.to_string();
    assert!(
        sentence.starts_with("applied 3 schemas, 1 extension, 1 migration, 25 seeds, 5 procedures, 1 administrator's e-mail in "),
        "{sentence}"
    );
    let json = serde_json::to_value(&report).expect("it serialises");
    assert_eq!(json["outcome"], "applied");
    assert_eq!(json["steps"].as_array().map(Vec::len), Some(report.steps.len()));
    let seed = json["steps"].as_array().and_then(|steps| steps.iter().find(|step| step["name"] == "locales")).expect("the seed");
    assert_eq!((&seed["kind"], &seed["action"], &seed["rows"]), (&Value::from("seed"), &Value::from("applied"), &Value::from(2)));
    assert!(seed["elapsed_ms"].as_f64().is_some_and(|elapsed| elapsed >= 0.0));
    let sum: f64 = report.steps.iter().map(|step| step.elapsed.as_secs_f64()).sum();
    assert!(sum <= report.elapsed.as_secs_f64(), "the steps took {sum} s of {:?}", report.elapsed);

    let again = start(database.url()).run().expect("nothing is wrong");
    assert!(again.to_string().starts_with("nothing to do: the database is up to date ("), "{again}");
    assert_eq!(serde_json::to_value(&again).expect("it serialises")["outcome"], "nothing_to_do");
}

#[tokio::test]
async fn a_start_on_the_thread_of_a_current_thread_runtime_works() {
    let database = database();
    assert_eq!(start(database.url()).run().expect("the bundle applies").outcome, Outcome::Applied);
    assert_eq!(start(database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_worker_of_a_runtime_works() {
    let database = database();
    let url = database.url().to_owned();
    // On a worker thread, and on the one that blocks on the runtime.
    let report = tokio::spawn(async move { start(&url).run() }).await.expect("no panic").expect("the bundle applies");
    assert_eq!(report.outcome, Outcome::Applied);
    assert_eq!(start(database.url()).run().expect("nothing is wrong").outcome, Outcome::NothingToDo);
    assert!(start(database.url()).status().expect("the status").up_to_date);
}
