//! A server that may be killed, and the databases on it.

use std::path::PathBuf;
use std::time::Duration;

use elyos_cli::cluster::Cluster;
use elyos_runtime::{Bundle, Init};
use elyos_tests::client;
use elyos_tests::proxy::{Fault as Disturbance, Proxy};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::case::SECOND;
use super::state::State;
use crate::support::{Project, server_of};

/// The release before the one that starts in every case.
static FIRST: Bundle = elyos_runtime::bundle!("bundles/shop_1");

/// A PostgreSQL of this test's own: killing it disturbs nobody else.
pub(super) struct Server {
    project: Project,
    cluster: Cluster,
    databases: usize,
}

/// What a thread needs to end the server.
#[derive(Clone)]
pub(super) struct Handle {
    project: PathBuf,
    data: PathBuf,
}

impl Handle {
    /// Kills the server's first process; the others notice and go.
    pub(super) fn kill(&self) {
        kill(Pid::from_raw(server_of(&self.data)), Signal::SIGKILL).expect("the server can be killed");
    }

    /// Stops the server in fast mode: sessions are ended, their transactions rolled back.
    pub(super) fn stop(&self) {
        Cluster::stop(&self.project).expect("the server stops");
    }
}

impl Server {
    /// Starts one, with a database for each state.
    pub(super) fn start() -> Self {
        let project = Project::new("faults");
        let cluster = project.start().cluster;
        // A process that is killed loses nothing that it has written; only a machine does. What was committed has to be there.
        client(&cluster.url("postgres")).batch_execute("ALTER SYSTEM SET fsync = off").expect("a setting");
        client(&cluster.url("postgres")).batch_execute("SELECT pg_reload_conf()").expect("the settings are read again");
        let server = Self { project, cluster, databases: 0 };
        for state in [State::HalfMigrated, State::Seeded, State::Older] {
            server.create(state.template(), State::Empty.template());
            let url = server.cluster.url(state.template());
            match state {
                State::Seeded => drop(Init::new(&SECOND).database_url(&url).run().expect("the second release starts")),
                State::Older => drop(Init::new(&FIRST).database_url(&url).run().expect("the first release starts")),
                _ => half_migrate(&url),
            }
        }
        server
    }

    pub(super) fn handle(&self) -> Handle {
        Handle { project: self.project.0.clone(), data: self.cluster.data_directory().to_owned() }
    }

    /// A new database in that state: its URL.
    pub(super) fn database(&mut self, state: State) -> String {
        self.databases += 1;
        let name = format!("case_{}", self.databases);
        self.create(&name, state.template());
        self.cluster.url(&name)
    }

    /// A copy of the template, as if it had always been there. The copy of a sequence takes along that its next numbers are in the log
    /// already, which they are for the template only: killed before its next checkpoint, the server would give them once more.
    fn create(&self, name: &str, template: &str) {
        let mut client = client(&self.cluster.url("postgres"));
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a database");
        client.batch_execute("CHECKPOINT").expect("a checkpoint");
    }

    /// Removes a case's database.
    pub(super) fn remove(&self, url: &str) {
        let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).unwrap_or_default();
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        client(&self.cluster.url("postgres")).batch_execute(&sql).expect("the database is dropped");
    }

    /// Starts the server again, if it does not run.
    pub(super) fn restart(&mut self) {
        self.cluster = self.project.start().cluster;
    }
}

/// Cuts a start off after its first migration.
fn half_migrate(url: &str) {
    let proxy = Proxy::new(url);
    let commits = {
        Init::new(&SECOND).database_url(proxy.url()).run().expect("an undisturbed start");
        let messages = proxy.messages();
        (0..messages.len()).filter(|number| messages[*number].text.ends_with("COMMIT")).collect::<Vec<_>>()
    };
    let (name, maintenance) = (url.rsplit('/').next().unwrap_or_default(), url.replace("/half_migrated", "/postgres"));
    let mut other = client(&maintenance);
    for sql in [format!("DROP DATABASE {name} WITH (FORCE)"), format!("CREATE DATABASE {name} TEMPLATE template0")] {
        other.batch_execute(&sql).expect("an empty database again");
    }
    let proxy = Proxy::new(url);
    // The second commit is the first migration's; the message behind it never arrives.
    proxy.fault_at(commits[1] + 1, Disturbance::CutBefore);
    Init::new(&SECOND).database_url(proxy.url()).connect_timeout(Duration::from_secs(5)).run().expect_err("it is cut off");
}
