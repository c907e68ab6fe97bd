//! Blocking connections that threads share.

use std::fmt;
use std::ops::Deref;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::options::TransactionOptions;
use super::pool_options::PoolOptions;
use super::{Db, Transaction};
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;
use crate::query::{Query, Transfer};

/// A connection that nobody has used for so long is asked whether it is still there before it is handed out.
const FRESH: Duration = Duration::from_secs(1);

/// Blocking connections that threads share, each for as long as it needs one; they are opened when they are first needed, and
/// keep their prepared statements.
///
/// ```no_run
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::{Pool, PoolOptions, prelude::*, repositories::UserRepository};
///
/// # fn main() -> Result<(), Error> {
/// let pool = Pool::new("postgresql://postgres@localhost/elyos", PoolOptions::new().size(4))?;
/// let admin = UserRepository::find_by_id(&pool, 1)?;
/// pool.transaction(|tx| UserRepository::delete(tx, 7))?;
/// # drop(admin);
/// # Ok(())
/// # }
/// # }
/// ```
pub struct Pool {
    settings: Settings,
    options: PoolOptions,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    /// The last one returned is the first to be handed out: what is not needed is not kept busy.
    idle: Vec<(Db, Instant)>,
    /// How many are open, in use or not.
    open: usize,
}

impl Pool {
    /// A pool for the database that the URL names. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// When the URL cannot be understood.
    pub fn new(url: &str, options: PoolOptions) -> Result<Self> {
        Ok(Self::of(Settings::parse(url)?, options))
    }

    /// A pool for the database that `DATABASE_URL` names.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); and when the variable is not set.
    pub fn from_env(options: PoolOptions) -> Result<Self> {
        Ok(Self::of(Settings::from_env()?, options))
    }

    fn of(settings: Settings, options: PoolOptions) -> Self {
        Self { settings, options, state: Mutex::default(), returned: Condvar::new() }
    }

    /// A connection that is nobody else's until it is dropped. Whoever holds one and asks for another may wait for what other
    /// threads hold that wait as well.
    ///
    /// # Errors
    ///
    /// When none is free in time, which [`is_timeout`](Error::is_timeout) tells; when one cannot be made.
    pub fn get(&self) -> Result<PooledDb<'_>> {
        let started = Instant::now();
        let mut state = self.state();
        loop {
            if let Some((db, since)) = state.idle.pop() {
                drop(state);
                // From here on it counts as open only while this lives.
                let pooled = PooledDb { pool: self, db: Some(db) };
                if since.elapsed() < FRESH || pooled.is_there() {
                    return Ok(pooled);
                }
                drop(pooled);
                state = self.state();
            } else if state.open < self.options.size {
                state.open += 1;
                drop(state);
                let mut pooled = PooledDb { pool: self, db: None };
                pooled.db = Some(Db::open(&self.settings, self.options.connections)?);
                return Ok(pooled);
            } else {
                let left = self.options.patience.saturating_sub(started.elapsed());
                if left.is_zero() {
                    return Err(Error::new(Kind::PoolTimeout { size: self.options.size, waited: self.options.patience }));
                }
                state = self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is whole between any two steps.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the work in a transaction of a connection of its own, as [`Db::transaction`]. What is run on the pool meanwhile is
    /// no part of it: it has another connection.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get) and [`Db::transaction`].
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.get()?.transaction(work)
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub fn try_transaction<T, X: From<Error>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, X>) -> Result<T, X> {
        self.get()?.try_transaction(work)
    }

    /// As [`transaction`](Self::transaction), isolated as the options say, and tried again as often as they say.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub fn transaction_with<T>(&self, options: TransactionOptions, work: impl FnMut(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.get()?.transaction_with(options, work)
    }

    /// As [`transaction_with`](Self::transaction_with), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub fn try_transaction_with<T, X: From<Error>>(
        &self,
        options: TransactionOptions,
        work: impl FnMut(&Transaction<'_>) -> Result<T, X>,
    ) -> Result<T, X> {
        self.get()?.try_transaction_with(options, work)
    }
}

impl Executor for &Pool {
    type Output<'a, T>
        = Result<T>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Result<Q::Output>
    where
        Self: 'a,
    {
        self.get()?.run(query)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Result<T::Output>
    where
        Self: 'a,
    {
        self.get()?.transfer(transfer)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { idle, open } = &*self.state();
        write!(f, "Pool({}, {} of {} in use)", self.settings, open - idle.len(), self.options.size)
    }
}

/// A connection of a [`Pool`]'s, which goes back when this is dropped; one that is lost, or was left in a transaction, does not.
pub struct PooledDb<'p> {
    pool: &'p Pool,
    /// There until it is dropped.
    db: Option<Db>,
}

impl PooledDb<'_> {
    fn is_there(&self) -> bool {
        self.db.as_ref().is_some_and(|db| db.command("").is_ok())
    }
}

impl Deref for PooledDb<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db.as_ref().expect("it is there until it is dropped")
    }
}

impl Executor for &PooledDb<'_> {
    type Output<'a, T>
        = Result<T>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Result<Q::Output>
    where
        Self: 'a,
    {
        (**self).run(query)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Result<T::Output>
    where
        Self: 'a,
    {
        (**self).transfer(transfer)
    }
}

impl Drop for PooledDb<'_> {
    fn drop(&mut self) {
        // A panic may have come from the middle of anything.
        let reusable = self.db.take().filter(|db| !thread::panicking() && !db.is_closed() && db.open.borrow().depth() == 0);
        let mut state = self.pool.state();
        match reusable {
            Some(db) => state.idle.push((db, Instant::now())),
            None => state.open -= 1,
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}

impl fmt::Debug for PooledDb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PooledDb({})", self.pool.settings)
    }
}
