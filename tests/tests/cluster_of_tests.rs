//! The server of a test run, used by this test run and by processes that pretend to be others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster_support;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use cluster_support::{alive, eventually, printed, process};
use elyos_cli::cluster::testing;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use postgres::{Client, NoTls};

#[test]
fn each_test_has_a_database_that_is_dropped_afterwards() {
    let databases = || {
        let mut client = Client::connect(&testing::cluster().url("postgres"), NoTls).unwrap();
        let rows = client.query("select datname::text from pg_database", &[]);
        rows.unwrap().iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    let one = testing::database();
    let two = testing::database();
    assert_ne!(one.name(), two.name());
    assert!(one.name().starts_with("t_each_test_has_a_database_that_is_dropped"));
    assert!(databases().contains(&one.name().to_owned()));
    assert_eq!(one.psql("create table t (a int, b text); insert into t values (1, 'x'), (2, 'y'); table t;"), "1|x\n2|y");
    // A connection that is open, even in a transaction, does not keep a database.
    let mut client = Client::connect(one.url(), NoTls).unwrap();
    client.batch_execute("begin; lock table t").unwrap();
    let name = one.name().to_owned();
    drop(one);
    assert!(!databases().contains(&name));
    assert!(databases().contains(&two.name().to_owned()));
}

#[test]
fn a_failing_statement_fails_the_test_with_psqls_message() {
    let db = testing::database();
    let panic = std::panic::catch_unwind(|| db.psql("select 1; table missing; select 2"));
    let text = panic.unwrap_err().downcast::<String>().unwrap();
    assert!(text.contains("relation \"missing\" does not exist"), "{text}");
    assert_eq!(db.psql(&format!("select 1 -- {}", "x".repeat(1 << 20))), "1");
}

#[test]
fn databases_are_made_many_at_once() {
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let db = testing::database();
                let mut client = Client::connect(db.url(), NoTls).unwrap();
                client.batch_execute("create table t ()").unwrap();
            });
        }
    });
}

/// A workspace whose test run this program pretends to be.
struct Workspace(PathBuf);

/// One at a time: two would compete for the seconds that are waited here.
static ONE: Mutex<()> = Mutex::new(());

impl Workspace {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("elyos-run-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("clusters")).unwrap();
        fs::create_dir_all(path.join("member")).unwrap();
        fs::write(path.join("Cargo.toml"), "[workspace]\nmembers = [\"member\"]\n").unwrap();
        for folder in [path.clone(), path.join("clusters")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self(path)
    }

    /// A process of a test run: it uses the server for `seconds`.
    fn run(&self, seconds: &str) -> Command {
        let mut command = process("use");
        command
            .env("CARGO_MANIFEST_DIR", self.0.join("member"))
            .env("ELYOS_CLUSTERS", self.0.join("clusters"))
            .env("ELYOS_TEST_LINGER", "1")
            .env_remove("ELYOS_KEEP_DATABASES")
            .env("SECONDS", seconds);
        command
    }

    /// The folders of servers that are there.
    fn servers(&self) -> Vec<PathBuf> {
        let places = fs::read_dir(self.0.join("clusters")).unwrap();
        places.flat_map(|place| fs::read_dir(place.unwrap().path().join("state")).unwrap()).map(|folder| folder.unwrap().path()).collect()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        eventually("servers are gone", || self.servers().is_empty());
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn finish(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_run_shares_one_server_that_is_gone_after_it() {
    let _one = ONE.lock();
    let workspace = Workspace::new("shared");
    let children: Vec<_> = (0..8).map(|_| workspace.run("0.5").spawn().unwrap()).collect();
    let servers: Vec<_> = children.into_iter().map(|child| printed(&finish(child), "server").unwrap()).collect();
    assert!(servers.iter().all(|server| *server == servers[0]));
    // The next test binary of the run comes while the server waits.
    let next = finish(workspace.run("0").spawn().unwrap());
    assert_eq!(printed(&next, "server").as_ref(), Some(&servers[0]));
    eventually("the server is gone", || !alive(servers[0].parse().unwrap()) && workspace.servers().is_empty());
}

#[test]
fn a_killed_run_leaves_nothing_either() {
    let _one = ONE.lock();
    let workspace = Workspace::new("killed");
    for milliseconds in [100, 400, 700, 3000] {
        let mut child = workspace.run("60").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    eventually("all is gone", || workspace.servers().is_empty() && !processes().contains(&*workspace.0.to_string_lossy()));
}

/// The command lines of all processes.
fn processes() -> String {
    let output = Command::new("sh").args(["-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]).stderr(Stdio::null()).output();
    String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
}

#[test]
fn joining_while_it_stops_always_gives_a_server_that_works() {
    let _one = ONE.lock();
    let workspace = Workspace::new("race");
    // Each comes a little later after the one before it has left: before, while and after the server is stopped.
    for late in 0..12 {
        let mut run = workspace.run("0");
        finish(run.env("ELYOS_TEST_LINGER", "0").spawn().unwrap());
        std::thread::sleep(Duration::from_millis(40 * late));
    }
    let children: Vec<_> = (0..4).map(|_| workspace.run("0").env("ELYOS_TEST_LINGER", "0").spawn().unwrap()).collect();
    children.into_iter().map(finish).for_each(drop);
}

#[test]
fn a_killed_server_and_a_killed_watcher_are_replaced() {
    let _one = ONE.lock();
    let workspace = Workspace::new("replaced");
    let long = workspace.run("2").spawn().unwrap();
    eventually("it runs", || workspace.servers().first().is_some_and(|server| server.join("run/.s.PGSQL.5432").exists()));
    let folder = workspace.servers()[0].clone();
    eventually("the watcher is killed", || {
        kill_watcher(&folder);
        !processes().contains(&format!("elyos-test-watcher {}", folder.display()))
    });
    let joined = finish(workspace.run("0").spawn().unwrap());
    let server = printed(&joined, "server").unwrap();
    assert_eq!(printed(&finish(long), "server").as_ref(), Some(&server));

    kill(Pid::from_raw(server.parse().unwrap()), Signal::SIGKILL).unwrap();
    eventually("the server is gone", || !alive(server.parse().unwrap()));
    let fresh = finish(workspace.run("0").spawn().unwrap());
    assert_ne!(printed(&fresh, "server").unwrap(), server);
}

/// Kills the shell that watches `folder`, and what it waits with.
fn kill_watcher(folder: &Path) {
    for entry in fs::read_dir("/proc").unwrap() {
        let path = entry.unwrap().path();
        let Some(process) = path.file_name().and_then(|name| name.to_str()?.parse::<i32>().ok()) else {
            continue;
        };
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let in_folder = fs::read_link(path.join("cwd")).is_ok_and(|cwd| cwd == folder);
        if line.contains(&format!("elyos-test-watcher {}", folder.display()))
            || (in_folder && (line.starts_with("cat") || line.starts_with("sleep")))
        {
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
        }
    }
}

#[test]
fn kept_databases_stay_until_a_run_that_does_not_keep_them() {
    let _one = ONE.lock();
    let workspace = Workspace::new("kept");
    let child = workspace.run("0").env("ELYOS_KEEP_DATABASES", "1").spawn().unwrap();
    let output = finish(child);
    let url = printed(&output, "url").unwrap();
    eventually("the watcher has left", || !processes().contains(&format!("elyos-test-watcher {}", workspace.0.display())));
    std::thread::sleep(Duration::from_secs(2));
    Client::connect(&url, NoTls).unwrap();
    let next = finish(workspace.run("0").spawn().unwrap());
    assert_eq!(printed(&next, "server"), printed(&output, "server"));
    eventually("all is gone", || workspace.servers().is_empty());
}
