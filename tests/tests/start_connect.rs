//! Connections that cannot be made, servers that are not fit, and passwords that are in no text.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{ELYOS, Event, Outcome};
use elyos_tests::proxy::{Answer, Fault, Proxy};
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, client, database, seeded};

const PASSWORD: &str = "hunter2-s3cret";

fn start(url: &str) -> Init<'static> {
    Init::new(&ELYOS).database_url(url).admin_email("").connect_timeout(Duration::from_millis(300))
}

/// The error of a start; no form of it holds the password.
fn error(init: Init<'_>) -> Error {
    assert!(!format!("{init:?}").contains(PASSWORD));
    let error = init.run().expect_err("it cannot start");
    let mut source: Option<&dyn std::error::Error> = Some(&error);
    while let Some(cause) = source {
        assert!(!cause.to_string().contains(PASSWORD) && !format!("{cause:?}").contains(PASSWORD), "{cause:?}");
        source = cause.source();
    }
    error
}

/// A URL to the proxy, with the password in it.
fn url(proxy: &Proxy) -> String {
    format!("postgresql://ann:{PASSWORD}@127.0.0.1:{}/shop", proxy.port())
}

fn target(proxy: &Proxy) -> String {
    format!("postgresql://ann@127.0.0.1:{}/shop", proxy.port())
}

#[test]
fn a_url_that_cannot_be_used_is_refused_without_being_repeated() {
    let form = "it does not have the form of a PostgreSQL URL or uses a parameter that is not known";
    for (url, why) in [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("mysql://ann:hunter2-s3cret@h/d", form),
        ("hunter2-s3cret", form),
        ("postgresql://ann:hunter2-s3cret@h:port/d", form),
        ("postgresql://ann:hunter2-s3cret@h:99999/d", form),
        ("postgresql://h/d?hunter2-s3cret=1", form),
        ("postgresql:///d", "it names no host"),
        ("user=ann password=hunter2-s3cret", "it names no host"),
    ] {
        let error = error(start(url));
        assert_eq!(
            error.to_string(),
            format!(
                "the database URL cannot be used: {why}\n  = help: the form is postgresql://user:password@host:5432/database, with \
                 special characters percent-encoded"
            ),
            "{url}"
        );
        assert!(error.is_usage() && !error.is_connection(), "{url}");
    }
}

#[test]
fn a_port_where_nobody_listens_is_tried_until_the_deadline() {
    // Bound and given back: nobody listens there now.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its own address").port();
    let mut waited = Vec::new();
    let started = Instant::now();
    let url = format!("postgresql://ann:{PASSWORD}@127.0.0.1:{port}/shop");
    let error = error(start(&url).observe(|event| {
        if let Event::Waiting { reason, .. } = event {
            waited.push(reason.clone());
        }
    }));
    assert!(started.elapsed() >= Duration::from_millis(290) && started.elapsed() < Duration::from_secs(3));
    let text = format!(
        "could not connect to postgresql://ann@127.0.0.1:{port}/shop: error connecting to server: Connection refused (os error 111) \
         (tried for less than a second)\n  = help: is the server running, and do the host and the port of the URL lead to it?"
    );
    assert_eq!(error.to_string(), text);
    assert!(error.is_connection() && !error.is_refused_by_database());
    assert!(waited.len() >= 2, "{waited:?}");
    assert!(waited.iter().all(|reason| *reason == text), "{waited:?}");
}

#[test]
fn what_does_not_pass_is_not_tried_again() {
    for (code, message, text) in [
        (
            "28P01",
            "password authentication failed for user \"ann\"",
            "the server refused the password\n  = help: check the user and the password in the URL",
        ),
        (
            "28000",
            "no pg_hba.conf entry for host \"127.0.0.1\", user \"ann\", database \"shop\", no encryption",
            "no pg_hba.conf entry for host \"127.0.0.1\", user \"ann\", database \"shop\", no encryption\n  \
             = help: the server's pg_hba.conf or the role's attributes do not let this user in from here",
        ),
        (
            "3D000",
            "database \"shop\" does not exist",
            "database \"shop\" does not exist\n  = help: create it first: Elyos fills a database, it does not create one",
        ),
        ("42501", "permission denied for database \"shop\"", "permission denied for database \"shop\""),
    ] {
        let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
        proxy.answer([Answer::Refuse(code, message.to_owned())]);
        let error = error(start(&url(&proxy)));
        assert_eq!(error.to_string(), format!("could not connect to {}: {text}", target(&proxy)));
        assert_eq!((error.code(), proxy.connections()), (Some(code), 1));
        assert!(error.is_connection());
    }
}

#[test]
fn a_password_that_is_asked_for_and_not_given_is_missed() {
    let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
    proxy.answer([Answer::AskPassword]);
    let port = proxy.port();
    let error = error(start(&format!("postgresql://ann@127.0.0.1:{port}/shop")));
    assert_eq!(
        error.to_string(),
        format!(
            "could not connect to postgresql://ann@127.0.0.1:{port}/shop: the server asks for a password, and the URL holds none\n  \
             = help: put it into the URL, as in postgresql://user:password@host:5432/database"
        )
    );
    assert_eq!(proxy.connections(), 1);
}

#[test]
fn what_may_pass_is_tried_again_until_it_has() {
    let (database, _db) = seeded();
    let proxy = Proxy::new(database.url());
    proxy.answer([
        Answer::Refuse("57P03", "the database system is starting up".to_owned()),
        Answer::Close,
        Answer::Refuse("53300", "sorry, too many clients already".to_owned()),
        Answer::Refuse("57P01", "terminating connection due to administrator command".to_owned()),
    ]);
    let mut waited = 0;
    let init = start(&proxy.url()).connect_timeout(Duration::from_secs(20)).observe(|event| {
        waited += usize::from(matches!(event, Event::Waiting { .. }));
    });
    assert_eq!(init.run().expect("the server is there in the end").outcome, Outcome::NothingToDo);
    assert_eq!((proxy.connections(), waited), (5, 4));
}

/// What a pooler says that has let the client in, and has no server: an error to the first question.
fn no_server() -> Fault {
    let message = "server login has been failing, try again later (server_login_retry)";
    Fault::Replace(format!("DO $$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '08P01'; END $$"))
}

#[test]
fn a_pooler_that_lets_in_before_its_server_is_there_is_tried_again() {
    let (database, _db) = seeded();
    let faults: [fn() -> Fault; 2] = [no_server, || Fault::CutBefore];
    for fault in faults {
        for verify in [false, true] {
            let proxy = Proxy::new(database.url());
            proxy.fault_at(0, fault());
            let mut reasons = Vec::new();
            let init = start(&proxy.url()).connect_timeout(Duration::from_secs(20)).verify_only(verify).observe(|event| {
                if let Event::Waiting { reason, .. } = event {
                    reasons.push(reason.clone());
                }
            });
            assert_eq!(init.run().expect("the server is there in the end").outcome, Outcome::NothingToDo);
            assert!(proxy.is_done() && reasons.len() == 1, "{reasons:?}");
            assert!(reasons[0].starts_with("could not connect to postgresql://postgres@127.0.0.1:"), "{reasons:?}");
        }
        let proxy = Proxy::new(database.url());
        proxy.fault_at(0, fault());
        assert!(start(&proxy.url()).connect_timeout(Duration::from_secs(20)).status().expect("the server is there").up_to_date);
        // The URL for the work may lead through another pooler.
        let proxy = Proxy::new(database.url());
        proxy.fault_at(0, fault());
        let init = start(database.url()).migration_database_url(proxy.url()).connect_timeout(Duration::from_secs(20));
        init.seed(&Selection::all().only_seeds(["roles"])).expect("the server is there in the end");
    }
}

#[test]
fn a_pooler_whose_server_does_not_come_in_time_says_so() {
    let (database, _db) = seeded();
    let proxy = Proxy::new(database.url());
    proxy.fault_at(0, no_server());
    let error = error(start(&proxy.url()).connect_timeout(Duration::ZERO));
    assert_eq!(
        error.to_string(),
        format!(
            "could not connect to {}: server login has been failing, try again later (server_login_retry) (tried for less than a second)\n  \
             = help: a pooler answered: is the server behind it running, and may the pooler log in there?",
            proxy.url()
        )
    );
    assert!(error.is_connection());
}

#[test]
fn what_does_not_pass_in_time_says_what_it_was() {
    for (code, message, help) in [
        ("57P03", "the database system is starting up", "the server is there but not ready yet: try again when it is"),
        ("53300", "sorry, too many clients already", "all of the server's connections are taken: raise max_connections or use a pooler"),
    ] {
        let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
        proxy.answer(vec![Answer::Refuse(code, message.to_owned()); 50]);
        let error = error(start(&url(&proxy)));
        assert_eq!(
            error.to_string(),
            format!("could not connect to {}: {message} (tried for less than a second)\n  = help: {help}", target(&proxy))
        );
        assert!(proxy.connections() > 1);
    }
}

#[test]
fn a_last_attempt_that_gets_no_answer_does_not_hide_what_the_others_met() {
    let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
    proxy.answer([Answer::Refuse("53300", "sorry, too many clients already".to_owned()), Answer::Silence]);
    let error = error(start(&url(&proxy)));
    assert!(error.to_string().contains(": sorry, too many clients already (tried for less than a second)"), "{error}");
    assert_eq!((error.code(), proxy.connections()), (Some("53300"), 2));
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
    proxy.answer([Answer::Silence]);
    let started = Instant::now();
    let error = error(start(&url(&proxy)));
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(
        error.to_string(),
        format!(
            "could not connect to {}: nothing answered for less than a second\n  \
             = help: is it a PostgreSQL server that the host and the port of the URL lead to?",
            target(&proxy)
        )
    );
    assert!(error.is_connection());
}

#[test]
fn a_url_that_asks_for_tls_is_told_where_the_server_has_none() {
    let proxy = Proxy::new(elyos_tests::cluster().url("postgres").as_str());
    let error = error(start(&format!("{}?sslmode=require", url(&proxy))));
    assert_eq!(
        error.to_string(),
        format!(
            "could not connect to {}: the server offers no TLS, and the URL asks for it (sslmode=require)\n  \
             = help: turn `ssl` on in the server's postgresql.conf; or use sslmode=prefer where the connection may go without",
            target(&proxy)
        )
    );
    assert_eq!(proxy.connections(), 1);
}

#[test]
fn a_database_that_is_not_there_is_said_by_the_real_server_too() {
    let database = database();
    let missing = database.url().replace(database.name(), "no_such_database");
    let error = error(start(&missing));
    assert!(error.to_string().contains(": database \"no_such_database\" does not exist\n  = help: create it first"), "{error}");
    assert_eq!(error.code(), Some("3D000"));
}

#[test]
fn a_read_only_database_starts_when_it_is_up_to_date_and_is_refused_when_it_is_not() {
    let text = "the server is read-only, and the database is not up to date with the bundle\n  \
                = help: default_transaction_read_only is on for this role or database: turn it off for this work";
    let read_only = |database: &elyos_tests::TestDatabase| {
        let sql = format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name());
        client(database.url()).batch_execute(&sql).expect("it can be set");
    };
    let empty = database();
    read_only(&empty);
    let error = error(start(empty.url()));
    assert_eq!(error.to_string(), text);
    assert!(error.is_refused_by_database());
    assert!(dump(&mut client(empty.url())).is_empty());

    let (full, _db) = seeded();
    read_only(&full);
    assert_eq!(start(full.url()).run().expect("nothing has to be written").outcome, Outcome::NothingToDo);
    let refused = start(full.url()).admin_email("boss@example.org").run().expect_err("it has to be written");
    assert_eq!(refused.to_string(), text);
    let refused = start(full.url()).seed(&Selection::all()).expect_err("it has to be written");
    assert_eq!(refused.to_string(), text);
}

#[test]
fn a_server_older_than_asked_for_is_refused() {
    let database = database();
    let version: String = client(database.url()).query_one("SHOW server_version", &[]).expect("its version").get(0);
    let version = version.split(' ').next().unwrap_or_default();
    let error = error(start(database.url()).minimum_server(99));
    assert_eq!(error.to_string(), format!("the server is PostgreSQL {version}, and this needs 99 or later"));
    assert!(error.is_refused_by_database());
    assert!(dump(&mut client(database.url())).is_empty());
}

#[test]
fn a_role_without_rights_is_told_what_it_lacks() {
    let (as_role, suffix) = ("options=-c%20role%3Dpg_monitor", "  = help: grant the role what it lacks, or connect as one that has it");
    let empty = database();
    let error = error(start(&format!("{}?{as_role}", empty.url())));
    assert_eq!(
        error.to_string(),
        format!("creating the ledger in the schema elyos: permission denied for database {}\n{suffix}", empty.name())
    );
    assert!(error.is_insufficient_privilege() && error.is_refused_by_database() && !error.is_connection());
    assert!(dump(&mut client(empty.url())).is_empty());

    let (full, _db) = seeded();
    let before = dump(&mut client(full.url()));
    let error = start(&format!("{}?{as_role}", full.url())).run().expect_err("it may not read the ledger");
    assert_eq!(error.to_string(), format!("reading the ledger: permission denied for schema elyos\n{suffix}"));
    client(full.url())
        .batch_execute("GRANT USAGE ON SCHEMA elyos TO pg_monitor; GRANT SELECT ON elyos.state TO pg_monitor")
        .expect("a grant");
    let started = start(&format!("{}?{as_role}", full.url())).run().expect("it needs no more than to read one row");
    assert_eq!(started.outcome, Outcome::NothingToDo);
    assert_same(&before, &dump(&mut client(full.url())));
}

#[test]
fn a_schema_that_may_not_be_created_is_named() {
    let bundle = Project::new().head("schemas = [\"shop\"]").schema("CREATE TABLE shop.t (a int);").load();
    let database = database();
    Init::new(&Project::new().load()).database_url(database.url()).run().expect("the ledger alone");
    client(database.url())
        .batch_execute("GRANT USAGE ON SCHEMA elyos TO pg_monitor; GRANT ALL ON ALL TABLES IN SCHEMA elyos TO pg_monitor")
        .expect("a grant");
    let before = dump(&mut client(database.url()));
    let url = format!("{}?options=-c%20role%3Dpg_monitor", database.url());
    let error = Init::new(&bundle).database_url(url).run().expect_err("it may not");
    assert_eq!(
        error.to_string(),
        format!(
            "creating the schema shop: permission denied for database {}\n  = help: grant the role what it lacks, or connect as one that has it",
            database.name()
        )
    );
    assert_same(&before, &dump(&mut client(database.url())));
}

#[test]
fn an_extension_that_is_nowhere_is_named_with_its_package() {
    let bundle = Project::new().head("extensions = [\"no_such_thing\"]").schema("CREATE TABLE t (a int);").load();
    let database = database();
    let error = Init::new(&bundle).database_url(database.url()).run().expect_err("it is nowhere");
    assert_eq!(
        error.to_string(),
        "the server does not offer the extension `no_such_thing`, and the bundle brings nothing to stand in for it\n  \
         = help: install it on the server (on Debian the package is usually named postgresql-<version>-no-such-thing), or add \
         extensions/no_such_thing.sql to the bundle"
    );
    assert!(dump(&mut client(database.url())).is_empty());
}
