//! Many starts at once, and starts that are killed.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{ELYOS, Outcome};
use elyos_tests::bouncer::Bouncer;
use elyos_tests::proxy::Proxy;
use elyos_tests::snapshot::{Rows, assert_same, by_natural_keys, sequences_behind};
use elyos_tests::{client, database, seeded};
use serde_json::Value;

/// How many starts are killed, where it is not the usual few.
const KILLS: &str = "ELYOS_KILLS";

fn starter(url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_starter"))
        .env("DATABASE_URL", url)
        .env_remove("ADMIN_USER_EMAIL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints its report")
}

/// What an undisturbed start leaves.
fn undisturbed() -> Rows {
    let (database, _db) = seeded();
    by_natural_keys(&mut client(database.url()))
}

/// The database is the one that an undisturbed start leaves, ledger and sequences included.
fn assert_whole(url: &str, wanted: &Rows) {
    let mut client = client(url);
    assert_same(wanted, &by_natural_keys(&mut client));
    assert_eq!(sequences_behind(&mut client), Vec::<String>::new());
    let state = client.query_one("SELECT digest, revision FROM elyos.state", &[]).expect("the ledger");
    assert_eq!((state.get::<_, Option<String>>(0), state.get::<_, Option<i64>>(1)), (Some(ELYOS.digest()), Some(ELYOS.revision())));
    for (table, rows) in [
        ("migrations", ELYOS.migration_names().count()),
        ("seeds", ELYOS.seed_names().count()),
        ("procedures", ELYOS.procedure_names().count()),
        ("extensions", 1),
    ] {
        let count: i64 = client.query_one(&format!("SELECT count(*) FROM elyos.{table}"), &[]).expect("the ledger").get(0);
        assert_eq!(usize::try_from(count).ok(), Some(rows), "elyos.{table}");
    }
    for table in ["seeds", "procedures"] {
        let sql = format!("SELECT max(times_applied) FROM elyos.{table}");
        assert_eq!(client.query_one(&sql, &[]).expect("the ledger").get::<_, i64>(0), 1, "elyos.{table}");
    }
}

#[test]
fn of_twenty_starts_at_once_one_applies_every_step_once() {
    let wanted = undisturbed();
    let database = database();
    let running: Vec<Child> = (0..20).map(|_| starter(database.url())).collect();
    let mut outcomes: Vec<String> = running
        .into_iter()
        .map(|child| {
            let report = report(&child.wait_with_output().expect("it ends"));
            let outcome = report["outcome"].as_str().expect("an outcome").to_owned();
            let applied = report["steps"].as_array().expect("steps").iter().filter(|step| step["action"] == "applied").count();
            assert_eq!(applied > 0, outcome == "applied", "{report}");
            outcome
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes[0], "applied");
    assert!(outcomes[1..].iter().all(|outcome| outcome == "nothing_to_do"), "{outcomes:?}");
    assert_whole(database.url(), &wanted);
}

/// Each that waits would keep one of the pooler's connections, if it waited in a transaction, and leave none to work with.
#[test]
fn more_starts_than_a_pooler_has_connections_all_succeed() {
    if !Bouncer::is_installed() {
        return;
    }
    let wanted = undisturbed();
    let database = database();
    let bouncer = Bouncer::start(database.url(), 4);
    let proxy = Proxy::before_port(bouncer.port(), database.url());
    let running: Vec<Child> = (0..20).map(|_| starter(&proxy.url())).collect();
    let reports: Vec<Value> = running.into_iter().map(|child| report(&child.wait_with_output().expect("it ends"))).collect();
    assert_eq!(reports.iter().filter(|report| report["outcome"] == "applied").count(), 1);
    assert_whole(database.url(), &wanted);
}

/// A generator whose seed is printed, so that a failure can be repeated. Source: xorshift64*, G. Marsaglia and S. Vigna.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id()) | 1;
        println!("the random seed is {seed}");
        Self(seed)
    }

    fn below(&mut self, limit: Duration) -> Duration {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let fraction = f64::from(u32::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32).expect("32 bits")) / f64::from(u32::MAX);
        limit.mul_f64(fraction)
    }
}

#[test]
fn a_killed_start_is_finished_by_the_next() {
    let kills: usize = std::env::var(KILLS).map_or(5, |kills| kills.parse().expect("a number of kills"));
    let wanted = undisturbed();
    let whole = {
        let database = database();
        let started = Instant::now();
        report(&starter(database.url()).wait_with_output().expect("it ends"));
        started.elapsed()
    };
    let mut random = Random::new();
    let mut killed = 0;
    for _ in 0..kills {
        let database = database();
        let mut child = starter(database.url());
        let moment = random.below(whole);
        std::thread::sleep(moment);
        child.kill().expect("it can be killed");
        let output = child.wait_with_output().expect("it ends");
        killed += usize::from(!output.status.success());
        println!("killed after {moment:?} of {whole:?}: {}", output.status);
        let next = Init::new(&ELYOS).database_url(database.url()).admin_email("").run().expect("the next start finishes the work");
        assert!(matches!(next.outcome, Outcome::Applied | Outcome::NothingToDo));
        assert_whole(database.url(), &wanted);
        let last = Init::new(&ELYOS).database_url(database.url()).admin_email("").run().expect("nothing is wrong");
        assert_eq!(last.outcome, Outcome::NothingToDo);
    }
    assert!(killed > 0 || kills < 5, "not one start was killed before its end");
}

#[test]
fn a_connection_lost_before_any_request_costs_nothing() {
    let wanted = undisturbed();
    let start = |url: &str| Init::new(&ELYOS).database_url(url).admin_email("").connect_timeout(Duration::from_secs(5)).run();
    let requests: Vec<usize> = {
        let database = database();
        let proxy = Proxy::new(database.url());
        start(&proxy.url()).expect("the bundle applies");
        let messages = proxy.messages();
        (0..messages.len()).filter(|number| matches!(messages[*number].kind, 'Q' | 'P')).collect()
    };
    assert!(requests.len() > 10, "{requests:?}");
    for number in requests {
        let database = database();
        let proxy = Proxy::new(database.url());
        proxy.cut_before(number);
        match start(&proxy.url()) {
            Ok(report) => assert_eq!(report.outcome, Outcome::Applied),
            Err(error) => assert!(error.is_connection(), "cut before message {number}: {error}"),
        }
        start(database.url()).expect("the next start finishes the work");
        assert_whole(database.url(), &wanted);
    }
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_done_by_the_next_start() {
    let wanted = undisturbed();
    // Its messages are always the same: a slow start would ask from another connection who is in its way.
    let start = |url: &str| Init::new(&ELYOS).database_url(url).admin_email("").migration_lock_timeout(Duration::from_hours(1)).run();
    let commits: Vec<usize> = {
        let database = database();
        let proxy = Proxy::new(database.url());
        start(&proxy.url()).expect("the bundle applies");
        let messages = proxy.messages();
        (0..messages.len()).filter(|number| messages[*number].text.ends_with("COMMIT")).collect()
    };
    assert_eq!(commits.len(), 3, "what is prepared, one migration, the seeds");
    for (index, number) in commits.into_iter().enumerate() {
        let database = database();
        let proxy = Proxy::new(database.url());
        proxy.cut_after(number);
        let error = start(&proxy.url()).expect_err("no answer came");
        assert!(error.is_connection() && error.to_string().starts_with("committing: "), "{error}");
        let next = start(database.url()).expect("the next start goes on");
        assert_eq!(next.outcome, if index == 2 { Outcome::NothingToDo } else { Outcome::Applied });
        assert_whole(database.url(), &wanted);
    }
}

#[test]
fn starts_killed_one_after_another_are_finished_by_the_last() {
    let wanted = undisturbed();
    let database = database();
    let mut random = Random::new();
    for _ in 0..4 {
        let mut children: Vec<Child> = (0..3).map(|_| starter(database.url())).collect();
        std::thread::sleep(random.below(Duration::from_millis(150)));
        for child in &mut children {
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
        }
    }
    report(&starter(database.url()).wait_with_output().expect("it ends"));
    assert_whole(database.url(), &wanted);
}

#[test]
fn the_comparison_by_natural_keys_sees_what_differs() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let before = by_natural_keys(&mut client);
    assert!(before.len() > 30 && before["auth.role_permissions"].len() > 20, "{:?}", before.keys());
    // Another id and another time are no difference …
    client
        .batch_execute(
            "BEGIN; UPDATE auth.users SET updated_at = now() + interval '1 day'; CREATE TEMP TABLE kept AS SELECT * FROM auth.user_groups; DELETE FROM auth.user_groups; \
             CREATE TEMP TABLE kept2 AS SELECT * FROM auth.group_permissions; DELETE FROM auth.group_permissions; \
             CREATE TEMP TABLE kept3 AS SELECT * FROM auth.group_app_access; DELETE FROM auth.group_app_access; \
             UPDATE auth.groups SET id = id + 1000; \
             UPDATE kept SET group_id = group_id + 1000; INSERT INTO auth.user_groups SELECT * FROM kept; \
             UPDATE kept2 SET group_id = group_id + 1000; INSERT INTO auth.group_permissions SELECT * FROM kept2; \
             UPDATE kept3 SET group_id = group_id + 1000; INSERT INTO auth.group_app_access SELECT * FROM kept3; COMMIT",
        )
        .expect("groups with other ids");
    assert_same(&before, &by_natural_keys(&mut client));
    assert_ne!(sequences_behind(&mut client), Vec::<String>::new(), "the sequence of the groups is behind now");
    // … but another membership is.
    client
        .execute("DELETE FROM auth.group_permissions WHERE ctid = (SELECT min(ctid) FROM auth.group_permissions)", &[])
        .expect("one less");
    assert_ne!(before, by_natural_keys(&mut client));
}
