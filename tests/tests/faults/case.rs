//! One case: a state, a crowd, a fault and the point at which it strikes.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use elyos_runtime::{Bundle, Init, Outcome};
use elyos_tests::bouncer::Bouncer;
use elyos_tests::client;
use elyos_tests::proxy::{Fault as Disturbance, Proxy};
use elyos_tests::snapshot::sequences_behind;

use super::fault::{Between, Fault};
use super::server::Server;
use super::state::{State, picture};
use crate::support::eventually;

/// The release that starts in every case.
pub(super) static SECOND: Bundle = elyos_runtime::bundle!("bundles/shop_2");

/// How long a start waits for another one, in milliseconds: longer than a start takes, shorter than a stranger stays.
const PATIENCE: &str = "1500";

/// How many connections a pooler has: fewer than twenty starts would like to have.
const POOL: usize = 8;

/// How long a stranger keeps its locks.
const STRANGER: Duration = Duration::from_millis(2500);

/// A start that nothing disturbs.
pub(super) struct Undisturbed {
    /// The pictures of the states between its steps, from the first to the last.
    pictures: Vec<String>,
    messages: usize,
    statements: usize,
}

impl Undisturbed {
    /// Watches a start from a state.
    pub(super) fn observe(server: &mut Server, state: State) -> Self {
        let (messages, commits) = {
            let url = server.database(state);
            let proxy = Proxy::new(&url);
            undisturbed(&proxy);
            server.remove(&url);
            let messages = proxy.messages();
            let commits: Vec<usize> = (0..messages.len()).filter(|number| messages[*number].text.ends_with("COMMIT")).collect();
            (messages, commits)
        };
        let mut pictures = Vec::new();
        // Before anything, and at the message behind each commit.
        for point in [0].into_iter().chain(commits.into_iter().map(|commit| commit + 1)) {
            let url = server.database(state);
            let proxy = Proxy::new(&url);
            let (taken, direct) = (Arc::new(Mutex::new(None)), url.clone());
            let picture_of = Arc::clone(&taken);
            proxy.fault_at(point, Disturbance::Before(Box::new(move |_| *held(&picture_of) = Some(picture(&mut client(&direct))))));
            undisturbed(&proxy);
            let last = picture(&mut client(&url));
            pictures.push(held(&taken).take().unwrap_or(last));
            server.remove(&url);
        }
        let statements = messages.iter().filter(|message| message.kind == 'Q').count();
        Self { pictures, messages: messages.len(), statements }
    }

    /// At how many points the fault can strike.
    pub(super) fn points(&self, fault: Fault) -> usize {
        if fault.is_of_a_statement() { self.statements } else { self.messages }
    }

    /// How many states it goes through, the first and the last included.
    pub(super) fn passed(&self) -> usize {
        self.pictures.len()
    }
}

/// A start whose messages are always the same: a slow one would ask from another connection who is in its way.
fn undisturbed(proxy: &Proxy) {
    Init::new(&SECOND).database_url(proxy.url()).migration_lock_timeout(Duration::from_hours(1)).run().expect("an undisturbed start");
    // Its farewells may still be on their way, and what happens at one of them.
    eventually("all has been sent", || proxy.is_idle());
}

/// Where the database was right after the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// As before the start.
    Before,
    /// Between two steps.
    Between,
    /// All was done.
    After,
}

/// How a case went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    pub(super) ending: Ending,
    /// Whether the fault happened at all.
    pub(super) struck: bool,
}

/// One case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) state: State,
    pub(super) crowd: usize,
    pub(super) fault: Fault,
    pub(super) between: Between,
    pub(super) point: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} at once, {} {}{}", self.state, self.crowd, self.fault, self.point, self.between)
    }
}

impl Case {
    /// [`run`](Self::run), with a panic as one more broken promise, so that the cases behind it are tried.
    pub(super) fn tried(self, server: &mut Server, undisturbed: &Undisturbed) -> Result<Tried, String> {
        catch_unwind(AssertUnwindSafe(|| self.run(server, undisturbed))).unwrap_or_else(|panic| {
            server.restart();
            let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(format!("it panics: {}", text.unwrap_or_default()))
        })
    }

    /// Runs it, and says how it ended, or which promise is broken.
    fn run(self, server: &mut Server, undisturbed: &Undisturbed) -> Result<Tried, String> {
        let url = server.database(self.state);
        let bouncer = (self.between == Between::Pooler).then(|| Bouncer::start(&url, POOL));
        let proxy = bouncer.as_ref().map_or_else(|| Proxy::new(&url), |bouncer| Proxy::before_port(bouncer.port(), &url));
        let children: Arc<Mutex<Vec<Child>>> = Arc::default();
        self.prepare(server, &proxy, &url, &children);
        {
            // None is killed before all are there to be killed.
            let mut children = held(&children);
            for number in 0..self.crowd {
                children.push(release(&format!("{}?application_name={number}", proxy.url())));
            }
        }
        let succeeded = self.wait(server, &proxy, &children);
        drop(bouncer);
        // What the last message asked for is done to its end, though nobody waits for it.
        let mut observer = client(&url);
        eventually("the server's sessions end", || observer.query_one(LEFT, &[]).expect("a count").get::<_, i64>(0) == 0);

        let now = picture(&mut observer);
        let last = undisturbed.pictures.len() - 1;
        let Some(place) = undisturbed.pictures.iter().position(|picture| *picture == now) else {
            return Err(format!("right after, the database is in no state that a start goes through: {now}"));
        };
        if succeeded > 0 && place != last && undisturbed.pictures[last] != now {
            return Err(format!("{succeeded} starts succeeded, and not all is done"));
        }
        // Promised to be enough.
        let next = Init::new(&SECOND).database_url(&url).run().map_err(|error| format!("the next start fails: {error}"))?;
        if picture(&mut observer) != undisturbed.pictures[last] {
            return Err(format!("the next start ({:?}) leaves something else than an undisturbed one", next.outcome));
        }
        let behind = sequences_behind(&mut observer);
        if !behind.is_empty() {
            return Err(format!("sequences are behind their tables: {}", behind.join(", ")));
        }
        let again = Init::new(&SECOND).database_url(&url).run().map_err(|error| format!("the start after that fails: {error}"))?;
        if again.outcome != Outcome::NothingToDo {
            return Err(format!("the start after that does something: {again}"));
        }
        drop(observer);
        server.remove(&url);
        let ending = match place {
            _ if undisturbed.pictures[last] == now => Ending::After,
            0 => Ending::Before,
            _ => Ending::Between,
        };
        Ok(Tried { ending, struck: proxy.is_done() })
    }

    /// Arms the fault.
    fn prepare(self, server: &Server, proxy: &Proxy, url: &str, children: &Arc<Mutex<Vec<Child>>>) {
        let victims = Arc::clone(children);
        let kill = move |application: &str| {
            let victim = application.parse::<usize>().expect("each start has its number");
            drop(held(&victims)[victim].kill());
        };
        let (handle, stranger) = (server.handle(), url.to_owned());
        let disturbance = match self.fault {
            Fault::KilledBefore => Disturbance::InPlace(Box::new(kill)),
            Fault::KilledAfter => Disturbance::After(Box::new(kill)),
            Fault::CutBefore => Disturbance::CutBefore,
            Fault::CutAfter => Disturbance::CutAfter,
            Fault::ServerKilled => Disturbance::After(Box::new(move |_| handle.kill())),
            Fault::ServerStopped => Disturbance::After(Box::new(move |_| handle.stop())),
            Fault::Locked => Disturbance::Before(Box::new(move |_| lock_everything(&stranger))),
            Fault::TimedOut | Fault::DiskFull => Disturbance::Replace(self.fault.replacement().unwrap_or_default().to_owned()),
        };
        if self.fault.is_of_a_statement() {
            proxy.fault_at_statement(self.point, disturbance);
        } else {
            proxy.fault_at(self.point, disturbance);
        }
    }

    /// Waits for all the starts, and starts the server again where it has gone: how many succeeded.
    fn wait(self, server: &mut Server, proxy: &Proxy, children: &Arc<Mutex<Vec<Child>>>) -> usize {
        let takes_the_server = matches!(self.fault, Fault::ServerKilled | Fault::ServerStopped);
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            if takes_the_server && proxy.is_done() {
                server.restart();
            }
            let ended: Vec<Option<bool>> = held(children)
                .iter_mut()
                .map(|child| child.try_wait().expect("a child can be asked").map(|status| status.success()))
                .collect();
            // What the last of them sent may still be on its way, and the fault with it.
            if ended.iter().all(Option::is_some) && proxy.is_idle() {
                if takes_the_server {
                    server.restart();
                }
                return ended.into_iter().flatten().filter(|succeeded| *succeeded).count();
            }
            assert!(Instant::now() < deadline, "{self}: a start hangs");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn release(url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_release"))
        .args(["2", PATIENCE])
        .env("DATABASE_URL", url)
        .env_remove("ADMIN_USER_EMAIL")
        .env_remove("MIGRATION_DATABASE_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// The sessions of starts that the server still has.
const LEFT: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' \
                    AND pid <> pg_backend_pid() AND application_name <> 'stranger'";

/// Takes every table that is free, for a while. Those that the start has locked already it leaves.
fn lock_everything(url: &str) {
    let mut stranger = client(&format!("{url}?application_name=stranger"));
    let tables: Vec<String> = stranger
        .query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('shop', 'elyos')", &[])
        .expect("the tables")
        .iter()
        .map(|row| row.get(0))
        .collect();
    // The lock of a start itself, and then what it works on.
    stranger.batch_execute("BEGIN; SELECT pg_try_advisory_xact_lock(111516568220416)").expect("an advisory lock, or none");
    for table in tables {
        let sql = format!("SAVEPOINT one; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT");
        if stranger.batch_execute(&sql).is_err() {
            stranger.batch_execute("ROLLBACK TO one").expect("back to the savepoint");
        }
    }
    std::thread::spawn(move || {
        std::thread::sleep(STRANGER);
        drop(stranger);
    });
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
