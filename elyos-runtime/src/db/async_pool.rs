//! Asynchronous connections that tasks share.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult};

use super::async_transaction::AsyncTransaction;
use super::asynchronous::AsyncDb;
use super::options::TransactionOptions;
use super::pool_options::PoolOptions;
use crate::connect::Settings;
use crate::error::{Error, Kind, Result};
use crate::executor::Executor;
use crate::query::{Query, Transfer};

/// Asynchronous connections that tasks share, each for as long as it needs one; they are opened when they are first needed, and
/// keep their prepared statements. A copy is the same pool.
///
/// ```no_run
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::{AsyncPool, PoolOptions, prelude::*, repositories::UserRepository};
///
/// # async fn example() -> Result<(), Error> {
/// let pool = AsyncPool::new("postgresql://postgres@localhost/elyos", PoolOptions::new().size(4))?;
/// let admin = UserRepository::find_by_id(&pool, 1).await?;
/// pool.transaction(async |tx| UserRepository::delete(tx, 7).await).await?;
/// # drop(admin);
/// # Ok(())
/// # }
/// # }
/// ```
#[derive(Clone)]
pub struct AsyncPool {
    pool: Pool<Connector>,
    options: PoolOptions,
}

/// Makes connections, and says which are used again.
struct Connector {
    settings: Settings,
    options: PoolOptions,
}

impl Manager for Connector {
    type Type = AsyncDb;
    type Error = Error;

    async fn create(&self) -> Result<AsyncDb> {
        // What connecting needs is much, and every query on a pool would carry room for it.
        Box::pin(AsyncDb::open(&self.settings, self.options.connections)).await
    }

    async fn recycle(&self, db: &mut AsyncDb, _: &Metrics) -> RecycleResult<Error> {
        if db.is_closed() {
            return Err(RecycleError::message("the connection was lost"));
        }
        if !db.answers().await {
            return Err(RecycleError::message("the connection is busy with what nobody waits for"));
        }
        Ok(db.reset().await?)
    }
}

impl AsyncPool {
    /// A pool for the database that the URL names. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// When the URL cannot be understood.
    pub fn new(url: &str, options: PoolOptions) -> Result<Self> {
        Self::of(Settings::parse(url)?, options)
    }

    /// A pool for the database that `DATABASE_URL` names.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); and when the variable is not set.
    pub fn from_env(options: PoolOptions) -> Result<Self> {
        Self::of(Settings::from_env()?, options)
    }

    fn of(settings: Settings, options: PoolOptions) -> Result<Self> {
        let pool = Pool::builder(Connector { settings, options })
            .max_size(options.size)
            .wait_timeout(Some(options.patience))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|_| Error::new(Kind::Unexpected { what: "a pool with a runtime was not built" }))?;
        Ok(Self { pool, options })
    }

    /// A connection that is nobody else's until it is dropped. Whoever holds one and waits for another may wait for what other
    /// tasks hold that wait as well.
    ///
    /// # Errors
    ///
    /// When none is free in time, which [`is_timeout`](Error::is_timeout) tells; when one cannot be made.
    pub async fn get(&self) -> Result<PooledAsyncDb> {
        self.pool.get().await.map(PooledAsyncDb).map_err(|error| match error {
            PoolError::Backend(error) => error,
            _ => Error::new(Kind::PoolTimeout { size: self.options.size, waited: self.options.patience }),
        })
    }

    /// Runs the work in a transaction of a connection of its own, as [`AsyncDb::transaction`]. What is run on the pool meanwhile
    /// is no part of it: it has another connection.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get) and [`AsyncDb::transaction`].
    pub async fn transaction<T>(&self, work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T>) -> Result<T> {
        self.get().await?.transaction(work).await
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub async fn try_transaction<T, X: From<Error>>(&self, work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T, X>) -> Result<T, X> {
        self.get().await?.try_transaction(work).await
    }

    /// As [`transaction`](Self::transaction), isolated as the options say, and tried again as often as they say.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub async fn transaction_with<T>(
        &self,
        options: TransactionOptions,
        work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T> + Clone,
    ) -> Result<T> {
        self.get().await?.transaction_with(options, work).await
    }

    /// As [`transaction_with`](Self::transaction_with), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub async fn try_transaction_with<T, X: From<Error>>(
        &self,
        options: TransactionOptions,
        work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T, X> + Clone,
    ) -> Result<T, X> {
        self.get().await?.try_transaction_with(options, work).await
    }
}

impl Executor for &AsyncPool {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        Box::pin(async move { self.get().await?.session.run(None, query).await })
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a,
    {
        Box::pin(async move { self.get().await?.session.pass(None, transfer).await })
    }
}

impl fmt::Debug for AsyncPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.pool.status();
        write!(f, "AsyncPool({}, {} of {} in use)", self.pool.manager().settings, status.size - status.available, status.max_size)
    }
}

/// A connection of an [`AsyncPool`]'s, which goes back when this is dropped.
pub struct PooledAsyncDb(Object<Connector>);

impl Deref for PooledAsyncDb {
    type Target = AsyncDb;

    fn deref(&self) -> &AsyncDb {
        &self.0
    }
}

impl DerefMut for PooledAsyncDb {
    fn deref_mut(&mut self) -> &mut AsyncDb {
        &mut self.0
    }
}

impl Executor for &PooledAsyncDb {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        (**self).run(query)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a,
    {
        (**self).transfer(transfer)
    }
}

impl fmt::Debug for PooledAsyncDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
