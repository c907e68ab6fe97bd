//! PostgreSQL for tests: one private server per test run, a fresh database per test.
//!
//! ```no_run
//! let db = elyos_cli::cluster::testing::database();
//! let mut client = postgres::Client::connect(db.url(), postgres::NoTls).unwrap();
//! client.batch_execute("create table users (id int)").unwrap();
//! ```
//!
//! All test binaries of a workspace share the server; the first that needs it starts it (about a second), and it stops by
//! itself 15 seconds after the last process that used it is gone, however that ended. It keeps no promise of durability,
//! which makes it fast, and its data is removed. Checkouts in different folders have servers of their own.
//!
//! - `ELYOS_KEEP_DATABASES`: set to anything, databases are not dropped, and the server stays until the next run
//!   without it has ended.
//! - `ELYOS_TEST_LINGER`: how many seconds the server waits for the next user, instead of 15.

#![allow(clippy::print_stderr, reason = "a test's own output is shown together with its failure")]

use std::{
    env, io,
    io::Write,
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use elyos_runtime::quote_identifier;
use nix::unistd::Uid;

use super::{Cluster, LONGEST_NAME, session, settings};

mod membership;
mod watcher;

use membership::Membership;

/// Set to anything, it keeps the databases of a test run.
const KEEP_VARIABLE: &str = "ELYOS_KEEP_DATABASES";

/// The server of this test run, started if it does not run yet. It stays at least as long as this process.
///
/// # Panics
///
/// When there is no server, with what to do about it: a test cannot go on without.
#[must_use]
pub fn cluster() -> &'static Cluster {
    // Held until the process ends: the server goes when nobody holds one any more.
    static MEMBERSHIP: OnceLock<Result<Membership, String>> = OnceLock::new();
    let membership = MEMBERSHIP.get_or_init(|| Membership::take().map_err(|error| error.to_string()));
    match membership {
        Ok(membership) => &membership.cluster,
        Err(why) => panic!("no PostgreSQL for this test: {why}"),
    }
}

/// A fresh, empty database for the calling test, dropped together with the value returned.
///
/// # Panics
///
/// When there is no server or it refuses, with what to do about it.
pub fn database() -> TestDatabase {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let thread = thread::current();
    let name = name(thread.name().unwrap_or("test"), std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let cluster = cluster();
    if let Err(error) = cluster.create_database(&name) {
        panic!("no database for this test: {error}");
    }
    TestDatabase { url: cluster.url(&name), name, cluster }
}

/// Whether the calling test can act as other users, which root alone can.
///
/// Where it cannot, says on standard error that the test is skipped: past the capture of the test's output, which would
/// not be shown.
///
/// # Panics
///
/// When it cannot and the variable `CI` is set: there every test has to run.
#[must_use]
pub fn acts_as_others() -> bool {
    if Uid::effective().is_root() {
        return true;
    }
    let why = skipped(thread::current().name().unwrap_or("a test"), env::var_os("CI").is_some());
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{why}");
    false
}

fn skipped(test: &str, in_ci: bool) -> String {
    let why = format!("skipped: {test}: it acts as another user, which only root can");
    assert!(!in_ci, "{why}; CI has to run it");
    why
}

/// A database that exists for one test.
#[derive(Debug)]
#[must_use = "the database is dropped together with this value"]
pub struct TestDatabase {
    name: String,
    url: String,
    cluster: &'static Cluster,
}

impl TestDatabase {
    /// The URL to connect with; see [`Cluster::url`].
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database's name, made from the test's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL through psql, as a user would, and gives what it prints: rows as lines, columns separated by `|`.
    ///
    /// For an independent look at what the code under test did. psql's own commands work as well (`\d users`).
    ///
    /// # Panics
    ///
    /// When a statement fails, with psql's message; and when there is no psql.
    #[must_use]
    pub fn psql(&self, sql: &str) -> String {
        let beside = self.cluster.binaries.join("psql");
        let program = if beside.is_file() { beside.as_path() } else { "psql".as_ref() };
        let mut command = Command::new(program);
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(&self.url)
            .args(["-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        let mut psql = command.spawn().unwrap_or_else(|error| panic!("cannot run {}: {error}", program.display()));
        // Written from another thread: psql may fill its output before it has read all its input.
        let stdin = psql.stdin.take();
        let output = thread::scope(|scope| {
            scope.spawn(|| {
                // psql stops reading at the first error, which its message tells better than a broken pipe.
                stdin.map(|mut stdin| stdin.write_all(sql.as_bytes()))
            });
            psql.wait_with_output()
        });
        match output {
            Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim_end().to_owned(),
            Ok(output) => panic!("psql failed in {}: {}", self.name, String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) => panic!("cannot read from psql: {error}"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if env::var_os(KEEP_VARIABLE).is_some() {
            eprintln!("kept: psql '{}'", self.url);
            return;
        }
        let drop = format!("drop database if exists {} with (force)", quote_identifier(&self.name));
        let dropped = session::run(&self.cluster.socket, settings::ROLE, move |client| client.batch_execute(&drop));
        // Not a panic: a test that fails is already in one, and a second would abort the whole run.
        if let Err(failure) = dropped {
            let error = failure.into_error(&format!("drop the database {}", self.name));
            eprintln!("warning: {error}");
        }
    }
}

/// `t_` + the end of the test's path, which tells it from others, + what makes it unique.
fn name(test: &str, process: u32, count: u32) -> String {
    let suffix = format!("_{process}_{count}");
    let readable: String =
        test.replace("::", "_").chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let room = LONGEST_NAME - suffix.len() - "t_".len();
    let end = &readable[readable.len().saturating_sub(room)..];
    format!("t_{}{suffix}", end.trim_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_needs_root_says_that_it_is_skipped() {
        assert_eq!(skipped("folder::foreign", false), "skipped: folder::foreign: it acts as another user, which only root can");
    }

    #[test]
    #[should_panic(expected = "it acts as another user, which only root can; CI has to run it")]
    fn a_test_that_needs_root_is_not_skipped_in_ci() {
        let _ = skipped("folder::foreign", true);
    }

    #[test]
    fn a_database_is_named_after_its_test_within_63_bytes() {
        assert_eq!(name("seed::tests::Applies_it", 42, 7), "t_seed_tests_applies_it_42_7");
        assert_eq!(name("größe", 1, 0), "t_gr__e_1_0");
        let long = name(&format!("{}::the_end", "module::".repeat(20)), u32::MAX, u32::MAX);
        assert!(long.len() <= LONGEST_NAME && long.ends_with("_the_end_4294967295_4294967295"), "{long}");
    }
}
