//! What of the seeds' transaction makes others queue while it waits for a lock: a reset, procedures, seeds that change tables.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Bundle, Event, Outcome, StepKind};
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, client, database};
use postgres::Client;

const TEA: &str = "INSERT INTO goods VALUES ('tea', 3) ON CONFLICT (name) DO UPDATE SET price = EXCLUDED.price;";

fn shop() -> Project {
    Project::new()
        .migration("0001_goods", "CREATE TABLE goods (name text PRIMARY KEY, price int);\nCREATE TABLE offers (name text);")
        .seed("goods", &[], TEA)
        .procedure("one", "CREATE OR REPLACE FUNCTION public.one() RETURNS int LANGUAGE sql AS 'SELECT 1';")
        .table("[truncate]", "order = [\"public.goods\"]")
}

/// A start that gives up soon.
fn quick<'b>(bundle: &'b Bundle, url: &str) -> Init<'b> {
    Init::new(bundle)
        .database_url(url)
        .migration_lock_timeout(Duration::from_millis(400))
        .migration_lock_deadline(Duration::from_millis(900))
}

/// Somebody who has done something in a transaction that is left open: the connection, and how it is told.
fn stranger(url: &str, sql: &str) -> (Client, String) {
    let mut config: postgres::Config = url.parse().expect("a URL");
    let mut client = config.application_name("a stranger").connect(postgres::NoTls).expect("the database is there");
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).expect("its pid").get(0);
    client.batch_execute("BEGIN").expect("a transaction");
    client.batch_execute(sql).expect("it works");
    (client, format!("pid {pid}, application_name \"a stranger\", idle in transaction, its last query: {sql}"))
}

/// A step that others are in the way of: what they have done, the bundle, whether it is a reset, and how its error begins and goes on.
struct Way {
    theirs: &'static str,
    project: Project,
    reset: bool,
    step: &'static str,
    place: &'static str,
}

/// A procedure with another result is dropped first, once the server has said so; which newer servers say only when nobody else is at
/// the function any more (15.20 does, 15.18 did not).
fn another_result(theirs: &'static str, sql: &str) -> Way {
    let project = shop().procedure("one", sql);
    let database = database();
    Init::new(&shop().load()).database_url(database.url()).run().expect("the first release");
    let _holder = stranger(database.url(), theirs);
    let refused = client(database.url()).batch_execute(&format!("SET lock_timeout = '100ms'; {sql}")).expect_err("its result is another");
    if refused.code() == Some(&postgres::error::SqlState::LOCK_NOT_AVAILABLE) {
        let place = "\n --> procedures/one.sql:1:1\n  |\n1 | CREATE OR REPLACE FUNCTION public.one() RETURNS bigint LANGUAGE sql AS 'SELECT 2';\n  | \
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |";
        return Way { theirs, project, reset: false, step: "procedure one", place };
    }
    Way { theirs, project, reset: false, step: "dropping public.one()", place: "" }
}

fn ways() -> Vec<Way> {
    let one = "CREATE OR REPLACE FUNCTION public.one() RETURNS int LANGUAGE sql AS 'SELECT 2';";
    let replaced = "CREATE OR REPLACE FUNCTION public.one() RETURNS int LANGUAGE sql AS 'SELECT 3'";
    vec![
        Way { theirs: "SELECT FROM goods", project: shop(), reset: true, step: "emptying the tables that [truncate] lists", place: "" },
        Way {
            theirs: replaced,
            project: shop().procedure("one", one),
            reset: false,
            step: "procedure one",
            place: "\n --> procedures/one.sql:1:1\n  |\n1 | CREATE OR REPLACE FUNCTION public.one() RETURNS int LANGUAGE sql AS 'SELECT 2';\n  | \
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |",
        },
        another_result(replaced, &one.replace("int", "bigint")),
        Way {
            theirs: "SELECT FROM offers",
            project: shop().seed("offers", &["goods"], "-- anew\nTRUNCATE offers;\nINSERT INTO offers VALUES ('tea');"),
            reset: false,
            step: "seed offers",
            place: "\n --> seeds/offers.sql:2:1\n  |\n2 | TRUNCATE offers;\n  | ^^^^^^^^^^^^^^^\n  |",
        },
    ]
}

#[test]
fn whoever_is_in_the_way_is_named_and_nothing_is_left_until_they_have_ended() {
    for Way { theirs, project, reset, step, place } in ways() {
        let database = database();
        let url = database.url();
        Init::new(&shop().load()).database_url(url).run().expect("the first release");
        let before = dump(&mut client(url));
        let (holder, who) = stranger(url, theirs);
        // The seed changes with each, so that there is something to roll back.
        let bundle = project.seed("goods", &[], &TEA.replace('3', "4")).load();
        let mut told = Vec::new();
        let error = quick(&bundle, url)
            .reset(reset)
            .observe(|event| {
                if let Event::Blocked { name, attempts, blockers, .. } = event {
                    told.push(((*name).to_owned(), *attempts, blockers.to_vec()));
                }
            })
            .run()
            .expect_err("they are in the way");
        let attempts = told.len();
        assert!(attempts >= 2, "{told:?}");
        for (number, told) in told.iter().enumerate() {
            assert_eq!(*told, (step.to_owned(), number + 1, vec![who.clone()]));
        }
        let text = error.to_string();
        let (title, rest) = text.split_once(": before").expect("a title and who it is");
        // A busy machine takes longer to see that the time is over.
        assert!(
            ["less than a second", "1 second", "2 seconds", "3 seconds", "4 seconds"]
                .map(|time| format!("{step} was given no lock for {time}, in {attempts} attempts"))
                .contains(&title.to_owned()),
            "{text}"
        );
        let help = "  = help: nothing of this transaction is left; start again when the others have ended\n  \
                    = help: to end another's session: SELECT pg_terminate_backend(its pid)";
        assert_eq!(rest, format!(" it is {who}{place}\n{help}"));
        assert!(error.is_refused_by_database());
        assert_same(&before, &dump(&mut client(url)));

        // Given up, it lets the next attempt through; what the attempts before it did is in the report once.
        let mut holder = Some(holder);
        let report = Init::new(&bundle)
            .database_url(url)
            .reset(reset)
            .migration_lock_timeout(Duration::from_millis(100))
            .observe(|event| {
                if matches!(event, Event::Blocked { .. }) {
                    drop(holder.take());
                }
            })
            .run()
            .expect("it goes on");
        assert!(holder.is_none(), "it was never in the way");
        let seeds: Vec<&str> = report.steps.iter().filter(|step| step.kind == StepKind::Seed).map(|step| &*step.name).collect();
        assert_eq!(seeds, bundle.seed_names().collect::<Vec<_>>(), "{report}");
        assert_eq!(report.applied(StepKind::Truncate), usize::from(reset));
        assert_eq!(Init::new(&bundle).database_url(url).run().expect("all is done").outcome, Outcome::NothingToDo);
    }
}

#[test]
fn what_a_start_did_before_it_waited_takes_nothing_of_the_time_to_try_again() {
    let database = database();
    let url = database.url();
    Init::new(&shop().load()).database_url(url).run().expect("the first release");
    let mut holder = Some(stranger(url, "SELECT FROM offers"));
    let bundle = shop()
        .seed("goods", &[], &format!("SELECT pg_sleep(1.5);\n{TEA}"))
        .seed("offers", &["goods"], "TRUNCATE offers;\nINSERT INTO offers VALUES ('tea');")
        .load();
    let report = quick(&bundle, url)
        .observe(|event| {
            if matches!(event, Event::Blocked { .. }) {
                drop(holder.take());
            }
        })
        .run()
        .expect("it goes on");
    assert!(holder.is_none(), "it was never in the way");
    assert_eq!(report.outcome, Outcome::Applied);
}

#[test]
fn the_application_does_not_queue_behind_a_reset_that_waits() {
    let database = database();
    let url = database.url();
    let bundle = shop().load();
    Init::new(&bundle).database_url(url).run().expect("the first release");
    let (mut holder, _) = stranger(url, "SELECT FROM goods");
    thread::scope(|scope| {
        let start =
            scope.spawn(|| Init::new(&bundle).database_url(url).reset(true).migration_lock_timeout(Duration::from_millis(300)).run());
        let mut application = client(url);
        let waits = "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'goods'::regclass AND mode = 'AccessExclusiveLock'";
        let deadline = Instant::now() + Duration::from_secs(20);
        while !application.query_one(waits, &[]).expect("a truth value").get::<_, bool>(0) {
            assert!(Instant::now() < deadline, "it never waited");
        }
        // Queued behind the reset, and let through when that gives up, though the holder is still there.
        let rows = application.query("SELECT * FROM goods", &[]).expect("it reads");
        assert_eq!(rows.len(), 1, "nothing is emptied");
        holder.batch_execute("COMMIT").expect("it ends");
        start.join().expect("no panic").expect("it goes on");
    });
}

#[test]
fn a_seed_waits_for_who_has_written_its_row_as_long_as_that_takes() {
    let database = database();
    let url = database.url();
    Init::new(&shop().load()).database_url(url).run().expect("the first release");
    let (mut holder, _) = stranger(url, "UPDATE goods SET price = 9");
    let bundle = shop().seed("goods", &[], &TEA.replace('3', "4")).load();
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let start = scope.spawn(|| {
            quick(&bundle, url)
                .migration_lock_timeout(Duration::from_millis(50))
                .observe(move |event| {
                    if matches!(event, Event::Blocked { .. }) {
                        tell.send(()).expect("the test listens");
                    }
                })
                .run()
                .map(drop)
        });
        thread::sleep(Duration::from_millis(1500));
        holder.batch_execute("COMMIT").expect("it ends");
        start.join().expect("no panic").expect("it goes on");
    });
    assert!(told.recv().is_err(), "behind who waits for a row nobody queues who does not want to write it");
    let price: i32 = client(url).query_one("SELECT price FROM goods", &[]).expect("a row").get(0);
    assert_eq!(price, 4);
}
