//! The start protocol: from any state of a database to the one that the bundle describes.
//!
//! One file a step, in the order in which they run: `opening` connects, `survey` reads what is there, `lock` keeps others out,
//! `prepare` makes the ledger, schemas and extensions, then `migrations`, `seeds`, `procedures`, `admin`; `script` runs SQL files
//! and says where they failed, `transaction` pins the session. `psql` writes the same as a file for psql.

mod admin;
mod blockers;
mod compare;
mod difference;
mod identity;
mod large;
mod leftover;
mod lock;
mod migrations;
mod observer;
mod opening;
mod prepare;
mod procedures;
mod psql;
mod report;
mod run;
mod script;
mod seeds;
mod selection;
mod status;
mod stepwise;
mod survey;
mod transaction;
mod verify;

use std::fmt;
use std::time::Duration;

pub use observer::Event;
pub use report::{Action, Outcome, Report, Step, StepKind};
pub use selection::Selection;
pub use status::{ItemState, ItemStatus, Pending, Status};
pub use verify::Missing;

use crate::bundle::Bundle;
use crate::connect::{MIGRATION_URL_VARIABLE, Settings, URL_VARIABLE};
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
    migration_url: Option<String>,
    role: Option<String>,
    verify_only: bool,
    on_ahead: OnAhead,
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
            migration_url: None,
            role: None,
            verify_only: false,
            on_ahead: OnAhead::default(),
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

    /// The same database by a URL whose role has the rights that the work needs: the ledger, schemas, tables, rows.
    ///
    /// The application's own URL is used to see whether there is anything to do, and this one to do it. Unless told, it is
    /// that of `MIGRATION_DATABASE_URL`, where the application's is that of `DATABASE_URL`; without a `DATABASE_URL`, it
    /// serves for both. Empty is unset. That both lead to the same database is checked.
    pub fn migration_database_url(mut self, url: impl Into<String>) -> Self {
        self.migration_url = Some(url.into());
        self
    }

    /// The role to do the work as, which is to own what is made: as `SET ROLE`, which the connection's user has to have
    /// the right to.
    ///
    /// It travels as a start-up option. A pooler that takes none needs `ALTER ROLE user SET role TO owner` instead.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Writes nothing: succeeds where every step is applied, and otherwise fails with an error that lists what is missing
    /// ([`Error::is_not_up_to_date`], [`Error::missing`]).
    ///
    /// For an application whose role has no rights but to `SELECT` from the ledger's tables in the schema `elyos`.
    pub fn verify_only(mut self, verify_only: bool) -> Self {
        self.verify_only = verify_only;
        self
    }

    /// What to do when a newer release has written the database; to go on unless told.
    pub fn on_ahead(mut self, on_ahead: OnAhead) -> Self {
        self.on_ahead = on_ahead;
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
        self.connect_timeout = timeout.min(LONGEST);
        self
    }

    /// How long to wait for another process that is initialising the same database; 5 minutes unless told.
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout.min(LONGEST);
        self
    }

    /// How long a statement of a migration may wait for a lock, 2 seconds unless told; the server counts whole
    /// milliseconds, one at least.
    ///
    /// While a statement waits for a lock on a table, everybody who comes after it waits behind it. So a migration
    /// gives up soon, is rolled back, and is tried again after a pause, until
    /// [`migration_lock_deadline`](Self::migration_lock_deadline). The same goes for the `TRUNCATE` of a reset, for procedures,
    /// and for seeds that do more than query and change rows: their transaction is tried again as a whole. A file that
    /// sets `lock_timeout` itself decides for its later statements. `CREATE INDEX CONCURRENTLY` and its like, behind
    /// which nobody has to wait, wait as long as they have to.
    pub fn migration_lock_timeout(mut self, timeout: Duration) -> Self {
        self.migration_lock_timeout = timeout.min(LONGEST);
        self
    }

    /// How long what is not given its locks is tried again, 1 minute unless told.
    pub fn migration_lock_deadline(mut self, deadline: Duration) -> Self {
        self.migration_lock_deadline = deadline.min(LONGEST);
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
            let (settings, migration) = self.settings()?;
            let look = |reader: &Settings| {
                let take = |session: &Session| status::take(self.bundle, &settings, session, wanted.as_deref());
                opening::answered(reader, self.connect_timeout, |_| (), take).and_then(|(_, taken)| taken)
            };
            match (look(&settings), migration) {
                (Err(error), Some(migration)) if error.is_insufficient_privilege() => look(&migration),
                (looked, _) => looked,
            }
        })
    }

    /// Writes what [`run`](Self::run) does as one file for psql, and connects to nothing.
    ///
    /// The file decides by the database's ledger what is due, as `run` does: it may be run at any state and again, and a
    /// `run` afterwards has nothing to do. It holds the administrator's address, where one is wanted, and no password.
    ///
    /// ```
    /// # #[cfg(feature = "elyos")] {
    /// let file = elyos_runtime::Init::new(&elyos_runtime::ELYOS).admin_email("").psql_script().unwrap();
    /// assert!(file.starts_with("-- What `elyos init` does"));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the administrator's address is none, and when a seed that is read piece by piece cannot be read.
    pub fn psql_script(self) -> Result<String> {
        let wanted = admin::wanted(self.bundle, self.admin_email.as_deref())?;
        psql::write(&psql::Wanted {
            bundle: self.bundle,
            address: wanted.as_deref(),
            minimum_server: self.minimum_server,
            lock_seconds: self.lock_timeout.as_secs(),
            migration_lock_timeout: script::milliseconds(self.migration_lock_timeout),
        })
    }

    /// The application's settings, and those for the work where they are others.
    fn settings(&self) -> Result<(Settings, Option<Settings>)> {
        let migration = match self.migration_url.as_deref().map(str::trim) {
            Some("") => Ok(None),
            Some(url) => Settings::parse(url).map(Some),
            // A URL given in code is not to meet another program's in the environment.
            None if self.url.is_some() => Ok(None),
            None => Settings::from_variable(MIGRATION_URL_VARIABLE),
        };
        let migration = migration.map_err(Error::of_migration_url)?;
        let own = match &self.url {
            Some(url) => Some(Settings::parse(url)?),
            None => Settings::from_variable(URL_VARIABLE)?,
        };
        let (own, migration) = match (own, migration) {
            (Some(own), migration) => (own, migration),
            (None, Some(migration)) => (migration, None),
            (None, None) => return Err(Error::new(Kind::NoUrl { variable: URL_VARIABLE })),
        };
        let migration = match &self.role {
            Some(role) => Some(migration.unwrap_or_else(|| own.clone()).with_role(role)),
            None => migration,
        };
        Ok((own, migration))
    }

    fn start(mut self, selection: Option<&Selection>) -> Result<Report> {
        // All that can be wrong with the request is said before anything is touched.
        let wanted = admin::wanted(self.bundle, self.admin_email.as_deref())?;
        let chosen = selection.map(|selection| selection.resolve(self.bundle)).transpose()?;
        let truncates = self.reset || selection.is_some_and(Selection::truncates);
        if truncates && self.bundle.truncate.is_empty() {
            return Err(Error::new(Kind::NothingToTruncate));
        }
        if self.verify_only && (truncates || chosen.is_some()) {
            return Err(Error::new(Kind::VerifyOnly));
        }
        let (settings, migration) = self.settings()?;
        let mut nobody: Observer<'_> = Box::new(|_| {});
        run::Run {
            bundle: self.bundle,
            settings: &settings,
            migration: migration.as_ref(),
            verify_only: self.verify_only,
            on_ahead: self.on_ahead,
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

/// What a start does about a database that a newer release has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnAhead {
    /// Goes on without writing anything, and says so in the report: the older programs of a rolling deploy keep starting.
    #[default]
    GoOn,
    /// Fails with an error ([`Error::is_database_ahead`]).
    Refuse,
}

/// For as long as it takes, as a time that can be added to that of a clock: a year.
const LONGEST: Duration = Duration::from_hours(365 * 24);

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
