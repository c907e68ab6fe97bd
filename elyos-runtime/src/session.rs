//! The connection of the start protocol: blocking, and aware of how far a script has come.
//!
//! The blocking client of the `postgres` crate answers a script of many statements with one result, so a failure
//! would not tell which statement it met. The asynchronous client streams the answers; this drives it to the end on
//! a runtime of its own.

use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, SimpleQueryMessage, SimpleQueryRow};

use crate::connect::{self, Settings};
use crate::error::{Error, Kind, Result};

/// One connection and the runtime that drives it.
pub(crate) struct Session {
    // Dropped before the runtime, so that the connection's task sees its client gone and says good-bye.
    client: Option<Client>,
    driver: Option<tokio::task::JoinHandle<()>>,
    runtime: Runtime,
}

/// A script that failed, and how many of its statements had been completed.
pub(crate) struct ScriptFailure {
    pub(crate) completed: usize,
    pub(crate) error: tokio_postgres::Error,
}

/// What a statement of a script answered.
pub(crate) struct Answer {
    /// Rows returned or changed, as the command tag says.
    pub(crate) count: u64,
    /// The last row returned, for the statements of Elyos's own that return one.
    pub(crate) row: Option<SimpleQueryRow>,
}

impl Session {
    /// Connects, trying again until the deadline what may pass; `goes_on` is told of each attempt that failed, and says
    /// whether there shall be another.
    pub(crate) fn open(settings: &Settings, timeout: Duration, goes_on: impl FnMut(&Error) -> bool) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::new(Kind::System { during: "starting the connection's runtime", error }))?;
        let connected = connect::until(settings, timeout, goes_on, |round| {
            while let Some((attempt, patience)) = round.next() {
                // The driver's own time-out covers the TCP handshake; a server that accepts and then says nothing needs ours.
                match runtime.block_on(async { tokio::time::timeout(patience, attempt.connect()).await }) {
                    Ok(Ok((client, driver))) => return Some((client, runtime.spawn(driver))),
                    Ok(Err(error)) => round.failed(Some(error)),
                    Err(_silence) => round.failed(None),
                }
            }
            None
        });
        match connected {
            Ok((client, driver)) => Ok(Self { client: Some(client), driver: Some(driver), runtime }),
            Err(error) => {
                // A name server that does not answer is asked on a thread that cannot be ended; dropped as it is, the
                // runtime would wait for that, and not keep the deadline.
                runtime.shutdown_background();
                Err(error)
            }
        }
    }

    fn client(&self) -> &Client {
        // Taken only by `drop`.
        self.client.as_ref().expect("the session is open")
    }

    /// Runs a script of any number of statements in one round trip and gives each one's answer.
    pub(crate) fn script(&self, sql: &str) -> Result<Vec<Answer>, ScriptFailure> {
        self.runtime.block_on(async {
            let mut answers = Vec::new();
            let stream = self.client().simple_query_raw(sql).await.map_err(|error| ScriptFailure { completed: 0, error })?;
            let mut stream = std::pin::pin!(stream);
            let mut row = None;
            loop {
                match std::future::poll_fn(|context| futures_core::Stream::poll_next(stream.as_mut(), context)).await {
                    None => return Ok(answers),
                    Some(Ok(SimpleQueryMessage::CommandComplete(count))) => answers.push(Answer { count, row: row.take() }),
                    Some(Ok(SimpleQueryMessage::Row(found))) => row = Some(found),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(ScriptFailure { completed: answers.len(), error }),
                }
            }
        })
    }

    /// Runs a script of Elyos's own.
    pub(crate) fn run(&self, sql: &str) -> Result<Vec<Answer>> {
        self.script(sql).map_err(|failure| Error::statement(failure.error, sql))
    }

    /// Runs one statement with bound values, in one round trip: the types are said, so nothing is prepared first.
    pub(crate) fn query(&self, sql: &str, params: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>> {
        self.runtime.block_on(self.client().query_typed(sql, params)).map_err(|error| Error::statement(error, sql))
    }

    /// Rolls back what is open. A connection that is gone has rolled back by itself.
    pub(crate) fn rollback(&self) {
        drop(self.script("ROLLBACK"));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.client.take());
        if let Some(driver) = self.driver.take() {
            // Lets the farewell message out; a server that does not take it is not waited for.
            drop(self.runtime.block_on(async { tokio::time::timeout(Duration::from_millis(500), driver).await }));
        }
    }
}
