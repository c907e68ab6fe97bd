//! Health checks: asked of the server as seldom as promised, by one at a time, and told as it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use elyos_runtime::prelude::*;
use elyos_runtime::{Health, check_database_health, ensure_database_health};
use elyos_tests::proxy::{Fault, Proxy};
use elyos_tests::{client, database};

/// How often the server was asked.
fn asked(proxy: &Proxy) -> usize {
    proxy.messages().iter().filter(|message| message.kind == 'E').count()
}

fn version(url: &str) -> String {
    let version: String = client(url).query_one("SHOW server_version", &[]).expect("its version").get(0);
    version.split(' ').next().unwrap_or_default().to_owned()
}

/// Ends the connections through the proxy.
fn end_connections(url: &str) {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client(url).batch_execute(sql).expect("they can be ended");
}

#[test]
fn a_check_asks_each_time_and_says_what_it_found() {
    let database = database();
    let proxy = Proxy::new(database.url());
    let db = Db::connect(&proxy.url()).expect("it connects");
    for round in 1..=3 {
        let health: Health = check_database_health(&db).expect("it is healthy");
        assert_eq!((health.server_version.clone(), health.is_standby), (version(database.url()), false));
        assert!(health.latency.as_micros() > 0);
        assert_eq!(asked(&proxy), round);
        let data = serde_json::to_value(&health).expect("data");
        assert_eq!(data["latency_us"].as_u64().map(u128::from), Some(health.latency.as_micros()));
    }
    end_connections(database.url());
    let error = check_database_health(&db).expect_err("it is gone");
    assert!(error.is_connection(), "{error}");
}

#[test]
fn a_good_answer_is_kept_for_the_whole_program() {
    let database = database();
    let proxy = Proxy::new(database.url());
    // Each thread has a connection of its own, and they all come at once.
    let healthy = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let db = Db::connect(&proxy.url()).expect("it connects");
                for _ in 0..5 {
                    let health = ensure_database_health(&db).expect("it is healthy");
                    healthy.fetch_add(usize::from(!health.is_standby), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!((healthy.into_inner(), asked(&proxy)), (40, 1));
    // Another database is another matter.
    let other = elyos_tests::database();
    let second = Proxy::new(other.url());
    let db = Db::connect(&second.url()).expect("it connects");
    ensure_database_health(&db).expect("it is healthy");
    assert_eq!((asked(&proxy), asked(&second)), (1, 1));
}

#[test]
fn a_failure_is_told_to_who_waits_and_not_kept() {
    let database = database();
    let proxy = Proxy::new(database.url());
    let db = Db::connect(&proxy.url()).expect("it connects");
    end_connections(database.url());
    for _ in 0..2 {
        let error = ensure_database_health(&db).expect_err("it is gone");
        assert!(error.to_string().starts_with("the database is not healthy: "), "{error}");
        assert!(error.is_connection());
    }
    let again = Db::connect(&proxy.url()).expect("it connects");
    ensure_database_health(&again).expect("it is healthy again");
    assert_eq!(asked(&proxy), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn futures_wait_for_one_check_too() {
    let (database, proxy) = tokio::task::spawn_blocking(|| {
        let database = database();
        let proxy = Proxy::new(database.url());
        (database, proxy)
    })
    .await
    .expect("a database");
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let db = AsyncDb::connect(&proxy.url()).await.expect("it connects");
        tasks.push(tokio::spawn(async move {
            let first = ensure_database_health(&db).await;
            first.and(ensure_database_health(&db).await)
        }));
    }
    for task in tasks {
        task.await.expect("it ends").expect("it is healthy");
    }
    assert_eq!(asked(&proxy), 1);
    let db = AsyncDb::connect(&proxy.url()).await.expect("it connects");
    check_database_health(&db).await.expect("it is healthy");
    assert_eq!(asked(&proxy), 2);
    let url = database.url().to_owned();
    tokio::task::spawn_blocking(move || end_connections(&url)).await.expect("they are ended");
    let error = check_database_health(&db).await.expect_err("it is gone");
    assert!(error.is_connection(), "{error}");
    tokio::task::spawn_blocking(move || drop(database)).await.expect("it is dropped");
}

/// Both kinds of connections wait for one that asks a server which does not answer, and not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_ever_for_the_answer_of_another() {
    let (database, proxy, asking, waiting) = tokio::task::spawn_blocking(|| {
        let database = database();
        let proxy = Proxy::new(database.url());
        let connect = || Db::connect(&proxy.url()).expect("it connects");
        let (asking, waiting) = (connect(), connect());
        (database, proxy, asking, waiting)
    })
    .await
    .expect("connections");
    let future = AsyncDb::connect(&proxy.url()).await.expect("it connects");
    let (go_on, stopped) = mpsc::channel::<()>();
    let (is_stopped, stops) = mpsc::channel();
    let fault = Fault::Before(Box::new(move |_| {
        is_stopped.send(()).expect("it is waited for");
        let _ = stopped.recv();
    }));
    proxy.fault_at(proxy.messages().len(), fault);
    let asks = tokio::task::spawn_blocking(move || ensure_database_health(&asking));
    tokio::task::spawn_blocking(move || stops.recv().expect("it asks")).await.expect("it asks");
    let came = Instant::now();
    let waits = tokio::task::spawn_blocking(move || ensure_database_health(&waiting));
    let both =
        tokio::time::timeout(Duration::from_secs(20), async { [ensure_database_health(&future).await, waits.await.expect("it ends")] });
    for answer in both.await.expect("they do not wait for ever") {
        let error = answer.expect_err("nobody has answered");
        assert_eq!(error.to_string(), "the database is not healthy: nothing answered for 5 seconds");
        assert!(error.is_connection());
    }
    assert!(came.elapsed() < Duration::from_secs(10));
    drop(go_on);
    asks.await.expect("it ends").expect("it is healthy in the end");
    tokio::task::spawn_blocking(move || drop(database)).await.expect("it is dropped");
}
