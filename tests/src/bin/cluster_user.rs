//! Another process that uses a private PostgreSQL, in the part that its argument names.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use elyos_cli::cluster::{Cluster, testing};
use elyos_tests::client;

fn main() {
    match env::args().nth(1).as_deref() {
        Some("start") => start(),
        Some("start-and-stop") => start_and_stop(),
        Some("use") => use_for_a_while(),
        other => panic!("there is no part {other:?}"),
    }
}

fn project() -> PathBuf {
    env::var_os("PROJECT").expect("the test sets PROJECT").into()
}

/// The process id of the server of a data folder, as it noted it.
fn server_of(data: &Path) -> String {
    let note = fs::read_to_string(data.join("postmaster.pid")).expect("the server notes its process id");
    note.lines().next().unwrap_or_default().to_owned()
}

fn start() {
    let started = Cluster::start(&project()).expect("the cluster starts");
    println!("outcome={:?}", started.outcome);
    println!("server={}", server_of(started.cluster.data_directory()));
    println!("url={}", started.cluster.url("postgres"));
    println!("data={}", started.cluster.data_directory().display());
}

fn start_and_stop() {
    let project = project();
    let cluster = Cluster::start(&project).expect("the cluster starts").cluster;
    let answer: String = client(&cluster.url("postgres")).query_one("select 'yes'", &[]).expect("the server answers").get(0);
    println!("answer={answer}");
    println!("data={}", cluster.data_directory().display());
    let socket = cluster.socket_directory().to_owned();
    assert!(Cluster::stop(&project).expect("the cluster stops"), "it ran");
    // It stands outside the home where that has a long path, and is empty then; else the home's removal takes it.
    drop(fs::remove_dir(socket));
}

fn use_for_a_while() {
    let seconds: f64 = env::var("SECONDS").ok().and_then(|text| text.parse().ok()).expect("the test sets SECONDS");
    let started = std::time::Instant::now();
    let database = testing::database();
    println!("server={}", server_of(testing::cluster().data_directory()));
    println!("took={:?}", started.elapsed());
    println!("member=yes");
    println!("url={}", database.url());
    std::thread::sleep(Duration::from_secs_f64(seconds));
    assert_eq!(database.psql("select 'yes'"), "yes");
}
