//! The private PostgreSQL of a project, with real servers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster_support;

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use cluster_support::{Project, alive, eventually, printed, process, server_of};
use elyos_cli::cluster::testing::acts_as_others;
use elyos_cli::cluster::{Cluster, Outcome, PROJECT_DATABASE, project_url};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User, geteuid, getsid},
};
use postgres::{Client, NoTls};

/// The user whom these tests act as. Every system has one, and root's tests fail without.
fn nobody() -> User {
    User::from_name("nobody").unwrap().expect("a user `nobody`")
}

fn one(url: &str, sql: &str) -> String {
    let mut client = Client::connect(url, NoTls).unwrap();
    client.query_one(sql, &[]).unwrap().get(0)
}

#[test]
fn starting_twice_finds_the_same_cluster_and_stopping_twice_stops_once() {
    let project = Project::new("twice");
    assert!(Cluster::find(&project.0).unwrap().is_none());
    assert!(!Cluster::stop(&project.0).unwrap());
    let first = project.start();
    let second = project.start();
    assert_eq!((first.outcome, second.outcome), (Outcome::Created, Outcome::Running));
    assert_eq!(first.cluster.url("x"), second.cluster.url("x"));
    assert_eq!(Cluster::find(&project.0).unwrap().unwrap().server_version(), first.cluster.server_version());
    assert!(Cluster::stop(&project.0).unwrap());
    assert!(!Cluster::stop(&project.0).unwrap());
    assert!(Cluster::find(&project.0).unwrap().is_none());
    assert_eq!(project_url(&project.0).unwrap(), None);
}

#[test]
fn data_outlives_stopping_and_the_note_in_the_project() {
    let project = Project::new("data");
    let started = project.start();
    started.cluster.create_database(PROJECT_DATABASE).unwrap();
    let url = project_url(&project.0).unwrap().unwrap();
    let mut client = Client::connect(&url, NoTls).unwrap();
    client.batch_execute("create table kept as select 'yes' as is_it").unwrap();
    drop(client);
    fs::remove_dir_all(project.0.join(".elyos")).unwrap();
    assert_eq!(project.start().outcome, Outcome::Running);
    assert!(Cluster::stop(&project.0).unwrap());
    fs::remove_dir_all(project.0.join(".elyos")).unwrap();
    assert_eq!(project.start().outcome, Outcome::Restarted);
    assert_eq!(one(&url, "select is_it from kept"), "yes");
}

#[test]
fn urls_work_with_rust_postgres_and_psql_and_databases_sort_by_code_point() {
    let project = Project::new("url");
    let cluster = project.start().cluster;
    let odd = "Odd name/\"?%";
    for name in [PROJECT_DATABASE, odd] {
        cluster.create_database(name).unwrap();
        cluster.create_database(name).unwrap();
        let url = cluster.url(name);
        assert_eq!(one(&url, "select current_database()::text"), name);
        let psql =
            Command::new("psql").args(["-X", "-A", "-t", "-c", "select current_database()", &url]).env("PGPORT", "1").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&psql.stdout).trim(), name, "{psql:?}");
    }
    let url = cluster.url(PROJECT_DATABASE);
    let about = "select pg_encoding_to_char(encoding) || ' ' || datcollate from pg_database where datname = 'elyos'";
    assert_eq!(one(&url, about), "UTF8 C");
    assert_eq!(one(&url, "select upper('é')"), "É");
    assert_eq!(one(&url, "show fsync"), "on");
    assert_eq!(one(&url, "show listen_addresses"), "");
    for name in ["", &"n".repeat(64), "a\0b"] {
        assert!(cluster.create_database(name).is_err());
    }
}

#[test]
fn eight_processes_at_once_make_one_cluster() {
    let project = Project::new("eight");
    let processes: Vec<_> = (0..8).map(|_| process("start").env("PROJECT", &project.0).spawn().unwrap()).collect();
    // Reading to the end of their outputs also shows that the server does not hold those open.
    let outputs: Vec<String> = processes
        .into_iter()
        .map(|process| {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    let count = |outcome: &str| outputs.iter().filter(|output| printed(output, "outcome").as_deref() == Some(outcome)).count();
    assert_eq!((count("Created"), count("Running")), (1, 7), "{outputs:?}");
    let server = printed(&outputs[0], "server");
    assert!(outputs.iter().all(|output| printed(output, "server") == server));
}

#[test]
fn a_killed_server_is_started_again_with_its_data() {
    let project = Project::new("killed");
    let cluster = project.start().cluster;
    cluster.create_database(PROJECT_DATABASE).unwrap();
    let url = cluster.url(PROJECT_DATABASE);
    let mut client = Client::connect(&url, NoTls).unwrap();
    client.batch_execute("create table kept as select 'yes' as is_it").unwrap();
    for _ in 0..3 {
        let server = Pid::from_raw(server_of(cluster.data_directory()));
        kill(server, Signal::SIGKILL).unwrap();
        eventually("the server is gone", || !alive(server.as_raw()));
        assert_eq!(project.start().outcome, Outcome::Restarted);
        assert_eq!(one(&url, "select is_it from kept"), "yes");
    }
}

#[test]
fn a_lock_file_that_names_another_process_does_not_keep_the_server_down() {
    let project = Project::new("misled");
    let cluster = project.start().cluster;
    let server = Pid::from_raw(server_of(cluster.data_directory()));
    let note = cluster.data_directory().join("postmaster.pid");
    let text = fs::read_to_string(&note).unwrap();
    kill(server, Signal::SIGKILL).unwrap();
    eventually("the server is gone", || !alive(server.as_raw()));
    // As after the restart of a container: some process of the server's user has the server's old id.
    let mut other = Command::new("sleep");
    other.arg("60");
    if geteuid().is_root() {
        other.uid(fs::metadata(cluster.data_directory()).unwrap().uid());
    }
    let mut other = other.spawn().unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let id = other.id().to_string();
    lines[0] = &id;
    fs::write(&note, lines.join("\n") + "\n").unwrap();
    assert!(!Cluster::stop(&project.0).unwrap());
    assert_eq!(project.start().outcome, Outcome::Restarted);
    assert!(other.try_wait().unwrap().is_none(), "the other process was not touched");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_server_whose_folder_was_removed_is_replaced_by_a_fresh_one() {
    let project = Project::new("removed");
    let cluster = project.start().cluster;
    let old = server_of(cluster.data_directory());
    fs::remove_dir_all(project.home()).unwrap();
    assert!(Cluster::find(&project.0).unwrap().is_none());
    assert_eq!(project.start().outcome, Outcome::Created);
    assert!(!alive(old), "the old server is gone");
    assert_eq!(one(&cluster.url("postgres"), "select 'yes'"), "yes");
}

#[test]
fn a_server_whose_socket_was_removed_is_restarted() {
    let project = Project::new("socket");
    let cluster = project.start().cluster;
    fs::remove_dir_all(cluster.socket_directory()).unwrap();
    assert_eq!(project.start().outcome, Outcome::Restarted);
    assert_eq!(one(&cluster.url("postgres"), "select 'yes'"), "yes");
    fs::remove_dir_all(cluster.socket_directory()).unwrap();
    assert!(Cluster::stop(&project.0).unwrap());
}

#[test]
fn half_a_cluster_is_made_again() {
    let project = Project::new("half");
    let cluster = project.start().cluster;
    let data = cluster.data_directory().to_owned();
    assert!(Cluster::stop(&project.0).unwrap());
    // What a killed initdb leaves: some files in the folder that is renamed at the end.
    let half = data.with_file_name("data.new-0");
    fs::rename(&data, &half).unwrap();
    fs::remove_dir_all(half.join("base")).unwrap();
    assert_eq!(project.start().outcome, Outcome::Created);
    assert!(!half.exists());
    assert_eq!(one(&cluster.url("postgres"), "select 'yes'"), "yes");
}

#[test]
fn killing_the_starter_at_any_moment_leaves_what_the_next_start_finishes() {
    let project = Project::new("interrupted");
    for milliseconds in [20, 120, 300, 450, 600, 750] {
        let mut starter = process("start").env("PROJECT", &project.0).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        starter.kill().unwrap();
        starter.wait().unwrap();
        let _ = project.start();
        let cluster = Cluster::find(&project.0).unwrap().unwrap();
        assert_eq!(one(&cluster.url("postgres"), "select 'yes'"), "yes");
        Cluster::stop(&project.0).unwrap();
        fs::remove_dir_all(project.home()).unwrap();
    }
}

#[test]
fn what_somebody_else_put_at_the_clusters_place_is_refused() {
    let project = Project::new("hostile");
    let _ = project.start();
    let home = project.home();
    assert!(Cluster::stop(&project.0).unwrap());
    fs::remove_dir_all(&home).unwrap();
    let trap = Project::new("trap");

    symlink(&trap.0, &home).unwrap();
    for error in [Cluster::start(&project.0).unwrap_err(), Cluster::find(&project.0).unwrap_err(), Cluster::stop(&project.0).unwrap_err()] {
        assert!(error.is_refused_place() && error.to_string().contains("symbolic link"), "{error}");
    }
    assert_eq!(fs::read_dir(&trap.0).unwrap().count(), 0);
    fs::remove_file(&home).unwrap();

    fs::create_dir(&home).unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(Cluster::start(&project.0).unwrap_err().is_refused_place());
    fs::remove_dir(&home).unwrap();
}

#[test]
fn nobody_else_can_reach_the_server_or_its_data() {
    let project = Project::new("private");
    let cluster = project.start().cluster;
    for folder in [project.home(), project.home().join("state"), cluster.data_directory().to_owned(), cluster.socket_directory().to_owned()]
    {
        let mode = fs::metadata(&folder).unwrap().mode();
        assert_eq!(mode & 0o007, 0, "{}", folder.display());
    }
}

#[test]
fn another_user_cannot_connect() {
    if !acts_as_others() {
        return;
    }
    let project = Project::new("stranger");
    let url = project.start().cluster.url("postgres");
    let psql = |user: Option<u32>| {
        let mut psql = Command::new("psql");
        psql.args(["-X", "-c", "select 1", &url]).current_dir("/");
        if let Some(user) = user {
            psql.uid(user);
        }
        psql.output().unwrap()
    };
    assert!(psql(None).status.success(), "{:?}", psql(None));
    let refused = psql(Some(nobody().uid.as_raw()));
    assert!(!refused.status.success(), "{refused:?}");
}

#[test]
fn the_server_has_a_session_of_its_own() {
    let project = Project::new("session");
    let cluster = project.start().cluster;
    let server = Pid::from_raw(server_of(cluster.data_directory()));
    assert_eq!(getsid(Some(server)).unwrap(), server);
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let project = Project::new("broken");
    let cluster = project.start().cluster;
    assert!(Cluster::stop(&project.0).unwrap());
    let settings = cluster.data_directory().join("postgresql.auto.conf");
    fs::write(&settings, "shared_buffers = nonsense\n").unwrap();
    let error = Cluster::start(&project.0).unwrap_err();
    assert!(error.to_string().contains("nonsense"), "{error}");
}

#[test]
fn data_of_a_version_that_is_gone_is_not_touched() {
    let project = Project::new("version");
    let cluster = project.start().cluster;
    assert!(Cluster::stop(&project.0).unwrap());
    fs::write(cluster.data_directory().join("PG_VERSION"), "99\n").unwrap();
    let error = Cluster::start(&project.0).unwrap_err();
    assert!(error.is_missing_server() && error.to_string().contains("PostgreSQL 99"), "{error}");
}

#[test]
fn an_ordinary_user_has_a_cluster_too_even_with_a_long_home() {
    // Where the tests run as an ordinary user, all the others show the first half of it.
    if !acts_as_others() {
        return;
    }
    let user = nobody();
    let project = Project::new("ordinary");
    let own = |path: &Path| {
        std::os::unix::fs::chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    };
    own(&project.0);
    // Cargo's folders may be below root's, where the ordinary user cannot run this program from.
    let program = project.0.join("program");
    fs::copy(env!("CARGO_BIN_EXE_cluster_user"), &program).unwrap();
    for home in ["short", &"long".repeat(25)] {
        let home = project.0.join(home);
        fs::create_dir(&home).unwrap();
        own(&home);
        let output = Command::new(&program)
            .arg("start-and-stop")
            .env("PROJECT", &project.0)
            .env("HOME", &home)
            .env_remove("XDG_STATE_HOME")
            .current_dir("/")
            .uid(user.uid.as_raw())
            .gid(user.gid.as_raw())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(printed(&text, "answer").as_deref(), Some("yes"), "{text}");
        let data = PathBuf::from(printed(&text, "data").unwrap());
        assert!(data.starts_with(&home), "{text}");
    }
}
