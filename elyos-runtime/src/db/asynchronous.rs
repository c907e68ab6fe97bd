//! The asynchronous connection: the same methods, as futures.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tokio_postgres::{Client, Row};

use super::statements::{Statements, is_stale};
use crate::connect::{self, Round, Settings};
use crate::error::{Error, Result};
use crate::executor::Executor;
use crate::query::{Param, Query, Statement};

/// An asynchronous connection that prepares each statement once; shared freely, its queries are pipelined.
///
/// ```no_run
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::{AsyncDb, repositories::UserRepository};
///
/// # async fn example() -> Result<(), Error> {
/// let db = AsyncDb::connect("postgresql://postgres@localhost/elyos").await?;
/// let admin = UserRepository::find_by_id(&db, 1).await?;
/// # Ok(())
/// # }
/// # }
/// ```
pub struct AsyncDb {
    client: Client,
    statements: Mutex<Statements>,
    target: String,
}

impl AsyncDb {
    /// Connects to the database that the URL names: once, to each of its hosts in turn, for 30 seconds at most. Has to run
    /// on a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// When the URL cannot be understood or no connection can be made; neither shows a password.
    pub async fn connect(url: &str) -> Result<Self> {
        let settings = Settings::parse(url)?;
        let started = Instant::now();
        let mut round = Round::new(&settings, started, started + connect::PATIENCE);
        while let Some((attempt, patience)) = round.next() {
            match tokio::time::timeout(patience, attempt.connect()).await {
                Ok(Ok((client, driver))) => {
                    tokio::spawn(driver);
                    return Ok(Self { client, statements: Mutex::default(), target: settings.to_string() });
                }
                Ok(Err(error)) => round.failed(Some(error)),
                Err(_silence) => round.failed(None),
            }
        }
        Err(round.error())
    }

    /// Which database it is: the URL without its password.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// How many statements this connection keeps prepared.
    #[must_use]
    pub fn prepared_statements(&self) -> usize {
        self.kept().len()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Statements> {
        // The cache is whole between any two of its own steps, so a panic elsewhere does not spoil it.
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, statement: &Statement<'_>) -> Result<Vec<Row>> {
        let sql = &*statement.sql;
        match self.fetch_prepared(statement).await {
            Ok(rows) => Ok(rows),
            Err(error) if is_stale(&error) => {
                self.kept().forget(sql);
                self.fetch_prepared(statement).await.map_err(|error| Error::statement(error, sql))
            }
            Err(error) => Err(Error::statement(error, sql)),
        }
    }

    async fn fetch_prepared(&self, statement: &Statement<'_>) -> Result<Vec<Row>, tokio_postgres::Error> {
        let sql = &*statement.sql;
        let kept = self.kept().get(sql);
        let prepared = if let Some(prepared) = kept {
            prepared
        } else {
            let types: Vec<_> = statement.params.iter().map(Param::ty).collect();
            let prepared = self.client.prepare_typed(sql, &types).await?;
            self.kept().keep(sql, prepared.clone());
            prepared
        };
        let values: Vec<_> = statement.params.iter().map(Param::value).collect();
        self.client.query(&prepared, &values).await
    }
}

impl Executor for &AsyncDb {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        Box::pin(async move {
            if query.is_needless() {
                return query.read(Vec::new());
            }
            let rows = {
                let statement = query.statement();
                self.fetch(&statement).await?
            };
            query.read(rows)
        })
    }
}

impl fmt::Debug for AsyncDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncDb({})", self.target)
    }
}
