//! The start protocol: from any state of a database to the one that the bundle describes.
//!
//! One file a step, in the order in which they run: `survey` reads what is there, `lock` keeps others out,
//! `prepare` makes the ledger, schemas and extensions, then `migrations`, `seeds`, `procedures`, `admin`; `script` runs SQL files
//! and says where they failed, `transaction` pins the session.

mod admin;
mod blockers;
mod compare;
mod difference;
mod large;
mod leftover;
mod lock;
mod migrations;
mod observer;
mod prepare;
mod procedures;
mod report;
mod run;
mod script;
mod seeds;
mod selection;
mod status;
mod stepwise;
mod survey;
mod transaction;

use std::fmt;
use std::time::Duration;

pub use observer::Event;
pub use report::{Action, Outcome, Report, Step, StepKind};
pub use selection::Selection;
pub use status::{ItemState, ItemStatus, Status};

use crate::bundle::Bundle;
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::session::Session;
use observer::Observer;

/// Brings a database to the state that a bundle describes.
///
/// Doing it twice changes nothing; doing it from twenty processes at once does it once; being killed in the middle
/// loses nothing: the next run finishes the work. What it promises in detail is in `docs/start-protocol.md`.
///
/// ```no_run
/// use elyos_runtime::prelude::*;
///
/// # fn main() -> Result<(), Error> {
/// let report = Init::new(&elyos_runtime::ELYOS)
///     .database_url("postgresql://postgres@localhost/elyos")
///     .observe(|event| eprintln!("{event:?}"))
///     .run()?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens until `run`"]
pub struct Init<'a> {
    bundle: &'a Bundle,
    url: Option<String>,
    admin_email: Option<String>,
    reset: bool,
    connect_timeout: Duration,
    lock_timeout: Duration,
    migration_lock_timeout: Duration,
    migration_lock_deadline: Duration,
    minimum_server: u32,
    observer: Option<Observer<'a>>,
}

impl<'a> Init<'a> {
    /// A run of the bundle on the database that `DATABASE_URL` names, unless told otherwise.
    pub fn new(bundle: &'a Bundle) -> Self {
        Self {
            bundle,
            url: None,
            admin_email: None,
            reset: false,
            connect_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_mins(5),
            migration_lock_timeout: Duration::from_secs(2),
            migration_lock_deadline: Duration::from_mins(1),
            minimum_server: MINIMUM_SERVER,
            observer: None,
        }
    }

    /// The database to work on, in place of `DATABASE_URL`.
    pub fn database_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The administrator's e-mail address, in place of the variable that the manifest names. Empty is unset.
    pub fn admin_email(mut self, address: impl Into<String>) -> Self {
        self.admin_email = Some(address.into());
        self
    }

    /// Empties the tables that the manifest lists and runs every seed again, in one transaction.
    pub fn reset(mut self, reset: bool) -> Self {
        self.reset = reset;
        self
    }

    /// How long to try to connect; 30 seconds unless told.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long to wait for another process that is initialising the same database; 5 minutes unless told.
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// How long a statement of a migration may wait for a lock, 2 seconds unless told; the server counts whole
    /// milliseconds, one at least.
    ///
    /// While a statement waits for a lock on a table, everybody who comes after it waits behind it. So a migration
    /// gives up soon, is rolled back, and is tried again after a pause, until
    /// [`migration_lock_deadline`](Self::migration_lock_deadline). A migration that sets `lock_timeout` itself decides
    /// for its later statements. `CREATE INDEX CONCURRENTLY` and its like, behind which nobody has to wait, wait as long
    /// as they have to.
    pub fn migration_lock_timeout(mut self, timeout: Duration) -> Self {
        self.migration_lock_timeout = timeout;
        self
    }

    /// How long a migration that is not given its locks is tried again, 1 minute unless told.
    pub fn migration_lock_deadline(mut self, deadline: Duration) -> Self {
        self.migration_lock_deadline = deadline;
        self
    }

    /// The oldest major version of PostgreSQL that the application accepts, if it needs a later one than Elyos does.
    pub fn minimum_server(mut self, major: u32) -> Self {
        self.minimum_server = major.max(MINIMUM_SERVER);
        self
    }

    /// Is told what happens, while it happens.
    pub fn observe(mut self, observer: impl FnMut(&Event<'_>) + Send + 'a) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Does all that is left to do: schemas, extensions, migrations, seeds, procedures, the administrator's e-mail.
    ///
    /// It may be called on a thread of an asynchronous runtime: it then works on a thread of its own and blocks this one.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or is not fit, when the database and the bundle contradict each other, and
    /// when a statement of the bundle fails. In every case what finished steps did stays, and nothing of a step that
    /// did not finish.
    pub fn run(self) -> Result<Report> {
        on_blocking_thread(move || self.start(None))
    }

    /// Runs seeds and procedures that are asked for, whether or not they ran before, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run); and when the selection names what the bundle does not have.
    pub fn seed(self, selection: &Selection) -> Result<Report> {
        on_blocking_thread(move || self.start(Some(selection)))
    }

    /// Says how far the database has what the bundle describes, and changes nothing.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn status(self) -> Result<Status> {
        on_blocking_thread(move || {
            let wanted = admin::wanted(self.bundle, self.admin_email.as_deref())?;
            let settings = self.settings()?;
            let session = Session::open(&settings, self.connect_timeout, |_| true)?;
            status::take(self.bundle, &settings, &session, wanted.as_deref())
        })
    }

    fn settings(&self) -> Result<Settings> {
        self.url.as_deref().map_or_else(Settings::from_env, Settings::parse)
    }

    fn start(mut self, selection: Option<&Selection>) -> Result<Report> {
        // All that can be wrong with the request is said before anything is touched.
        let wanted = admin::wanted(self.bundle, self.admin_email.as_deref())?;
        let chosen = selection.map(|selection| selection.resolve(self.bundle)).transpose()?;
        let truncates = self.reset || selection.is_some_and(Selection::truncates);
        if truncates && self.bundle.truncate.is_empty() {
            return Err(Error::new(Kind::NothingToTruncate));
        }
        let settings = self.settings()?;
        let mut nobody: Observer<'_> = Box::new(|_| {});
        run::Run {
            bundle: self.bundle,
            settings: &settings,
            wanted: wanted.as_deref(),
            chosen: chosen.as_ref(),
            truncate: truncates,
            connect_timeout: self.connect_timeout,
            lock_timeout: self.lock_timeout,
            migration_lock_timeout: self.migration_lock_timeout,
            migration_lock_deadline: self.migration_lock_deadline,
            minimum_server: self.minimum_server,
            observer: self.observer.as_mut().unwrap_or(&mut nobody),
            steps: Vec::new(),
        }
        .execute()
    }
}

impl fmt::Debug for Init<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Init").field("bundle", &self.bundle.digest()).field("reset", &self.reset).finish_non_exhaustive()
    }
}

/// The oldest major version of PostgreSQL that Elyos works with: the oldest that the tests can be run on.
const MINIMUM_SERVER: u32 = 14;

/// Blocking on a runtime of one's own is not allowed on a thread that drives another; such a caller gets a thread.
fn on_blocking_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    if tokio::runtime::Handle::try_current().is_err() {
        return work();
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new()
            .name("elyos-init".to_owned())
            .spawn_scoped(scope, work)
            .map_err(|error| Error::new(Kind::System { during: "starting a thread", error }))?;
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
